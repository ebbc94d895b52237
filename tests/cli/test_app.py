"""The command as a whole: help, versions, usage errors, and bugs that become a report."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import engine
from engine.base.errors import ExitCode
from engine.cli import _guarded
from tests.cli.command import COMMAND, Stress

VERBS = (
    "run",
    "selftest",
    "validate",
    "list",
    "explain",
    "show",
    "new",
    "schema",
    "init",
    "realism",
    "doctor",
    "stop",
    "data",
    "limits",
    "calibrate",
    "governor",
)


def test_help_names_every_verb(stress: Stress) -> None:
    """On standard output, with exit 0, each verb with a whole sentence."""
    done = stress("--help")
    verbs = done.out.partition("Commands:\n")[2]
    listed = [line.split()[0] for line in verbs.splitlines()]

    assert (done.code, done.err, tuple(listed)) == (0, "", VERBS)
    assert all(line.endswith(".") and not line.endswith("...") for line in verbs.splitlines())


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("word", ["-h", "--help"])
def test_every_verb_has_help(stress: Stress, verb: str, word: str) -> None:
    """What it does and every option, with exit 0."""
    done = stress(verb, word)

    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"Usage: stress {verb}")
    assert "  -h, --help" in done.out


def test_run_help_says_what_each_exit_code_means(stress: Stress) -> None:
    """A script writer finds it without the manual."""
    text = " ".join(stress("run", "--help").out.split())

    assert "Exit 0 pass, 1 a gate failed, 2 usage, 3 invalid YAML" in text
    assert "5 no verdict, 130 Ctrl-C" in text


def test_version(stress: Stress) -> None:
    """One line."""
    done = stress("--version")

    assert (done.code, done.out) == (0, f"stress {engine.__version__}\n")


def test_without_a_verb_it_shows_its_help_and_is_a_usage_error(stress: Stress) -> None:
    """Nothing was asked for, so nothing succeeded."""
    done = stress()

    assert done.code == 2
    assert "Usage: stress" in done.out + done.err


@pytest.mark.parametrize("words", [["rum"], ["run", "x", "--sed", "3"], ["list"], ["validate", "--nope"]])
def test_a_wrong_command_line_is_exit_2_on_standard_error(stress: Stress, words: list[str]) -> None:
    """With how to ask for help."""
    done = stress(*words)

    assert (done.code, done.out) == (2, "")
    assert "-h' for help" in done.err


def test_a_misspelt_verb_gets_the_nearest(stress: Stress) -> None:
    """rum → run."""

    assert "Did you mean 'run'?" in stress("rum").err


@pytest.fixture
def guarded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[BaseException, bool], int]:
    """The exit code of ``stress list codes`` when the given error comes out of it."""

    def end(error: BaseException, debug: bool) -> int:
        def catalogue(_kind: str, _library: object) -> list[tuple[str, str]]:
            raise error

        monkeypatch.setattr("engine.runs.catalogue.catalogue", catalogue)
        monkeypatch.setattr(sys, "argv", ["stress", "list", "codes"])
        monkeypatch.chdir(tmp_path)
        return _guarded(debug)

    return end


def test_a_bug_is_exit_70_with_a_report_and_without_a_traceback(
    guarded: Callable[[BaseException, bool], int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The user gets a sentence and a file to send; the file holds the traceback."""
    code = guarded(ZeroDivisionError("of all things"), False)
    said = capsys.readouterr()
    report = (tmp_path / "stress-bug.md").read_text(encoding="utf-8")

    assert (code, said.out) == (ExitCode.BUG, "")
    assert said.err == (
        "stress: this is a bug of stress: ZeroDivisionError: of all things\n"
        "The details are in stress-bug.md; please report it, with that file.\n"
    )
    assert report.startswith(f"stress {engine.__version__}, Python ")
    assert "Traceback (most recent call last):" in report


def test_debug_shows_the_traceback_and_writes_no_report(
    guarded: Callable[[BaseException, bool], int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """For those who want to mend it now."""
    code = guarded(ZeroDivisionError("of all things"), True)

    assert code == ExitCode.BUG
    assert "Traceback (most recent call last):" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_report_that_cannot_be_written_is_printed(
    guarded: Callable[[BaseException, bool], int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder has the report's name."""
    (tmp_path / "stress-bug.md").mkdir()
    code = guarded(ZeroDivisionError("of all things"), False)
    said = capsys.readouterr().err

    assert code == ExitCode.BUG
    assert "Traceback (most recent call last):" in said
    assert "The details are in the lines above" in said


def test_ctrl_c_is_130(guarded: Callable[[BaseException, bool], int]) -> None:
    """Wherever it comes."""

    assert guarded(KeyboardInterrupt(), False) == ExitCode.INTERRUPTED


def test_debug_is_taken_anywhere_on_the_line(stress: Stress) -> None:
    """It belongs to no verb."""

    assert stress("list", "models", "--debug").out == stress("list", "models").out


def test_a_closed_pipe_is_no_error(stress: Stress) -> None:
    """``stress list codes | head -1`` ends without a word."""
    process = stress.start("list", "codes")
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    said = process.stderr.read()
    process.stderr.close()

    assert (process.wait(timeout=60), said) == (0, "")


@pytest.mark.parametrize(
    "words",
    ["schema", "schema 2>&1", "run flash_crash 2>&1", "realism --gone 2>&1"],
    ids=lambda words: words.replace(" ", "_"),
)
def test_a_reader_that_goes_ends_any_verb_quietly_and_never_with_0(stress: Stress, words: str) -> None:
    """As SIGPIPE ends a Unix tool: no traceback, no report of a bug, and no verdict that nobody has read."""
    (stress.folder / "schemas").mkdir()
    script = f"{{ {COMMAND} {words}; echo $? > code; }} | true"
    done = subprocess.run(
        ["sh", "-c", script], cwd=stress.folder, env=stress.environment(), text=True, capture_output=True
    )

    assert (done.stdout, done.stderr) == ("", "")
    assert (stress.folder / "code").read_text(encoding="utf-8") == "141\n"
    assert not (stress.folder / "stress-bug.md").exists()


def test_exit_codes_are_the_documented_ones() -> None:
    """They are an interface: runbooks and CI branch on them."""

    assert {code.name: int(code) for code in ExitCode} == {
        "PASS": 0,
        "FAIL": 1,
        "USAGE": 2,
        "INVALID_DOCUMENT": 3,
        "NOT_READY": 4,
        "NO_VERDICT": 5,
        "WAITING": 6,
        "BUG": 70,
        "INTERRUPTED": 130,
    }
