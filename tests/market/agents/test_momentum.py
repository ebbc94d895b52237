"""Momentum followers: they follow a move, give the trade up again, and make moves larger."""

from __future__ import annotations

from dataclasses import replace
from statistics import mean

import pytest

from engine.market.agents.base import FIRST_OWNER
from engine.market.agents.momentum import Momentum
from engine.market.model_document import MarketError
from tests.market.agents.stage import MID, SYMBOL, QuietStage, quiet_stage, ranges

ONE = Momentum(
    id="followers",
    symbol=SYMBOL,
    count=1,
    wake_s=0.5,
    window_s=10,
    threshold_bps=20,
    qty_shares=100,
    position_shares=250,
    hold_s=30,
)
FAR = MID * 30 // 10_000
"""A move of 30 basis points, in ticks."""
NEAR = MID * 19 // 10_000
"""A move of just under 20."""


def after_a_move(agent: Momentum, ticks: int) -> QuietStage:
    """A stage on which the price goes by *ticks* at 20 s and stays there."""
    on = quiet_stage(agent)
    on.at(20, MID - 1 + ticks, MID + 1 + ticks)
    return on


def held(on: QuietStage) -> int:
    """What the agent holds."""
    return on.book.positions.get(FIRST_OWNER, 0)


@pytest.mark.parametrize(("ticks", "side"), [(FAR, 1), (-FAR, -1), (NEAR, 0), (-NEAR, 0)])
def test_it_follows_a_move_that_is_large_enough(ticks: int, side: int) -> None:
    """Up or down, as far as its position may go."""
    on = after_a_move(ONE, ticks)
    on.run(19.9)
    assert held(on) == 0
    on.run(29)

    assert held(on) == side * 250


def test_it_gives_the_position_up_when_there_was_no_signal_for_a_while() -> None:
    """Half a minute after the move has left its window."""
    on = after_a_move(ONE, FAR)
    on.run(55)
    assert held(on) == 250
    on.run(75)
    assert held(on) == 0


def test_a_move_back_turns_it_around() -> None:
    """From long to short, within its limit."""
    on = after_a_move(ONE, FAR)
    on.at(40, MID - 1 - FAR, MID + 1 - FAR)
    on.run(49)

    assert held(on) == -250


def test_a_move_within_its_latency_is_not_seen() -> None:
    """It acts on what it saw, at the price of later."""
    on = quiet_stage(replace(ONE, wake_s=0.001, latency_ms=2_000, position_shares=100))
    on.at(20, MID - 1 + FAR, MID + 1 + FAR)
    on.run(21.9)
    assert held(on) == 0
    on.run(24.2)
    assert held(on) == 100


def test_nothing_is_followed_while_trading_is_halted() -> None:
    """However far the quotes go."""
    on = after_a_move(ONE, FAR)
    on.market.set_trading(SYMBOL, trading=False)
    on.run(30)

    assert (on.book.volume, on.orders_of(FIRST_OWNER)) == (0, [])


def test_without_a_mid_there_is_no_move() -> None:
    """A side that goes away is not a fall."""
    on = quiet_stage(ONE)
    on.at(20, MID - 1, 0)
    on.at(22, 0, 0)
    on.run(30)

    assert on.book.volume == 0


def test_followers_make_moves_larger() -> None:
    """In the same market the price goes further with them: on average by a third or more."""
    followers = replace(ONE, count=10, window_s=30, position_shares=1_000, hold_s=120, wake_s=1)

    assert mean(ranges(followers, until_s=240)) > 1.33 * mean(ranges(until_s=240))


def test_one_order_may_not_be_more_than_it_may_hold() -> None:
    """Figures that contradict each other are refused."""
    with pytest.raises(MarketError, match="qty_shares of at most position_shares"):
        replace(ONE, position_shares=99)
