"""One LOBSTER day on disk: finding its two files, reading them in step, and refusing what is broken.

A tape is a message file (time in seconds after midnight, type, order id, shares, price in USD × 10,000, direction of
the resting order) and a book file (ask price, ask shares, bid price, bid shares per level) whose row k is the book
after message k; no header, plain or gzip. Format: LOBSTER_SampleFiles_ReadMe.txt of lobsterdata.com.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.base.errors import NotReadyError
from engine.base.units import NS_PER_S
from engine.base.words import listing
from engine.market.tape_files import hashes as file_hashes
from engine.market.tape_files import last_line, next_lines, opened
from engine.market.tape_rows import (
    ANEW,
    Ints,
    TapeError,
    checked_book,
    checked_messages,
    parsed,
    stamps_ns,
    uncrossed,
    whole_numbers,
)

CHUNK_ROWS = 4096
"""Rows in memory at a time, whatever the length of the tape."""
MESSAGE_COLUMNS = 6
_NAME = re.compile(
    r"(?P<symbol>[A-Za-z.]+)_(?P<day>\d{4}-\d\d-\d\d)_\d+_\d+_(message|orderbook)_(?P<levels>\d+)\.csv(\.gz)?"
)


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
    """Some rows of a tape. Times are nanoseconds after midnight, prices micro-dollars; an empty level is 0/0.

    The lists are what is played, the arrays what is checked.
    """

    first_row: int
    """Number of the first row in its files, counted from 1."""
    stamps: Ints
    """The times as the file has them."""
    messages: Ints
    """Type, order id, shares, price, direction: one row per message."""
    book: Ints
    """Ask price, ask shares, bid price, bid shares of each level: one row of 4 · levels numbers per message."""
    stamp_ns: list[int]
    """When each row is played: its time, but never before the row above."""
    kind: list[int]
    qty: list[int]
    price_micros: list[int]
    direction: list[int]
    sound: list[bool]
    """Whether the book can be shown: it is neither crossed nor locked."""
    top_moved: list[bool]
    """Whether the first level differs from that of the last sound row before."""


def names_messages(name: str) -> bool:
    """Whether this is the name of a LOBSTER message or book file."""
    return _NAME.fullmatch(name) is not None


def tape_in(place: Path) -> Tape:
    """The tape in a folder, or that of one of its files.

    Raise NotReadyError if there is none or a half, TapeError if there are two.
    """
    if not place.exists():
        raise NotReadyError(f"the tape folder {place.name} does not exist", "name a folder that holds a LOBSTER day")
    folder = place if place.is_dir() else place.parent
    stem = "" if place.is_dir() else _plain(place)
    found = [path for path in sorted(folder.iterdir()) if names_messages(path.name) and "_message_" in path.name]
    if stem:
        found = [path for path in found if _plain(path) == stem]
    if not found:
        raise NotReadyError(
            f"the folder {folder.name} holds no message file",
            "a LOBSTER day was expected, such as AMZN_2012-06-21_34200000_57600000_message_5.csv.gz and its orderbook, "
            "or one csv or csv.gz of bars",
        )
    if len(found) > 1:
        names = listing([path.name for path in found])
        raise TapeError(f"the folder {folder.name} holds {len(found)} tapes: {names}", "keep one tape per folder")
    match = _NAME.fullmatch(found[0].name)
    assert match is not None
    return Tape(found[0], _book_of(found[0]), match["symbol"], match["day"], int(match["levels"]))


def _plain(path: Path) -> str:
    """The name that both files of a day share."""
    return path.name.removesuffix(".gz").replace("_orderbook_", "_message_")


def _book_of(messages: Path) -> Path:
    folder, stem = messages.parent, _plain(messages).replace("_message_", "_orderbook_")
    books = [folder / name for name in (f"{stem}.gz", stem) if (folder / name).is_file()]
    if not books:
        raise NotReadyError(f"the tape {folder.name} has no book file", f"{stem} or {stem}.gz was expected")
    if len(books) > 1:
        raise TapeError(f"the folder {folder.name} holds {stem} twice, plain and gzip", "keep one of them")
    return books[0]


def hashes(tape: Tape) -> tuple[tuple[str, str], ...]:
    """Name and sha256 of each file of the tape, as it lies on disk."""
    return file_hashes((tape.messages, tape.book))


def last_stamp(tape: Tape) -> tuple[int, int]:
    """The time of the last message and its row, by one pass over the message file.

    Raise TapeError if the file is empty or cut short.
    """
    line, row = last_line(tape.messages)
    try:
        return round(float(line.partition(",")[0]) * NS_PER_S), row
    except (ValueError, OverflowError) as error:
        raise TapeError(
            f"{tape.messages.name} row {row}: the row does not begin with a time: {line!r}", ANEW
        ) from error


def last_stamp_ns(tape: Tape) -> int:
    """The time of the last message."""
    return last_stamp(tape)[0]


def chunks(tape: Tape) -> Iterator[Chunk]:
    """The rows of the tape, some thousands at a time. Raise TapeError, with file and row, at the first bad one."""
    row, last_ns = 1, 0
    last_top = np.zeros(4, np.int64)
    with ExitStack() as stack:
        messages = stack.enter_context(opened(tape.messages))
        books = stack.enter_context(opened(tape.book))
        while True:
            said = next_lines(messages, CHUNK_ROWS, tape.messages.name, row)
            seen = next_lines(books, CHUNK_ROWS, tape.book.name, row)
            if len(said) != len(seen):
                _uneven(tape, row, len(said), len(seen))
            if not said:
                if row == 1:
                    raise TapeError(f"{tape.messages.name} row 1: the file is empty", ANEW)
                return
            chunk = _chunk(tape, said, seen, row, last_ns, last_top)
            yield chunk
            if any(chunk.sound):
                last_top = chunk.book[np.flatnonzero(chunk.sound)[-1], :4]
            last_ns, row = chunk.stamp_ns[-1], row + len(said)


def _chunk(tape: Tape, said: list[str], seen: list[str], row: int, last_ns: int, last_top: Ints) -> Chunk:
    """The rows read, checked. *last_ns* is when the row above was played, *last_top* its last sound first level."""
    message = parsed(said, MESSAGE_COLUMNS, tape.messages.name, row)
    stamps = stamps_ns(message, tape.messages.name, row)
    whole = checked_messages(message, tape.messages.name, row)
    numbers = parsed(seen, 4 * tape.levels, tape.book.name, row)
    book = checked_book(whole_numbers(numbers, tape.book.name, row), tape.book.name, row)
    sound = uncrossed(book)
    return Chunk(
        first_row=row,
        stamps=stamps,
        messages=whole,
        book=book,
        stamp_ns=np.maximum(np.maximum.accumulate(stamps), last_ns).tolist(),
        kind=whole[:, 0].tolist(),
        qty=whole[:, 2].tolist(),
        price_micros=whole[:, 3].tolist(),
        direction=whole[:, 4].tolist(),
        sound=sound.tolist(),
        top_moved=_moved(book[:, :4], sound, last_top).tolist(),
    )


def _moved(tops: Ints, sound: NDArray[np.bool_], last_top: Ints) -> NDArray[np.bool_]:
    """Whether each row is sound and its first level another than that of the sound row before it."""
    moved = np.zeros(len(tops), np.bool_)
    shown = tops[sound]
    moved[sound] = np.any(shown != np.vstack([last_top, shown])[:-1], axis=1)
    return moved


def _uneven(tape: Tape, row: int, said: int, seen: int) -> None:
    shorter, longer = (tape.messages, tape.book) if said < seen else (tape.book, tape.messages)
    if row == 1 and not min(said, seen):
        raise TapeError(f"{shorter.name} row 1: the file is empty", ANEW)
    raise TapeError(
        f"{shorter.name} ends after row {row + min(said, seen) - 1}, {longer.name} goes on",
        "both files of a tape have one row per message: fetch the tape anew",
    )
