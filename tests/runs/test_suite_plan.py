"""The plan of a suite: what is played, with which seeds, and what is wrong with the document."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from engine.base.errors import UsageError
from engine.config.problems import DocumentError
from engine.runs.suite_plan import plan_suite, suite_named
from tests.runs.small_suite import plan_mini, write_scenario, write_suite

LEAK = {"gate": "leak", "metric": "memory_growth_mb", "stat": "last", "fail_from": 50, "basis": "measured"}


def played(folder: Path, *items: Mapping[str, Any], **changes: Any) -> list[tuple[str, int]]:
    """Scenario and seed of everything that a suite of these items plays."""
    desk = write_suite(folder, *([items] if items else []), **changes)
    return [(job.scenario, job.seed) for job in plan_mini(desk).jobs]


def test_a_scenario_is_played_with_its_own_seed(tmp_path: Path) -> None:
    """In the document's order."""
    assert played(tmp_path) == [("small", 7), ("red", 7)]


def test_the_seeds_of_the_suite_come_before_the_scenarios_own_and_an_items_before_both(tmp_path: Path) -> None:
    """The nearest counts."""
    items = ({"scenario": "small"}, {"scenario": "red", "seeds": [3]})

    assert played(tmp_path, *items, seeds=[1, 2]) == [("small", 1), ("small", 2), ("red", 3)]


def test_a_seed_of_the_command_line_is_the_only_one_and_changes_the_suite(tmp_path: Path) -> None:
    """So that it never counts."""
    plan = plan_mini(write_suite(tmp_path, seeds=[1, 2]), seed=9)

    assert [(job.seed, job.asked) for job in plan.jobs] == [(9, True), (9, True)]
    assert plan.changed == ("--seed 9",)


def test_seeds_of_the_suite_change_nothing(tmp_path: Path) -> None:
    """They are what was certified."""
    plan = plan_mini(write_suite(tmp_path, seeds=[1]))

    assert [job.asked for job in plan.jobs] == [False, False]
    assert plan.changed == ()


def test_a_parameter_goes_to_the_scenarios_that_have_it(tmp_path: Path) -> None:
    """And says so."""
    desk = write_suite(tmp_path)
    write_scenario(tmp_path, "red", params={"late_ms": {"doc": "d", "default": 200}}, timeline=[
        {"id": "late", "at_s": 60, "fault": "feed_delay", "with": {"add_ms": "${late_ms}"}, "for_s": 30}
    ])  # fmt: skip
    plan = plan_mini(desk, {"late_ms": "300"})

    assert [job.sets for job in plan.jobs] == [(), (("late_ms", "300"),)]
    assert plan.changed == ("--set late_ms=300",)


def test_a_path_outside_is_named_by_its_last_part(tmp_path: Path) -> None:
    """A result never says where things lie on somebody's machine; the run still gets the whole path."""
    desk = write_suite(tmp_path, [{"scenario": "flash_crash_on_tape"}])
    plan = plan_mini(desk, {"tape": str(tmp_path / "amzn")})

    assert plan.changed == ("--set tape=amzn",)
    assert plan.jobs[0].sets == (("tape", str(tmp_path / "amzn")),)


def test_a_parameter_that_no_scenario_has_is_a_usage_error(tmp_path: Path) -> None:
    """It would change nothing, and nobody would know."""
    with pytest.raises(UsageError, match="no scenario of the suite has this parameter"):
        plan_mini(write_suite(tmp_path), {"drop_pct": "30"})


def test_gates_for_a_live_run_are_listed_once(tmp_path: Path) -> None:
    """Whatever scenario has them."""
    desk = write_suite(tmp_path, require_measured=["leak"])
    write_scenario(tmp_path, "red", gates=["small", LEAK])

    assert plan_mini(desk).deferred == ("leak",)


@pytest.mark.parametrize(
    ("changes", "code", "message"),
    [
        ({"scenarios": [{"scenario": "smal"}]}, "R310", "there is no document 'smal'"),
        ({"scenarios": [{"scenario": "small"}] * 2}, "S211", "two items of 'scenarios' have the scenario 'small'"),
        ({"seeds": [4, 4]}, "R345", "the seed 4 stands twice"),
        ({"scenarios": [{"scenario": "small", "seeds": [1, 2, 1]}]}, "R345", "the seed 1 stands twice"),
        ({"require_measured": ["leak"]}, "R344", "no scenario of the suite has a gate 'leak' of basis 'measured'"),
        ({"require_measured": ["decision_p90"]}, "R344", "no scenario of the suite has a gate 'decision_p90'"),
        ({"scenarios": []}, "S", ""),
        ({"seeds": [-1]}, "S", ""),
        ({"scenarios": [{"scenario": "base/equity_day"}]}, "R306", "is a base"),
    ],
)
def test_what_is_wrong_with_a_suite_is_said_with_its_place(
    tmp_path: Path, changes: dict[str, Any], code: str, message: str
) -> None:
    """Before anything is played."""
    desk = write_suite(tmp_path, **changes)
    library = desk.library()
    with pytest.raises(DocumentError):
        plan_suite(library, "suites/mini", {}, None)
    found = library.problems.errors[0]

    assert message in found.message
    assert found.code.startswith(code)
    assert found.mark is not None
    assert found.mark.file.endswith("scenarios.d/suites/mini.yaml")


def test_a_scenario_that_is_invalid_makes_the_suite_invalid(tmp_path: Path) -> None:
    """At its own place."""
    desk = write_suite(tmp_path)
    write_scenario(tmp_path, "red", gates=["no_such_set"])
    library = desk.library()
    with pytest.raises(DocumentError):
        plan_suite(library, "suites/mini", {}, None)

    assert [(each.code, Path(each.mark.file).name if each.mark else "") for each in library.problems.errors] == [
        ("R310", "red.yaml")
    ]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("mini", "suites/mini"),
        ("mini.yaml", "suites/mini"),
        ("suites/mini", "suites/mini"),
        ("scenarios.d/suites/mini.yaml", "scenarios.d/suites/mini.yaml"),
        ("small", None),
        ("scenarios.d/small.yaml", None),
    ],
)
def test_a_suite_is_named_by_its_name_or_its_file(tmp_path: Path, text: str, name: str | None) -> None:
    """And a scenario is none."""
    assert suite_named(write_suite(tmp_path).library(), text) == name


def test_a_scenario_of_the_same_name_comes_first(tmp_path: Path) -> None:
    """As the shorter name."""
    desk = write_suite(tmp_path)
    write_scenario(tmp_path, "mini")

    assert suite_named(desk.library(), "mini") is None
    assert suite_named(desk.library(), "suites/mini") == "suites/mini"
