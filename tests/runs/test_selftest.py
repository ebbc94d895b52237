"""The self-test's own judgement: what counts as caught, and what does not."""

from __future__ import annotations

import pytest

from engine.base.errors import UsageError
from engine.gates.verdict import Verdict
from engine.runs.selftest import Plant, Row, Status, holds, jobs, judged, matrix, plants, whole_matrix
from engine.runs.selftest_play import REFERENCE, Job, Seen
from engine.trading import defects

PLANT = Plant("forgets_the_stop", "broker_failure", "leaks", "stopped at L3")
LIVE = Plant("leaks_memory", "decision_flood", "memory_growth", "MB")
SOUND = Seen(Verdict.PASS, "all held", {"leaks": (Verdict.PASS, "0 orders"), "breaches": (Verdict.PASS, "0")})


def saw(verdict: Verdict, sentence: str, sound: Seen | str = SOUND) -> dict[Job, Seen | str]:
    """The gate ``leaks`` said this of the broken governor."""
    broken = Seen(Verdict.FAIL, "why", {"leaks": (verdict, sentence), "breaches": (Verdict.PASS, "0")})
    return {Job(PLANT.defect, PLANT.scenario): broken, Job(REFERENCE, PLANT.scenario): sound}


def test_a_red_gate_that_names_the_effect_is_a_catch() -> None:
    """With its sentence, for the reader."""
    row = judged(PLANT, saw(Verdict.FAIL, "4 orders; the governor had stopped at L3"))

    assert row == Row(PLANT, Status.CAUGHT, "4 orders; the governor had stopped at L3")


@pytest.mark.parametrize(
    ("verdict", "sentence", "sound", "says"),
    [
        (Verdict.PASS, "0 orders", SOUND, "leaks is PASS: 0 orders"),
        (Verdict.NO_EVIDENCE, "none asked", SOUND, "leaks is NO_EVIDENCE: none asked"),
        (Verdict.FAIL, "4 orders", SOUND, "red, but not for 'stopped at L3': 4 orders"),
        (
            Verdict.FAIL,
            "stopped at L3",
            Seen(Verdict.FAIL, "it leaks too", SOUND.gates),
            "the reference governor is FAIL there: it leaks too",
        ),
        (
            Verdict.FAIL,
            "stopped at L3",
            Seen(Verdict.WARN, "nearly", SOUND.gates),
            "the reference governor is WARN there: nearly",
        ),
    ],
)
def test_everything_else_is_none(verdict: Verdict, sentence: str, sound: Seen, says: str) -> None:
    """A gate that is green or undecided, red for something else, or red for a sound governor as well."""
    row = judged(PLANT, saw(verdict, sentence, sound))

    assert (row.status, row.why) == (Status.NOT_CAUGHT, says)


def test_a_gate_that_the_scenario_does_not_have_catches_nothing() -> None:
    """It may have been taken out of it."""
    row = judged(Plant(PLANT.defect, PLANT.scenario, "gone", "x"), saw(Verdict.FAIL, "x"))

    assert (row.status, row.why) == (Status.NOT_CAUGHT, "the scenario has no gate gone")


def test_what_could_not_be_played_says_so() -> None:
    """By either governor."""
    row = judged(PLANT, saw(Verdict.FAIL, "stopped at L3", "no such tape"))

    assert (row.status, row.why) == (Status.NOT_PLAYED, "no such tape")


def test_a_defect_of_a_live_run_is_not_played() -> None:
    """It says why; nothing is looked up."""
    assert judged(LIVE, {}).status is Status.LIVE_ONLY
    assert jobs([LIVE]) == ()


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ([Status.CAUGHT, Status.LIVE_ONLY], True),
        ([Status.CAUGHT, Status.NOT_PLAYED], True),
        ([Status.CAUGHT, Status.NOT_CAUGHT], False),
        ([Status.NOT_PLAYED], False),
    ],
)
def test_it_holds_if_each_defect_was_caught_where_it_was_played(statuses: list[Status], expected: bool) -> None:
    """One that was played nowhere proves nothing."""
    assert holds([Row(PLANT, status, "") for status in statuses]) is expected


def test_each_job_is_played_once() -> None:
    """However many plants share it, the reference governor's included."""
    chosen = plants("hard_kill_governance")
    found = jobs(chosen)

    assert len(found) == len(set(found)) == len({plant.defect for plant in chosen}) + 1
    assert Job(REFERENCE, "hard_kill_governance") in found


def test_every_defect_is_planted() -> None:
    """And words choose among them; words that choose none are a mistake."""
    assert {plant.defect for plant in plants()} == set(defects.names())
    assert {plant.gate for plant in plants("leaks and not memory")} == {"leaks"}
    with pytest.raises(UsageError, match="no defect, scenario or gate"):
        plants("nonsense")


def test_the_matrix_names_what_catches_nothing() -> None:
    """A gate that is red for the reference governor too is no catch."""
    green = {"leaks": (Verdict.PASS, ""), "breaches": (Verdict.FAIL, ""), "idle": (Verdict.PASS, "")}
    red = {"leaks": (Verdict.FAIL, ""), "breaches": (Verdict.FAIL, ""), "idle": (Verdict.PASS, "")}
    found = matrix(
        {
            Job(REFERENCE, "one"): Seen(Verdict.FAIL, "", green),
            Job("a", "one"): Seen(Verdict.FAIL, "", red),
            Job("b", "one"): Seen(Verdict.FAIL, "", green),
            Job(REFERENCE, "tape"): "no tape",
            Job("a", "tape"): "no tape",
        }
    )

    assert found.red == {"a": {"leaks": ("one",)}, "b": {}}
    assert (found.uncaught, found.idle) == (("b",), ("breaches", "idle"))
    assert (found.reference, found.not_played) == ({"one": Verdict.FAIL}, {"tape": "no tape"})


def test_the_whole_matrix_is_every_defect_on_every_scenario() -> None:
    """But those of a live run, with the reference governor first."""
    found = whole_matrix(["one", "two"], plants())

    assert found[0] == Job(REFERENCE, "one")
    assert len(found) == 2 * (len(defects.names()) - 2 + 1)
