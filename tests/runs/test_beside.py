"""The same seed without the faults, beside the run with them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.domain.records import FaultStarted
from engine.runs.assess import assess
from engine.runs.beside import Beside, When, beside
from engine.runs.outcome import result_of
from engine.runs.play import play
from engine.runs.result import Result
from tests.runs.small import Desk

AGE = {"gate": "fresh", "metric": "feed_age_ms", "stat": "max", "fail_from": 1500}
"""Quotes of the small scenario are less than a millisecond old, but for its late feed."""
LATE: list[dict[str, Any]] = [{"id": "late", "at_s": 60, "fault": "feed_delay", "with": {"add_ms": 2000}, "for_s": 30}]


def judged(desk: Desk, *gates: dict[str, Any], when: When = "auto", **changes: Any) -> tuple[Result, Beside | None]:
    """The small scenario with these gates in the run alone, and what came of it without its faults."""
    calm: dict[str, Any] = {"before_faults": {"gates": []}, "after_faults": {"gates": [], "within_s": 20}}
    played = play(desk.plan(*gates, **calm, **changes))
    assessment = assess(played)
    found = beside(played, assessment, when)
    return result_of(played, assessment, "20250805T133000Z-small-s7-0000", {}, found), found


def test_a_gate_that_fails_shows_what_it_was_without_the_faults(desk: Desk) -> None:
    """The value, and the sentence, say that it was the fault."""
    result, _ = judged(desk, AGE, timeline=LATE)
    (gate,) = result.gates

    assert result.verdict == "FAIL"
    assert gate.without_faults is not None
    assert gate.value is not None
    assert gate.without_faults < 1500 <= gate.value
    assert result.why.endswith(f"; without the faults it was {gate.without_faults_text}")
    assert result.beside is not None
    assert result.beside.failed_gates == ()


def test_a_gate_that_fails_without_the_faults_too_says_so(desk: Desk) -> None:
    """Then it is not the fault that has to be looked at."""
    result, _ = judged(desk, AGE | {"fail_from": 0.1}, timeline=LATE)

    assert result.why.endswith(", and failed too")
    assert result.beside is not None
    assert result.beside.failed_gates == ("fresh",)


def test_it_changes_neither_fingerprint_nor_verdict(desk: Desk) -> None:
    """The run is the run."""
    (never, none), (always, calm) = (judged(desk, AGE, when=when, timeline=LATE) for when in ("never", "always"))
    bare = [replace(gate, without_faults=None, without_faults_text=None) for gate in always.gates]

    assert none is None
    assert calm is not None
    assert (never.fingerprint, never.verdict, never.exit_code, never.gates) == (
        always.fingerprint,
        always.verdict,
        always.exit_code,
        tuple(bare),
    )
    assert calm.fingerprint != always.fingerprint


def test_the_run_without_faults_has_none(desk: Desk) -> None:
    """The same plan, the same windows; the market of the same seed."""
    result, calm = judged(desk, AGE, when="always", timeline=LATE)
    quiet = judged(desk, AGE, when="always", timeline=[LATE[0] | {"with": {"add_ms": 3000}}])[1]

    assert calm is not None
    assert quiet is not None
    assert calm.fingerprint == quiet.fingerprint
    assert [(each.start_ns, each.end_ns) for each in calm.judgements] == [(20_000_000_000, 200_000_000_000)]
    assert result.gates[0].n > 0


@pytest.mark.parametrize(("when", "there"), [("auto", False), ("never", False), ("always", True)])
def test_a_run_that_held_is_played_beside_only_when_asked(desk: Desk, when: When, there: bool) -> None:
    """It would cost time and explain nothing."""
    result, _ = judged(desk, AGE | {"fail_from": 99_000}, when=when, timeline=LATE)

    assert (result.beside is not None) is there
    assert (result.gates[0].without_faults_text is not None) is there


def test_a_run_that_was_ended_is_not_played_beside(desk: Desk) -> None:
    """Somebody wanted to go home."""
    played = play(desk.plan(AGE, timeline=LATE), look=lambda t_ns: t_ns < 50_000_000_000)
    assessment = assess(played)

    assert beside(played, assessment, "always") is None


def test_a_calm_run_that_is_ended_says_nothing(desk: Desk) -> None:
    """Half of it would be no comparison."""
    played = play(desk.plan(AGE, timeline=LATE))

    assert beside(played, assess(played), "always", look=lambda _t_ns: False) is None
    assert played.built.site.world.log.of(FaultStarted) != []
