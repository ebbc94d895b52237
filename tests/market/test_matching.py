"""Tests of what both models do alike."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.domain.orders import Side
from engine.domain.quotes import Quote
from engine.market.ladder import Ladder
from engine.market.matching import beyond, fill_reached, match, new_top, top
from engine.market.resting import RestingOrders

from .samples import BUY, SELL, TICK, at_market, limit, parts


def ladders() -> dict[Side, Ladder]:
    """1.00 to 1.01, 100 shares on each of two levels."""
    bids, asks = Ladder(BUY, TICK, 2), Ladder(SELL, TICK, 2)
    bids.place(1_000_000, 100)
    asks.place(1_010_000, 100)
    return {BUY: bids, SELL: asks}


@pytest.mark.parametrize(
    ("ladder_side", "price", "limit_micros", "expected"),
    [
        (SELL, 11, 10, True),
        (SELL, 10, 10, False),
        (SELL, 9, 10, False),
        (BUY, 9, 10, True),
        (BUY, 10, 10, False),
        (BUY, 11, 10, False),
        (BUY, 1, None, False),
    ],
)
def test_a_price_beyond_the_limit(ladder_side: Side, price: int, limit_micros: int | None, expected: bool) -> None:
    """An ask above a buyer's limit, a bid below a seller's; a market order has none."""
    assert beyond(ladder_side, price, limit_micros) is expected


def test_the_top_is_the_touch_of_both_sides() -> None:
    """At the time asked for."""
    assert top("SPY", ladders(), 7) == Quote(7, "SPY", 1_000_000, 100, 1_010_000, 100)


@pytest.mark.parametrize("change", ["bid_micros", "bid_qty", "ask_micros", "ask_qty"])
def test_every_figure_of_the_top_counts(change: str) -> None:
    """A top that differs in one price or size from the quote before is a new quote; its time alone makes none."""
    shown = top("SPY", ladders(), 7)

    assert new_top(replace(shown, t_ns=1), ladders(), 7) is None
    assert new_top(replace(shown, **{change: 9}), ladders(), 7) == shown  # type: ignore[arg-type]


def test_an_order_is_matched_level_by_level() -> None:
    """What is left counts down."""
    executions = match(at_market(1, BUY, 150), ladders()[SELL], 5)

    assert [(e.t_ns, e.qty, e.price_micros, e.maker, e.left) for e in executions] == [
        (5, 100, 1_010_000, False, 50),
        (5, 50, 1_020_000, False, 0),
    ]


def test_resting_orders_share_what_reaches_them() -> None:
    """The best limit first; 200 shares at 1.01 and 1.02 fill 150 and then 50 of 80."""
    resting = RestingOrders("SPY")
    for order in (limit(1, BUY, 80, 1.02), limit(2, BUY, 150, 1.03), limit(3, SELL, 10, 1.05)):
        resting.add(order, order.qty, ahead=0)

    assert parts(fill_reached(resting, ladders(), 5)) == [(2, 150, 1.03), (1, 50, 1.02)]
    assert resting.remove(1) == 30
    assert resting.remove(3) == 10
