"""Market makers: their quotes, their inventory, and when they go."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.base.units import NS_PER_MS, NS_PER_S
from engine.domain.orders import Side
from engine.market.agents.base import FIRST_OWNER
from engine.market.agents.market_maker import MarketMaker, quote
from engine.market.model_document import MarketError
from tests.market.agents.stage import MID, SYMBOL, QuietStage, quiet_stage, stage

MAKER = MarketMaker(id="makers", symbol=SYMBOL, count=1, half_spread_ticks=4, latency_ms=1)
HANDS = FIRST_OWNER


def wide(on: QuietStage, half: int = 100) -> None:
    """Let the test's own quotes stand far away, so that the maker's are seen."""
    on.show(MID - half, MID + half)


def test_it_quotes_both_sides_around_the_mid() -> None:
    """One order of the asked size on each side, at the asked distance."""
    on = quiet_stage(MAKER)
    wide(on)
    on.run(5)

    assert on.orders_of(HANDS) == [(1, MID - 4, 100), (-1, MID + 4, 100)]


def test_it_never_quotes_through_the_other_side() -> None:
    """In a market tighter than its own spread it joins behind; it does not take."""
    on = quiet_stage(replace(MAKER, half_spread_ticks=0.5))
    on.show(MID, MID + 1)
    on.run(60)

    assert on.orders_of(HANDS) == [(1, MID, 100), (-1, MID + 1, 100)]
    assert on.book.volume == 0


def test_its_own_quotes_are_not_the_market_to_it() -> None:
    """It follows the others also while its own quotes are the best on both sides."""
    on = quiet_stage(MAKER)
    wide(on)
    on.run(5)
    on.show(MID - 90, MID + 110)
    assert on.book.best() == (MID - 4, MID + 4)
    on.run(10)

    assert on.orders_of(HANDS) == [(1, MID + 6, 100), (-1, MID + 14, 100)]


@settings(deadline=None, max_examples=50)
@given(
    bid=st.integers(1, 60),
    spread=st.integers(1, 30),
    half=st.floats(0.5, 40),
    excess=st.floats(0, 10),
    held=st.integers(-500, 500),
)
def test_whatever_it_holds_its_quotes_trade_with_nobody(
    bid: int, spread: int, half: float, excess: float, held: int
) -> None:
    """Also at the lowest prices that there are, and with an inventory far beyond what it may hold."""
    on = quiet_stage()
    on.show(bid, bid + spread)
    hands = on.market.hands(on.world, SYMBOL)
    if held:
        hands.take(Side.BUY if held > 0 else Side.SELL, abs(held))
    before = on.book.volume
    made = replace(MAKER, half_spread_ticks=half, qty_shares=10, inventory_shares=100)
    quote(hands, made, bid + spread / 2, excess)

    on.book.book.check()
    assert on.book.volume == before
    for side, _, qty in on.orders_of(hands.owner):
        assert side * held + qty <= 100


def test_a_full_inventory_stops_one_side_and_leans_both() -> None:
    """At its limit it only sells, half a spread lower; half full it quotes both, a quarter lower."""
    on = quiet_stage()
    wide(on)
    hands = on.market.hands(on.world, SYMBOL)
    made = replace(MAKER, inventory_shares=200)
    hands.take(Side.BUY, 100)
    quote(hands, made, MID, 0)
    assert on.orders_of(hands.owner) == [(1, MID - 6, 100), (-1, MID + 2, 100)]

    hands.cancel_all()
    hands.take(Side.BUY, 100)
    quote(hands, made, MID, 0)
    assert on.orders_of(hands.owner) == [(-1, MID, 100)]


def test_the_last_quote_before_the_limit_is_smaller() -> None:
    """Of 200 shares that it may hold, it has 150: it bids for 50."""
    on = quiet_stage()
    wide(on)
    hands = on.market.hands(on.world, SYMBOL)
    hands.take(Side.BUY, 150)
    quote(hands, replace(MAKER, inventory_shares=200), MID, 0)

    assert [(side, qty) for side, _, qty in on.orders_of(hands.owner)] == [(1, 50), (-1, 100)]


def test_inventories_stay_within_their_limits_in_a_market_that_falls() -> None:
    """Twenty makers against somebody who sells without end: each ends at its limit and none beyond."""
    on = stage(replace(MAKER, count=20, inventory_shares=250))
    seller = on.market.hands(on.world, SYMBOL)
    held: list[int] = []

    def selling() -> None:
        seller.take(Side.SELL, 400)
        held.extend(on.book.positions.get(FIRST_OWNER + number, 0) for number in range(20))
        on.world.at(on.world.now_ns + NS_PER_S, selling)

    on.world.at(0, selling)
    on.run(300)
    assert max(held) == 250
    assert min(held) >= -250


def moves(on: QuietStage, *, from_s: int, to_s: int, ticks: int) -> None:
    """Let the market go to and fro by *ticks* around its mid every five seconds."""
    for t_s in range(from_s, to_s, 5):
        away = ticks if (t_s // 5) % 2 else 0
        on.at(t_s, MID - 100 + away, MID + 100 + away)


def spread_of(on: QuietStage, owner: int = HANDS) -> int | None:
    """How far apart the maker's quotes are, in ticks; None if it does not quote."""
    ticks = [tick for _, tick, _ in on.orders_of(owner)]
    return max(ticks) - min(ticks) if len(ticks) == 2 else None


def test_it_widens_when_the_price_goes_further_than_usual() -> None:
    """Usually 10 ticks in a window: at 30 it quotes three times as wide, and as before when that is over."""
    on = quiet_stage(replace(MAKER, withdraw_at=100, window_s=5))
    moves(on, from_s=0, to_s=300, ticks=10)
    on.at(302, MID - 70, MID + 130)
    on.run(300)
    usual = spread_of(on)
    on.run(304)
    widened = spread_of(on)
    on.run(330)

    assert usual is not None
    assert widened is not None
    assert widened > 1.8 * usual
    assert spread_of(on) == 8


def test_it_does_not_widen_if_it_is_not_to() -> None:
    """With a widening of 0 the spread stays."""
    on = quiet_stage(replace(MAKER, withdraw_at=100, window_s=5, widen=0))
    moves(on, from_s=0, to_s=300, ticks=10)
    on.at(302, MID - 70, MID + 130)
    on.run(304)

    assert spread_of(on) == 8


def test_it_withdraws_when_the_price_runs_and_comes_back() -> None:
    """Ten times the usual way: its quotes are gone for half a minute, then they are back around the new price."""
    on = quiet_stage(replace(MAKER, withdraw_at=4, window_s=5, away_s=30))
    moves(on, from_s=0, to_s=300, ticks=10)
    on.at(302, MID - 250, MID + 50)
    on.run(301)
    assert len(on.orders_of(HANDS)) == 2
    on.run(305)
    assert on.orders_of(HANDS) == []
    on.run(330)
    assert on.orders_of(HANDS) == []
    on.run(345)
    assert on.orders_of(HANDS) == [(1, MID - 104, 100), (-1, MID - 96, 100)]


def test_it_stays_away_as_long_as_the_price_runs() -> None:
    """A market that falls for two minutes keeps it out for two minutes and the time it stays away after that."""
    on = quiet_stage(replace(MAKER, withdraw_at=4, window_s=5, away_s=10))
    moves(on, from_s=0, to_s=300, ticks=4)
    for step in range(120):
        on.at(300 + step, MID - 100 - 20 * step, MID + 100 - 20 * step)
    on.run(305)
    for t_s in range(306, 425, 3):
        on.run(t_s)
        assert on.orders_of(HANDS) == [], f"quotes at {t_s} s"
    on.run(445)
    assert len(on.orders_of(HANDS)) == 2


def test_without_a_mid_it_quotes_nothing() -> None:
    """Nobody to be in the middle of: its quotes are taken back."""
    on = quiet_stage(MAKER)
    wide(on)
    on.run(5)
    on.show(MID - 100, 0)
    on.run(10)

    assert on.orders_of(HANDS) == []


def test_a_halt_takes_its_quotes_away_until_trading_goes_on() -> None:
    """It takes them back at its next look and sends none; afterwards it quotes again."""
    on = quiet_stage(MAKER)
    wide(on)
    on.run(5)
    on.market.set_trading(SYMBOL, trading=False)
    on.run(8)
    assert on.orders_of(HANDS) == []
    on.run(60)
    assert on.orders_of(HANDS) == []
    on.market.set_trading(SYMBOL, trading=True)
    on.run(65)
    assert len(on.orders_of(HANDS)) == 2


def test_it_acts_its_latency_after_it_has_looked() -> None:
    """The quotes of a slow maker are around a mid of a while ago."""
    on = quiet_stage(replace(MAKER, wake_s=0.001, latency_ms=500))
    wide(on)
    on.run(1)
    on.show(MID - 90, MID + 110)
    on.world.run(on.world.now_ns + 300 * NS_PER_MS)
    assert on.orders_of(HANDS)[0][1] == MID - 4
    on.run(2.5)
    assert on.orders_of(HANDS)[0][1] == MID + 6


def test_it_may_not_quote_more_than_it_may_hold() -> None:
    """Figures that contradict each other are refused."""
    with pytest.raises(MarketError, match="qty_shares of at most inventory_shares") as caught:
        MarketMaker(symbol=SYMBOL, id="makers", qty_shares=300, inventory_shares=200)
    assert caught.value.at == ("qty_shares",)
