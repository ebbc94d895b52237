"""Proofs about an order book: that everything in it fits together, and that two books are in the same state."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import numpy as np

from engine.market import book_arrays as at
from engine.market.book_arrays import BACKGROUND, FLOW_REGISTERS, ORDERS_FROM, Ints


def check(book: Ints, known: Mapping[int, int]) -> None:
    """Walk through the whole book, in which the orders in *known* (number to name) belong to somebody known.

    Raise AssertionError if anything does not fit.
    """
    resting: dict[int, list[int]] = {1: [], -1: []}
    best = {1: 0, -1: 0}
    for row in np.flatnonzero(at.levels(book).any(axis=1)).tolist():
        tick = row + int(book[at.BASE])
        side = _level_fits(book, tick)
        best[side] = tick if side > 0 else best[side] or tick  # levels come in the order of their price
        resting[side] += at.line(book, tick)
    _sides_fit(book, best, resting)
    everybody = resting[1] + resting[-1]
    _rows_fit(book, everybody)
    _background_fits(book, everybody)
    there = {int(book[order + at.ORDER_ID]): order for order in everybody if book[order + at.OWNER] != BACKGROUND}
    assert there == known, "the orders known by number are not those that rest"


def digest(book: Ints) -> str:
    """A hash of every resting order in its place, of the order in which the background is listed, and of the flow."""
    orders = at.orders(book)
    orders = orders[orders[:, at.SIGNED_QTY] != 0]
    orders = orders[np.argsort(orders[:, at.SEQ])]  # within a price, age is the place in the queue
    columns = (at.SEQ, at.TICK, at.SIGNED_QTY, at.OWNER, at.ORDER_ID)
    state = (
        book[[at.NEXT_SEQ]],
        orders[:, columns],
        book[at.background(book) + at.SEQ],
        book[FLOW_REGISTERS:ORDERS_FROM],
    )
    hashed = hashlib.blake2b(digest_size=16)
    for part in state:
        hashed.update(f"{part.shape}".encode() + np.ascontiguousarray(part, "<i8").tobytes())
    return hashed.hexdigest()


def _level_fits(book: Ints, tick: int) -> int:
    """Prove one price; its side."""
    head, tail, qty = at.levels(book)[tick - int(book[at.BASE])].tolist()
    line = at.line(book, tick)
    assert line, f"the level {tick} holds {qty} shares or a tail, and no order"
    assert (line[0], line[-1]) == (head, tail), f"the level {tick} ends elsewhere than its queue"
    orders = [book[order : order + at.ORDER_COLUMNS].tolist() for order in line]
    assert {order[at.TICK] for order in orders} == {tick}, f"an order of another price stands in the queue at {tick}"
    assert [order[at.PREV] for order in orders] == [0, *line[:-1]], f"the queue at {tick} is not linked back"
    ages = [order[at.SEQ] for order in orders]
    assert ages == sorted(set(ages)), f"the queue at {tick} is not in the order of arrival"
    assert ages[-1] < book[at.NEXT_SEQ], f"an order at {tick} is younger than the next one will be"
    signs = {(order[at.SIGNED_QTY] > 0) - (order[at.SIGNED_QTY] < 0) for order in orders}
    assert signs in ({1}, {-1}), f"the queue at {tick} does not belong to one side with shares left"
    there = sum(abs(order[at.SIGNED_QTY]) for order in orders)
    assert qty == there, f"the level {tick} shows {qty} shares, its queue has {there}"
    return 1 if signs == {1} else -1


def _sides_fit(book: Ints, best: dict[int, int], resting: dict[int, list[int]]) -> None:
    """The best prices and the counts are those that the levels show, and they do not cross."""
    bid, ask = int(book[at.BEST_BID]), int(book[at.BEST_ASK])
    assert (best[1], best[-1]) == (bid, ask), f"the best prices are {best}, the registers say {bid} and {ask}"
    assert not (bid and ask and bid >= ask), f"the book is crossed: {bid} bid, {ask} asked"
    counts = (len(resting[1]), len(resting[-1]))
    said = (int(book[at.BID_ORDERS]), int(book[at.ASK_ORDERS]))
    assert counts == said, f"{counts} orders rest on the sides, the registers say {said}"


def _rows_fit(book: Ints, resting: list[int]) -> None:
    """Each row of the orders rests in one queue or is free and has no shares, never both."""
    free: list[int] = []
    order = int(book[at.FREE])
    while order and len(free) <= book[at.ROWS]:
        free.append(order)
        order = int(book[order + at.NEXT])
    assert len(free) == book[at.FREE_ROWS], f"{book[at.FREE_ROWS]} rows should be free, {len(free)} are linked"
    assert not any(book[order + at.SIGNED_QTY] for order in free), "a free row has shares"
    rows = range(ORDERS_FROM, ORDERS_FROM + at.ORDER_COLUMNS * int(book[at.ROWS]), at.ORDER_COLUMNS)
    assert sorted(free + resting) == list(rows), "a row is neither free nor resting, or both"


def _background_fits(book: Ints, resting: list[int]) -> None:
    """The flow finds just the orders of the background, and each of them knows where."""
    listed = at.background(book)
    theirs = [order for order in resting if book[order + at.OWNER] == BACKGROUND]
    assert sorted(listed.tolist()) == sorted(theirs), "the orders of the background are not those that are listed"
    places = np.arange(int(book[at.LIVE_FROM]), int(book[at.LIVE_FROM]) + len(listed))
    assert np.array_equal(book[listed + at.PLACE], places), "an order of the background does not know its place"
    assert not any(book[order + at.PLACE] for order in set(resting) - set(theirs)), "a known order has a place"
