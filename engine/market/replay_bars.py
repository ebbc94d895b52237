"""Playing a file of bars: four prices of each bar at its quarter points, quoted by declared assumptions.

A bar says nothing of the way between its prices, of the spread, or of depth. Assumed is: a rising bar goes open, low,
high, close, a falling one open, high, low, close; a quarter of its volume trades at each. The spread and the depth
shown are settings. The quotes stay within the bar's range where the range has room for the spread, so nothing is
filled better than the bar shows. Where no bar follows, the market is empty until the next one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.domain.orders import Side
from engine.domain.ports import NEVER_NS, MarketEvent
from engine.market.bars import Bar, BarTape, bars, last_bar
from engine.market.model_document import MarketError
from engine.market.quality import DataFinding
from engine.market.quality_bars import BarCheck
from engine.market.replay_book import ReplayBook
from engine.market.replay_clock import ReplayClock
from engine.market.tape_files import hashes

EMPTY = [0, 0, 0, 0]


@dataclass(frozen=True, slots=True)
class BarQuotes:
    """How a bar is quoted: the assumptions that a scenario declares."""

    spread_bps: float
    depth_pct: float
    tick_micros: int
    lot: int = 1
    """Shares in one unit of the file's volume."""

    def shares(self, bar: Bar) -> int:
        """The volume of a bar in shares."""
        return round((bar.volume or 0) * self.lot)

    def row(self, bar: Bar, price_micros: int) -> list[int]:
        """Ask, its shares, bid, its shares while *bar* stands at a price; nothing where the bar has no volume."""
        qty = int(self.shares(bar) * self.depth_pct / 100)
        if not qty:
            return EMPTY
        spread = max(round(price_micros * self.spread_bps / 10_000), self.tick_micros)
        low, high = min(bar.prices_micros), max(bar.prices_micros)
        bid = price_micros - spread // 2
        if high - low >= spread:
            bid = min(max(bid, low), high - spread)
        bid = max(bid, self.tick_micros)
        return [bid + spread, qty, bid, qty]


@dataclass(frozen=True, slots=True)
class Point:
    """A price of a bar at its time: what trades there and what is quoted then."""

    stamp_ns: int
    price_micros: int
    qty: int
    aggressor: Side
    row: list[int]


def points(bar: Bar, start_ns: int, bar_ns: int, quotes: BarQuotes) -> list[Point]:
    """The four points of a bar, in time order."""
    opened, high, low, close = bar.prices_micros
    path = (opened, low, high, close) if close >= opened else (opened, high, low, close)
    shares = quotes.shares(bar)
    part = shares // 4
    made: list[Point] = []
    aggressor = Side.BUY if close >= opened else Side.SELL
    for quarter, price in enumerate(path):
        if made and price != made[-1].price_micros:
            aggressor = Side.BUY if price > made[-1].price_micros else Side.SELL
        qty = part if quarter < 3 else shares - 3 * part
        made.append(Point(start_ns + quarter * bar_ns // 4, price, qty, aggressor, quotes.row(bar, price)))
    return made


class BarPlayer:
    """A file of bars in a run. A bar with the time of the one above, or an earlier one, is not played."""

    def __init__(self, tape: BarTape, symbol: str, tick_micros: int, clock: ReplayClock, quotes: BarQuotes) -> None:
        """Raise TapeError if the tape is broken, MarketError if it does not cover the window or has no volume."""
        if tape.dialect.volume is None:
            raise MarketError(
                f"{tape.path.name} row 1: the bars have no volume, so there is nothing to trade against",
                "name a tape with a volume column",
            )
        self._tape = tape
        self._clock = clock
        self._quotes = quotes
        self._check = BarCheck(tape)
        self._end_ns: int | None = None
        self._source = self._in_order()
        self._ahead = next(self._source, None)
        self._unchecked: list[Bar] = []
        """The bar in play and those passed over before it, until its first point is played."""
        self._points: deque[Point] = deque()
        opening = self._skip_to_start()
        self.book = ReplayBook(symbol, tick_micros, opening, first_micros=self._first_micros())
        self.next_ns = self._next_ns()

    @property
    def end_ns(self) -> int:
        """The run's time at the end of the last bar played, found by a pass over the file at the first question."""
        if self._end_ns is None:
            last_ns, to_ns = self._tape.start_ns(last_bar(self._tape)) + self._tape.bar_ns, self._clock.to_ns
            self._end_ns = self._clock.run_ns(last_ns if to_ns is None else min(last_ns, to_ns))
        return self._end_ns

    def inputs(self) -> tuple[tuple[str, str], ...]:
        """Name and sha256 of the file played."""
        return hashes((self._tape.path,))

    def findings(self) -> tuple[DataFinding, ...]:
        """What was odd in the bars played so far; a session is compared with those before it in the file."""
        return self._check.findings.found()

    def play(self, events: list[MarketEvent], until_ns: int) -> None:
        """Play the point that is due: first what trades, then the quote."""
        self._check_bar()
        point, t_ns = self._points.popleft(), self.next_ns
        events += self.book.trade(t_ns, point.aggressor, point.qty, point.price_micros)
        self.book.move_to(np.array([point.row], np.int64), 0)
        events += self.book.show(t_ns)
        if not self._points:
            self._load()
        self.next_ns = self._next_ns()

    def _next_ns(self) -> int:
        if not self._points or self._clock.is_over(self._points[0].stamp_ns):
            return NEVER_NS
        return self._clock.run_ns(self._points[0].stamp_ns)

    def _first_micros(self) -> int:
        return self._points[0].price_micros if self._points else 0

    def _check_bar(self) -> None:
        for bar in self._unchecked:
            self._check.feed(bar)
        self._unchecked = []

    def _in_order(self) -> Iterator[tuple[Bar, list[Bar]]]:
        """Each bar that is later than all before it, and those passed over to get there."""
        latest_ns: int | None = None
        passed: list[Bar] = []
        for bar in bars(self._tape):
            if latest_ns is not None and bar.stamp_ns <= latest_ns:
                passed.append(bar)
                continue
            yield bar, passed
            latest_ns, passed = bar.stamp_ns, []

    def _load(self) -> Bar | None:
        """Take the next bar into play, unless the file is at its end."""
        if self._ahead is None:
            return None
        bar, passed = self._ahead
        self._ahead = next(self._source, None)
        self._unchecked = [*passed, bar]
        start_ns, bar_ns = self._tape.start_ns(bar), self._tape.bar_ns
        made = points(bar, start_ns, bar_ns, self._quotes)
        if self._ahead is not None:
            next_ns = self._tape.start_ns(self._ahead[0])
            made = [point for point in made if point.stamp_ns < next_ns]
            if next_ns > start_ns + bar_ns:
                made.append(Point(start_ns + bar_ns, bar.close_micros, 0, Side.BUY, EMPTY))
        self._points.extend(made)
        return bar

    def _skip_to_start(self) -> list[int]:
        """Pass over the bars before time 0, of which only the sessions count: the quote that stands then.

        Before the first bar of a file it is that bar's; in a hole between bars it is empty.
        """
        tape, clock = self._tape, self._clock
        clock.check_begin(tape.path.name, tape.start_ns(tape.first), tape.first.row, tape.bar_ns)
        bar, before = self._load(), False
        while bar is not None and tape.start_ns(bar) + tape.bar_ns <= clock.open_ns:
            self._check_bar()
            self._points.clear()
            bar, before = self._load(), True
        self._check_window(bar)
        assert bar is not None
        self._check.findings.begin_at(bar.row)
        opening = EMPTY if before and self._points[0].stamp_ns > clock.open_ns else self._points[0].row
        while self._points and self._points[0].stamp_ns < clock.open_ns:
            self._check_bar()
            opening = self._points.popleft().row
        if not self._points:
            self._load()
        return opening

    def _check_window(self, bar: Bar | None) -> None:
        """Raise MarketError if no bar is left to play, or the file ends before the window does."""
        if bar is None or self._clock.to_ns is not None:
            last = last_bar(self._tape)
            end_ns = self._tape.start_ns(last) + self._tape.bar_ns
            self._clock.check_end(self._tape.path.name, end_ns, last.row, self._tape.bar_ns)
        if bar is None:
            raise MarketError(f"the tape {self._tape.path.name} ends at {self._clock.opening}", "start before its end")
