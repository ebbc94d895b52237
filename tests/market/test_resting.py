"""Tests of the desk's resting orders."""

from __future__ import annotations

from engine.domain.orders import NewOrder
from engine.market.resting import RestingOrders, may_rest

from .samples import BUY, DAY, IOC, SELL, at_market, limit


def resting(*orders: NewOrder) -> RestingOrders:
    """The orders, resting whole and with nobody ahead."""
    book = RestingOrders("SPY")
    for order in orders:
        book.add(order, order.qty, ahead=0)
    return book


def test_only_day_limit_orders_rest() -> None:
    """Market and IOC orders die."""
    assert may_rest(limit(1, BUY, 1, 1.0, DAY))
    assert not may_rest(limit(1, BUY, 1, 1.0, IOC))
    assert not may_rest(at_market(1, BUY, 1))


def test_the_best_price_comes_first_then_the_earliest() -> None:
    """Bids from high to low, asks from low to high."""
    book = resting(
        limit(1, BUY, 1, 1.0),
        limit(2, BUY, 1, 2.0),
        limit(3, BUY, 1, 2.0),
        limit(4, SELL, 1, 5.0),
        limit(5, SELL, 1, 4.0),
    )

    assert [order.order_id for order in book.by_priority(BUY)] == [2, 3, 1]
    assert [order.order_id for order in book.by_priority(SELL)] == [5, 4]


def test_a_filled_order_leaves() -> None:
    """A part leaves the rest working, the last share takes it out."""
    book = resting(limit(1, BUY, 10, 1.0))
    (order,) = book.by_priority(BUY)

    assert book.fill(order, 4, 7).left == 6
    assert len(book) == 1
    assert book.fill(order, 6, 8).left == 0
    assert len(book) == 0


def test_a_cancelled_order_gives_back_what_it_had() -> None:
    """Once; after that it is not there."""
    book = resting(limit(1, BUY, 10, 1.0))

    assert book.remove(1) == 10
    assert book.remove(1) == 0
