"""Difference between what the desk and the venue observer say was earned."""

from __future__ import annotations

import numpy as np

from engine.domain.records import DeskBust, VenueBust
from engine.metrics.desk_books import bookings, desk_accounts, first_bookings, marked
from engine.metrics.evidence import SETTLE_NS, Evidence
from engine.metrics.exposure import NEVER, on_the_wire
from engine.metrics.folds import Ints, columns, observer, places
from engine.metrics.marks import fills_seen, unmarked_note
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Series


@metric(unit="USD", better="lower", stat="max")
def pnl_delta_usd(evidence: Evidence) -> Series:
    """Difference between the desk's profit and the venue observer's, in USD, each with its own fees.

    Σ over symbols of |desk - observer| change of equity since the opening, both at the venue's mids, at every
    checkpoint with nothing in flight (no order sent and unanswered, no fill or bust that the desk has not booked)
    and at the end. At the end a fill that is less than 500 ms old may still be on its way: then the last
    checkpoint stands. Proves something only with at least 100 fills. Source: the desk's ledger after each fill
    and bust (position and cash) against the venue observer; exact.
    """
    seq, t_ns = _checkpoints(evidence)
    books = observer(evidence.log)
    usd = np.zeros(len(seq))
    for symbol, desk in desk_accounts(evidence).items():
        account = books.account(symbol)
        steps = account.steps()
        now = steps.at(seq)
        position, cash = desk.at(seq)
        marks = marked(evidence, symbol, desk, account.marks_micros(seq))
        usd += np.abs(cash - steps.cash_micros[now] + (position - steps.position[now]) * marks) / 1e6
    return columns(t_ns, usd, "USD", Basis.EXACT, (fills_seen(evidence),), unmarked_note(evidence))


def _checkpoints(evidence: Evidence) -> tuple[Ints, Ints]:
    """Places and times after which nothing was in flight although books had moved; then the end."""
    log, end_ns = evidence.log, evidence.facts.end_ns
    booked = first_bookings(log)
    events: list[tuple[int, int, int, bool]] = []  # place, time, change of what is in flight, whether books moved
    waiting_ns = []
    for execution in observer(log).executions:
        booked_seq, booked_ns = booked.get(execution.record.exec_id, (NEVER, NEVER))
        if booked_seq > execution.seq:
            events.append((execution.seq, execution.record.t_ns, 1, True))
            events.append((booked_seq, booked_ns, -1, True))
        if booked_seq == NEVER:
            waiting_ns.append(execution.record.t_ns)
    taken_back = {bust.exec_id: (seq, bust.t_ns) for seq, bust in bookings(log) if isinstance(bust, DeskBust)}
    for seq, bust in zip(places(log)[VenueBust].tolist(), log.of(VenueBust), strict=True):
        booked_seq, booked_ns = taken_back.get(bust.exec_id, (NEVER, NEVER))
        events.append((seq, bust.t_ns, 1, True))
        events.append((booked_seq, booked_ns, -1, True))
        if booked_seq == NEVER:
            waiting_ns.append(bust.t_ns)
    for seq, booking in bookings(log):
        events.append((seq, booking.t_ns, 0, True))
    for wire in on_the_wire(log):
        events.append((wire.sent_seq, wire.sent_ns, 1, False))
        events.append((wire.answered_seq, wire.answered_ns, -1, False))
    found = _quiet(sorted(events))
    if events and (not waiting_ns or min(waiting_ns) <= end_ns - SETTLE_NS):
        found.append((len(log), max(end_ns, log.last_ns)))
    table = np.array(found, dtype=np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _quiet(events: list[tuple[int, int, int, bool]]) -> list[tuple[int, int]]:
    """After which of *events* nothing was in flight, of those since which books have moved."""
    found, in_flight, moved = [], 0, False
    for number, (seq, t_ns, change, books) in enumerate(events):
        if seq == NEVER:
            break
        in_flight += change
        moved = moved or books
        last_of_its_record = number + 1 == len(events) or events[number + 1][0] != seq
        if in_flight == 0 and moved and last_of_its_record:
            found.append((seq, t_ns))
            moved = False
    return found
