"""The why-sentence: the cause of a verdict for somebody who reads nothing else."""

from __future__ import annotations

from engine.base.units import NS_PER_S
from engine.runs.why import faults_in_force, moment
from tests.runs.small import LATE_FEED, LATENCY, Desk, Run


def test_a_pass_says_how_much_held_and_how_many_faults_bit(small_run: Run) -> None:
    """Three gates, one fault."""

    assert small_run.result.why == "3 gates held while 1 fault bit"


def test_a_run_without_faults_is_no_evidence(desk: Desk) -> None:
    """Its gates may hold; nothing was stressed."""
    result = desk.run(timeline=[]).result

    assert (result.verdict, result.why) == ("NO_EVIDENCE", "nothing was stressed: the timeline has no fault")


def test_a_red_gate_is_explained_with_the_fault_in_force(desk: Desk) -> None:
    """Value, threshold, instant, and what was going wrong then."""
    age = {"gate": "age", "metric": "feed_age_ms", "stat": "max", "fail_from": 100}
    run = desk.run(LATENCY, gates=["small", age])

    assert run.result.verdict == "FAIL"
    assert run.result.why.startswith("age: 20")
    assert "must stay below 100 ms while late was in force" in run.result.why
    assert "the governor had neither held nor stopped" in run.result.why


def test_several_causes_are_counted_and_the_critical_one_leads(desk: Desk) -> None:
    """Severity sorts; it never changes a verdict."""
    quiet = {"gate": "quiet", "metric": "feed_age_ms", "stat": "max", "fail_from": 100, "severity": "info"}
    loud = quiet | {"gate": "loud", "severity": "critical"}
    run = desk.run(LATENCY, gates=["small", quiet, loud])

    assert run.result.why.startswith("loud: ")
    assert run.result.why.endswith("; and 1 more cause")


def test_what_forces_the_verdict_leads_before_the_gates(desk: Desk) -> None:
    """A skipped fault is the cause of NO_EVIDENCE, the missing event only follows from it."""
    run = desk.run(timeline=[LATE_FEED | {"with": {"add_ms": 0}}], must_happen=["governor_stopped"])

    assert run.result.why.startswith("the fault 'late' (feed_delay) was skipped")
    assert run.result.why.endswith("; and 1 more cause")


def test_a_fault_is_in_force_from_its_start_to_its_heal(small_run: Run) -> None:
    """60 to 90 seconds, both included."""
    evidence = small_run.assessment.evidence
    inside = [faults_in_force(evidence, t_s * NS_PER_S) for t_s in (59, 60, 75, 90, 91)]

    assert inside == [(), ("late",), ("late",), ("late",), ()]


def test_the_moment_of_a_maximum_is_its_worst_value(desk: Desk) -> None:
    """Not the end of the window: the reader wants to know what happened then."""
    run = desk.run({"gate": "age", "metric": "feed_age_ms", "stat": "max", "fail_from": 9e9})
    judged = next(placed.judgement for placed in run.assessment.judgements if placed.judgement.phase == "run")

    assert 60 * NS_PER_S <= moment(judged) <= 91 * NS_PER_S
    assert judged.decided_at_ns == 200 * NS_PER_S
