"""A document's bytes: found, bounded, hashed, and turned into text."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from engine.config.mark import Mark
from engine.config.node import Node
from engine.config.problems import Problems
from engine.config.reader import read_text

MOST_BYTES = 1_000_000
"""Size of one document."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read: its document (None if it is unusable) and the hash of its bytes."""

    node: Node | None
    sha256: str


def read_file(path: Path, file: str, problems: Problems) -> Source:
    """Read the document at *path*, shown to the user as *file*; what is wrong goes to *problems*."""
    data = _bytes(path, file, problems)
    if data is None:
        return Source(None, "")
    sha256 = hashlib.sha256(data).hexdigest()
    text = text_of(data, file, problems)
    return Source(read_text(text, file, problems) if text is not None else None, sha256)


def text_of(data: bytes, file: str, problems: Problems) -> str | None:
    """The text in *data*; None, with the problem added, if it is too large or is not UTF-8 text."""
    if len(data) > MOST_BYTES:
        problems.error(
            "Y103",
            f"the file is larger than {MOST_BYTES / 1e6:g} MB ({len(data) / 1e6:.1f} MB)",
            Mark(file),
            "split it",
        )
        return None
    if data.startswith(b"\xef\xbb\xbf"):
        problems.error(
            "Y102", "the file begins with a byte order mark", Mark(file, 1, 1, 1), "save it as UTF-8 without BOM"
        )
        return None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        problems.error("Y102", "the file is UTF-16", Mark(file, 1, 1, 1), "save it as UTF-8 without BOM")
        return None
    if b"\0" in data:
        problems.error(
            "Y104",
            "this is a binary file, not YAML",
            Mark(file),
            "name a text file",
        )
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        begin = data.rfind(b"\n", 0, error.start) + 1
        col = len(data[begin : error.start].decode("utf-8", "replace")) + 1
        problems.error(
            "Y104",
            f"a character here is not UTF-8 text (byte {data[error.start]:02X})",
            Mark(file, line, col, col + 1),
            "save the file with the encoding UTF-8",
        )
        return None


def _bytes(path: Path, file: str, problems: Problems) -> bytes | None:
    if path.is_dir():
        problems.error("R302", "this is a directory, not a document", Mark(file), "name a file in it")
        return None
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
        size = path.stat().st_size
    except FileNotFoundError:
        problems.error("R301", "there is no such file", Mark(file), "'stress list scenario' shows what there is")
        return None
    except OSError as error:
        problems.error(
            "R303", f"the file cannot be read: {error.strerror or error}", Mark(file), "check its permissions"
        )
        return None
    return data if len(data) <= MOST_BYTES else data + b" " * (size - len(data)) if size < 50 * MOST_BYTES else data
