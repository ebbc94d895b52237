"""What is odd in a Binance feed: a late snapshot, missing updates, a clock that is off, rows out of order."""

from __future__ import annotations

from collections import deque

from engine.base.units import NS_PER_MS, NS_PER_S
from engine.market.binance import BestQuote, Depth, Message, Snapshot
from engine.market.facts_statistics import Weights
from engine.market.quality import DataFinding, Findings

KEPT_UPDATES = 100_000
"""Depth updates before the snapshot that are remembered to join it (at ten a second, nearly three hours)."""
OFFSET_NS_MAX = NS_PER_S
"""A median delay over one second is no network: one of the clocks is off."""
_OFFSET_STEP_NS = NS_PER_MS // 10


class BinanceChecks:
    """Looks at each message in turn and enters what it finds."""

    def __init__(self, file: str, findings: Findings) -> None:
        self._file, self._findings = file, findings
        self._last_local_ns: int | None = None
        self._joins = _Joins(file, findings)
        self._delays = Weights()
        self._first_negative: tuple[int, int | None] | None = None
        self._negative = 0

    def add(self, message: Message) -> None:
        """The next message."""
        self._order(message)
        self._clock(message)
        if isinstance(message.said, Depth | Snapshot):
            self._joins.add(message, message.said)
        elif isinstance(message.said, BestQuote):
            self._best(message, message.said)

    def finish(self) -> None:
        """Say what only the whole feed shows. Call once, at the end."""
        self._joins.finish()
        median_ns = self._delays.quantile(0.5) * _OFFSET_STEP_NS
        n = round(self._delays.total)
        if median_ns < 0 and self._first_negative is not None:
            row, t_ns = self._first_negative
            text = (
                f"the local clock is {-median_ns / NS_PER_S:.2f} s behind the exchange's (median of {n:,} stamps): "
                "messages arrive before they are sent"
            )
            self._findings.add_lot(
                "clock_offset", self._negative, [DataFinding("clock_offset", self._file, row, text, t_ns)]
            )
        elif median_ns > OFFSET_NS_MAX:
            text = f"messages arrive {median_ns / NS_PER_S:.2f} s after they are sent (median of {n:,} stamps)"
            self._findings.add_lot("clock_offset", n, [DataFinding("clock_offset", self._file, 1, text, None)])

    def _order(self, message: Message) -> None:
        last_ns, self._last_local_ns = self._last_local_ns, message.local_ns
        if last_ns is not None and message.local_ns < last_ns:
            back_ms = (last_ns - message.local_ns) / NS_PER_MS
            text = f"the local time is {back_ms:.3f} ms before that of the row above"
            self._findings.add("out_of_order", self._file, message.row, text, message.local_ns)

    def _clock(self, message: Message) -> None:
        if message.exchange_ns is None:
            return
        delay_ns = message.local_ns - message.exchange_ns
        self._delays.add_one(delay_ns // _OFFSET_STEP_NS)
        if delay_ns < 0:
            self._negative += 1
            self._first_negative = self._first_negative or (message.row, message.exchange_ns)

    def _best(self, message: Message, best: BestQuote) -> None:
        if best.bid >= best.ask > 0:
            code = "crossed_book" if best.bid > best.ask else "locked_book"
            text = f"best bid {best.bid:,.8g}, best ask {best.ask:,.8g}"
            self._findings.add(code, self._file, message.row, text, message.exchange_ns)


class _Joins:
    """Whether each depth update follows on the one before, and the snapshot on one of them.

    The rules of Binance's page "How to manage a local order book correctly": the first update to apply holds the
    update after the snapshot's ``lastUpdateId``; from then on ``pu`` (futures) is the ``u`` before it, or ``U``
    (spot) is the ``u`` before it plus one. A feed of one symbol is joined with its snapshot; of several, only chained.
    """

    def __init__(self, file: str, findings: Findings) -> None:
        self._file, self._findings = file, findings
        self._last_ids: dict[str, int] = {}
        self._updates = 0
        self._early: deque[tuple[int, Depth]] = deque(maxlen=KEPT_UPDATES)
        self._snapshot: Snapshot | None = None
        self._joined = False

    def add(self, message: Message, said: Depth | Snapshot) -> None:
        """The next update or snapshot."""
        if isinstance(said, Snapshot):
            self._add_snapshot(message, said)
            return
        self._updates += 1
        last_id = self._last_ids.get(message.symbol)
        if last_id is not None and not _follows(said, last_id):
            text = f"updates {last_id + 1} to {said.first_id - 1} are missing before this one"
            if said.before_id is not None:
                text = f"the update before this one is {said.before_id}, but the last one received is {last_id}"
            self._findings.add("missing_update", self._file, message.row, text, message.exchange_ns)
        self._last_ids[message.symbol] = said.last_id
        if self._snapshot is None:
            self._early.append((message.row, said))
        elif not self._joined:
            self._join(message.row, said, message.exchange_ns)

    def finish(self) -> None:
        """A feed of updates without any snapshot has no book."""
        if self._updates and self._snapshot is None:
            text = f"{self._updates:,} updates, but no snapshot that they could be applied to"
            self._findings.add("late_snapshot", self._file, 0, text, None)

    def _add_snapshot(self, message: Message, snapshot: Snapshot) -> None:
        if self._snapshot is not None:  # a later one does not interrupt the chain of updates
            return
        if self._updates:
            use = [(row, depth) for row, depth in self._early if depth.last_id > snapshot.last_id]
            text = f"the snapshot (update {snapshot.last_id}) comes after {self._updates} updates, " + (
                f"of which those from row {use[0][0]} on are still to be applied" if use else "which it all contains"
            )
            self._findings.add("late_snapshot", self._file, message.row, text, message.exchange_ns)
        self._snapshot, self._joined = snapshot, len(self._last_ids) > 1
        for row, depth in self._early:
            if not self._joined:
                self._join(row, depth, message.exchange_ns)
        self._early.clear()

    def _join(self, row: int, depth: Depth, t_ns: int | None) -> None:
        """Compare the snapshot with the first update that goes beyond it; those before are in it already."""
        assert self._snapshot is not None
        wanted = self._snapshot.last_id + 1
        if depth.last_id < wanted:
            return
        self._joined = True
        if depth.first_id > wanted and (depth.before_id is None or depth.before_id > self._snapshot.last_id):
            text = f"the snapshot ends with update {wanted - 1}, the first one after it begins with {depth.first_id}"
            self._findings.add("missing_update", self._file, row, text, t_ns)


def _follows(depth: Depth, last_id: int) -> bool:
    return depth.first_id == last_id + 1 if depth.before_id is None else depth.before_id == last_id
