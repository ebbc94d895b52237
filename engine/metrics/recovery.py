"""Outages of the broker session, and of the desk itself, that a fault caused, and when each was truly over."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from engine.base.units import NS_PER_S
from engine.domain.governance import Level
from engine.domain.orders import OrderState
from engine.domain.records import Decided, DeskClosed, DeskOrder, DeskSession, VenueSession
from engine.kernel.event_log import EventLog
from engine.metrics.book_gap import gaps
from engine.metrics.denials import is_failure
from engine.metrics.desk_books import first_bookings
from engine.metrics.evidence import SETTLE_NS, Evidence, FaultSpan
from engine.metrics.folds import ANSWER_WITHIN_NS, answers, in_window, intents, observer
from engine.metrics.holds import held_times, holds
from engine.metrics.order_leaks import leaks
from engine.metrics.series import Opportunity
from engine.trading.governor_away import GOVERNOR_AWAY, KILL_SWITCH_UNREADABLE, RECORD_UNWRITABLE

STEADY_NS = 5 * NS_PER_S
"""For so long everything has to be well before the desk counts as recovered (design part 6)."""
FOREVER_NS = 2**62
CLOSERS = {GOVERNOR_AWAY: "governor_", KILL_SWITCH_UNREADABLE: "redis_", RECORD_UNWRITABLE: "database_"}
"""Why a desk closes by itself, and how the names of the faults begin that make it so."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Outage:
    """A fault that took the session down, or closed the desk: when, its heal, and when all was well (None: never)."""

    fault: FaultSpan
    down_ns: int
    heal_ns: int
    well_ns: int | None

    def known_ns(self, end_ns: int) -> int:
        """When it was clear that the desk had recovered, or that it would not."""
        return end_ns if self.well_ns is None else self.well_ns + STEADY_NS


def outages(evidence: Evidence) -> list[Outage]:
    """Every healed fault whose outage the venue saw, in order."""
    caused = _caused(evidence)
    if not caused:
        return []
    ill, well = _ill(evidence), sorted(_right_answers(evidence))
    return [
        Outage(span, down_ns, span.heal_ns, _first_well(span.heal_ns, evidence.facts.end_ns, ill, well))
        for span, down_ns in caused
        if span.heal_ns is not None
    ]


def outage_seen(evidence: Evidence) -> Opportunity:
    """Outages that began inside the window."""
    seen = sum(in_window(evidence, outage.down_ns) for outage in outages(evidence))
    return Opportunity(seen, 1, "outages observed at the venue")


def unhealed_note(evidence: Evidence) -> str:
    """A sentence if an outage lasted to the end of the run; empty if none did."""
    left = [span.item for span, _ in _caused(evidence) if span.heal_ns is None]
    return f"the fault '{left[0]}' took the session down and was not healed within the run" if left else ""


def _caused(evidence: Evidence) -> list[tuple[FaultSpan, int]]:
    """Each fault that took the session down, with the first time that it did."""
    found: dict[str, tuple[FaultSpan, int]] = {}
    disconnects = [hold for hold in holds(evidence.log) if hold.level >= Level.L4]
    for session in evidence.log.of(VenueSession):
        ordered = any(
            hold.trigger_ns <= session.t_ns and (hold.end_ns is None or session.t_ns < hold.end_ns)
            for hold in disconnects
        )
        if session.up or ordered:  # the desk left by itself: a stop of level L4, no outage
            continue
        span = _culprit(evidence.spans(), session)
        if span is not None:
            found.setdefault(span.item, (span, session.t_ns))
    for closed in evidence.log.of(DeskClosed):
        # What closes the desk may be over by the clock of the item: a kill heals when it strikes.
        kind = CLOSERS[closed.reason]
        begun = [one for one in evidence.spans() if one.t0_ns <= closed.t_ns and one.fault.startswith(kind)]
        if closed.closed and begun:
            found.setdefault(begun[-1].item, (begun[-1], closed.t_ns))
    return sorted(found.values(), key=lambda pair: pair[1])


def _culprit(spans: tuple[FaultSpan, ...], session: VenueSession) -> FaultSpan | None:
    """The fault in force that the venue names as the reason, else the one that started last."""
    active = [one for one in spans if one.t0_ns <= session.t_ns <= (FOREVER_NS if one.heal_ns is None else one.heal_ns)]
    named = [one for one in active if one.fault == session.reason]
    return (named or active)[-1] if active else None


def _first_well(start_ns: int, end_ns: int, ill: list[Span], answers_ns: list[int]) -> int | None:
    """The first instant from *start_ns* on after which nothing is ill for 5 s and an order is answered rightly."""
    begin_ns = start_ns
    for ill_ns, well_ns in [*ill, (end_ns, FOREVER_NS)]:
        place = bisect_left(answers_ns, begin_ns)
        if place < len(answers_ns):
            candidate = max(begin_ns, answers_ns[place] - STEADY_NS)
            if candidate + STEADY_NS <= min(ill_ns, end_ns):
                return candidate
        begin_ns = max(begin_ns, well_ns)
    return None


def _ill(evidence: Evidence) -> list[Span]:
    """When something was wrong, as [from, until), sorted."""
    log = evidence.log
    return sorted(
        [
            *_while(((one.t_ns, one.up) for one in log.of(VenueSession)), ill=False),
            *_while(((one.t_ns, one.up) for one in log.of(DeskSession)), ill=False),
            *_closed(log),
            *_unknown(log),
            *_books_apart(evidence),
            *((one.t_ns, one.t_ns + 1) for one in leaks(evidence)),
            *((one.t_ns, one.t_ns + 1) for one in _denied_cancels(log)),
            *_unanswered(evidence),
        ]
    )


def _while(states: Iterable[tuple[int, bool]], *, ill: bool) -> Iterator[Span]:
    """The spans during which a state is *ill*."""
    since_ns = None
    for t_ns, state in states:
        if state is ill and since_ns is None:
            since_ns = t_ns
        elif state is not ill and since_ns is not None:
            yield since_ns, t_ns
            since_ns = None
    if since_ns is not None:
        yield since_ns, FOREVER_NS


def _unknown(log: EventLog) -> Iterator[Span]:
    by_order: dict[int, list[tuple[int, bool]]] = {}
    for one in log.of(DeskOrder):
        if one.order_id in by_order or one.state == OrderState.UNKNOWN.value:
            by_order.setdefault(one.order_id, []).append((one.t_ns, one.state == OrderState.UNKNOWN.value))
    for states in by_order.values():
        yield from _while(states, ill=True)


def _closed(log: EventLog) -> Iterator[Span]:
    for reason in CLOSERS:
        yield from _while(((one.t_ns, one.closed) for one in log.of(DeskClosed) if one.reason == reason), ill=True)


def _books_apart(evidence: Evidence) -> Iterator[Span]:
    """When positions differed, or a fill of the venue was not booked, for longer than a message takes."""
    for gap in gaps(evidence):
        yield from _while(zip(gap.t_ns.tolist(), np.asarray(gap.shares > 0).tolist(), strict=True), ill=True)
    booked = first_bookings(evidence.log)
    for execution in observer(evidence.log).executions:
        due_ns = execution.record.t_ns + SETTLE_NS
        booked_ns = booked.get(execution.record.exec_id, (0, FOREVER_NS))[1]
        if booked_ns > due_ns:
            yield due_ns, booked_ns


def _denied_cancels(log: EventLog) -> list[Decided]:
    known = intents(log)
    return [
        one
        for one in log.of(Decided)
        if not one.approved and one.order_id in known and known[one.order_id].action == "cancel"
    ]


def _unanswered(evidence: Evidence) -> Iterator[Span]:
    asked = answers(evidence)
    due_ns, decided_ns = asked.due_ns + ANSWER_WITHIN_NS, np.where(asked.decided, asked.decided_ns, FOREVER_NS)
    late = decided_ns > due_ns
    yield from zip(due_ns[late].tolist(), decided_ns[late].tolist(), strict=True)


def _right_answers(evidence: Evidence) -> Iterator[int]:
    """When an increasing order was accepted at the venue, or denied because trading was held or stopped."""
    leaked = {one.order_id for one in leaks(evidence)}
    for one in observer(evidence.log).acceptances:
        if one.increases and one.record.order_id not in leaked:
            yield one.record.t_ns
    times, known = held_times(evidence.log), intents(evidence.log)
    for decided in evidence.log.of(Decided):
        if decided.approved or not decided.increasing or is_failure(decided):
            continue
        intent = known.get(decided.order_id)
        if intent is not None and times.held(intent.symbol, decided.t_ns):
            yield decided.t_ns
