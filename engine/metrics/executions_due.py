"""What executions should have done to the desk's positions: those that it has booked, and those that it had to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from engine.domain.records import DeskBust, VenueBust
from engine.metrics.desk_books import bookings, first_bookings
from engine.metrics.evidence import Evidence
from engine.metrics.folds import Ints, observer

_NEVER_NS = 2**62


@dataclass(frozen=True, slots=True)
class Due:
    """The sum of executions that are due, in signed shares of one symbol, each value in force from its time on."""

    t_ns: Ints
    shares: Ints


def unsettled(evidence: Evidence, settle_ns: int) -> dict[str, Due]:
    """By symbol what the venue's executions and busts are due to have done to the desk.

    Each counts from when the desk first booked it, but at the latest from *settle_ns* after the venue made it.
    """
    log = evidence.log
    booked, back = first_bookings(log), {one.exec_id: one.t_ns for _, one in bookings(log) if isinstance(one, DeskBust)}
    changes: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for execution in observer(log).executions:
        fill = execution.record
        due_ns = min(booked.get(fill.exec_id, (0, _NEVER_NS))[1], fill.t_ns + settle_ns)
        changes[fill.symbol].append((due_ns, fill.side * fill.qty))
    for bust in log.of(VenueBust):
        due_ns = min(back.get(bust.exec_id, _NEVER_NS), bust.t_ns + settle_ns)
        changes[bust.symbol].append((due_ns, -bust.side * bust.qty))
    return {symbol: _sums(sorted(each)) for symbol, each in changes.items()}


def _sums(changes: list[tuple[int, int]]) -> Due:
    table = np.array(changes, dtype=np.int64).reshape(-1, 2)
    t_ns, totals = table[:, 0], np.cumsum(table[:, 1])
    last = np.flatnonzero(np.diff(t_ns, append=_NEVER_NS))
    return Due(t_ns[last], totals[last])
