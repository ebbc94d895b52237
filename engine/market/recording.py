"""One symbol's day as arrays, one entry per message, whether it was recorded at an exchange or simulated.

What measures a market reads nothing else, so that a real day and a simulated one are measured by the same code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from engine.base.units import NS_PER_S
from engine.market.tape import Tape, chunks
from engine.market.tape_rows import CUT, DELETED, HIDDEN, NEW, VISIBLE, Ints

TICK_MICROS = 10_000
"""One cent: the tick of every US stock above one dollar (Regulation NMS, rule 612)."""
KINDS = (NEW, CUT, DELETED, VISIBLE, HIDDEN)
"""Message kinds by LOBSTER's numbers: 1 add, 2 partial cancel, 3 delete, 4 visible, 5 hidden execution."""
OPEN_S, CLOSE_S = 34_200, 57_600
"""The regular session of US stocks, 9:30 to 16:00, in seconds after midnight in New York."""
_SESSION_MS = re.compile(r"_(\d+)_(\d+)_message_")
_PER_MESSAGE = (
    "kind",
    "order_id",
    "side",
    "qty",
    "tick",
    "bid_tick",
    "bid_qty",
    "ask_tick",
    "ask_qty",
)

Bytes = NDArray[np.int8]
Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class DepthSamples:
    """Shares at each level, best first, at some instants: one row for each instant, one column for each level."""

    t_ns: Ints
    bid: Ints
    ask: Ints

    def __post_init__(self) -> None:
        if len({self.bid.shape, self.ask.shape}) > 1 or self.bid.ndim != 2 or len(self.bid) != len(self.t_ns):
            raise ValueError(
                f"{len(self.t_ns)} rows of as many levels each were expected, was {self.bid.shape}, {self.ask.shape}"
            )


@dataclass(frozen=True, kw_only=True, eq=False)
class Recording:
    """The messages of a day in order of time, and the best prices after each. Prices are ticks, quantities shares."""

    open_ns: int
    """When the session begins, on the clock of ``t_ns``."""
    close_ns: int
    t_ns: Ints
    kind: Bytes
    order_id: Ints
    """Of the resting order; 0 where it is not known."""
    side: Bytes
    """Of the resting order: 1 bid, -1 ask. Of an execution, the aggressor's is the opposite."""
    qty: Ints
    tick: Ints
    bid_tick: Ints
    bid_qty: Ints
    """Shares at the best bid after the message; 0 while nobody bids."""
    ask_tick: Ints
    ask_qty: Ints
    depth: DepthSamples | None = None
    """What lies behind the best prices, if it was looked at."""

    def __post_init__(self) -> None:
        odd = [name for name in _PER_MESSAGE if len(getattr(self, name)) != len(self.t_ns)]
        if odd:
            raise ValueError(f"{len(self.t_ns)} entries were expected in {', '.join(odd)}: one for each time")
        if self.close_ns <= self.open_ns:
            raise ValueError(f"a session that ends after it begins was expected, was {self.open_ns} to {self.close_ns}")
        if np.any(self.t_ns[1:] < self.t_ns[:-1]):
            raise ValueError("times that never fall were expected")

    def __len__(self) -> int:
        """How many messages there are."""
        return len(self.t_ns)

    def since(self, skip_s: float) -> Recording:
        """The messages from *skip_s* seconds after the open on."""
        first = int(np.searchsorted(self.t_ns, self.open_ns + round(skip_s * NS_PER_S)))
        if not first:
            return self
        cut = {field.name: getattr(self, field.name) for field in fields(self)}
        return Recording(**{name: value[first:] if name in _LONG else value for name, value in cut.items()})

    @property
    def two_sided(self) -> Bools:
        """Whether both sides are quoted after each message."""
        quoted: Bools = (self.bid_qty > 0) & (self.ask_qty > 0)
        return quoted

    def mid_ticks(self) -> Floats:
        """The mid after each message, in ticks; NaN while a side is empty."""
        return np.where(self.two_sided, (self.bid_tick + self.ask_tick) / 2, np.nan)

    def at(self, times_ns: Ints) -> Ints:
        """The place of the last message at or before each of *times_ns*; -1 before the first."""
        return np.searchsorted(self.t_ns, times_ns, side="right") - 1


_LONG = ("t_ns", *_PER_MESSAGE)


def recording_of_tape(tape: Tape) -> Recording:
    """A LOBSTER day as a recording; auctions and halts (types 6 and 7), which are no orders, are left out.

    Raise TapeError at the first row that is broken.
    """
    stamps, messages, books = [], [], []
    for chunk in chunks(tape):
        stamps.append(np.array(chunk.stamp_ns, np.int64))
        messages.append(chunk.messages)
        books.append(chunk.book)
    t_ns, message, book = np.concatenate(stamps), np.vstack(messages), np.vstack(books)
    orders = np.isin(message[:, 0], KINDS)
    t_ns, message, book = t_ns[orders], message[orders], book[orders]
    open_ns, close_ns = _session(tape)
    return Recording(
        open_ns=open_ns,
        close_ns=close_ns,
        t_ns=t_ns,
        kind=message[:, 0].astype(np.int8),
        order_id=message[:, 1],
        side=message[:, 4].astype(np.int8),
        qty=message[:, 2],
        tick=_ticks(message[:, 3]),
        ask_tick=_ticks(book[:, 0]),
        ask_qty=book[:, 1],
        bid_tick=_ticks(book[:, 2]),
        bid_qty=book[:, 3],
        depth=_depth(t_ns, book),
    )


def _depth(t_ns: Ints, book: Ints) -> DepthSamples:
    """The levels of the tape at every whole second."""
    seconds = np.arange(-(-t_ns[0] // NS_PER_S), t_ns[-1] // NS_PER_S + 1) if len(t_ns) else np.zeros(0, np.int64)
    rows = book[np.searchsorted(t_ns, seconds * NS_PER_S, side="right") - 1]
    return DepthSamples(t_ns=seconds * NS_PER_S, bid=rows[:, 3::4], ask=rows[:, 1::4])


def _ticks(micros: Ints) -> Ints:
    """Prices in whole ticks; a hidden execution between two ticks goes to the even one."""
    return np.rint(micros / TICK_MICROS).astype(np.int64)


def _session(tape: Tape) -> tuple[int, int]:
    """Begin and end of the day, as the file's name has them in milliseconds; else those of a regular session."""
    said = _SESSION_MS.search(tape.messages.name)
    begin_ms, end_ms = (int(said[1]), int(said[2])) if said else (OPEN_S * 1000, CLOSE_S * 1000)
    if end_ms <= begin_ms:
        begin_ms, end_ms = OPEN_S * 1000, CLOSE_S * 1000
    return begin_ms * NS_PER_S // 1000, end_ms * NS_PER_S // 1000
