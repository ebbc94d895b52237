"""Order events of Bitstamp as ob-analytics records them: one row per order created, changed or deleted.

Columns: order id, local time [ms UTC], the exchange's time [ms UTC], price, what remains of the volume [1e-8 of the
base currency], action, direction. With a header line; plain or gzip.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.market.data_check_rows import rows
from engine.market.tape_rows import ANEW, TapeError

HEADER = "id,timestamp,exchange.timestamp,price,volume,action,direction"
LOOKED_FOR = f"Bitstamp order events (header {HEADER})"
ACTIONS = ("created", "changed", "deleted")
DIRECTIONS = ("bid", "ask")
_COLUMNS = 7
_PRICE_MAX = 1e12
_MS_MAX = 253_402_300_800_000
"""The year 10000, in milliseconds since 1970."""


@dataclass(frozen=True, slots=True)
class OrderEvent:
    """One row. ``volume`` is what remains, in 1e-8 of the base currency; zero when the order was filled whole."""

    row: int
    order_id: int
    local_ms: int
    exchange_ms: int
    price: float
    volume: int
    action: str
    direction: str


def is_bitstamp(first_row: str) -> bool:
    """Whether a file that begins so holds such events."""
    return first_row.replace('"', "").replace(" ", "") == HEADER


def order_events(path: Path) -> Iterator[OrderEvent]:
    """The events in the order of the file. Raise TapeError, with file and row, at the first bad one."""
    rows_ = rows(path)
    header = next(rows_)[1]
    if not is_bitstamp(header):
        raise TapeError(f"{path.name} row 1: the header {HEADER} was expected, was {header[:80]!r}", ANEW)
    row = 1
    for row, line in rows_:
        try:
            yield _event(row, line)
        except ValueError as error:
            raise TapeError(f"{path.name} row {row}: {error}", ANEW) from error
    if row == 1:
        raise TapeError(f"{path.name} has a header and no events", ANEW)


def _event(row: int, line: str) -> OrderEvent:
    cells = line.replace('"', "").split(",")
    if len(cells) != _COLUMNS:
        raise ValueError(f"{_COLUMNS} columns were expected, were {len(cells) if line else 0}")
    event = OrderEvent(
        row, int(cells[0]), int(cells[1]), int(cells[2]), float(cells[3]), int(cells[4]), cells[5], cells[6]
    )
    if not 0 < event.price < _PRICE_MAX:  # written so that NaN is refused too
        raise ValueError(f"a price above zero and below {_PRICE_MAX:g} was expected, was {cells[3]}")
    if event.volume < 0:
        raise ValueError(f"a volume of zero or more was expected, was {cells[4]}")
    if not (0 <= event.local_ms < _MS_MAX and 0 <= event.exchange_ms < _MS_MAX):
        raise ValueError(f"times in ms since 1970 were expected, were {cells[1]} and {cells[2]}")
    if event.action not in ACTIONS or event.direction not in DIRECTIONS:
        raise ValueError(
            f"created, changed or deleted and bid or ask were expected, were {cells[5]!r} and {cells[6]!r}"
        )
    return event
