"""Files of bars that the tests of this room share."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.market.bars import bar_tape, bars
from engine.market.quality import Findings
from engine.market.quality_bars import BarCheck

MIN = 60
Ohlcv = tuple[int, float, float, float, float, float]
"""A bar of a test file: seconds since 1970, open, high, low, close, volume."""


def seconds(text: str) -> int:
    """Seconds since 1970 of a UTC time, such as ``2020-03-18T17:04``."""
    return round(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def still(stamps_s: Iterable[int], price: float = 100.0) -> list[Ohlcv]:
    """Ordinary bars at these times, each a cent up and down."""
    return [(t, price, price + 0.01, price - 0.01, price, 1_000.0) for t in stamps_s]


def write_bars(path: Path, rows: Sequence[Ohlcv]) -> Path:
    """Rows as Binance has them: no header, opening time in milliseconds."""
    text = "".join(
        f"{t * 1000},{o},{high},{low},{c},{v},{t * 1000 + 59_999},0,0,0,0,0\n" for t, o, high, low, c, v in rows
    )
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode(), mtime=0))
    else:
        path.write_text(text)
    return path


def sessions(days: Sequence[str], first: str = "14:30", last: str = "20:55", step_min: int = 5) -> list[int]:
    """The times of five-minute bars from *first* to *last*, in UTC, on each of the days."""
    stamps: list[int] = []
    for day in days:
        stamps += range(seconds(f"{day}T{first}"), seconds(f"{day}T{last}") + 1, step_min * MIN)
    return stamps


def weekdays(first: str, count: int) -> list[str]:
    """So many days from Monday to Friday, the first included."""
    day = datetime.fromisoformat(first)
    found: list[str] = []
    while len(found) < count:
        if day.weekday() < 5:
            found.append(day.date().isoformat())
        day += timedelta(days=1)
    return found


def checked(path: Path) -> Findings:
    """What is found in a file of bars, read to its end."""
    tape = bar_tape(path)
    check = BarCheck(tape)
    for bar in bars(tape):
        check.feed(bar)
    check.finish()
    return check.findings


def rows_of(findings: Findings, code: str) -> list[int]:
    """The rows of the findings kept of one code."""
    return [each.row for each in findings.found() if each.code == code]
