"""The forms in which OHLCV bars come as CSV, and how each is recognised."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.base.units import NS_PER_MS, NS_PER_S, NS_PER_US

NS_PER_MIN = 60 * NS_PER_S
_MICROSECONDS_FROM = 10**14
"""Binance's archive stamps in milliseconds, and in microseconds from 2025 on: no time in ms is as large."""
_UNIX = datetime(1970, 1, 1, tzinfo=UTC)


def _ns_of_text(cell: str) -> int:
    """``2018-12-21``, with or without a time; UTC unless it says otherwise."""
    moment = datetime.fromisoformat(cell.strip())
    since = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _UNIX
    return (since.days * 86_400 + since.seconds) * NS_PER_S + since.microseconds * NS_PER_US


def _ns_of_s(cell: str) -> int:
    return int(cell) * NS_PER_S


def _ns_of_ms(cell: str) -> int:
    number = int(cell)
    return number * (NS_PER_US if number >= _MICROSECONDS_FROM else NS_PER_MS)


@dataclass(frozen=True, slots=True)
class Dialect:
    """One form of CSV: its columns (small letters), where what stands, and what its time means."""

    name: str
    columns: tuple[str, ...]
    stamp: int
    """The column of the time; the four prices stand in the columns from ``prices`` on."""
    prices: int
    volume: int | None
    stamp_ns: Callable[[str], int]
    stamps_last_minute: bool = False
    """Whether the time is that of the bar's last minute, instead of its beginning."""


BINANCE = Dialect(
    "Binance klines",
    (
        "open_time",
        "open",
        "high",
        "low",
        "close",
        "volume",
        "close_time",
        "quote_volume",
        "count",
        "taker_buy_volume",
        "taker_buy_quote_volume",
        "ignore",
    ),
    stamp=0,
    prices=1,
    volume=5,
    stamp_ns=_ns_of_ms,
)
"""https://github.com/binance/binance-public-data: klines; older files have no header."""
DIALECTS = (
    BINANCE,
    Dialect(
        "epoch bars",
        ("epoch", "time_utc", "open", "high", "low", "close", "volume"),
        stamp=0,
        prices=2,
        volume=6,
        stamp_ns=_ns_of_s,
        stamps_last_minute=True,
    ),
    Dialect(
        "numbered daily bars",
        ("id", "date", "open", "high", "low", "close", "adj close", "volume"),
        stamp=1,
        prices=2,
        volume=7,
        stamp_ns=_ns_of_text,
    ),
    Dialect(
        "daily bars with volume",
        ("date", "open", "high", "low", "close", "adj close", "volume"),
        stamp=0,
        prices=1,
        volume=6,
        stamp_ns=_ns_of_text,
    ),
    Dialect("bars with volume", ("date", "open", "high", "low", "close", "volume"), 0, 1, 5, _ns_of_text),
    Dialect("bars without volume", ("date", "open", "high", "low", "close"), 0, 1, None, _ns_of_text),
)
"""Longest first where one begins like another."""


def recognised(cells: Sequence[str]) -> tuple[Dialect, bool] | None:
    """The dialect of a file by its first row, and whether that row is a header; None if it is none of them."""
    words = tuple(cell.strip().lower() for cell in cells)
    for dialect in DIALECTS:
        if words[: len(dialect.columns)] == dialect.columns:
            return dialect, True
    if len(words) == len(BINANCE.columns) and _is_number(words[0]):
        return BINANCE, False
    return None


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True
