"""What is odd in a LOBSTER day, found chunk by chunk as it is read."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engine.base.units import NS_PER_S
from engine.market.quality import DataFinding, Findings
from engine.market.tape import Chunk, Tape
from engine.market.tape_rows import HALT, HIDDEN, Ints

GAP_S = 60.0
"""Without a message for longer, a liquid stock's tape has a gap: the longest quiet of AMZN and AAPL is 20 s."""
_USD = 1e6
_HALT_WORDS = {-1: "trading is halted", 0: "quoting resumes", 1: "trading resumes"}


class MessageCheck:
    """The findings of one LOBSTER day. Feed it every row once, in order."""

    def __init__(self, tape: Tape, gap_s: float = GAP_S) -> None:
        self.findings = Findings()
        self._messages = tape.messages.name
        self._book = tape.book.name
        self._gap_ns = round(gap_s * NS_PER_S)
        self._latest_ns: int | None = None

    def feed(self, chunk: Chunk, start: int = 0, stop: int | None = None) -> None:
        """Check the rows from *start* up to, not including, *stop* of *chunk*."""
        rows = slice(start, len(chunk.stamps) if stop is None else stop)
        stamps, messages, book = chunk.stamps[rows], chunk.messages[rows], chunk.book[rows]
        if not len(stamps):
            return
        first = chunk.first_row + rows.start
        self._times(stamps, first)
        self._kinds(messages, stamps, first)
        self._tops(book, stamps, first)

    def _times(self, stamps: Ints, first: int) -> None:
        latest_ns = stamps[0] if self._latest_ns is None else self._latest_ns
        before = np.maximum.accumulate(np.concatenate([[latest_ns], stamps]))[:-1]
        quiet_ns = stamps - before
        self._latest_ns = int(max(before[-1], stamps[-1]))
        self._add(
            "gap",
            quiet_ns > self._gap_ns,
            stamps,
            first,
            lambda place: f"no message for {quiet_ns[place] / NS_PER_S:,.1f} s before {_clock(stamps[place])}",
        )
        self._add(
            "out_of_order",
            quiet_ns < 0,
            stamps,
            first,
            lambda place: f"its time {_clock(stamps[place])} is before {_clock(before[place])}, already seen",
        )

    def _kinds(self, messages: Ints, stamps: Ints, first: int) -> None:
        kind, qty, price = messages[:, 0], messages[:, 2], messages[:, 3]
        self._add(
            "hidden_execution",
            kind == HIDDEN,
            stamps,
            first,
            lambda place: f"{qty[place]} shares of a hidden order were executed at {price[place] / _USD:.4f}",
        )
        self._add(
            "halt",
            kind == HALT,
            stamps,
            first,
            lambda place: f"{_HALT_WORDS.get(int(np.sign(price[place])))} at {_clock(stamps[place])}",
        )
        self._add(
            "zero_size",
            (qty == 0) & (kind != HALT),
            stamps,
            first,
            lambda place: f"a message of type {kind[place]} about no shares",
        )

    def _tops(self, book: Ints, stamps: Ints, first: int) -> None:
        asks, bids = book[:, 0], book[:, 2]
        both = (asks > 0) & (bids > 0)

        def prices(place: int) -> str:
            return f"bid {bids[place] / _USD:.4f}, ask {asks[place] / _USD:.4f}"

        self._add("crossed_book", both & (asks < bids), stamps, first, lambda place: f"crossed: {prices(place)}")
        self._add("locked_book", both & (asks == bids), stamps, first, lambda place: f"locked: {prices(place)}")
        empty = (book[:, 0::2] == 0).sum(axis=1)
        self._add("dummy_price", empty > 0, stamps, first, lambda place: f"{empty[place]} of the levels are empty")

    def _add(self, code: str, bad: NDArray[np.bool_], stamps: Ints, first: int, text: Callable[[int], str]) -> None:
        """Enter a finding for each row that is bad."""
        places = np.flatnonzero(bad).tolist()
        if not places:
            return
        file = self._book if code in ("crossed_book", "locked_book", "dummy_price") else self._messages
        found = (DataFinding(code, file, first + place, text(place), int(stamps[place])) for place in places)
        self.findings.add_lot(code, len(places), found)


def _clock(t_ns: int) -> str:
    """A time of the tape as ``HH:MM:SS.mmm``."""
    ms = int(t_ns) // 1_000_000
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}.{ms % 1000:03d}"
