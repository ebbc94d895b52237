"""Runaways and limits that nobody may judge by: how long, how much, and what was approved meanwhile."""

from __future__ import annotations

from dataclasses import replace

from engine.domain.records import Decided, Intent, LimitsSet, VenueAccepted
from engine.kernel.event_log import EventLog
from engine.metrics import metrics
from engine.metrics.evidence import Evidence, Facts
from engine.metrics.series import Series
from engine.trading.limits import Bound, InstrumentLimits, Limits
from engine.trading.limits_sha import limits_sha
from tests.metrics.logs import LIMITS, S

SLICED = replace(LIMITS, instrument={"A": InstrumentLimits(order_qty_shares=Bound(hard=50), slicing_ms=10)})


def measured(name: str, *records: Intent | Decided | LimitsSet | VenueAccepted, limits: Limits = LIMITS) -> Series:
    """The metric *name* over a log of *records*, the whole of it judged."""
    log = EventLog()
    for record in sorted(records, key=lambda one: one.t_ns):
        log.append(record)
    facts = Facts(warmup_ns=0, end_ns=100 * S, instruments=(), limits=limits, capital_micros=1)
    return metrics.get(name).measure(Evidence(log, facts, 0, 100 * S))


def accepted(second: float, order_id: int, qty: int = 10) -> VenueAccepted:
    """The venue took an order."""
    t_ns = round(second * S)
    return VenueAccepted(t_ns, order_id, 0, "A", 1, qty, 100, "ioc", "strategy", t_ns, 100, qty)


def asked(second: float, order_id: int, *, approved: bool, qty: int = 10) -> tuple[Intent, Decided]:
    """An increasing order was asked for, and decided in the same instant."""
    t_ns = round(second * S)
    intent = Intent(t_ns, order_id, 0, "new", "A", 1, qty, 100, "ioc", "strategy", -1, 100, True, 0)
    return intent, Decided(t_ns, order_id, approved, "", 0.0, 0.0, "", t_ns, -1, True)


def test_a_runaway_lasts_from_its_first_order_to_its_last() -> None:
    """Orders that somebody asked for are none of it."""
    series = measured("runaway_s", *asked(1, 1, approved=True), accepted(1.1, 1), accepted(10, 7), accepted(13.5, 8))

    assert series.value.tolist() == [0.0, 3.5]


def test_what_nobody_asked_for_is_counted_in_shares() -> None:
    """As the venue took it."""
    series = measured("runaway_shares", *asked(1, 1, approved=True), accepted(1.1, 1), accepted(2, 7, qty=30))

    assert series.value.tolist() == [30.0]


def test_nothing_ran_away_is_no_evidence() -> None:
    """A scenario without a runaway says nothing of how it would have been stopped."""
    assert [one.enough for one in measured("runaway_s").opportunities] == [False]
    assert [one.enough for one in measured("runaway_shares").opportunities] == [False]


def test_an_approval_counts_from_a_quarter_second_after_the_limits_were_tampered_with() -> None:
    """A hold must be in effect by then; once the limits of the run are back, nothing counts any more."""
    series = measured(
        "approvals_on_bad_limits",
        LimitsSet(10 * S, "test", 2, "bad"),
        LimitsSet(20 * S, "test", 1, limits_sha(LIMITS)),
        *asked(10.1, 1, approved=True),
        *asked(11, 2, approved=True),
        *asked(12, 3, approved=False),
        *asked(21, 4, approved=True),
    )

    assert series.value.tolist() == [1.0, 0.0, 0.0]


def test_a_store_that_cannot_be_reached_may_be_bridged_for_five_seconds() -> None:
    """As long as an alert may take, if the limits do not say."""
    series = measured(
        "approvals_on_bad_limits",
        LimitsSet(10 * S, "", 0, ""),
        *asked(15, 1, approved=True),
        *asked(15.3, 2, approved=True),
    )

    assert series.value.tolist() == [1.0, 0.0]


def test_slices_count_together_for_as_long_as_the_limits_say() -> None:
    """30 and 30 within 10 ms are 60, beyond the 50 of one order; 10 ms later they are two orders."""
    series = measured(
        "slices_over_limit",
        *asked(10.000, 1, approved=True, qty=30),
        *asked(10.005, 2, approved=True, qty=30),
        *asked(20.000, 3, approved=True, qty=30),
        *asked(20.010, 4, approved=True, qty=30),
        limits=SLICED,
    )

    assert [value for t_ns, value in zip(series.t_ns, series.value, strict=True) if t_ns < 100 * S] == [0, 1, 0, 0]


def test_a_slice_that_was_denied_is_the_evidence() -> None:
    """Counted apart: nothing of it left."""
    series = measured(
        "slices_over_limit",
        *asked(10.000, 1, approved=True, qty=30),
        *asked(10.005, 2, approved=False, qty=30),
        limits=SLICED,
    )

    assert [one.count for one in series.opportunities] == [1]
    assert sum(series.value) == 0
