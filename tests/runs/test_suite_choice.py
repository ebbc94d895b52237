"""Which runs of a suite are played."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.base.errors import NotReadyError, UsageError
from engine.runs.suite_choice import failed_last, having
from engine.runs.suite_plan import SuiteJob

JOBS = tuple(
    SuiteJob(scenario, f"{scenario}.yaml", seed, asked=False, sets=(), compiled=False)
    for scenario, seed in (("flash_crash", 42), ("flash_crash", 43), ("flood", 42), ("outage", 42))
)


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("flash", [0, 1]),
        ("s43", [1]),
        ("flood or outage", [2, 3]),
        ("not flash", [2, 3]),
        ("flash and not s42", [1]),
        ("flash_crash s42", [0]),
    ],
)
def test_words_choose_by_name(words: str, places: list[int]) -> None:
    """Scenario and seed are the name."""
    assert having(JOBS, words) == tuple(JOBS[place] for place in places)


def test_words_that_nothing_has_are_a_usage_error() -> None:
    """Nothing would be played, and that is no pass."""
    with pytest.raises(UsageError, match="-k crush: no scenario of the suite has that"):
        having(JOBS, "crush")


def record(results: Path, name: str, began: str, suite: str, **verdicts: str) -> None:
    """A suite's result with these verdicts of seed 42."""
    runs = [{"scenario": scenario, "seed": 42, "verdict": verdict} for scenario, verdict in verdicts.items()]
    (results / name).mkdir(parents=True)
    said = {"suite": suite, "run_id": name, "timing": {"began": began}, "runs": runs}
    (results / name / "suite.json").write_text(json.dumps(said), encoding="utf-8")


def test_what_failed_is_what_did_not_pass_in_the_last_run_of_that_suite(tmp_path: Path) -> None:
    """WARN passed; NO_EVIDENCE, and what was not played, did not; other suites do not matter."""
    record(tmp_path, "a", "2025-08-05T09:00:00", "daily", flash_crash="FAIL", flood="PASS", outage="PASS")
    record(tmp_path, "b", "2025-08-05T10:00:00", "daily", flash_crash="WARN", flood="NO_EVIDENCE", outage="ABORTED")
    record(tmp_path, "c", "2025-08-05T11:00:00", "other", flash_crash="FAIL")

    assert failed_last(JOBS, tmp_path, "daily") == (JOBS[2], JOBS[3])


def test_where_nothing_failed_everything_is_played(tmp_path: Path) -> None:
    """As pytest does it; an empty suite would say nothing."""
    record(tmp_path, "a", "2025-08-05T09:00:00", "daily", flash_crash="PASS")

    assert failed_last(JOBS, tmp_path, "daily") == JOBS


def test_without_a_last_run_it_says_so(tmp_path: Path) -> None:
    """A damaged file is none."""
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "suite.json").write_text("{", encoding="utf-8")
    with pytest.raises(NotReadyError, match="no run of the suite daily"):
        failed_last(JOBS, tmp_path, "daily")
