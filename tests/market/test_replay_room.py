"""Tests of the room that a tape needs in the order book."""

from __future__ import annotations

import numpy as np

from engine.domain.ports import Levers
from engine.market import book_arrays
from engine.market.limit_book import LimitBook
from engine.market.replay_room import FAR_TICKS, Room, Span, span_of, ticks_of

TICK = 10_000
ROWS = np.array([[1_020_000, 5, 1_000_000, 5, 1_050_000, 5, 0, 0], [0, 0, 990_000, 5, 0, 0, 980_000, 5]], np.int64)
NONE = np.zeros(0, np.int64)


def window(book: LimitBook) -> tuple[int, int]:
    """The lowest tick of the book's window, and how many it has."""
    return int(book.memory[book_arrays.BASE]), int(book.memory[book_arrays.WINDOW])


def test_a_span_knows_prices_and_spread() -> None:
    """Empty levels are none, and a row with one side has no spread."""
    assert span_of(ROWS, NONE) == Span(980_000, 1_050_000, 20_000)
    assert span_of(ROWS, np.array([970_000, 2_000_000])) == Span(970_000, 2_000_000, 20_000)
    assert span_of(ROWS[:0], NONE) == Span(0, 0, 0)


def test_levers_move_and_widen_what_is_needed() -> None:
    """With two ticks more on each side, and never below the first."""
    span = Span(980_000, 1_050_000, 20_000)

    assert ticks_of(span, Levers(), TICK) == (96, 107)
    assert ticks_of(span, Levers(price_factor=2.0, spread_factor=3.0), TICK) == (190, 216)
    assert ticks_of(span, Levers(price_factor=0.0), TICK) == (1, 3)


def test_the_window_follows_the_tape() -> None:
    """It moves once for prices that it does not cover, and not again."""
    book = LimitBook(100)
    room = Room(book, TICK)
    room.take(Span(90_000 * TICK, 90_100 * TICK, TICK))

    assert room.widen(Levers(), (0, 0), 90_000)
    base, ticks = window(book)
    assert base + book_arrays.EDGE <= 89_998
    assert base + ticks - book_arrays.EDGE > 90_102
    memory = book.memory
    assert room.widen(Levers(), (0, 0), 90_050)
    assert book.memory is memory


def test_bands_are_within_the_window() -> None:
    """Orders beyond them are shown at them."""
    book = LimitBook(10_000)
    room = Room(book, TICK)
    room.take(Span(10_000 * TICK, 10_100 * TICK, TICK))

    assert room.widen(Levers(), (1_000, 50_000), 10_000)
    base, ticks = window(book)
    assert base <= 1_000
    assert base + ticks > 50_000


def test_what_is_too_far_from_the_market_gets_no_room() -> None:
    """A stub quote at 199,999.99 does not make the window wide."""
    book = LimitBook(10_000)
    room = Room(book, TICK)
    room.take(Span(TICK, 19_999_999 * TICK, TICK))

    assert room.widen(Levers(), (0, 0), 10_000)
    assert window(book)[1] <= 4 * FAR_TICKS


def test_there_is_no_room_beside_an_order_at_the_other_end() -> None:
    """One window cannot hold both, and stays as it is."""
    book = LimitBook(10_000)
    book.submit(0, 1, 1, 1, 10, 10_000, rests=True)
    room = Room(book, TICK)
    before = window(book)

    assert not room.cover(10_000 + book_arrays.MOST_WINDOW)
    assert window(book) == before
