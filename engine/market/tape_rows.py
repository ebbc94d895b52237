"""What a row of a LOBSTER tape must be: so many whole numbers, a message of a known type, a book in order.

What can be read but is odd (a crossed book, an earlier time, a halt) is no error: see ``quality_messages``.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from engine.base.errors import ExitCode, StressError
from engine.base.units import NS_PER_S

MICROS_PER_UNIT = 100
"""A price unit of the files is a ten-thousandth of a dollar."""
EMPTY_UNITS = 9_999_999_999
"""The price, with either sign, of a level that is empty."""
NEW, CUT, DELETED, VISIBLE, HIDDEN, CROSS, HALT = range(1, 8)
"""Message types: new order, partial cancel, deletion, execution of a visible and of a hidden order, auction, halt."""
_EXACT = 2.0**53
_S_PER_DAY = 86_400
ANEW = "fetch the tape anew"

Ints = NDArray[np.int64]


class TapeError(StressError):
    """A tape that is damaged or is not one; the reason names file and row."""

    exit_code: ClassVar[ExitCode] = ExitCode.INVALID_DOCUMENT


def parsed(lines: list[str], columns: int, name: str, row: int) -> NDArray[np.float64]:
    """The lines as numbers; a line that is not so many numbers is named."""
    try:
        numbers = np.loadtxt(lines, delimiter=",", dtype=np.float64, comments=None, ndmin=2)
    except ValueError:
        numbers = np.empty((0, 0))
    if numbers.shape != (len(lines), columns) or not np.isfinite(numbers).all():
        _name_bad_line(lines, columns, name, row)
    return numbers


def _name_bad_line(lines: list[str], columns: int, name: str, row: int) -> None:
    for place, line in enumerate(lines):
        cells = line.split(",")
        if len(cells) != columns:
            raise TapeError(
                f"{name} row {row + place}: {columns} columns were expected, were {len(cells) if line else 0}",
                "LOBSTER files have no header and no blank lines; the level count stands at the end of the name",
            )
        for cell in cells:
            try:
                finite = np.isfinite(float(cell))
            except ValueError:
                finite = False
            if not finite:
                raise TapeError(f"{name} row {row + place}: a number was expected, was {cell[:40]!r}", ANEW)


def _refuse(bad: NDArray[np.bool_], name: str, row: int, what: str, instruction: str = ANEW) -> None:
    """Raise TapeError for the first row that is bad."""
    if bad.any():
        raise TapeError(f"{name} row {row + int(np.argmax(bad))}: {what}", instruction)


def whole_numbers(numbers: NDArray[np.float64], name: str, row: int) -> Ints:
    """The numbers as integers; the first row with a fraction, or with a number beyond 2^53, is refused."""
    fits = (numbers == np.rint(numbers)) & (np.abs(numbers) < _EXACT)
    _refuse(~fits.all(axis=1), name, row, "whole numbers were expected")
    return numbers.astype(np.int64)


def stamps_ns(message: NDArray[np.float64], name: str, row: int) -> Ints:
    """The times of messages in nanoseconds after midnight; a time of another day is refused."""
    seconds = message[:, 0]
    _refuse(seconds < 0, name, row, "its time is before midnight")
    _refuse(seconds > _S_PER_DAY, name, row, "its time is after the end of the day")
    # A double holds 86,400 s to 1.5e-11 s, so rounding to the nanosecond gives back the decimals of the file.
    return np.rint(seconds * NS_PER_S).astype(np.int64)


def checked_messages(message: NDArray[np.float64], name: str, row: int) -> Ints:
    """Type, order id, shares, price in micro-dollars and direction of each message.

    The first of no known type, with less than no shares, or an execution without a price or a side, is refused.
    """
    whole = whole_numbers(message[:, 1:], name, row)
    kind, qty, price, direction = whole[:, 0], whole[:, 2], whole[:, 3], whole[:, 4]
    _refuse((kind < NEW) | (kind > HALT), name, row, "an unknown message type")
    _refuse(qty < 0, name, row, "less than no shares")
    execution = (kind == VISIBLE) | (kind == HIDDEN)
    _refuse(execution & (price <= 0), name, row, "an execution without a price")
    _refuse(execution & ~np.isin(direction, (-1, 1)), name, row, "an execution with a direction other than 1 and -1")
    whole[:, 3] *= MICROS_PER_UNIT
    return whole


def checked_book(book: Ints, name: str, row: int) -> Ints:
    """The book in micro-dollars, with 0/0 for empty levels; levels that are not in order are refused."""
    prices, qtys = book[:, 0::2], book[:, 1::2]
    empty = np.abs(prices) == EMPTY_UNITS
    _refuse(((qtys < 0) | ((prices <= 0) & ~empty)).any(axis=1), name, row, "a negative size or price")
    asks = np.where(empty[:, 0::2], EMPTY_UNITS, prices[:, 0::2])
    bids = np.where(empty[:, 1::2], -EMPTY_UNITS, prices[:, 1::2])
    rising, falling = np.diff(asks, axis=1), np.diff(bids, axis=1)
    bad = ((rising <= 0) & ~empty[:, 2::2]) | ((falling >= 0) & ~empty[:, 3::2])
    _refuse(bad.any(axis=1), name, row, "the levels are not in order")
    clean = book.copy()
    clean[:, 0::2] = np.where(empty, 0, prices * MICROS_PER_UNIT)
    clean[:, 1::2] = np.where(empty, 0, qtys)
    return clean


def uncrossed(book: Ints) -> NDArray[np.bool_]:
    """Whether each row of a checked book has its best ask above its best bid; an empty side crosses nothing."""
    asks, bids = book[:, 0], book[:, 2]
    fine: NDArray[np.bool_] = (asks > bids) | (asks == 0) | (bids == 0)
    return fine
