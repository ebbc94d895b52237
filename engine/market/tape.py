"""One LOBSTER day on disk: finding its two files, reading them in step, and refusing what is broken.

A tape is a message file (time in seconds after midnight, type, order id, shares, price in USD × 10,000, direction of
the resting order) and a book file (ask price, ask shares, bid price, bid shares per level) whose row k is the book
after message k; no header, plain or gzip. Format: LOBSTER_SampleFiles_ReadMe.txt of lobsterdata.com.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, ClassVar, cast

import numpy as np
from numpy.typing import NDArray

from engine.base.errors import ExitCode, NotReadyError, StressError
from engine.base.units import NS_PER_S
from engine.base.words import listing

CHUNK_ROWS = 4096
"""Rows in memory at a time, whatever the length of the tape."""
MICROS_PER_UNIT = 100
"""A price unit of the files is a ten-thousandth of a dollar."""
EMPTY_UNITS = 9_999_999_999
"""The price, with either sign, of a level that is empty."""
MESSAGE_COLUMNS = 6
VISIBLE, HIDDEN, HALT = 4, 5, 7
_KINDS = (1, 2, 3, VISIBLE, HIDDEN, 6)
_NAME = re.compile(r"(?P<symbol>[A-Za-z.]+)_(?P<day>\d{4}-\d\d-\d\d)_\d+_\d+_message_(?P<levels>\d+)\.csv(\.gz)?")
_LAST_BYTES = 4096
_BLOCK_BYTES = 1 << 20

Ints = NDArray[np.int64]


class TapeError(StressError):
    """A tape that is damaged or is not one; the reason names file and row."""

    exit_code: ClassVar[ExitCode] = ExitCode.INVALID_DOCUMENT


@dataclass(frozen=True, slots=True)
class Tape:
    """The two files of a day, and what their names say."""

    messages: Path
    book: Path
    symbol: str
    day: str
    levels: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a tape. Times are nanoseconds after midnight, prices micro-dollars; an empty level is 0/0."""

    first_row: int
    """Number of the first row in its files, counted from 1."""
    stamp_ns: list[int]
    kind: list[int]
    qty: list[int]
    price_micros: list[int]
    direction: list[int]
    book: Ints
    """Ask price, ask shares, bid price, bid shares of each level: one row of 4 · levels numbers per message."""
    top_moved: list[bool]
    """Whether the first level differs from the row before."""


def tape_in(folder: Path) -> Tape:
    """The tape in *folder*. Raise NotReadyError if there is none, TapeError if there are two."""
    if not folder.is_dir():
        raise NotReadyError(f"the tape folder {folder.name} does not exist", "name a folder that holds a LOBSTER day")
    found = [(path, match) for path in sorted(folder.iterdir()) if (match := _NAME.fullmatch(path.name))]
    if not found:
        raise NotReadyError(
            f"the folder {folder.name} holds no message file",
            "a LOBSTER day was expected, such as AMZN_2012-06-21_34200000_57600000_message_5.csv.gz and its orderbook",
        )
    if len(found) > 1:
        names = listing([path.name for path, _ in found])
        raise TapeError(f"the folder {folder.name} holds {len(found)} tapes: {names}", "keep one tape per folder")
    path, match = found[0]
    stem = path.name.removesuffix(".gz").replace("_message_", "_orderbook_")
    books = [folder / name for name in (f"{stem}.gz", stem) if (folder / name).is_file()]
    if not books:
        raise NotReadyError(f"the tape {folder.name} has no book file", f"{stem} or {stem}.gz was expected")
    if len(books) > 1:
        raise TapeError(f"the folder {folder.name} holds {stem} twice, plain and gzip", "keep one of them")
    return Tape(path, books[0], match["symbol"], match["day"], int(match["levels"]))


def hashes(tape: Tape) -> tuple[tuple[str, str], ...]:
    """Name and sha256 of each file of the tape, as it lies on disk."""
    digests = []
    for path in (tape.messages, tape.book):
        with path.open("rb") as raw:
            digests.append((path.name, hashlib.file_digest(raw, "sha256").hexdigest()))
    return tuple(digests)


def last_stamp_ns(tape: Tape) -> int:
    """The time of the last message, by one pass over the message file (0.05 s for 155,935 rows).

    Raise TapeError if the file is empty or cut short.
    """
    tail = b""
    try:
        with _opened(tape.messages) as source:
            while block := source.read(_BLOCK_BYTES):
                tail = (tail + block)[-_LAST_BYTES:]
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise TapeError(f"{tape.messages.name} is cut short or damaged: {error}", _ANEW) from error
    lines = tail.decode("ascii", "replace").splitlines()
    if not lines:
        raise TapeError(f"{tape.messages.name} is empty", _ANEW)
    try:
        return round(float(lines[-1].partition(",")[0]) * NS_PER_S)
    except (ValueError, OverflowError) as error:
        raise TapeError(f"the last row of {tape.messages.name} does not begin with a time: {lines[-1]!r}") from error


def chunks(tape: Tape) -> Iterator[Chunk]:
    """The rows of the tape, some thousands at a time. Raise TapeError, with file and row, at the first bad one."""
    row, last_ns = 1, 0
    last_top = np.zeros(4, np.int64)
    with ExitStack() as stack:
        messages = stack.enter_context(_opened(tape.messages))
        books = stack.enter_context(_opened(tape.book))
        while True:
            said = _lines(messages, tape.messages.name, row)
            seen = _lines(books, tape.book.name, row)
            if len(said) != len(seen):
                _uneven(tape, row, len(said), len(seen))
            if not said:
                if row == 1:
                    raise TapeError(f"{tape.messages.name} is empty", _ANEW)
                return
            message = _numbers(said, MESSAGE_COLUMNS, tape.messages.name, row)
            book = _whole(_numbers(seen, 4 * tape.levels, tape.book.name, row), tape.book.name, row)
            _check_messages(message, last_ns, tape.messages.name, row)
            book = _levels(book, tape.book.name, row)
            tops = np.vstack([last_top, book[:, :4]])
            yield _chunk(row, message, book, np.any(tops[1:] != tops[:-1], axis=1))
            last_top, last_ns, row = book[-1, :4], _stamps_ns(message)[-1], row + len(said)


_ANEW = "fetch the tape anew"


def _chunk(row: int, message: NDArray[np.float64], book: Ints, moved: NDArray[np.bool_]) -> Chunk:
    whole = message[:, 1:].astype(np.int64)
    return Chunk(
        first_row=row,
        stamp_ns=_stamps_ns(message).tolist(),
        kind=whole[:, 0].tolist(),
        qty=whole[:, 2].tolist(),
        price_micros=(whole[:, 3] * MICROS_PER_UNIT).tolist(),
        direction=whole[:, 4].tolist(),
        book=book,
        top_moved=moved.tolist(),
    )


def _opened(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


def _lines(source: IO[bytes], name: str, row: int) -> list[str]:
    """The next lines of a file. A broken gzip gives its row away, because the lines before it were read."""
    lines: list[bytes] = []  # filled line by line: those read before an error are counted
    try:
        for line in islice(source, CHUNK_ROWS):
            lines.append(line)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise TapeError(f"{name} is cut short or damaged after row {row + len(lines) - 1}: {error}", _ANEW) from error
    return [line.decode("ascii", "replace").rstrip("\r\n") for line in lines]


def _numbers(lines: list[str], columns: int, name: str, row: int) -> NDArray[np.float64]:
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
                raise TapeError(f"{name} row {row + place}: a number was expected, was {cell[:40]!r}", _ANEW)


def _refuse(bad: NDArray[np.bool_], name: str, row: int, what: str, instruction: str = _ANEW) -> None:
    """Raise TapeError for the first row that is bad."""
    if bad.any():
        raise TapeError(f"{name} row {row + int(np.argmax(bad))}: {what}", instruction)


def _whole(numbers: NDArray[np.float64], name: str, row: int) -> Ints:
    _refuse((numbers != np.rint(numbers)).any(axis=1), name, row, "whole numbers were expected")
    return numbers.astype(np.int64)


def _stamps_ns(message: NDArray[np.float64]) -> Ints:
    # A double holds 86,400 s to 1.5e-11 s, so rounding to the nanosecond gives back the decimals of the file.
    return np.rint(message[:, 0] * NS_PER_S).astype(np.int64)


def _check_messages(message: NDArray[np.float64], last_ns: int, name: str, row: int) -> None:
    whole = _whole(message[:, 1:], name, row)
    kind, qty, price, direction = whole[:, 0], whole[:, 2], whole[:, 3], whole[:, 4]
    _refuse(kind == HALT, name, row, "a trading halt (type 7), which replay cannot play yet", "choose a day without")
    _refuse(~np.isin(kind, _KINDS), name, row, "an unknown message type")
    execution = (kind == VISIBLE) | (kind == HIDDEN)
    _refuse(execution & ((qty <= 0) | (price <= 0)), name, row, "an execution without shares or price")
    _refuse(execution & ~np.isin(direction, (-1, 1)), name, row, "an execution with a direction other than 1 and -1")
    stamps = np.concatenate([[last_ns], _stamps_ns(message)])
    _refuse(stamps[1:] < stamps[:-1], name, row, "its time is before the time of the row above (or midnight)")


def _levels(book: Ints, name: str, row: int) -> Ints:
    """Micro-dollars, with 0/0 for empty levels; crossed or disordered rows are refused."""
    prices, qtys = book[:, 0::2], book[:, 1::2]
    empty = np.abs(prices) == EMPTY_UNITS
    _refuse(((qtys < 0) | ((prices <= 0) & ~empty)).any(axis=1), name, row, "a negative size or price")
    asks = np.where(empty[:, 0::2], EMPTY_UNITS, prices[:, 0::2])
    bids = np.where(empty[:, 1::2], -EMPTY_UNITS, prices[:, 1::2])
    _refuse(asks[:, 0] <= bids[:, 0], name, row, "the book is crossed or locked")
    rising, falling = np.diff(asks, axis=1), np.diff(bids, axis=1)
    bad = ((rising <= 0) & ~empty[:, 2::2]) | ((falling >= 0) & ~empty[:, 3::2])
    _refuse(bad.any(axis=1), name, row, "the levels are not in order")
    clean = book.copy()
    clean[:, 0::2] = np.where(empty, 0, prices * MICROS_PER_UNIT)
    clean[:, 1::2] = np.where(empty, 0, qtys)
    return clean


def _uneven(tape: Tape, row: int, said: int, seen: int) -> None:
    shorter, longer = (tape.messages, tape.book) if said < seen else (tape.book, tape.messages)
    raise TapeError(
        f"{shorter.name} ends after row {row + min(said, seen) - 1}, {longer.name} goes on",
        "both files of a tape have one row per message: fetch the tape anew",
    )
