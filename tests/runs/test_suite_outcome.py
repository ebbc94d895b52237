"""What the runs of a suite say together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.base.errors import ExitCode
from engine.gates.controls import ControlEntry, Controls
from engine.gates.verdict import Verdict
from engine.runs.result import Result
from engine.runs.suite_outcome import played, suite_result, unplayed
from engine.runs.suite_plan import SuitePlan
from engine.runs.suite_result import SuiteResult, SuiteRun
from tests.runs.small import Run
from tests.runs.small_suite import plan_mini, write_suite

CONTROLS = Controls(controls="c", entries=(ControlEntry(tag="a.1", rule="r", requirement="q", source="s", grade="P"),))


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> SuitePlan:
    """The plan of the small suite."""
    return plan_mini(write_suite(tmp_path_factory.mktemp("suite")))


def said(plan: SuitePlan, *runs: SuiteRun, interrupted: bool = False) -> SuiteResult:
    """What these runs say together."""
    return suite_result(
        plan,
        runs,
        [],
        CONTROLS,
        run_id="x",
        changed=(),
        interrupted=interrupted,
        timing={},
        reproduce="stress run mini",
    )


def run(plan: SuitePlan, verdict: str, state: str = "played", place: int = 0) -> SuiteRun:
    """A run of that verdict."""
    return replace(unplayed(plan.jobs[place], state, Verdict(verdict), "because"), state=state)


@pytest.mark.parametrize(
    ("verdicts", "verdict", "code"),
    [
        (["PASS", "PASS"], "PASS", ExitCode.PASS),
        (["PASS", "WARN"], "WARN", ExitCode.PASS),
        (["WARN", "NO_EVIDENCE"], "NO_EVIDENCE", ExitCode.NO_VERDICT),
        (["NO_EVIDENCE", "ABORTED"], "ABORTED", ExitCode.NO_VERDICT),
        (["ABORTED", "INVALID"], "INVALID", ExitCode.NO_VERDICT),
        (["INVALID", "FAIL"], "FAIL", ExitCode.FAIL),
    ],
)
def test_the_worst_verdict_decides(plan: SuitePlan, verdicts: list[str], verdict: str, code: ExitCode) -> None:
    """In the order of design part 6."""
    result = said(plan, *(run(plan, each) for each in verdicts))

    assert (result.verdict, result.exit_code) == (verdict, code)


@pytest.mark.parametrize(
    ("state", "beside", "code"),
    [
        ("died", "PASS", ExitCode.NO_VERDICT),
        ("not_ready", "PASS", ExitCode.NOT_READY),
        ("bug", "PASS", ExitCode.BUG),
        ("not_ready", "FAIL", ExitCode.FAIL),
        ("bug", "FAIL", ExitCode.FAIL),
    ],
)
def test_what_could_not_be_played_ends_with_its_own_code_unless_something_failed(
    plan: SuitePlan, state: str, beside: str, code: ExitCode
) -> None:
    """A person has to know whether to look at the desk, the machine or us."""
    assert said(plan, run(plan, "INVALID", state), run(plan, beside, place=1)).exit_code == code


def test_a_suite_that_was_ended_is_130_whatever_it_had_found(plan: SuitePlan) -> None:
    """As for a single run."""
    assert said(plan, run(plan, "FAIL"), interrupted=True).exit_code == ExitCode.INTERRUPTED


def test_the_sentence_names_the_runs_that_have_the_verdict(plan: SuitePlan) -> None:
    """And counts the others, the worst first."""
    result = said(plan, run(plan, "FAIL", place=1), run(plan, "PASS"), run(plan, "WARN"))

    assert result.why == "FAIL in red s7; besides 1 WARN, 1 PASS"
    assert said(plan, run(plan, "PASS")).why == "1 run held"


def test_a_row_is_what_the_run_said(plan: SuitePlan, small_run: Run) -> None:
    """Its gates counted, and the one with the least room."""
    result: Result = small_run.result
    gates = (replace(result.gates[0], margin_pct=5.0, id="near"), replace(result.gates[0], margin_pct=None, id="exact"))
    row = played(plan.jobs[0], replace(result, gates=(*gates, result.gates[0])), ["attempt 1: lost"])

    assert (row.worst_gate, row.worst_margin_pct) == ("near", 5.0)
    assert row.gates == {"PASS": 3}
    assert (row.verdict, row.fingerprint, row.notes) == (result.verdict, result.fingerprint, ("attempt 1: lost",))


def test_a_share_that_is_whole_is_not_the_gate_with_the_least_room(plan: SuitePlan, small_run: Run) -> None:
    """100 % of 95 % is always 5 % of room, and never the news."""
    gate = small_run.result.gates[0]
    whole = replace(gate, id="filled", unit="%", value=100.0, fail="must stay above 95 %", margin_pct=5.0)
    nearly = replace(whole, value=99.9, margin_pct=4.9)
    other = replace(gate, id="other", margin_pct=30.0)

    rows = [played(plan.jobs[0], replace(small_run.result, gates=(each, other))) for each in (whole, nearly)]
    assert [row.worst_gate for row in rows] == ["other", "filled"]


def test_what_is_needed_is_said_where_it_was_missing(plan: SuitePlan) -> None:
    """And nowhere else."""
    job = replace(plan.jobs[0], needs="a tape")

    assert unplayed(job, "not_ready", Verdict.INVALID, "no file").why == "no file; it needs: a tape"
    assert unplayed(job, "died", Verdict.INVALID, "lost").why == "lost"


def test_inputs_are_those_of_the_suite_and_of_all_it_names(plan: SuitePlan) -> None:
    """Each once, by name."""
    names = [entry.name for entry in said(plan, run(plan, "PASS")).inputs]

    assert names == sorted(set(names))
    assert {"scenarios.d/suites/mini.yaml", "scenarios.d/small.yaml", "scenarios.d/red.yaml"} <= set(names)
    assert not [name for name in names if Path(name).is_absolute()]
