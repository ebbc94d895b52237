"""What the validator answers to each broken document of ``tests/bad``, to the letter."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from engine.base.errors import ExitCode
from engine.config.codes import CODES

from .bad_cases import FOLDER, answer, case_names, expected, lay_out

NOT_HERE = {
    "P404": "needs --set (tests/config/test_params.py)",
    "R303": "needs a file that may not be read, which the root user may (tests/config/test_source.py)",
    "R321": "every list that 'without' can take from is one of a scenario's (tests/config/test_merge.py)",
    "S210": "the word that 'with' depends on is required, so it is reported as missing (tests/config/test_check.py)",
    "T712": "the loader reports the same as S211 first (tests/runs/test_timeline.py)",
    "T713": "needs a tape (tests/runs)",
    "T714": "needs a tape (tests/runs)",
}
"""Codes that no document of the folder can have, and why."""

JARGON = re.compile(
    r"is not of type|oneOf|anyOf|additionalProperties|propertyNames|is a required property|Traceback"
    r"|\bNone\b|\bNoneType\b|\bdict\b|\bstr\b|\bint\b|\bfloat\b|\bbool\b|\btuple\b|\bregex\b|<class|0x[0-9a-f]{6}|\^\["
)
SECRETS = ("hunter2", "sk_live")
FIRST_LINE = re.compile(r"\S+\.yaml(:\d+:\d+)?: (error|warning)\[[A-Z]\d{3}\]: \S.*")


@pytest.fixture(scope="module")
def answers() -> dict[str, str]:
    """Every expected answer, by case."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.txt"))}


@pytest.mark.parametrize("case", case_names())
def test_the_answer_is_the_one_that_was_read_and_found_good(case: str, tmp_path: Path) -> None:
    """To the letter: place, sentence, source line, carets, help."""
    workspace = tmp_path / "workspace"
    workspace.mkdir()
    said = answer(workspace.resolve(), lay_out(case, workspace))
    if os.environ.get("STRESS_BLESS") == "1":
        expected(case).write_text(said, encoding="utf-8")
    assert said == expected(case).read_text(encoding="utf-8")


def test_answers_are_not_blessed_in_ci() -> None:
    """A run that writes its own expectations proves nothing."""
    assert not (os.environ.get("CI") and os.environ.get("STRESS_BLESS"))


def test_there_are_many_cases_and_no_answer_without_one(answers: dict[str, str]) -> None:
    """A renamed case leaves nothing behind."""
    assert sorted(answers) == case_names()
    assert len(answers) >= 75


def test_every_code_has_a_case_or_a_reason(answers: dict[str, str]) -> None:
    """A new code comes with a document that shows it."""
    shown = {code for text in answers.values() for code in re.findall(r"(?:error|warning)\[(\w+)\]", text)}

    assert set(CODES) - shown == set(NOT_HERE)


def test_every_case_has_a_problem(answers: dict[str, str]) -> None:
    """What is wrong is found."""
    assert [case for case, text in answers.items() if not re.search(r"^\d+ (error|warning)", text, re.MULTILINE)] == []


def test_every_problem_begins_with_its_place_and_its_code(answers: dict[str, str]) -> None:
    """So that an editor and a person can jump there; only a missing file has no place."""
    heads = [line for text in answers.values() for line in text.splitlines() if re.search(r"(error|warning)\[", line)]

    assert [line for line in heads if not FIRST_LINE.fullmatch(line)] == [
        "error[R301]: there is no document 'scenarios.d/no_such_file.yaml'"
    ]


@pytest.mark.parametrize("case", case_names())
def test_no_answer_speaks_the_language_of_the_program(case: str, answers: dict[str, str]) -> None:
    """Its reader writes risk limits, no code. What is quoted is his own."""
    said = [line for line in answers[case].splitlines() if not re.match(r" *\d* \|", line)]

    assert [line for line in said if JARGON.search(re.sub("'[^']*'", "", line))] == []


def test_no_answer_holds_a_secret(answers: dict[str, str]) -> None:
    """Neither in the message nor in the source line below it."""
    sources = [path.read_text(encoding="utf-8", errors="replace") for path in FOLDER.glob("secret_*.yaml")]

    assert all(any(secret in text for text in sources) for secret in SECRETS)
    assert [case for case, text in answers.items() if any(secret in text for secret in SECRETS)] == []


def test_all_mistakes_of_a_document_are_told_in_one_pass_from_top_to_bottom(answers: dict[str, str]) -> None:
    """Keys, values, parameters, and names of other documents."""
    places = re.findall(r"many_mistakes\.yaml:(\d+):\d+: error\[(\w+)\]", answers["many_mistakes"])

    assert [int(line) for line, _ in places] == sorted(int(line) for line, _ in places)
    assert {code for _, code in places} == {"S201", "S203", "P401", "S206", "R310", "S205"}


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("misspelt_top_key", ExitCode.INVALID_DOCUMENT),
        ("tab_indentation", ExitCode.INVALID_DOCUMENT),
        ("settings_of_another_type", ExitCode.INVALID_DOCUMENT),
        ("no_such_file", ExitCode.INVALID_DOCUMENT),
        ("too_few_samples", ExitCode.PASS),
    ],
)
def test_the_command_says_the_same_and_ends_in_its_exit_code(
    case: str, code: ExitCode, tmp_path: Path, answers: dict[str, str]
) -> None:
    """A warning alone does not make a document invalid."""
    document = lay_out(case, tmp_path)
    ended = subprocess.run(
        [sys.executable, "-c", "from engine.cli import main; main()", "validate", document],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (code, answers[case])
