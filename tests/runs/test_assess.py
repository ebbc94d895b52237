"""Assessing: red is red, and what was not seen is never green."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.cli.summary import summary
from engine.domain.records import PhaseStarted
from engine.faults.fault import Effect
from engine.faults.feed_delay import FeedDelay
from engine.gates.verdict import Verdict
from engine.kernel.event_log import EventLog
from tests.runs.small import LATE_FEED, LATENCY, Desk, Run, scenario

NEVER_QUICK_ENOUGH = LATENCY | {"fail_from": 0.001}


CONTROLS_OFF = ("limits_off", None)
"""The shipped limits leave some controls off, and every result says so."""


def codes(run: Run) -> list[tuple[str, str | None]]:
    """Code and forced verdict of each finding."""
    return [(found.code, found.verdict) for found in run.result.findings]


def test_everything_seen_and_within_its_thresholds_passes(small_run: Run) -> None:
    """The small scenario as it stands."""

    assert (small_run.result.verdict, small_run.result.exit_code) == ("PASS", 0)


def test_red_before_any_fault_fails_without_a_fault(desk: Desk) -> None:
    """A desk that is too slow on a calm day is not INVALID, it fails."""
    run = desk.run(NEVER_QUICK_ENOUGH)
    gate = run.gate("decision_p90", "before_faults")

    assert (run.result.verdict, run.result.exit_code, gate.verdict) == ("FAIL", 1, "FAIL")
    assert gate.reason.startswith("decision_p90: fails without a fault: ")


def test_too_little_seen_before_the_first_fault_is_invalid(desk: Desk) -> None:
    """Without a calm desk to compare with, the run proves nothing."""
    run = desk.run(LATENCY | {"min_samples": 100_000})
    gate = run.gate("decision_p90", "before_faults")

    assert (run.result.verdict, run.result.exit_code, gate.verdict) == ("INVALID", 5, "INVALID")
    assert "not shown to hold before the first fault" in run.result.why


def test_red_on_too_few_samples_is_not_called_fail(desk: Desk) -> None:
    """A percentile of too few samples is no evidence, in either direction."""
    run = desk.run(NEVER_QUICK_ENOUGH | {"min_samples": 100_000}, before_faults={"gates": []})

    assert {gate.verdict for gate in run.result.gates} == {"NO_EVIDENCE"}
    assert (run.result.verdict, run.result.exit_code) == ("NO_EVIDENCE", 5)


def test_a_skipped_fault_is_no_evidence_and_is_named(desk: Desk) -> None:
    """At its no-effect value nothing was tested by it."""
    run = desk.run(timeline=[LATE_FEED | {"with": {"add_ms": 0}}])

    assert (run.result.verdict, run.result.exit_code) == ("NO_EVIDENCE", 5)
    assert codes(run) == [CONTROLS_OFF, ("fault_skipped", "NO_EVIDENCE")]
    assert "the fault 'late' (feed_delay) was skipped" in run.result.why
    assert run.result.faults[0].skipped


def test_a_fault_that_did_not_bite_is_no_evidence_and_is_named(desk: Desk) -> None:
    """A feed that was late for a tenth of a millisecond was late for no quote at all."""
    run = desk.run(timeline=[LATE_FEED | {"for_s": 0.0001}])

    assert (run.result.verdict, run.result.exit_code) == ("NO_EVIDENCE", 5)
    assert codes(run) == [CONTROLS_OFF, ("fault_without_effect", "NO_EVIDENCE")]
    assert "the fault 'late' (feed_delay) did not bite" in run.result.why
    assert "nan" not in run.result.why.lower()


def test_a_fault_that_asks_for_less_than_can_be_seen_is_told_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """If more would have to be seen than may be, no figure could be right: one sentence says why."""
    own = FeedDelay.effect

    def unseen(self: FeedDelay, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        return replace(own(self, log, t0_ns, heal_ns), needed=360, most=2)

    monkeypatch.setattr(FeedDelay, "effect", unseen)
    run = desk.run()

    assert run.result.verdict == "NO_EVIDENCE"
    assert (
        "asked for too little to be told from the market's own moves: feed_delay_added_ms was 200 ms" in run.result.why
    )


def test_a_fault_that_overshot_is_no_evidence_and_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice what was asked for is not what was asked for: a feed 200 ms late where at most 150 ms were."""
    own = FeedDelay.effect

    def bounded(self: FeedDelay, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        return replace(own(self, log, t0_ns, heal_ns), needed=100, most=150)

    monkeypatch.setattr(FeedDelay, "effect", bounded)
    run = desk.run()
    (effect,) = run.result.faults[0].effects

    assert (run.result.verdict, effect.held, effect.most) == ("NO_EVIDENCE", False, 150)
    assert run.result.why.startswith(
        "the fault 'late' (feed_delay) overshot: feed_delay_added_ms was 200 ms, at most 150 ms was asked for"
    )
    assert "200 ms (100 needed, at most 150, OVERSHOT)" in summary(run.result, Path("results/x"), "stress run x", 5)


def test_must_cause_adds_to_the_faults_own_check(desk: Desk) -> None:
    """The fault bit by its own measure, but did not cause what the scenario asked of it."""
    demand = {"metric": "feed_age_ms", "at_least": 5000}
    run = desk.run(timeline=[LATE_FEED | {"must_cause": [demand]}])

    assert [(effect.metric, effect.held) for effect in run.result.faults[0].effects] == [
        ("feed_delay_added_ms", True),
        ("feed_age_ms", False),
    ]
    assert codes(run) == [CONTROLS_OFF, ("fault_without_effect", "NO_EVIDENCE")]


def test_must_cause_is_met_by_what_was_seen(desk: Desk) -> None:
    """A feed 200 ms late makes quotes at least 200 ms old."""
    run = desk.run(timeline=[LATE_FEED | {"must_cause": [{"metric": "feed_age_ms", "at_least": 200}]}])

    assert (run.result.verdict, [effect.held for effect in run.result.faults[0].effects]) == ("PASS", [True, True])


def test_an_event_that_must_happen_and_did_not_is_no_evidence_and_is_named(desk: Desk) -> None:
    """A calm day stops nobody."""
    run = desk.run(must_happen=["governor_stopped"])

    assert (run.result.verdict, run.result.exit_code) == ("NO_EVIDENCE", 5)
    assert run.result.why == "governor_stopped: must happen, did not happen"
    assert [(event.event, event.count, event.verdict) for event in run.result.must_happen] == [
        ("governor_stopped", 0, "NO_EVIDENCE")
    ]


def test_an_event_that_happened_is_counted(desk: Desk) -> None:
    """A cut session goes down once and comes up once."""
    cut = {"id": "cut", "at_s": 60, "fault": "broker_disconnect", "for_s": 10}
    run = desk.run(timeline=[cut], must_happen=["broker_disconnected", "broker_reconnected"])

    assert [(event.event, event.count, event.verdict) for event in run.result.must_happen] == [
        ("broker_disconnected", 1, "PASS"),
        ("broker_reconnected", 1, "PASS"),
    ]


def test_an_event_before_the_first_fault_that_bit_does_not_count(desk: Desk) -> None:
    """The session was down before the feed ran late: no fault of the scenario's brought that about."""
    cut = {"id": "cut", "at_s": 30, "fault": "broker_disconnect", "for_s": 5}
    too_much = {"metric": "feed_age_ms", "at_least": 1e9}
    run = desk.run(timeline=[cut | {"must_cause": [too_much]}, LATE_FEED], must_happen=["broker_disconnected"])

    event = run.result.must_happen[0]
    assert (event.count, event.first_ns, event.before, event.verdict) == (0, None, 1, "NO_EVIDENCE")
    assert (
        "broker_disconnected: must happen, happened only before the first fault that bit (t=60 s): "
        "1 time, last at t=30 s"
    ) in [happening.reason for happening in run.assessment.happenings]


def test_a_desk_that_is_denied_all_day_has_not_answered_to_a_fault(desk: Desk) -> None:
    """What happens before and after is counted apart."""
    wants_more = scenario()["desk"]
    wants_more["strategy"] |= {"target_shares": 9000, "order_qty_shares": 300}
    run = desk.run(desk=wants_more, must_happen=["limit_denied"])

    event = run.result.must_happen[0]
    assert event.verdict == "PASS"
    assert event.before > 0
    assert event.first_ns is not None
    assert event.first_ns >= run.result.faults[0].t0_ns


def test_a_gate_without_a_sample_is_no_evidence_and_is_named(desk: Desk) -> None:
    """There is no recovery to measure where nothing went down."""
    recovery = {"gate": "recovery", "metric": "recovery_s", "fail_from": 25}
    run = desk.run(LATENCY, gates=["small", recovery])

    assert (run.result.verdict, run.result.exit_code) == ("NO_EVIDENCE", 5)
    assert run.result.why.startswith("recovery: ")


def test_only_deferred_gates_are_no_verdict(desk: Desk) -> None:
    """What only a live run can decide is listed, not counted, and nothing else was there."""
    run = desk.run({"gate": "memory", "metric": "memory_growth_mb", "basis": "measured", "fail_from": 50})

    assert {gate.verdict for gate in run.result.gates} == {"DEFERRED"}
    assert (run.result.verdict, run.result.exit_code) == ("NO_EVIDENCE", 5)
    assert run.result.why == "no gate judges the run itself; 1 gate can only be decided by a live run"


def test_a_run_that_no_gate_judges_is_no_evidence(desk: Desk) -> None:
    """A good beginning and a good end say nothing of what happened in between."""
    run = desk.run(gates=[])

    assert (run.result.verdict, run.result.exit_code) == ("NO_EVIDENCE", 5)
    assert run.result.why == "no gate judges the run itself"


def test_a_deferred_gate_neither_passes_nor_blocks(desk: Desk) -> None:
    """It stands outside, and the why-sentence says so."""
    memory = {"gate": "memory", "metric": "memory_growth_mb", "basis": "measured", "fail_from": 50}
    run = desk.run(LATENCY, gates=["small", memory])

    assert run.result.verdict == "PASS"
    assert run.result.why == "3 gates held while 1 fault bit; 1 gate can only be decided by a live run"


def stop_after(looks: int) -> Any:
    """Somebody who ends the run at the given look."""
    left = iter(range(looks))
    return lambda _t_ns: next(left, None) is not None


@pytest.mark.parametrize("looks", [0, 1, 2, 4])
def test_an_aborted_run_never_passes_and_never_fails_of_unfinished_business(desk: Desk, looks: int) -> None:
    """Inside the warm-up, before, during and after the fault: what was not finished is not held against the desk."""
    flat = {"gate": "flat", "metric": "final_position_shares", "must_be": 0}
    drained = {"gate": "drained", "metric": "backlog_after_drain", "must_be": 0}
    recovery = {"gate": "recovery", "metric": "recovery_s", "fail_from": 25}
    cut = {"id": "cut", "at_s": 95, "fault": "broker_disconnect", "for_s": 10}
    run = desk.run(
        LATENCY,
        gates=["small", flat, drained, recovery],
        timeline=[LATE_FEED, cut],
        must_happen=["governor_stopped"],
        look=stop_after(looks),
    )

    assert (run.result.verdict, run.result.exit_code) == ("ABORTED", 5)
    assert {gate.verdict for gate in run.result.gates} == {"ABORTED"}
    assert run.result.why.startswith("the run was ended at t=")


def test_a_breach_that_nothing_could_heal_counts_in_an_aborted_run(desk: Desk) -> None:
    """Ctrl-C is no way out of a FAIL that was final already."""
    early = {"gate": "age", "metric": "feed_age_ms", "stat": "max", "fail_from": 0.0001}
    run = desk.run(early, look=stop_after(3))

    assert (run.result.verdict, run.result.exit_code) == ("FAIL", 1)


def test_the_windows_of_the_phases_follow_the_timeline(small_run: Run) -> None:
    """Warm-up 20 s, fault 60-90 s, after-window from 100 s."""

    assert [(phase.phase, phase.start_ns // 10**9, phase.end_ns // 10**9) for phase in small_run.result.phases] == [
        ("before_faults", 20, 60),
        ("run", 20, 200),
        ("after_faults", 100, 200),
    ]


def test_without_faults_nothing_is_judged_inside_the_warm_up(desk: Desk) -> None:
    """Every window begins at its end."""

    assert {phase.start_ns // 10**9 for phase in desk.run(timeline=[]).result.phases} == {20}


def test_the_verdict_is_the_worst_of_everything_that_counts(desk: Desk) -> None:
    """FAIL beats the NO_EVIDENCE of a skipped fault."""
    run = desk.run(NEVER_QUICK_ENOUGH, timeline=[LATE_FEED | {"with": {"add_ms": 0}}])

    assert run.assessment.verdict is Verdict.FAIL


def test_a_run_ends_in_its_end_record(small_run: Run) -> None:
    """The last record of the log is the player's."""
    log = small_run.played.built.site.world.log

    assert list(log)[-1] == PhaseStarted(200 * 10**9, "end")
