"""Coverage of the controls: computed from what runs left behind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.gates.controls import ControlEntry, Controls
from engine.runs.coverage import FAILED, HELD, NOT_TESTED, OUTSIDE, coverage
from engine.runs.documents import CONTROLS
from engine.runs.result import DecisionsResult, Result
from engine.runs.suite_result import CoverageRow
from tests.runs.small import Desk, Run, scenario

SIZE = ControlEntry(
    tag="a.1",
    rule="Rule 1",
    requirement="r",
    source="s",
    grade="P",
    metrics=("hard_limit_breaches",),
    reasons=("order_qty", "order_notional"),
)
SPEED = replace(SIZE, tag="a.2", metrics=("decision_latency_ms",), reasons=())
DENIED = DecisionsResult(approved=9, approved_at_venue=8, denied={"order_qty": 3, "held": 1}, denied_at_venue={})


@pytest.fixture(scope="module")
def result(small_run: Run) -> Result:
    """A run with one gate on the speed of decisions, which held."""
    return small_run.result


def with_gate(result: Result, verdict: str, metric: str = "hard_limit_breaches") -> Result:
    """*result* with one gate of that metric, and with denials for size."""
    gate = replace(result.gates[0], id="breaches", metric=metric, verdict=verdict, controls=())
    return replace(result, gates=(gate,), decisions=DENIED)


def row(entry: ControlEntry, *results: Result) -> CoverageRow:
    """What the runs showed of one control."""
    (found,) = coverage(Controls(controls="c", entries=(entry,)), results)
    return found


def test_a_denial_an_approval_and_a_decided_gate_make_a_control_tested(result: Result) -> None:
    """With what was seen of it, what not, and on which clock."""
    found = row(SIZE, with_gate(result, "PASS"))

    assert (found.status, found.clock) == (HELD, "simulated")
    assert (found.denied, found.unseen) == ({"order_qty": 3}, ("order_notional",))
    assert (found.gates, found.scenarios) == (("breaches",), ("small",))
    assert found.why == (
        "3 orders denied and none of them at the venue, 8 approved there; 1 gate held; not seen: order_notional"
    )


@pytest.mark.parametrize(
    ("decisions", "missing"),
    [
        (replace(DENIED, denied={"held": 1}), "a denial with one of order_qty, order_notional"),
        (replace(DENIED, approved_at_venue=0), "an approved order at the venue"),
    ],
)
def test_without_a_denial_or_an_approval_at_the_venue_it_is_not_tested(
    result: Result, decisions: DecisionsResult, missing: str
) -> None:
    """A governor that blocks everything shows nothing, and neither does one that nobody asked."""
    found = row(SIZE, replace(with_gate(result, "PASS"), decisions=decisions))

    assert (found.status, found.why, found.clock) == (NOT_TESTED, f"no run showed {missing}", None)


@pytest.mark.parametrize("verdict", ["NO_EVIDENCE", "DEFERRED", "ABORTED"])
def test_a_gate_that_was_not_decided_tests_nothing(result: Result, verdict: str) -> None:
    """Nor does a gate on something else."""
    assert row(SIZE, with_gate(result, verdict)).status == NOT_TESTED
    assert row(SIZE, with_gate(result, "PASS", metric="drawdown_pct")).status == NOT_TESTED


def test_what_is_needed_must_be_seen_in_one_run(result: Result) -> None:
    """A denial here and a gate there prove nothing together."""
    denials = replace(with_gate(result, "NO_EVIDENCE"), decisions=DENIED)
    gate = replace(with_gate(result, "PASS"), decisions=replace(DENIED, denied={}))

    assert row(SIZE, denials, gate).status == NOT_TESTED


def test_a_gate_that_failed_makes_it_failed_whatever_else_held(result: Result) -> None:
    """Also where nothing was denied: that may be just why it failed."""
    red = replace(with_gate(result, "FAIL"), decisions=replace(DENIED, denied={}))
    found = row(SIZE, with_gate(result, "PASS"), red)

    assert (found.status, found.why) == (FAILED, "failed: breaches")


def test_a_denied_order_at_the_venue_makes_it_failed(result: Result) -> None:
    """Counted by the venue's own records, whatever the gates say."""
    leaked = replace(DENIED, denied_at_venue={"order_qty": 1})
    found = row(SIZE, replace(with_gate(result, "PASS"), decisions=leaked))

    assert (found.status, found.why) == (
        FAILED,
        "denied with order_qty and accepted by the venue all the same; not seen: order_notional",
    )


def test_a_control_without_reason_codes_is_tested_by_its_gate(result: Result) -> None:
    """Speed denies nothing."""
    assert row(SPEED, result).status == HELD
    assert row(SPEED, result).denied == {}


def test_a_gate_with_the_tag_counts_whatever_its_metric(result: Result) -> None:
    """The gate says itself what it is evidence for."""
    tagged = replace(result, gates=(replace(result.gates[0], controls=("a.3",)),))

    assert row(replace(SPEED, tag="a.3", metrics=()), tagged).status == HELD


def test_a_run_that_proves_nothing_shows_nothing_but_failures(result: Result) -> None:
    """An INVALID run's green gates do not count; its red ones do."""
    for gate, status in (("PASS", NOT_TESTED), ("FAIL", FAILED)):
        assert row(SIZE, replace(with_gate(result, gate), verdict="INVALID")).status == status


def test_what_no_run_can_test_is_outside(result: Result) -> None:
    """The one thing that is declared, with its reason; a control with nothing behind it is not tested."""
    nothing = replace(SIZE, metrics=(), reasons=())

    assert row(replace(nothing, outside="People do it"), result).status == OUTSIDE
    assert row(replace(nothing, outside="People do it"), result).why == "People do it"
    assert row(nothing, result).why == "this version has neither a metric nor a reason code for it"
    assert row(SIZE).status == NOT_TESTED


LIMITS_KEPT = {"gate": "limits_kept", "metric": "hard_limit_breaches", "must_be": 0}


def rows_of(desk: Desk, governor: dict[str, str]) -> dict[str, CoverageRow]:
    """What a real run showed of the shipped catalogue: a strategy that wants more than it may have."""
    greedy = {
        "kind": "directional",
        "side": "long",
        "target_shares": 20000,
        "order_qty_shares": 200,
        "orders_per_s": 10,
    }
    played = desk.run(
        LIMITS_KEPT,
        desk=scenario()["desk"] | {"governor": governor, "strategy": greedy},
        before_faults={"gates": []},
        after_faults={"gates": [], "within_s": 20},
    )
    catalogue = desk.library().load(CONTROLS, "controls")
    assert catalogue is not None
    return {found.tag: found for found in coverage(catalogue.value, [played.result])}


def test_a_real_run_tests_the_limits_that_it_met_and_no_others(desk: Desk) -> None:
    """The reference governor denies by position; nobody sent an order that was too large."""
    rows = rows_of(desk, {"kind": "reference"})

    assert (rows["rts6.15.2"].status, rows["fia24.1.2"].status) == (HELD, HELD)
    assert rows["rts6.15.2"].denied["position"] > 100
    assert "open_orders" in rows["rts6.15.2"].unseen
    assert {rows[tag].status for tag in ("rts6.15.1a", "rts6.15.1c", "rts6.12", "rts6.10a")} == {NOT_TESTED}


def test_a_governor_that_is_broken_makes_the_control_failed(desk: Desk) -> None:
    """It ignores what is still working, and the venue sees more than the limit."""
    rows = rows_of(desk, {"kind": "defect", "name": "ignores_working_orders"})

    assert (rows["rts6.15.2"].status, rows["fia24.1.2"].status) == (FAILED, FAILED)
    assert rows["rts6.15.2"].why.startswith("failed: limits_kept")


def test_the_catalogue_says_why_something_is_outside_only_where_it_has_no_evidence_of_it() -> None:
    """A declaration may never stand in for a test."""
    loaded = Desk(Path(__file__).parents[2]).library().load(CONTROLS, "controls")
    assert loaded is not None
    outside = [entry for entry in loaded.value.entries if entry.outside is not None]

    assert [entry.tag for entry in outside if entry.metrics or entry.reasons] == []
    assert len(outside) < len(loaded.value.entries) / 3
