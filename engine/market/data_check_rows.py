"""Reading a text file row by row, plain or gzip, so that every error names file and row."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.market.tape_files import next_lines, opened
from engine.market.tape_rows import ANEW, TapeError

_LINES = 256
"""Lines in memory at a time; a line of a feed may have 64 KiB."""


def rows(path: Path) -> Iterator[tuple[int, str]]:
    """Each row of the file with its number, counted from 1.

    Raise TapeError if the file is empty or cut short, NotReadyError if it is missing or may not be read.
    """
    with opened(path) as source:
        row = 1
        while lines := next_lines(source, _LINES, path.name, row):
            yield from enumerate(lines, row)
            row += len(lines)
    if row == 1:
        raise TapeError(f"{path.name} row 1: the file is empty", ANEW)


def first_row(path: Path) -> str:
    """The first row of the file. Raise as ``rows`` does."""
    with opened(path) as source:
        lines = next_lines(source, 1, path.name, 1)
    if not lines:
        raise TapeError(f"{path.name} row 1: the file is empty", ANEW)
    return lines[0]
