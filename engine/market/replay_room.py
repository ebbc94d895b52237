"""Room for a tape in the order book: which prices the book's window must cover before some rows are played."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from engine.domain.ports import Levers
from engine.market import book_arrays
from engine.market.book_arrays import EDGE, MOST_WINDOW
from engine.market.limit_book import LimitBook
from engine.market.replay_arrays import Ints

FAR_TICKS = MOST_WINDOW // 4
"""How far from the market, in ticks, the book has room for orders: a quarter of what it could hold, so that the market
may move as far again. What the tape shows beyond is quoted and cannot be traded."""


class Span(NamedTuple):
    """The lowest and the highest price and the widest spread of some rows of a tape, in micro-dollars; 0 if none."""

    low: int
    high: int
    spread: int


def span_of(rows: Ints, prices_micros: Ints) -> Span:
    """What rows of a tape's book span, and orders at these prices with them."""
    prices = np.concatenate([rows[:, 0::2].reshape(-1), prices_micros])
    prices = prices[prices > 0]
    two_sided = (rows[:, 0] > 0) & (rows[:, 2] > 0)
    spread = int(np.max(rows[two_sided, 0] - rows[two_sided, 2], initial=0))
    return Span(int(prices.min()), int(prices.max()), spread) if len(prices) else Span(0, 0, spread)


def ticks_of(span: Span, levers: Levers, tick_micros: int) -> tuple[int, int]:
    """The lowest and the highest tick at which a span shows under the levers, and some more."""
    widen = abs(levers.spread_factor - 1) * span.spread / 2
    low = (span.low - widen) * levers.price_factor / tick_micros - 2
    high = (span.high + widen) * levers.price_factor / tick_micros + 2
    return max(int(low), 1), max(int(high), 3)


class Room:
    """The part of the price axis that one book covers for its tape."""

    def __init__(self, book: LimitBook, tick_micros: int) -> None:
        self._book = book
        self._tick_micros = tick_micros
        self._span = Span(0, 0, 0)
        self._low, self._high = 1, 3

    def take(self, span: Span) -> None:
        """*span* is what is played next."""
        self._span = span

    def widen(self, levers: Levers, bands: tuple[int, int], market: int) -> bool:
        """Make room for what the tape shows next around the tick *market*; whether there is any.

        There is none if orders of the desk rest so far away that one window cannot hold both.
        """
        low, high = ticks_of(self._span, levers, self._tick_micros)
        lower, upper = bands
        self._low = max(min(low, lower or low), market - FAR_TICKS, 1)
        self._high = min(max(high, upper), market + FAR_TICKS)
        return self.cover(market)

    def cover(self, tick: int) -> bool:
        """Let the window cover the tape's prices and *tick*; False, and nothing has changed, if it cannot."""
        book = self._book
        low, high, base = min(tick, self._low), max(tick, self._high), int(book.memory[book_arrays.BASE])
        floor = EDGE if base else 0
        if floor <= low - base and high - base < int(book.memory[book_arrays.WINDOW]) - EDGE:
            return True
        wider = book_arrays.covering(book.memory, low, high)
        if wider is not None:
            book.memory = wider
        return wider is not None
