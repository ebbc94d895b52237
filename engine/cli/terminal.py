"""What kind of terminal we speak to: colour, width, and whether anybody watches."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TextIO

CODES = {
    "FAIL": "31;1",
    "INVALID": "31",
    "ABORTED": "35",
    "NO_EVIDENCE": "35",
    "WARN": "33",
    "PASS": "32",
    "DEFERRED": "2",
}
SIGNS = {"FAIL": "✗", "INVALID": "⊘", "ABORTED": "■", "NO_EVIDENCE": "?", "WARN": "!", "PASS": "✓", "DEFERRED": "–"}
"""Colour is never the only sign."""


def say(text: str) -> None:
    """Print *text* on standard output, now. A reader that has gone (``| head``) does not change how the verb ends."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def coloured(stream: TextIO) -> bool:
    """Whether *stream* is a terminal that wants colour."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def watched() -> bool:
    """Whether a person watches standard error: a progress bar makes sense."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Columns of the terminal; 100 where there is none."""
    return shutil.get_terminal_size((100, 24)).columns if sys.stdout.isatty() else 100


def paint(text: str, verdict: str, *, colour: bool) -> str:
    """*text* in the colour of a verdict."""
    return f"\x1b[{CODES[verdict]}m{text}\x1b[0m" if colour and verdict in CODES else text


def shown_path(path: Path) -> str:
    """*path* relative to the current folder, if it lies below."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
