"""``stress run``: exit codes, what goes to which stream, and what a terminal gets."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from tests.cli.command import COMMAND, REPOSITORY, Stress
from tests.runs.small import LATE_FEED, LATENCY, Desk

ANSI = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
PARAMS = {
    "params": {"add_ms": {"default": 200, "min": 0, "max": 1000, "no_effect_at": 0}},
    "timeline": [LATE_FEED | {"with": {"add_ms": "${add_ms}"}}],
}
RED = LATENCY | {"fail_from": 0.001, "action": "Look at the desk"}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A workspace in the folder in which ``stress`` runs."""
    return Desk(tmp_path)


def on_a_terminal(stress: Stress, *words: str, **variables: str) -> str:
    """Everything that ``stress`` writes when standard output and standard error are a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [COMMAND, *words],
        cwd=stress.folder,
        env=stress.environment() | variables,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            part = os.read(ours, 65_536)
        except OSError:  # Linux says EIO when the other end of a terminal has closed
            break
        if not part:
            break
        seen += part
    process.wait(timeout=60)
    os.close(ours)
    return seen.decode()


def test_a_pass_is_exit_0_with_the_verdict_first_on_standard_output(stress: Stress, desk: Desk) -> None:
    """The first word is the verdict, the last line the command that plays it again."""
    done = stress("run", desk.write())
    lines = done.out.splitlines()

    assert done.code == 0
    assert lines[0].startswith("PASS  small — 3 gates: 3 PASS — seed 7, simulated 200 s")
    assert lines[-1] == "again   stress run scenarios.d/small.yaml --seed 7      (exit 0)"
    assert (stress.folder / lines[-2].removeprefix("result  ")).is_file()


def test_a_red_gate_is_exit_1_with_place_and_action(stress: Stress, desk: Desk) -> None:
    """Failing gates come first and once more with file and line."""
    done = stress("run", desk.write(RED))

    assert done.code == 1
    assert done.out.startswith("FAIL  small")
    assert re.search(r"^gates\.d/small\.yaml:3: fail\[decision_p90\]: ", done.out, re.M)
    assert "   = action: Look at the desk" in done.out


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"must_happen": ["governor_stopped"]}, "governor_stopped: must happen, did not happen"),
        ({"timeline": [LATE_FEED | {"for_s": 0.0001}]}, "the fault 'late' (feed_delay) did not bite"),
    ],
)
def test_no_evidence_is_exit_5_and_names_what_is_missing(
    stress: Stress, desk: Desk, changes: dict[str, Any], says: str
) -> None:
    """Never 0."""
    done = stress("run", desk.write(**changes), "-q")

    assert done.code == 5
    assert done.out.startswith("NO_EVIDENCE  small")
    assert says in done.out


def test_ctrl_c_ends_with_130_and_the_last_line_says_so(stress: Stress, desk: Desk) -> None:
    """The summary and the shell agree on how the process ended."""
    clock = {"start": "2025-08-05T09:30:00-04:00", "run_for_s": 20_000, "warmup_s": 20}
    process = stress.start("run", desk.write(clock=clock))
    assert process.stderr is not None
    assert "phase warmup" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)

    assert process.returncode == 130
    assert out.startswith("ABORTED  small")
    assert out.splitlines()[-1].endswith("(exit 130)")


def test_progress_goes_to_standard_error_as_plain_lines(stress: Stress, desk: Desk) -> None:
    """Without a terminal: one line for each phase, fault and governor state, no codes anywhere."""
    done = stress("run", desk.write())

    assert "t=    60.0 s  fault late (feed_delay) begins" in done.err.splitlines()
    assert ANSI.search(done.out + done.err) is None
    assert "\r" not in done.err


def test_quiet_says_nothing_on_standard_error(stress: Stress, desk: Desk) -> None:
    """For scripts."""

    assert stress("run", desk.write(), "-q").err == ""


def test_json_is_one_document_and_nothing_else(stress: Stress, desk: Desk) -> None:
    """Exactly what stands in result.json, by its schema."""
    done = stress("run", desk.write(), "--json")
    schema = json.loads((REPOSITORY / "schemas/result.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(done.json)
    (folder,) = stress.results()

    assert done.json == json.loads((folder / "result.json").read_text(encoding="utf-8"))
    assert (done.code, done.json["verdict"], done.json["exit_code"]) == (0, "PASS", 0)


def test_json_keeps_the_exit_code_of_the_verdict(stress: Stress, desk: Desk) -> None:
    """A script may read either."""
    done = stress("run", desk.write(RED), "--json", "-q")

    assert (done.code, done.json["exit_code"]) == (1, 1)


def test_a_reader_that_leaves_does_not_turn_a_fail_into_a_pass(stress: Stress, desk: Desk) -> None:
    """``stress run … --json | head -c 1`` still ends with 1, without a traceback."""
    process = stress.start("run", desk.write(RED), "--json", "-q")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()

    assert (process.wait(timeout=60), said) == (1, "")


def test_a_terminal_gets_colour_and_a_bar_that_goes_away(stress: Stress, desk: Desk) -> None:
    """The verdict is coloured, the word stays."""
    seen = on_a_terminal(stress, "run", desk.write())

    assert "\x1b[32mPASS  small\x1b[0m" in seen
    assert "t=" in seen


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_color_and_a_dumb_terminal_get_no_colour(stress: Stress, desk: Desk, variables: dict[str, str]) -> None:
    """Both are ways to ask for plain text."""
    seen = on_a_terminal(stress, "run", desk.write(), **variables)

    assert "PASS  small" in seen
    assert re.search(r"\x1b\[[0-9;]*m", seen.partition("PASS  small")[2]) is None


def test_an_empty_no_color_asks_for_nothing(stress: Stress, desk: Desk) -> None:
    """no-color.org: only a value that is not empty counts."""

    assert "\x1b[32mPASS" in on_a_terminal(stress, "run", desk.write(), "-q", NO_COLOR="")


def test_the_seed_can_be_changed_and_is_said(stress: Stress, desk: Desk) -> None:
    """Such a run never counts for a certificate."""
    done = stress("run", desk.write(), "--seed", "8", "-q")

    assert done.code == 0
    assert "seed 8" in done.out.splitlines()[0]
    assert "changed --seed 8: such a run never counts for a certificate" in done.out


@pytest.mark.parametrize("seed", ["-1", "x", "1.5"])
def test_a_seed_that_is_none_is_a_usage_error(stress: Stress, desk: Desk, seed: str) -> None:
    """Exit 2, and nothing was played."""
    done = stress("run", desk.write(), "--seed", seed)

    assert (done.code, done.out, stress.results()) == (2, "", [])


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["add_m=5"], 3, ["has no parameter 'add_m'", "did you mean 'add_ms'?"]),
        (["add_ms=fast"], 3, ["a number was expected for 'add_ms', was 'fast'"]),
        (["add_ms=200ms"], 3, ["a number was expected for 'add_ms'", "the unit (ms) is in the name"]),
        (["add_ms=2000"], 3, ["'add_ms' must be at most 1000 ms, was 2000"]),
        (["add_ms=-1"], 3, ["'add_ms' must be at least 0 ms, was -1"]),
        (["add_ms=nan"], 3, ["a number was expected for 'add_ms'"]),
        (["add_ms="], 3, ["a number was expected for 'add_ms'"]),
        (["add_ms"], 2, ["a parameter and its value were expected", "--set drop_pct=20"]),
        (["=5"], 2, ["a parameter and its value were expected"]),
        (["add_ms=1", "add_ms=2"], 2, ["--set add_ms is given twice"]),
    ],
)
def test_a_wrong_set_is_refused_before_anything_plays(
    stress: Stress, desk: Desk, words: list[str], code: int, says: list[str]
) -> None:
    """Unknown, not a number, out of range, twice: each with what to write instead."""
    options = [option for word in words for option in ("--set", word)]
    done = stress("run", desk.write(**PARAMS), *options)

    assert (done.code, done.out, stress.results()) == (code, "", [])
    assert [text for text in says if text not in done.err] == []


def test_a_set_changes_the_run_and_is_said(stress: Stress, desk: Desk) -> None:
    """The reproduce command carries it."""
    done = stress("run", desk.write(**PARAMS), "--set", "add_ms=150", "-q")

    assert done.code == 0
    assert "changed --set add_ms=150: such a run never counts for a certificate" in done.out
    assert "again   stress run scenarios.d/small.yaml --set add_ms=150 --seed 7" in done.out


def test_invalid_yaml_is_exit_3_with_place_and_help(stress: Stress, desk: Desk) -> None:
    """file:line:col, the line, the right word."""
    path = desk.write()
    text = (desk.folder / path).read_text(encoding="utf-8").replace("run_for_s:", "run_for:")
    (desk.folder / path).write_text(text, encoding="utf-8")
    done = stress("run", path)

    assert (done.code, done.out) == (3, "")
    assert re.match(r"scenarios\.d/small\.yaml:\d+:\d+: error\[S\d+\]: ", done.err)
    assert "run_for_s" in done.err
    assert "Traceback" not in done.err


def test_a_scenario_that_is_not_there_is_exit_3_with_the_nearest(stress: Stress) -> None:
    """A name or a file."""
    done = stress("run", "flash_crsh")

    assert (done.code, done.out) == (3, "")
    assert "did you mean 'flash_crash'?" in done.err


def test_a_results_folder_that_cannot_be_written_is_exit_4(stress: Stress, desk: Desk) -> None:
    """A file stands where the folder should be."""
    (stress.folder / "taken").write_text("in the way")
    done = stress("run", desk.write(), "-q", "--results", "taken")

    assert (done.code, done.out) == (4, "")
    assert "the result cannot be written to taken/" in done.err
    assert "Traceback" not in done.err


def test_a_workspace_that_is_none_is_exit_4(stress: Stress) -> None:
    """It says how to make one."""
    done = stress("run", "flash_crash", "--workspace", "nowhere")

    assert done.code == 4
    assert "make one: stress init nowhere" in done.err


def test_a_tape_that_is_not_there_is_exit_4(stress: Stress) -> None:
    """No market data is shipped; the message says how to name some."""
    done = stress("run", "flash_crash_on_tape", "--set", "tape=no/such/tape")

    assert done.code == 4
    assert "no/such/tape" in done.err
    assert "--set tape=FOLDER" in done.err


def test_junit_has_a_case_for_each_gate(stress: Stress, desk: Desk) -> None:
    """What failed is a failure; the file is well-formed and names the seed."""
    done = stress("run", desk.write(RED), "-q", "--junit", "out.xml")
    suite = ElementTree.parse(stress.folder / "out.xml").getroot()[0]  # noqa: S314 - our own file
    properties = {item.get("name"): item.get("value") for item in suite.iter("property")}

    assert done.code == 1
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "3", "0")
    assert {case.get("name") for case in suite.iter("testcase")} == {"decision_p90"}
    assert (properties["verdict"], properties["seed"]) == ("FAIL", "7")


def test_a_junit_file_that_cannot_be_written_is_exit_4(stress: Stress, desk: Desk) -> None:
    """The person learns it before anything is played."""
    done = stress("run", desk.write(), "-q", "--junit", "no/such/folder/out.xml")

    assert done.code == 4
    assert "there is no folder no/such/folder" in done.err
    assert stress.results() == []


def test_run_without_a_scenario_is_a_usage_error(stress: Stress) -> None:
    """Exit 2 and how to ask for help."""
    done = stress("run")

    assert done.code == 2
    assert "stress run -h" in done.err


def test_results_may_go_elsewhere(stress: Stress, desk: Desk) -> None:
    """``--results`` is where the run folder is made."""
    done = stress("run", desk.write(), "-q", "--results", "deep/er")

    assert done.code == 0
    assert len(list((stress.folder / "deep/er").iterdir())) == 1
    assert stress.results() == []


def test_a_changed_gate_set_beside_a_scenario_that_is_no_workspace_is_told(stress: Stress) -> None:
    """One line on standard error and a finding; of an unchanged clone nothing."""
    for name in ("scenarios.d/flash_crash.yaml", "gates.d/flatten_core.yaml"):
        copy = stress.folder / name
        copy.parent.mkdir()
        copy.write_bytes((REPOSITORY / name).read_bytes())
    unchanged = stress("run", "scenarios.d/flash_crash.yaml", "--quiet", "--json")
    with (stress.folder / "gates.d/flatten_core.yaml").open("a", encoding="utf-8") as gates:
        gates.write("# mine\n")
    changed = stress("run", "scenarios.d/flash_crash.yaml", "--quiet", "--json")

    assert unchanged.err == ""
    assert [found["code"] for found in unchanged.json["findings"] if found["code"] == "documents_ignored"] == []
    (found,) = [found for found in changed.json["findings"] if found["code"] == "documents_ignored"]
    assert found["text"].startswith("gates.d/flatten_core.yaml in this folder differs and is not used: ")
    assert changed.err == f"note: {found['text']}\n"
    assert changed.json["verdict"] == unchanged.json["verdict"]
