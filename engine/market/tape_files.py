"""Files of market data on disk: opening them, plain or gzip, reading them line by line, and naming what is broken."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import IO, cast

from engine.base.errors import NotReadyError
from engine.market.tape_rows import ANEW, TapeError

_TAIL_BYTES = 4096
_BLOCK_BYTES = 1 << 20
_BROKEN = (EOFError, zlib.error, gzip.BadGzipFile)


def opened(path: Path) -> IO[bytes]:
    """A file of a tape, unpacked. Raise NotReadyError if it is missing or may not be read."""
    try:
        return cast("IO[bytes]", gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")
    except OSError as error:
        raise NotReadyError(f"{path.name} cannot be read: {error.strerror}", "mend the tape's folder") from error


def next_lines(source: IO[bytes], most: int, name: str, row: int) -> list[str]:
    """The next lines of a file, at most *most*, of which the first is *row*; none at its end.

    Raise TapeError, with the last row that could be read, if a gzip is truncated or damaged.
    """
    lines: list[bytes] = []  # filled line by line: those read before an error are counted
    try:
        for line in islice(source, most):
            lines.append(line)
    except _BROKEN as error:
        raise TapeError(f"{name} is cut short or damaged after row {row + len(lines) - 1}: {error}", ANEW) from error
    return [line.decode("ascii", "replace").rstrip("\r\n") for line in lines]


def last_line(path: Path) -> tuple[str, int]:
    """The last line of a file and its row, by one pass (0.02 s for 155,935 rows).

    Raise TapeError if the file is empty, or a gzip cut short.
    """
    tail, newlines = b"", 0
    try:
        with opened(path) as source:
            while block := source.read(_BLOCK_BYTES):
                newlines += block.count(b"\n")
                tail = (tail + block)[-_TAIL_BYTES:]
    except _BROKEN as error:
        raise TapeError(f"{path.name} is cut short or damaged after row {newlines}: {error}", ANEW) from error
    lines = tail.decode("ascii", "replace").splitlines()
    if not lines:
        raise TapeError(f"{path.name} row 1: the file is empty", ANEW)
    return lines[-1], newlines if tail.endswith(b"\n") else newlines + 1


def hashes(paths: Iterable[Path]) -> tuple[tuple[str, str], ...]:
    """Name and sha256 of each file, as it lies on disk."""
    digests = []
    for path in paths:
        with path.open("rb") as raw:
            digests.append((path.name, hashlib.file_digest(raw, "sha256").hexdigest()))
    return tuple(digests)
