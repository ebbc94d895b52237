"""Playing: phases in their order, faults injected and healed, progress that never touches simulated time."""

from __future__ import annotations

from engine.base.units import NS_PER_S
from engine.domain.records import FaultHealed, FaultSkipped, FaultStarted, PhaseStarted, Record
from engine.runs.play import play
from tests.runs.small import LATE_FEED, Desk, Run

PLAYERS = (PhaseStarted, FaultStarted, FaultHealed, FaultSkipped)


def story(run: Run) -> list[tuple[float, str]]:
    """The player's own records as (second, what)."""
    log = run.played.built.site.world.log
    return [
        (record.t_ns / NS_PER_S, record.phase if isinstance(record, PhaseStarted) else type(record).__name__)
        for record in log
        if isinstance(record, PLAYERS)
    ]


def test_phases_and_faults_are_recorded_in_order(small_run: Run) -> None:
    """The timeline begins before its first fault, and the desk converges after its last."""

    assert story(small_run) == [
        (0, "warmup"),
        (20, "before_faults"),
        (60, "timeline"),
        (60, "FaultStarted"),
        (90, "FaultHealed"),
        (90, "converge"),
        (200, "end"),
    ]


def test_a_run_without_faults_has_no_timeline(desk: Desk) -> None:
    """Nothing begins, nothing converges."""

    assert story(desk.run(timeline=[])) == [(0, "warmup"), (20, "before_faults"), (200, "end")]


def test_a_skipped_fault_is_recorded_and_not_injected(desk: Desk) -> None:
    """FaultSkipped stands where it would have begun."""
    run = desk.run(timeline=[LATE_FEED | {"with": {"add_ms": 0}}])

    assert (60, "FaultSkipped") in story(run)
    assert run.played.built.site.world.log.of(FaultStarted) == []


def test_look_ends_the_run_where_it_stands(desk: Desk) -> None:
    """The first look that says False ends it, with an end on record at that instant."""
    seen: list[int] = []

    def look(t_ns: int) -> bool:
        seen.append(t_ns)
        return len(seen) < 2

    played = play(desk.plan(), look=look)

    assert played.aborted
    assert len(seen) == 2
    assert played.end_ns == seen[-1] < 200 * NS_PER_S
    assert played.built.site.world.log.of(PhaseStarted)[-1] == PhaseStarted(seen[-1], "end")


def test_looking_changes_nothing(desk: Desk, small_run: Run) -> None:
    """With and without somebody watching: the same fingerprint."""
    records: list[Record] = []
    played = play(desk.plan(), observers=[records.append], look=lambda _t_ns: True)
    log = played.built.site.world.log

    assert log.fingerprint() == small_run.result.fingerprint
    assert len(records) == len(log)
    assert not played.aborted


def test_a_chained_fault_begins_when_the_other_has_healed(desk: Desk) -> None:
    """``after`` is the end of the other item, to the nanosecond."""
    second = {"id": "cut", "after": "late", "plus_s": 1.5, "fault": "broker_disconnect", "for_s": 5}
    log = desk.run(timeline=[LATE_FEED, second]).played.built.site.world.log

    assert [(record.item, record.t_ns / NS_PER_S) for record in log.of(FaultStarted)] == [("late", 60), ("cut", 91.5)]
    assert [(record.item, record.t_ns / NS_PER_S) for record in log.of(FaultHealed)] == [("late", 90), ("cut", 96.5)]
