"""The compiled moves of the order book: what they record, a window that moves unseen, the same without a compiler."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.market import book_arrays as at
from engine.market import book_kernel
from engine.market.book_arrays import Ints
from engine.market.limit_book import LimitBook
from tests.house.house import REPOSITORY
from tests.market.book_streams import CENTRE, Player, Step, played, stream
from tests.market.test_limit_book import STREAMS, book_with

SHORT = 400
"""Steps that plain Python plays in a moment."""
SEED = 11


def summary(book: LimitBook, trades: list[tuple[int, ...]]) -> dict[str, object]:
    """What must be the same in two processes."""
    messages = book.messages()
    return {
        "digest": book.digest(),
        "trades": [list(trade) for trade in trades],
        "messages": len(messages),
        "recorded": hashlib.sha256(messages.tobytes()).hexdigest(),
    }


def recorded_run() -> dict[str, object]:
    """A short stream on a book that records and has to grow."""
    player = Player(LimitBook(CENTRE, rows=2))
    player.book.record(on=True)
    for step in [*stream(SEED, SHORT), Step("drain")]:
        player.play(step)
    return summary(player.book, [tuple(trade) for trade in player.trades])


def test_plain_python_does_the_same() -> None:
    """The same source with the compiler switched off: the same digest, trades and messages."""
    program = (
        "import json, numba; from tests.market.test_book_kernel import recorded_run; "
        "print(json.dumps([bool(numba.config.DISABLE_JIT), recorded_run()]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=REPOSITORY,
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=True,
    )

    compiled = recorded_run()

    assert len(json.dumps(compiled["trades"])) > 1000  # something did trade
    assert json.loads(done.stdout) == [True, compiled]


# ---- what is recorded


class Rebuilt:
    """A book made from messages alone: each resting order by its age."""

    def __init__(self) -> None:
        self.orders: dict[int, list[int]] = {}

    def hear(self, message: list[int]) -> None:
        """Take in one message, and check the top of the book that it tells."""
        _, kind, seq, side, qty, tick, *top = message
        if kind == at.ADD:
            assert seq not in self.orders
            self.orders[seq] = [side, qty, tick]
        else:
            assert self.orders[seq][::2] == [side, tick]
            self.orders[seq][1] -= qty
            assert self.orders[seq][1] >= 0
            if kind == at.DELETE:
                assert self.orders[seq][1] == 0
            if self.orders[seq][1] == 0:
                assert kind != at.CUT
                del self.orders[seq]
        assert top == [*self.best(1), *self.best(-1)]

    def best(self, side: int) -> tuple[int, int]:
        """The best price of a side and the shares there."""
        return (self.levels(side) or [(0, 0)])[0]

    def levels(self, side: int) -> list[tuple[int, int]]:
        """Price and shares of each level of a side."""
        ticks = sorted({order[2] for order in self.orders.values() if order[0] == side}, reverse=side > 0)
        return [(tick, sum(order[1] for order in self.orders.values() if order[2] == tick)) for tick in ticks]


@settings(max_examples=100, deadline=None)
@given(steps=STREAMS, rows=st.sampled_from([1, 4096]))
def test_the_messages_explain_every_change(steps: list[Step], rows: int) -> None:
    """A book rebuilt from them alone has the told top after each, and the book's own levels after each step."""
    player, rebuilt = Player(LimitBook(CENTRE, rows=rows)), Rebuilt()
    player.book.record(on=True)
    for step in steps:
        player.play(step)
        for message in player.book.messages().tolist():
            assert message[at.MESSAGE_NS] == player.now_ns
            rebuilt.hear(message)

        for side in (1, -1):
            assert rebuilt.levels(side) == player.book.levels(side, 1_000)


def test_a_crossing_order_is_told_fill_by_fill() -> None:
    """Executions name the resting order's side and age; what is left comes as an add; then a cut and a delete."""
    book = book_with((1, -1, 100, 101), (2, -1, 50, 102))
    book.record(on=True)

    book.submit(7, 1, 9, 1, 180, 102, rests=True)
    book.reduce(9, 10, 8)
    book.cancel(9, 9)

    assert book.messages().tolist() == [
        [7, at.EXECUTE, 0, -1, 100, 101, 0, 0, 102, 50],
        [7, at.EXECUTE, 1, -1, 50, 102, 0, 0, 0, 0],
        [7, at.ADD, 2, 1, 30, 102, 102, 30, 0, 0],
        [8, at.CUT, 2, 1, 10, 102, 102, 20, 0, 0],
        [9, at.DELETE, 2, 1, 20, 102, 0, 0, 0, 0],
    ]


def test_messages_are_handed_over_once_and_only_while_recording() -> None:
    """What was handed over is the caller's own; switching off keeps what is written."""
    book = LimitBook(CENTRE)
    book.submit(1, 1, 1, 1, 10, 99, rests=True)
    book.record(on=True)
    book.submit(2, 1, 2, 1, 10, 99, rests=True)
    first = book.messages()
    book.submit(3, 1, 3, 1, 10, 99, rests=True)
    book.record(on=False)
    book.submit(4, 1, 4, 1, 10, 99, rests=True)

    assert [row[at.MESSAGE_NS] for row in first] == [2]
    assert [row[at.MESSAGE_NS] for row in book.messages()] == [3]
    assert book.messages().shape == (0, at.MESSAGE_COLUMNS)


@pytest.mark.parametrize("side", [1, -1])
def test_no_message_is_lost_however_many_there_are(side: int) -> None:
    """More adds than there was room for, then one order that takes them all: each is told."""
    book, count = LimitBook(CENTRE, rows=1), 3 * at.FIRST_MESSAGES
    book.record(on=True)
    for number in range(1, count + 1):
        book.submit(number, 1, number, side, 1, 99 - number % 3, rests=True)
    book.submit(count + 1, 2, count + 1, -side, count, None, rests=False)

    kinds = book.messages()[:, at.KIND]

    assert kinds.tolist() == [at.ADD] * count + [at.EXECUTE] * count
    assert len(book.drain()) == count
    book.check()


def test_recording_does_not_change_the_book() -> None:
    """The digest is that of a book that does not record."""
    player = Player(LimitBook(CENTRE))
    player.book.record(on=True)
    for step in stream(3, 300):
        player.play(step)

    assert player.book.digest() == played(list(stream(3, 300))).book.digest()


# ---- the window


@settings(max_examples=100, deadline=None)
@given(
    offsets=st.lists(st.integers(-1_500, 1_500), min_size=1, max_size=20),
    moves=st.lists(st.integers(-6_000, 6_000), min_size=1, max_size=5),
)
def test_moving_the_window_changes_nothing(offsets: list[int], moves: list[int]) -> None:
    """Either it moves and every order stays in its queue, or an order would fall out and nothing moves."""
    book = LimitBook(CENTRE)
    bids = [offset for offset in offsets if offset < 0]
    for number, offset in enumerate(offsets, 1):
        book.submit(0, 1, number, 1 if offset in bids else -1, number, CENTRE + offset, rests=True)
    before = book.digest()
    for move in moves:
        middle = max(CENTRE + move, 1)
        new_base = max(middle - at.FIRST_WINDOW // 2, 0)
        fits = all(0 <= CENTRE + offset - new_base < at.FIRST_WINDOW for offset in offsets)
        old_base = int(book.memory[at.BASE])

        assert book_kernel.recentre(book.memory, middle) is fits

        assert int(book.memory[at.BASE]) == (new_base if fits else old_base)
        book.check()
        assert book.digest() == before


@pytest.mark.parametrize(
    ("offset", "fits"),
    [(-at.FIRST_WINDOW // 2, True), (-at.FIRST_WINDOW // 2 - 1, False), (2047, True), (at.FIRST_WINDOW // 2, False)],
)
def test_the_window_keeps_its_first_and_last_price(offset: int, fits: bool) -> None:
    """An order there stays, one a tick farther holds the window back."""
    book = LimitBook(CENTRE)
    book.submit(0, 1, 1, 1, 10, CENTRE, rests=True)

    assert book_kernel.recentre(book.memory, CENTRE - offset) is fits

    book.check()
    assert book.queue(CENTRE) == [(1, 1, 10)]


@pytest.mark.parametrize("middle", [1, CENTRE, 5_000_000])
def test_an_empty_window_moves_anywhere(middle: int) -> None:
    """And an order can rest there."""
    book = LimitBook(CENTRE)

    assert book_kernel.recentre(book.memory, middle)
    book_kernel.rest(book.memory, 0, 1, middle, 5, at.BACKGROUND, 0)

    book.check()
    assert book.top() == (middle, 5, 0, 0)


# ---- the background, which the kernel alone moves


@settings(max_examples=100, deadline=None)
@given(
    moves=st.lists(
        st.tuples(
            st.sampled_from(["rest", "rest", "remove", "cut", "take"]),
            st.sampled_from([1, -1]),
            st.integers(1, 9),
            st.integers(0, 100),
        ),
        max_size=60,
    ),
)
def test_the_background_can_be_taken_out_anywhere(
    moves: list[tuple[str, int, int, int]],
) -> None:
    """However its orders are picked, the list of them has no gaps and no strangers, and the queues fit."""
    book = LimitBook(CENTRE)
    for kind, side, qty, pick in moves:
        others = book.others()
        if kind == "take":
            book_kernel.take(book.memory, 0, side, qty, 0, at.BACKGROUND, 0)
        elif kind == "rest":
            tick = CENTRE - side * (1 + pick % 5)
            book_kernel.rest(book.memory, 0, side, tick, qty, at.BACKGROUND, 0)
        elif others:
            order = others[pick % len(others)]
            had = shares(book.memory, order)
            if kind == "cut" and qty < had:
                assert book_kernel.cut(book.memory, 0, order, qty) == had - qty
            else:
                assert book_kernel.remove(book.memory, 0, order) == had
                assert sorted(book.others()) == sorted(set(others) - {order})
        book.check()


def shares(memory: Ints, order: int) -> int:
    """Shares left of an order."""
    return int(np.abs(memory[order + at.SIGNED_QTY]))
