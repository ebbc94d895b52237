"""The tape at a place: one LOBSTER day or one file of bars, by what lies there."""

from __future__ import annotations

from pathlib import Path

from engine.base.errors import NotReadyError
from engine.base.words import listing
from engine.market.bars import BarTape, bar_tape
from engine.market.tape import Tape, names_messages, tape_in
from engine.market.tape_rows import TapeError

_ENDINGS = (".csv", ".csv.gz")


def tape_at(place: Path) -> Tape | BarTape:
    """The tape in a folder or a file: LOBSTER by the file's name, else bars.

    Raise NotReadyError if there is none, TapeError if there are two or it is broken.
    """
    if not place.exists():
        raise NotReadyError(f"the tape {place.name} does not exist", "name a folder or a file that does")
    if not place.is_dir():
        return tape_in(place) if names_messages(place.name) else bar_tape(place)
    files = [path for path in sorted(place.iterdir()) if path.name.endswith(_ENDINGS)]
    others = [path for path in files if not names_messages(path.name)]
    if not others:
        return tape_in(place)
    if len(others) < len(files) or len(others) > 1:
        books = [path for path in files if "_orderbook_" in path.name and names_messages(path.name)]
        tapes = [path.name for path in files if path not in books]
        raise TapeError(
            f"the folder {place.name} holds {len(tapes)} tapes: {listing(tapes)}",
            "keep one tape per folder, or name the file",
        )
    return bar_tape(others[0])
