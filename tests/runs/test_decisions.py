"""What came of decisions at the venue's door."""

from __future__ import annotations

from engine.domain.records import Decided, VenueAccepted
from engine.kernel.event_log import EventLog
from engine.runs.decisions import decisions_of
from engine.runs.result import DecisionsResult
from tests.runs.small import Run


def decided(order_id: int, reason: str = "", t_ns: int = 1) -> Decided:
    """A decision; with a reason it is a denial."""
    return Decided(t_ns, order_id, not reason, reason, 0.0, 0.0, "", 0, -1, increasing=True)


def accepted(order_id: int, t_ns: int = 5) -> VenueAccepted:
    """The venue takes an order."""
    return VenueAccepted(t_ns, order_id, 0, "SPY", 1, 10, 0, "day", "strategy", 2, 0, 0)


def log_of(*records: Decided | VenueAccepted) -> EventLog:
    """A log with these records."""
    log = EventLog()
    for record in records:
        log.append(record)
    return log


def test_orders_are_counted_by_decision_and_at_the_venue() -> None:
    """A denial that comes to the venue all the same is counted by its reason."""
    denied = (decided(3, "position"), decided(4, "position"), decided(5, "held"))
    log = log_of(decided(1), decided(2), *denied, accepted(1), accepted(4))

    assert decisions_of(log) == DecisionsResult(
        approved=2, approved_at_venue=1, denied={"held": 1, "position": 2}, denied_at_venue={"position": 1}
    )


def test_an_order_that_is_asked_for_again_counts_by_the_last_word() -> None:
    """Denied first, approved then: one approved order."""
    log = log_of(decided(1, "order_rate"), decided(1, t_ns=2), accepted(1))

    assert decisions_of(log) == DecisionsResult(approved=1, approved_at_venue=1, denied={}, denied_at_venue={})


def test_a_run_has_them_in_its_result(small_run: Run) -> None:
    """The small scenario buys, and its governor lets it."""
    found = small_run.result.decisions

    assert found.approved >= found.approved_at_venue > 0
    assert found.denied_at_venue == {}
