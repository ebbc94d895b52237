"""``stress run SUITE``: many scenarios side by side, one verdict."""

from __future__ import annotations

import json
import signal
import time
import xml.etree.ElementTree as ET
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.cli.command import REPOSITORY, Stress
from tests.runs.small import scenario
from tests.runs.small_suite import RED_GATE, write_scenario, write_suite

MORTAL = '''
import os, signal
from pathlib import Path
from engine.domain.governance import APPROVED

class Mortal:
    """Ends its process, as a kill from outside would."""

    def __init__(self, limits, instruments):
        pass

    def decide(self, order, view):
        {deed}
        return APPROVED

    def on_fill(self, fill, view):
        return ()

    def on_market(self, tick, view):
        return ()

    def on_control(self, control, view):
        return ()

    def on_timer(self, view):
        return ()
'''


def rows(result: dict[str, Any]) -> list[tuple[str, int, str]]:
    """Scenario, seed and verdict of each run."""
    return [(run["scenario"], run["seed"], run["verdict"]) for run in result["runs"]]


def test_the_worst_run_decides_and_each_has_a_line(stress: Stress) -> None:
    """Verdict and cause first; the exit code says it too."""
    write_suite(stress.folder)
    done = stress("run", "mini")
    lines = done.out.splitlines()

    assert done.code == 1
    assert lines[0].startswith("FAIL  suite mini — 2 runs: 1 FAIL, 1 PASS — simulated, ")
    assert [line.split()[1:3] for line in lines[2:4]] == [["PASS", "small"], ["FAIL", "red"]]
    assert "faster_than_light" in lines[3]
    assert "why     FAIL in red s7; besides 1 PASS" in lines
    assert "again   stress run mini      (exit 1)" in lines


def test_a_suite_that_holds_is_exit_0(stress: Stress) -> None:
    """And prints nothing but the result on standard output, progress on standard error."""
    write_suite(stress.folder, [{"scenario": "small", "seeds": [1, 2]}])
    done = stress("run", "mini", "-w", "2")

    assert done.code == 0
    assert "2 seeds" in done.out
    assert sorted(line[:5] for line in done.err.splitlines()) == ["[1/2]", "[2/2]"]


def test_the_result_names_every_run_folder_and_keeps_its_schema(stress: Stress) -> None:
    """``--json`` prints what is on disk."""
    write_suite(stress.folder)
    done = stress("run", "mini", "--json", "-q")
    schema = json.loads((REPOSITORY / "schemas" / "suite_result.schema.json").read_text(encoding="utf-8"))
    folder = stress.folder / "results" / done.json["run_id"]

    assert [error.message for error in Draft202012Validator(schema).iter_errors(done.json)] == []
    assert json.loads((folder / "suite.json").read_text(encoding="utf-8")) == done.json
    for run in done.json["runs"]:
        own = json.loads((stress.folder / "results" / run["run_id"] / "result.json").read_text(encoding="utf-8"))
        assert (own["verdict"], own["fingerprint"]) == (run["verdict"], run["fingerprint"])
    assert len(stress.results()) == 3


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The fingerprints of the runs of a suite, one after the other."""
    return fingerprints(Stress(tmp_path_factory.mktemp("alone")), 1)


def fingerprints(stress: Stress, workers: int) -> list[str]:
    """Those of a suite of four runs with so many workers."""
    write_suite(stress.folder, [{"scenario": "small", "seeds": [1, 2, 3]}, {"scenario": "red"}])
    return [run["fingerprint"] for run in stress("run", "mini", "--json", "-q", "-w", str(workers)).json["runs"]]


@pytest.mark.parametrize("workers", [2, 4])
def test_fingerprints_do_not_depend_on_the_number_of_workers(stress: Stress, alone: list[str], workers: int) -> None:
    """Bit for bit; and the seeds differ, so equal ones mean something."""
    assert fingerprints(stress, workers) == alone
    assert len(set(alone[:3])) == 3


def test_a_run_of_a_suite_is_the_run_of_its_scenario(stress: Stress) -> None:
    """The same command, alone: the same fingerprint."""
    write_suite(stress.folder, [{"scenario": "small", "seeds": [5]}])
    together = stress("run", "mini", "--json", "-q").json["runs"][0]
    alone = stress("run", "small", "--seed", "5", "--json", "-q").json

    assert together["fingerprint"] == alone["fingerprint"]
    assert together["reproduce"] == "stress run scenarios.d/small.yaml --seed 5"
    assert (together["overrides"], alone["overrides"]) == ([], ["--seed 5"])


@pytest.mark.parametrize(
    ("words", "changed"),
    [
        (["--seed", "3"], ["--seed 3"]),
        (["-k", "small"], ["-k small: 1 of 2 runs"]),
        (["--seed", "3", "-k", "not red"], ["--seed 3", "-k not red: 1 of 2 runs"]),
    ],
)
def test_what_the_command_line_changes_is_said_and_never_counts(
    stress: Stress, words: list[str], changed: list[str]
) -> None:
    """In the result, and in the summary."""
    write_suite(stress.folder)

    assert stress("run", "mini", "-q", "--json", *words).json["changed"] == changed
    assert f"changed {', '.join(changed)}: such a run never counts" in stress("run", "mini", "-q", *words).out


def test_lf_plays_what_failed(stress: Stress) -> None:
    """Only that."""
    write_suite(stress.folder)
    first = stress("run", "mini", "--lf")
    stress("run", "mini", "-q")
    again = stress("run", "mini", "--lf", "-q", "--json")

    assert (first.code, first.err.partition(":")[2][:6]) == (4, " --lf:")
    assert rows(again.json) == [("red", 7, "FAIL")]


def test_maxfail_begins_nothing_more(stress: Stress) -> None:
    """What was not played is not passed over."""
    write_suite(stress.folder, [{"scenario": "red"}, {"scenario": "small", "seeds": [1, 2]}])
    done = stress("run", "mini", "-w", "1", "--maxfail", "1", "-q", "--json")

    assert done.code == 1
    assert rows(done.json) == [("red", 7, "FAIL"), ("small", 1, "NO_EVIDENCE"), ("small", 2, "NO_EVIDENCE")]
    assert done.json["runs"][1]["why"] == "not played: --maxfail 1 was reached"


def test_junit_has_a_suite_for_each_run_and_a_case_for_each_gate(stress: Stress) -> None:
    """The failed gate is a failure."""
    write_suite(stress.folder)
    stress("run", "mini", "-q", "--junit", "out.xml")
    suites = ET.parse(stress.folder / "out.xml").getroot().findall("testsuite")  # noqa: S314 - our own file
    failed = [
        case.get("name") for suite in suites for case in suite.findall("testcase") if case.find("failure") is not None
    ]

    assert [(suite.get("name"), suite.get("failures")) for suite in suites] == [("small s7", "0"), ("red s7", "1")]
    assert failed == [RED_GATE["gate"]]


def mortal(stress: Stress, deed: str) -> None:
    """A suite whose second scenario has a governor that does *deed* to its process."""
    write_suite(stress.folder, [{"scenario": "small"}, {"scenario": "mortal"}])
    desk = scenario()["desk"] | {"governor": {"kind": "python", "target": "mortal:Mortal"}}
    write_scenario(stress.folder, "mortal", desk=desk)
    (stress.folder / "mortal.py").write_text(MORTAL.format(deed=deed), encoding="utf-8")


def test_a_run_whose_process_is_killed_is_begun_once_more_and_named(stress: Stress) -> None:
    """kill -9, once: the second process plays it whole."""
    mortal(stress, "Path('died').exists() or (Path('died').touch(), os.kill(os.getpid(), signal.SIGKILL))")
    done = stress("run", "mini", "--json")
    run = done.json["runs"][1]

    assert "mortal s7: its process was lost (ended by SIGKILL); it is begun once more" in done.err
    assert (run["state"], run["notes"]) == ("played", ["attempt 1: its process was lost (ended by SIGKILL)"])


@pytest.mark.parametrize(
    ("deed", "how"),
    [("os.kill(os.getpid(), signal.SIGKILL)", "ended by SIGKILL"), ("os._exit(0)", "ended with 0")],
)
def test_a_run_whose_process_dies_twice_is_invalid(stress: Stress, deed: str, how: str) -> None:
    """The other run stands; the suite has no verdict."""
    mortal(stress, deed)
    done = stress("run", "mini", "--json", "-q", "--junit", "out.xml")
    error = ET.parse(stress.folder / "out.xml").getroot().find("testsuite[@name='mortal s7']/testcase/failure")  # noqa: S314

    assert done.code == 5
    assert rows(done.json) == [("small", 7, "PASS"), ("mortal", 7, "INVALID")]
    assert done.json["runs"][1]["state"] == "died"
    assert done.json["runs"][1]["why"].startswith(f"its process was lost twice ({how})")
    assert error is not None


def test_what_a_scenario_needs_and_has_not_is_said(stress: Stress) -> None:
    """Exit 4, and no pass without it."""
    write_suite(stress.folder, [{"scenario": "small"}, {"scenario": "flash_crash_on_tape", "needs": "A day of AMZN"}])
    done = stress("run", "mini", "-q", "--json")

    assert done.code == 4
    assert rows(done.json)[1] == ("flash_crash_on_tape", 42, "INVALID")
    assert done.json["runs"][1]["why"].endswith("; it needs: A day of AMZN")


def test_a_failure_is_louder_than_what_is_missing(stress: Stress) -> None:
    """FAIL is worse than INVALID."""
    write_suite(stress.folder, [{"scenario": "red"}, {"scenario": "flash_crash_on_tape"}])

    assert stress("run", "mini", "-q").code == 1


def below(pid: int) -> dict[int, bytes]:
    """The command of every process below *pid* by its number."""
    found: dict[int, bytes] = {}
    for task in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, IndexError):
            if int((task / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1]) == pid:
                child = int(task.name)
                found |= {child: (task / "cmdline").read_bytes()} | below(child)
    return found


def alive(processes: dict[int, bytes]) -> list[int]:
    """Those of *processes* that are still there under their command."""
    still = []
    for pid, command in processes.items():
        with suppress(OSError):
            if command and Path(f"/proc/{pid}/cmdline").read_bytes() == command:
                still.append(pid)
    return still


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes in /proc")
def test_ctrl_c_keeps_what_is_finished_and_leaves_no_process_behind(stress: Stress) -> None:
    """130, ABORTED, results on disk."""
    write_suite(stress.folder, [{"scenario": "small"}, {"scenario": "long"}, {"scenario": "red"}])
    write_scenario(
        stress.folder,
        "long",
        clock={"start": "2025-08-05T09:30:00-04:00", "run_for_s": 20_000, "warmup_s": 20},
        timeline=[{"id": "late", "at_s": 60, "fault": "feed_delay", "with": {"add_ms": 200}, "for_s": 19_800}],
    )
    process = stress.start("run", "mini", "-w", "1", "--json")
    assert process.stderr is not None
    first = process.stderr.readline()
    time.sleep(1.5)
    running = below(process.pid)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    result = json.loads(out)

    assert first.startswith("[1/3] PASS")
    assert len(running) >= 2
    assert "ending the suite" in err
    assert process.returncode == 130
    assert rows(result) == [("small", 7, "PASS"), ("long", 7, "ABORTED"), ("red", 7, "ABORTED")]
    assert (stress.folder / "results" / result["runs"][0]["run_id"] / "result.json").is_file()
    for _ in range(50):
        if not alive(running):
            break
        time.sleep(0.1)
    assert alive(running) == []


def test_options_for_suites_are_refused_for_a_scenario(stress: Stress) -> None:
    """Rather than passed over in silence."""
    write_suite(stress.folder)
    done = stress("run", "small", "--lf")

    assert (done.code, done.out) == (2, "")
    assert "are for suites" in done.err


def test_an_invalid_suite_is_exit_3_and_nothing_is_played(stress: Stress) -> None:
    """With its place."""
    write_suite(stress.folder, [{"scenario": "small"}, {"scenario": "smal"}])
    done = stress("run", "mini")

    assert done.code == 3
    assert "scenarios.d/suites/mini.yaml:6:15: error[R310]" in done.err
    assert stress.results() == []


def test_a_book_is_compiled_by_one_process_for_all(stress: Stress) -> None:
    """On a machine that has never compiled anything, the others wait."""
    book = {
        "model": "order_book",
        "feed_ms": 500,
        "instruments": [{"symbol": "SPY", "price": 540.0, "tick": 0.01}],
    }
    write_suite(stress.folder, [{"scenario": "book", "seeds": [1, 2]}])
    write_scenario(stress.folder, "book", market=book)
    fresh = Stress(stress.folder, {**stress.variables, "NUMBA_CACHE_DIR": str(stress.folder / "machine_code")})

    assert fresh("run", "mini", "-w", "2").err.count("compiling the order book, once") == 1


@pytest.mark.parametrize(("when", "there"), [("auto", [False, True]), ("always", [True, True]), ("never", [False] * 2)])
def test_the_runs_without_faults_are_played_where_they_explain_something(
    stress: Stress, when: str, there: list[bool]
) -> None:
    """In a suite as for one scenario; the fingerprints are the same in any case."""
    write_suite(stress.folder)
    runs = stress("run", "mini", "-q", "--json", "--beside", when).json["runs"]
    results = [
        json.loads((stress.folder / "results" / run["run_id"] / "result.json").read_text("utf-8")) for run in runs
    ]

    assert ["beside" in result for result in results] == there
    assert ["; without the faults it was" in run["why"] for run in runs] == [False, there[1]]


def test_beside_takes_one_of_three_words(stress: Stress) -> None:
    """Anything else is a usage error, before anything is played."""
    write_suite(stress.folder)
    done = stress("run", "small", "--beside", "sometimes")

    assert (done.code, done.out) == (2, "")
    assert "auto, always or never was expected" in done.err
