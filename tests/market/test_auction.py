"""Tests of the call auction, some against every price there is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.market.auction import Interest, Uncrossed, uncross

from .samples import BUY, SELL

TICK = 10
REFERENCE = 100

LIMITS = st.one_of(st.none(), st.integers(5, 15).map(lambda ticks: ticks * TICK))
BOOKS = st.lists(st.builds(Interest, st.sampled_from([BUY, SELL]), st.integers(0, 30), LIMITS), max_size=12)
REFERENCES = st.integers(1, 220)


def bid(qty: int, limit: int | None = None) -> Interest:
    """Shares wanted."""
    return Interest(BUY, qty, limit)


def ask(qty: int, limit: int | None = None) -> Interest:
    """Shares offered."""
    return Interest(SELL, qty, limit)


def wanted(book: list[Interest], side: object, price: int) -> int:
    """Shares of one side that may trade at *price*, counted one by one."""
    return sum(
        each.qty
        for each in book
        if each.side is side and (each.limit_micros is None or each.side * (each.limit_micros - price) >= 0)
    )


def test_the_price_maximises_the_volume() -> None:
    """At 100 all 50 trade, at 90 and 110 fewer."""
    book = [bid(30, 110), bid(20, 100), ask(10, 90), ask(40, 100), ask(10, 110)]

    assert uncross(book, 90, TICK) == Uncrossed(100, 50, (30, 20, 10, 40, 0))


def test_of_equal_volumes_the_least_imbalance_wins() -> None:
    """20 trade at 90, 100 and 110; at 110 nothing is left over."""
    book = [bid(20, 110), bid(15, 100), ask(20, 90)]

    assert uncross(book, 90, TICK).price_micros == 110


@pytest.mark.parametrize(("reference", "price"), [(60, 90), (90, 90), (96, 100), (95, 90), (101, 100), (150, 110)])
def test_then_the_nearest_to_the_reference_wins_and_then_the_lower(reference: int, price: int) -> None:
    """10 against 10 cross from 90 to 110 alike; a reference off the grid is compared as it is."""
    assert uncross([bid(10, 110), ask(10, 90)], reference, TICK).price_micros == price


def test_shares_go_by_price_and_then_by_time() -> None:
    """The market order first, then the better limit, then the earlier of two alike; the last gets what is left."""
    book = [bid(10, 100), bid(10, 100), bid(10, 110), bid(10), ask(35, 100)]

    assert uncross(book, REFERENCE, TICK).filled == (10, 5, 10, 10, 35)


@pytest.mark.parametrize(
    "book", [[], [bid(10, 100)], [ask(10)], [bid(10, 90), ask(10, 100)], [bid(0, 110), ask(10, 90)]]
)
def test_nothing_trades_where_nothing_crosses(book: list[Interest]) -> None:
    """An empty book, one side alone, two sides apart, no shares."""
    assert uncross(book, REFERENCE, TICK) == Uncrossed(0, 0, (0,) * len(book))


def test_two_market_orders_trade_at_the_reference() -> None:
    """On the grid."""
    assert uncross([bid(10), ask(5)], 104, TICK) == Uncrossed(100, 5, (5, 5))


def test_a_price_is_never_below_a_tick() -> None:
    """However low the reference."""
    assert uncross([bid(10), ask(10)], 1, TICK).price_micros == TICK


@pytest.mark.parametrize(("reference", "tick", "qty"), [(0, TICK, 1), (-1, TICK, 1), (1, 0, 1), (1, TICK, -1)])
def test_what_is_no_auction_is_refused(reference: int, tick: int, qty: int) -> None:
    """No reference, no grid, fewer than no shares."""
    with pytest.raises(ValueError, match="expected"):
        uncross([bid(qty)], reference, tick)


@given(BOOKS, REFERENCES)
def test_no_price_on_the_grid_is_better(book: list[Interest], reference: int) -> None:
    """Volume, imbalance, nearness and the price itself, against every tick from the first to beyond the last."""

    def merit(price: int) -> tuple[int, int, int, int]:
        bids, asks = wanted(book, BUY, price), wanted(book, SELL, price)
        return -min(bids, asks), abs(bids - asks), abs(price - reference), price

    best = min(range(TICK, 241, TICK), key=merit)
    found = uncross(book, reference, TICK)

    assert found.volume == -merit(best)[0]
    assert found.price_micros == (best if found.volume else 0)


@given(BOOKS, REFERENCES)
def test_shares_are_conserved_and_nobody_trades_through_a_limit(book: list[Interest], reference: int) -> None:
    """As many are sold as bought, nobody gets more than wanted, and every fill is at the limit or better."""
    found = uncross(book, reference, TICK)
    fills = list(zip(book, found.filled, strict=True))

    for side in (BUY, SELL):
        assert sum(qty for each, qty in fills if each.side is side) == found.volume
    for each, qty in fills:
        assert 0 <= qty <= each.qty
        if qty and each.limit_micros is not None:
            assert each.side * (each.limit_micros - found.price_micros) >= 0


@given(BOOKS, REFERENCES)
def test_nobody_is_served_before_a_better_or_an_earlier_order(book: list[Interest], reference: int) -> None:
    """An order that gets anything has no order before it that got less than it wanted."""
    found = uncross(book, reference, TICK)
    for side in (BUY, SELL):
        mine = [(each, place, found.filled[place]) for place, each in enumerate(book) if each.side is side]
        ranked = sorted(
            mine, key=lambda one: (one[0].limit_micros is not None, -side * (one[0].limit_micros or 0), one[1])
        )
        short = [qty < each.qty for each, _, qty in ranked]
        got = [qty > 0 for _, _, qty in ranked]

        assert not any(got[after] for place, cut in enumerate(short) if cut for after in range(place + 1, len(got)))
