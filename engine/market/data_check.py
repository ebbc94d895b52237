"""What market data contain: recognises what lies at a place, and checks it."""

from __future__ import annotations

import csv
from pathlib import Path

from engine.base.errors import NotReadyError
from engine.base.words import listing
from engine.market import binance, bitstamp
from engine.market.bar_dialects import DIALECTS, recognised
from engine.market.data_check_kinds import bars_report, binance_report, bitstamp_report, lobster_report
from engine.market.data_check_report import TapeReport
from engine.market.data_check_rows import first_row
from engine.market.tape import Tape, names_messages
from engine.market.tape_at import tape_at
from engine.market.tape_rows import TapeError

LOOKED_FOR = (
    "a LOBSTER day (SYMBOL_DATE_START_END_message_LEVELS.csv and its orderbook file)",
    f"bars (a header such as {','.join(DIALECTS[-1].columns)}, or Binance klines)",
    binance.LOOKED_FOR,
    bitstamp.LOOKED_FOR,
)
"""What is recognised, in words."""
_NO_DATA = (".txt", ".md", ".yaml", ".py", ".json")
_BOM = "\N{REPLACEMENT CHARACTER}" * 3
"""A byte order mark of UTF-8, as ASCII reads it."""


def check(place: Path) -> tuple[TapeReport, ...]:
    """The report of what lies at *place*: one, or one for each feed of a folder that holds several.

    Raise NotReadyError if nothing is there, TapeError (with file and row) if it is damaged, not known, or a folder
    with two tapes.
    """
    if not place.exists():
        raise NotReadyError(f"{place.name} does not exist", "name a file or a folder of market data")
    files = _data_files(place)
    forms = {path: _feed(path) for path in files}
    feeds = [path for path in files if forms[path]]
    if feeds and len(feeds) < len(files):
        names = listing([path.name for path in files])
        raise TapeError(f"the folder {place.name} holds data of several kinds: {names}", "name one file")
    if feeds:
        return tuple(binance_report(path) if forms[path] == "binance" else bitstamp_report(path) for path in feeds)
    for path in files:
        _refuse_unknown(path)
    tape = tape_at(place if place.is_dir() and len(files) > 1 else files[0])
    return (lobster_report(tape) if isinstance(tape, Tape) else bars_report(tape),)


def _data_files(place: Path) -> list[Path]:
    """The files that may be data: not hidden, no texts beside them. Raise NotReadyError if there is none."""
    if not place.is_dir():
        return [place]
    try:
        inside = sorted(place.iterdir())
    except OSError as error:
        raise NotReadyError(f"{place.name} cannot be read: {error.strerror}", "check who may read it") from error
    files = [
        path
        for path in inside
        if path.is_file() and path.suffix and path.suffix not in _NO_DATA and not path.name.startswith(".")
    ]
    if not files:
        raise NotReadyError(f"the folder {place.name} holds no market data", _looked_for())
    return files


def _feed(path: Path) -> str:
    """``binance`` or ``bitstamp`` if the file is such a feed, else empty."""
    if names_messages(path.name):
        return ""
    begins = first_row(path)
    return "binance" if binance.is_binance(begins) else "bitstamp" if bitstamp.is_bitstamp(begins) else ""


def _refuse_unknown(path: Path) -> None:
    """Raise TapeError for a file that is nothing we read."""
    if names_messages(path.name):
        return
    begins = first_row(path)
    try:
        cells = next(csv.reader([begins.removeprefix(_BOM)], strict=True), [])
    except csv.Error:
        cells = []
    if recognised(cells) is None:
        raise TapeError(f"{path.name} row 1: market data of no known form: {begins[:80]!r}", _looked_for())


def _looked_for() -> str:
    return "looked for: " + "; ".join(LOOKED_FOR)
