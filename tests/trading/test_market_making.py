"""Tests of the market-making strategy."""

from __future__ import annotations

from itertools import count
from typing import Any

from engine.base.units import NS_PER_MS
from engine.domain.governance import APPROVED, Decision
from engine.domain.orders import (
    CancelOrder,
    Fill,
    Instruction,
    Liquidity,
    NewOrder,
    OrderState,
    OrderUpdate,
    ReplaceOrder,
    Side,
)
from engine.domain.quotes import Quote
from engine.kernel.world import World
from engine.trading.market_making import MarketMakingDocument

from .desk_world import SPY, MemoryVenue, Script, desk_in, quote


class Maker:
    """A market maker whose orders are all accepted at once, and a clock to move it by."""

    def __init__(self, **changes: Any) -> None:
        fields: dict[str, Any] = {
            "qty_shares": 100,
            "half_spread_ticks": 3,
            "requote_ticks": 2.0,
            "min_requote_ms": 500.0,
            "max_inventory_shares": 500,
        }
        self.world = World(1)
        self.desk = desk_in(self.world, MemoryVenue(self.world), Script())
        self.strategy = MarketMakingDocument(**(fields | changes)).build(self.world, (SPY,))
        self._ids = count(1)
        self._execs = count(1)

    def see(self, new: Quote, *, after_ms: float = 0, accept: bool = True) -> list[Instruction]:
        """What it wants when it sees *new* some time later."""
        self.world.run(self.world.now_ns + round(after_ms * NS_PER_MS))
        wanted = list(self.strategy.on_tick(new, self.desk.view, self._ids))
        for each in wanted:
            self.strategy.on_decision(each, APPROVED if accept else Decision(approved=False))
            if accept:
                self._answer(each)
        return wanted

    def fill(self, side: Side, qty: int, order_id: int = 99) -> None:
        """The desk traded."""
        fill = Fill(next(self._execs), order_id, "SPY", side, qty, SPY.price_micros, Liquidity.MAKER, 0, 0)
        self.desk.ledger.book(fill, 0)
        self.strategy.on_fill(fill)

    def _answer(self, each: Instruction) -> None:
        if isinstance(each, CancelOrder):
            self.strategy.on_update(OrderUpdate(each.order_id, each.target_id, OrderState.CANCELLED, "requested", 1))
        else:
            target_id = each.target_id if isinstance(each, ReplaceOrder) else 0
            self.strategy.on_update(OrderUpdate(each.order_id, target_id, OrderState.WORKING, "", each.qty))


def prices(wanted: list[Instruction]) -> list[tuple[type, int, int]]:
    """Sort of instruction, side and limit in ticks from 540 USD."""
    return [
        (type(each), int(each.side), ((each.limit_micros or 0) - 540_000_000) // 10_000)
        for each in wanted
        if not isinstance(each, CancelOrder)
    ]


def at(ticks: float) -> Quote:
    """A quote one tick wide on each side of a mid *ticks* from 540 USD."""
    mid = 540_000_000 + round(ticks * 10_000)
    return quote(bid=mid - 10_000, ask=mid + 10_000)


def test_it_quotes_both_sides_around_the_mid() -> None:
    """Three ticks below and three above."""
    assert prices(Maker().see(at(0))) == [(NewOrder, 1, -3), (NewOrder, -1, 3)]


def test_it_moves_its_quotes_with_the_mid_and_not_before() -> None:
    """One tick is too little, two ticks move both quotes by replace."""
    maker = Maker()
    maker.see(at(0))

    assert maker.see(at(1), after_ms=1_000) == []
    assert prices(maker.see(at(2), after_ms=1_000)) == [(ReplaceOrder, 1, -1), (ReplaceOrder, -1, 5)]


def test_it_moves_them_no_more_often_than_allowed() -> None:
    """Within 500 ms the quotes stand, however far the mid goes."""
    maker = Maker()
    maker.see(at(0))

    assert maker.see(at(50), after_ms=499) == []
    assert len(maker.see(at(50), after_ms=1)) == 2


def test_a_filled_side_is_quoted_again_and_the_other_left_alone() -> None:
    """The missing bid comes back without moving the offer."""
    maker = Maker()
    bid = maker.see(at(0))[0]
    maker.fill(Side.BUY, 100, bid.order_id)

    assert prices(maker.see(at(0), after_ms=1_000)) == [(NewOrder, 1, -3)]


def test_a_replace_brings_a_partly_filled_quote_back_to_size() -> None:
    """The total counts the 40 that are filled, so 100 are open again."""
    maker = Maker()
    bid = maker.see(at(0))[0]
    maker.fill(Side.BUY, 40, bid.order_id)
    moved = maker.see(at(5), after_ms=1_000)

    assert [each.qty for each in moved if isinstance(each, ReplaceOrder)] == [140, 100]


def test_at_its_maximum_it_cancels_the_side_that_would_enlarge_the_position() -> None:
    """With 450 of 500 held another 100 would be too much: no bid, the offer stands."""
    maker = Maker()
    bid = maker.see(at(0))[0]
    maker.fill(Side.BUY, 450)
    [cancel] = maker.see(at(0), after_ms=1_000)

    assert isinstance(cancel, CancelOrder)
    assert cancel.target_id == bid.order_id
    assert prices(maker.see(at(10), after_ms=1_000)) == [(ReplaceOrder, -1, 13)]


def test_it_leans_against_its_inventory() -> None:
    """Long at half its maximum with a skew of four ticks: both quotes stand two ticks lower."""
    maker = Maker(skew_ticks=4.0)
    maker.fill(Side.BUY, 250)

    assert prices(maker.see(at(0))) == [(NewOrder, 1, -5), (NewOrder, -1, 1)]


def test_it_never_quotes_through_the_market() -> None:
    """However hard it leans, its bid stays below the ask and its offer above the bid."""
    maker = Maker(skew_ticks=50.0)
    maker.fill(Side.SELL, 400)
    short = maker.see(at(0))
    maker.fill(Side.BUY, 800)
    long = maker.see(at(20), after_ms=1_000)

    assert prices(short)[0] == (NewOrder, 1, 0)
    assert prices(long)[-1][1:] == (-1, 20)


def test_the_bid_stays_a_price() -> None:
    """A market near zero leaves the bid one tick."""
    [bid, _] = Maker(half_spread_ticks=500).see(quote(bid=1_000_000, ask=1_020_000))

    assert isinstance(bid, NewOrder)
    assert bid.limit_micros == 10_000


def test_what_is_denied_is_asked_for_again_later() -> None:
    """A denied quote is missing, and comes back after the least time."""
    maker = Maker()
    maker.see(at(0), accept=False)

    assert maker.see(at(0), after_ms=100) == []
    assert len(maker.see(at(0), after_ms=400)) == 2


def test_a_one_sided_quote_and_a_foreign_symbol_move_it_to_nothing() -> None:
    """Without a mid there is nothing to quote around."""
    maker = Maker()

    assert maker.see(quote(bid=0)) == []
    assert maker.see(quote(symbol="AAPL")) == []
