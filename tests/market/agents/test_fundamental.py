"""Fundamental traders: they buy what is cheap, sell what is dear, and stop a fall."""

from __future__ import annotations

from dataclasses import replace
from statistics import mean

import pytest

from engine.market.agents.base import FIRST_OWNER
from engine.market.agents.fundamental import Fundamental
from engine.market.model_document import MarketError
from tests.market.agents.stage import MID, PRESSED_S, SYMBOL, falls, quiet_stage

ONE = Fundamental(id="value", symbol=SYMBOL, count=1, wake_s=1, disagreement_pct=0, discount_pct=2, qty_shares=100)
CHEAP = MID * 98 // 100
DEAR = -(-MID * 102 // 100)


def held_after(agent: Fundamental, bid: int, ask: int, until_s: float = 20) -> int:
    """What one agent holds after a while in a market that stands there."""
    on = quiet_stage(agent)
    on.show(bid, ask)
    on.run(until_s)
    return on.book.positions.get(FIRST_OWNER, 0)


@pytest.mark.parametrize(
    ("bid", "ask", "side"),
    [
        (CHEAP - 5, CHEAP, 1),
        (CHEAP - 4, CHEAP + 1, 0),
        (MID - 1, MID + 1, 0),
        (DEAR - 1, DEAR + 4, 0),
        (DEAR, DEAR + 5, -1),
    ],
)
def test_it_trades_two_percent_away_from_the_value_and_not_before(bid: int, ask: int, side: int) -> None:
    """The price at which it would trade decides: the best offer for a buy, the best bid for a sale."""
    held = held_after(ONE, bid, ask)

    assert (held > 0) - (held < 0) == side


def test_the_value_may_be_said() -> None:
    """At 200 USD the price of 223 is dear."""
    assert held_after(replace(ONE, value_usd=200), MID - 1, MID + 1) < 0


def test_it_holds_no_more_than_it_may() -> None:
    """The last order is smaller."""
    assert held_after(replace(ONE, position_shares=250), 100, 101, until_s=120) == 250
    assert held_after(replace(ONE, position_shares=250), 30_000, 30_001, until_s=120) == -250


def test_what_is_left_of_its_order_waits_at_the_price() -> None:
    """It takes the 30 shares offered and bids for the other 70 there, until its next look."""
    on = quiet_stage(replace(ONE, wake_s=60))
    on.show(20_000, 20_010, qty=30)
    on.run(120)
    assert on.orders_of(FIRST_OWNER) == [(1, 20_010, 70)]
    assert on.book.positions[FIRST_OWNER] == 30


def test_in_an_empty_market_it_does_nothing() -> None:
    """Nobody to compare with its value; with bids alone it joins them."""
    on = quiet_stage(ONE)
    on.show(0, 0)
    on.run(20)
    assert on.orders_of(FIRST_OWNER) == []
    on.show(20_000, 0)
    on.run(40)
    assert on.orders_of(FIRST_OWNER) == [(1, 20_000, 100)]


def test_they_do_not_all_agree() -> None:
    """With values up to 1 % apart some find a price cheap at which others do nothing."""
    on = quiet_stage(replace(ONE, count=40, disagreement_pct=1))
    on.show(CHEAP - 1, CHEAP + 1)
    on.run(30)
    buyers = sum(on.book.positions.get(FIRST_OWNER + number, 0) > 0 for number in range(40))

    assert 8 <= buyers <= 32


def test_nothing_is_bought_while_trading_is_halted() -> None:
    """However cheap."""
    on = quiet_stage(ONE)
    on.show(100, 101)
    on.market.set_trading(SYMBOL, trading=False)
    on.run(60)

    assert (on.book.volume, on.orders_of(FIRST_OWNER)) == (0, [])


def test_they_stop_a_fall_and_turn_it() -> None:
    """On every seed the price falls less with them, and comes back further when the selling is over."""
    buyers = Fundamental(id="value", symbol=SYMBOL, count=20, disagreement_pct=0.2, discount_pct=0.5)
    end_s = PRESSED_S[1]
    without, with_them = falls(until_s=end_s), falls(buyers, until_s=end_s)

    assert all(less < more for less, more in zip(with_them, without, strict=True))
    assert mean(with_them) < 0.6 * mean(without)
    assert mean(falls(buyers, until_s=2 * end_s)) < mean(with_them)


def test_one_order_may_not_be_more_than_it_may_hold() -> None:
    """Figures that contradict each other are refused."""
    with pytest.raises(MarketError, match="qty_shares of at most position_shares"):
        replace(ONE, position_shares=99)
