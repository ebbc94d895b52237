"""OHLCV bars on disk: which form of CSV it is, how long a bar lasts, and the bars one by one.

Prices are micro-dollars, rounded to the nearest; volume is whole shares. One row is in memory at a time.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from math import isfinite
from pathlib import Path

from engine.base.errors import NotReadyError
from engine.base.units import MICROS_PER_USD
from engine.market.bar_dialects import DIALECTS, NS_PER_MIN, Dialect, recognised
from engine.market.tape_files import last_line, next_lines, opened
from engine.market.tape_rows import ANEW, TapeError

LENGTH_ROWS = 500
"""How many bars tell how long a bar lasts: the most frequent step between them."""
_LINES = 256
_NS_MAX = 2**63
"""A time that far from 1970 (the years 1677 and 2262) is none: nanoseconds are 64-bit integers."""
_BOM = "\N{REPLACEMENT CHARACTER}" * 3
"""A byte order mark of UTF-8, as ASCII reads it."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar as the file has it. Times are nanoseconds since 1970-01-01 UTC."""

    row: int
    """The row in the file, from 1, with any header line."""
    stamp_ns: int
    open_micros: int
    high_micros: int
    low_micros: int
    close_micros: int
    volume: float | None
    """As in the file, in the file's unit; None if the file has no such column."""
    qty: int
    """The volume as whole shares, rounded to the nearest; 0 without."""

    @property
    def prices_micros(self) -> tuple[int, int, int, int]:
        """Open, high, low, close."""
        return self.open_micros, self.high_micros, self.low_micros, self.close_micros


@dataclass(frozen=True, slots=True)
class BarTape:
    """A file of bars, and what its first rows say."""

    path: Path
    dialect: Dialect
    has_header: bool
    columns: int
    bar_ns: int
    """How long a bar lasts."""
    first: Bar

    def start_ns(self, bar: Bar) -> int:
        """When *bar* begins."""
        return bar.stamp_ns + NS_PER_MIN - self.bar_ns if self.dialect.stamps_last_minute else bar.stamp_ns


def bar_tape(path: Path) -> BarTape:
    """The bars in a file. Raise NotReadyError if it is missing, TapeError if it holds no bars of a known form."""
    dialect, has_header, columns = _form(path)
    head = list(islice(_rows(path, dialect, columns, has_header), LENGTH_ROWS))
    if not head:
        raise TapeError(f"{path.name} row {1 + has_header}: a bar was expected, the file ends here", ANEW)
    steps = Counter(later.stamp_ns - bar.stamp_ns for bar, later in pairwise(head) if later.stamp_ns > bar.stamp_ns)
    if not steps:
        raise TapeError(
            f"{path.name} row {head[-1].row}: how long a bar lasts cannot be told from one time only",
            "give at least two bars",
        )
    bar_ns = max(steps, key=lambda step: (steps[step], -step))
    return BarTape(path, dialect, has_header, columns, bar_ns, head[0])


def bars(tape: BarTape) -> Iterator[Bar]:
    """The bars of a file, in the file's order. Raise TapeError, with file and row, at the first that is broken."""
    return _rows(tape.path, tape.dialect, tape.columns, tape.has_header)


def last_bar(tape: BarTape) -> Bar:
    """The last bar of a file, by one pass over it."""
    line, row = last_line(tape.path)
    return _bar(line, tape.dialect, tape.columns, tape.path.name, row)


def _form(path: Path) -> tuple[Dialect, bool, int]:
    """The dialect of a file, whether it has a header, and how many columns."""
    if not path.exists():
        raise NotReadyError(f"the tape {path.name} does not exist", "name a file of bars that does")
    with opened(path) as source:
        lines = next_lines(source, 1, path.name, 1)
    if not lines:
        raise TapeError(f"{path.name} row 1: the file is empty", ANEW)
    cells = _cells(lines[0], path.name, 1)
    form = recognised(cells)
    if form is None:
        known = "; ".join(f"{each.name}: {','.join(each.columns)}" for each in DIALECTS)
        raise TapeError(
            f"{path.name} row 1: {len(cells)} columns that are no known form of bars: {lines[0][:80]!r}",
            f"known forms are {known}",
        )
    return (*form, len(cells))


def _rows(path: Path, dialect: Dialect, columns: int, has_header: bool) -> Iterator[Bar]:
    with opened(path) as source:
        row = 1
        while lines := next_lines(source, _LINES, path.name, row):
            for place, line in enumerate(lines):
                if row + place > 1 or not has_header:
                    yield _bar(line, dialect, columns, path.name, row + place)
            row += len(lines)


def _cells(line: str, name: str, row: int) -> list[str]:
    try:
        return next(csv.reader([line.removeprefix(_BOM)], strict=True), [])
    except csv.Error as error:
        raise TapeError(f"{name} row {row}: a row of CSV was expected: {error}", ANEW) from error


def _bar(line: str, dialect: Dialect, columns: int, name: str, row: int) -> Bar:
    """A line as a bar. Raise TapeError if it is none."""
    cells = _cells(line, name, row)
    if len(cells) != columns:
        raise TapeError(f"{name} row {row}: {columns} columns were expected, were {len(cells)}", ANEW)
    try:
        stamp_ns = dialect.stamp_ns(cells[dialect.stamp])
        if abs(stamp_ns) >= _NS_MAX:
            raise OverflowError
    except (ValueError, OverflowError):
        raise TapeError(f"{name} row {row}: a time was expected, was {cells[dialect.stamp][:40]!r}", ANEW) from None
    prices = [_price_micros(cell, name, row) for cell in cells[dialect.prices : dialect.prices + 4]]
    volume = None if dialect.volume is None else _number(cells[dialect.volume], name, row)
    if volume is not None and volume < 0:
        raise TapeError(f"{name} row {row}: a volume of 0 or more was expected, was {volume:g}", ANEW)
    return Bar(row, stamp_ns, prices[0], prices[1], prices[2], prices[3], volume, round(volume or 0))


def _price_micros(cell: str, name: str, row: int) -> int:
    price_micros = round(_number(cell, name, row) * MICROS_PER_USD)
    if price_micros <= 0:
        raise TapeError(f"{name} row {row}: a price of at least 0.000001 was expected, was {cell[:40]!r}", ANEW)
    return price_micros


def _number(cell: str, name: str, row: int) -> float:
    try:
        number = float(cell)
    except ValueError:
        number = float("nan")
    if not isfinite(number):
        raise TapeError(f"{name} row {row}: a number was expected, was {cell[:40]!r}", ANEW)
    return number
