"""The plan: every document that a scenario names, checked together, with the place of each gate."""

from __future__ import annotations

import pytest

from engine.config.problems import DocumentError, Problem
from tests.runs.small import LATE_FEED, LATENCY, Desk, problems_of


def base(desk: Desk, text: str) -> None:
    """Write a base document that the small scenario can extend."""
    desk.write()
    (desk.folder / "scenarios.d/parent.yaml").write_text(f"base: parent\n{text}", encoding="utf-8")


def line_of(desk: Desk, problem: Problem) -> str:
    """The source line that a problem points at."""
    assert problem.mark is not None
    file = desk.folder / "/".join(problem.mark.file.split("/")[-2:])
    return file.read_text(encoding="utf-8").splitlines()[problem.mark.line - 1].strip()


def test_gates_carry_the_place_that_states_them(desk: Desk) -> None:
    """A red gate leads to its own line, not to the scenario's."""
    plan = desk.plan(LATENCY)

    assert [(gate.gate.gate, gate.file.rpartition("/")[2], gate.line) for gate in plan.run_gates] == [
        ("decision_p90", "small.yaml", 3)
    ]


def test_a_gate_stated_twice_is_refused_with_both_places(desk: Desk) -> None:
    """Once in the set and once written out: which one counts?"""
    (problem,) = problems_of(desk, LATENCY, gates=["small", LATENCY])

    assert (problem.code, problem.message) == ("R340", "gate 'decision_p90' is stated twice")
    assert problem.help.startswith("also at ")
    assert problem.help.endswith("gates.d/small.yaml:3")


def test_the_same_gate_may_judge_two_phases(desk: Desk) -> None:
    """Before, during and after are three judgements of one gate."""
    plan = desk.plan(LATENCY)

    assert [len(gates) for gates in (plan.before_gates, plan.run_gates, plan.after_gates)] == [1, 1, 1]


def test_without_takes_one_gate_out_of_an_inherited_set_and_says_why(desk: Desk) -> None:
    """It no longer judges the run, and the result prints it with the reason."""
    base(desk, "gates: [small]\n")
    drop = [{"gate": "decision_p90", "reason": "measured elsewhere"}]
    other = {"gate": "errors", "metric": "error_rate_pct", "fail_from": 0.1}
    run = desk.run(LATENCY, other, extends="parent", gates=[], without=drop)

    assert [gate.id for gate in run.result.gates if gate.phase == "run"] == ["errors"]
    assert [(removed.what, removed.reason) for removed in run.result.removed] == [
        ("gate decision_p90", "measured elsewhere")
    ]


def test_without_takes_a_whole_inherited_set_out(desk: Desk) -> None:
    """A gate set goes by its name."""
    base(desk, "gates: [latency_core, small]\n")
    plan = desk.plan(
        LATENCY, extends="parent", gates=[], without=[{"gate": "latency_core", "reason": "too few orders"}]
    )

    assert [gate.gate.gate for gate in plan.run_gates] == ["decision_p90"]


def test_without_a_gate_that_is_not_inherited_is_refused(desk: Desk) -> None:
    """A reason given for nothing is a mistake."""
    base(desk, "gates: [small]\n")
    problems = problems_of(desk, LATENCY, extends="parent", gates=[], without=[{"gate": "decision_p99", "reason": "x"}])

    assert [(problem.code, problem.message) for problem in problems] == [
        ("R320", "no gate 'decision_p99' is inherited")
    ]


def test_an_unknown_control_is_refused_with_the_nearest(desk: Desk) -> None:
    """A misspelt article must not look covered."""
    (problem,) = problems_of(desk, controls=["rts6.15.1a", "rts6.15.1aa"])

    assert (problem.code, problem.message, line_of(desk, problem)) == (
        "R341",
        "there is no control 'rts6.15.1aa'",
        "- rts6.15.1aa",
    )
    assert problem.help.startswith("did you mean 'rts6.15.1")


def test_a_gate_that_makes_no_sense_is_reported_at_its_own_line(desk: Desk) -> None:
    """Warning behind failure: the problem is in the gate set, not in the scenario that uses it."""
    problems = problems_of(desk, LATENCY | {"warn_from": 20})

    assert {problem.code for problem in problems} == {"G504"}
    assert {line_of(desk, problem) for problem in problems} == {"warn_from: 20"}


def test_all_problems_come_in_one_pass(desk: Desk) -> None:
    """Timeline, gate, control and a missing document at once."""
    changes = {
        "controls": ["nonsense"],
        "timeline": [LATE_FEED | {"at_s": 1}],
        "after_faults": {"gates": ["none_such"], "within_s": 20},
    }
    problems = problems_of(desk, LATENCY | {"warn_from": 20}, **changes)

    assert {problem.code for problem in problems} == {"G504", "R310", "R341", "T706"}


def test_limits_of_a_later_day_are_refused(desk: Desk) -> None:
    """The shipped limits hold from August 2025; in July nobody had approved them."""
    clock = {"start": "2025-07-01T09:30:00-04:00", "run_for_s": 200, "warmup_s": 20}

    assert [problem.code for problem in problems_of(desk, clock=clock)] == ["R342"]


def test_a_parameter_at_its_no_effect_value_skips_the_item_that_uses_it(desk: Desk) -> None:
    """The skip names the parameter, because that is what a person changed."""
    params = {"add_ms": {"default": 200, "min": 0, "no_effect_at": 0}}
    plan = desk.plan(sets={"add_ms": "0"}, params=params, timeline=[LATE_FEED | {"with": {"add_ms": "${add_ms}"}}])

    assert [injection.skip for injection in plan.injections] == ["the parameter add_ms=0 stands at its no-effect value"]


def test_what_the_command_line_changed_is_kept(desk: Desk) -> None:
    """--set and --seed, in words that can be typed again."""
    params = {"add_ms": {"default": 200}}
    timeline = [LATE_FEED | {"with": {"add_ms": "${add_ms}"}}]
    plan = desk.plan(sets={"add_ms": "150"}, seed=9, params=params, timeline=timeline)

    assert plan.overrides == ("--set add_ms=150", "--seed 9")
    assert (plan.seed, plan.params, plan.effective["timeline"][0]["with"]) == (9, {"add_ms": 150}, {"add_ms": 150})


def test_every_document_is_an_input_with_its_digest(desk: Desk) -> None:
    """Scenario, gate set, limits, venue, profile: by name, never by this machine's path."""
    plan = desk.plan()

    assert [source.name for source in plan.inputs] == [
        "gates.d/small.yaml",
        "scenarios.d/limits/equity_day.yaml",
        "scenarios.d/profiles/default.yaml",
        "scenarios.d/small.yaml",
        "scenarios.d/venues/equity_us.yaml",
    ]
    assert {len(source.sha256) for source in plan.inputs} == {64}


def test_a_scenario_that_is_not_there_is_one_clear_error(desk: Desk) -> None:
    """The nearest name is offered."""
    desk.write()
    from engine.runs.plan import plan_run

    with pytest.raises(DocumentError, match="did you mean 'small'"):
        plan_run(desk.library(), "smal", {}, None)


@pytest.mark.parametrize(
    ("gate", "codes"),
    [("decision_p90", []), ("small", []), ("written_out", []), ("latency_core", ["R320"]), ("nothing", ["R320"])],
)
def test_what_is_taken_out_must_be_inherited(desk: Desk, gate: str, codes: list[str]) -> None:
    """A gate inside a set, a whole set, a gate written out in the base; not a set that exists but was never named."""
    base(desk, "extends: grandparent\ngates:\n- gate: written_out\n  metric: equity_usd\n  fail_below: 0\n")
    (desk.folder / "scenarios.d/grandparent.yaml").write_text("base: grandparent\ngates:\n- small\n", encoding="utf-8")
    without = [{"gate": gate, "reason": "a test"}]
    problems = problems_of(desk, extends="parent", gates=[], without=without)

    assert [problem.code for problem in problems] == codes
