"""Saving: a run folder is written whole or not at all, and reads back as what was played."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from engine.base.errors import NotReadyError
from engine.kernel.event_log import read_log
from engine.runs.assess import assess
from engine.runs.outcome import result_of
from engine.runs.plan import plan_run
from engine.runs.play import play
from engine.runs.save import plain, save
from tests.runs.small import LATE_FEED, Desk, Run, run_plan


@pytest.fixture
def folder(small_run: Run, tmp_path: Path) -> Path:
    """The small run, saved."""
    return save(tmp_path / "results", small_run.played, small_run.assessment, small_run.result)


def test_a_run_folder_holds_everything_and_nothing_half(folder: Path, small_run: Run) -> None:
    """One folder with the run's name, and no temporary one beside it."""

    assert folder.name == small_run.result.run_id
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]
    assert sorted(path.name for path in folder.iterdir()) == [
        "checkpoints.json",
        "events",
        "log.jsonl",
        "result.json",
        "scenario.effective.yaml",
    ]


def test_result_json_is_the_result(folder: Path, small_run: Run) -> None:
    """The only source of every renderer."""
    text = (folder / "result.json").read_text(encoding="utf-8")

    assert json.loads(text) == json.loads(json.dumps(plain(small_run.result)))


def test_events_read_back_to_the_same_fingerprint(folder: Path, small_run: Run) -> None:
    """The log on disk is the log that was judged."""
    log = read_log(folder / "events")

    assert (log.fingerprint(), len(log)) == (small_run.result.fingerprint, small_run.result.events)


def test_equal_logs_are_equal_files(folder: Path, small_run: Run, tmp_path: Path) -> None:
    """No time and no name in the gzip header."""
    again = save(tmp_path / "again", small_run.played, small_run.assessment, small_run.result)

    assert (again / "events").read_bytes() == (folder / "events").read_bytes()
    assert gzip.decompress((folder / "events").read_bytes())


def test_the_effective_scenario_plays_to_the_same_fingerprint(folder: Path, small_run: Run, desk: Desk) -> None:
    """It stands for itself: no base, no parameters, the same run."""
    desk.write()
    (desk.folder / "scenarios.d/small.yaml").write_bytes((folder / "scenario.effective.yaml").read_bytes())
    run = run_plan(plan_run(desk.library(), "scenarios.d/small.yaml", {}, None))

    assert run.result.fingerprint == small_run.result.fingerprint


def test_checkpoints_let_two_runs_be_compared(folder: Path, small_run: Run) -> None:
    """Each has a count, a time and a digest; the counts grow."""
    checkpoints = json.loads((folder / "checkpoints.json").read_text())
    counts = [checkpoint["events"] for checkpoint in checkpoints]

    assert counts == sorted(set(counts))
    assert counts[-1] <= small_run.result.events
    assert set(checkpoints[0]) == {"events", "t_ns", "digest"}


def test_the_log_tells_phases_faults_and_findings(desk: Desk) -> None:
    """One JSON object a line."""
    run = desk.run(timeline=[LATE_FEED | {"with": {"add_ms": 0}}])
    folder = save(desk.folder / "results", run.played, run.assessment, run.result)
    lines = [json.loads(line) for line in (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()]

    assert [line["event"] for line in lines if line["event"] != "GovernorState"] == [
        "PhaseStarted",
        "PhaseStarted",
        "PhaseStarted",
        "FaultSkipped",
        "PhaseStarted",
        "PhaseStarted",
        "finding",
        "finding",
    ]
    assert lines[-1]["code"] == "fault_skipped"


def test_a_run_id_is_never_taken_twice(folder: Path, small_run: Run) -> None:
    """The first result stays as it is."""
    with pytest.raises(FileExistsError):
        save(folder.parent, small_run.played, small_run.assessment, small_run.result)

    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_a_results_folder_that_cannot_be_written_is_a_clear_error(small_run: Run, tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "results").write_text("in the way")
    with pytest.raises(NotReadyError, match="cannot be written to results/"):
        save(tmp_path / "results", small_run.played, small_run.assessment, small_run.result)


def test_an_aborted_run_is_saved_too(desk: Desk) -> None:
    """Ctrl-C leaves what was seen so far."""
    played = play(desk.plan(), look=lambda _t_ns: False)
    assessment = assess(played)
    folder = save(desk.folder / "results", played, assessment, result_of(played, assessment, "one", {}))

    assert json.loads((folder / "result.json").read_text())["verdict"] == "ABORTED"


def test_plain_leaves_absent_values_out_and_words_as_in_yaml() -> None:
    """A None is no key; ``with_`` is ``with``."""
    from engine.runs.result import HappeningResult

    event = HappeningResult(event="x", count=0, first_ns=None, verdict="NO_EVIDENCE")

    assert plain({"a": (event,), 1: [None]}) == {
        "a": [{"event": "x", "count": 0, "before": 0, "verdict": "NO_EVIDENCE"}],
        "1": [None],
    }
