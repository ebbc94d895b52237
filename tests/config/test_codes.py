"""The catalogue of problem codes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import engine
from engine.config.codes import CODES
from engine.config.problems import Problems
from engine.config.reader import read_text
from engine.config.source import text_of

ENGINE = Path(engine.__file__).parent
LETTERS = {"Y1", "S2", "R3", "P4", "G5", "W6", "T7"}


def used() -> set[str]:
    """Every code that the source of the engine names, the catalogue apart."""
    sources = [path for path in ENGINE.rglob("*.py") if "codes" not in path.parts]
    return {code for path in sources for code in re.findall(r'"([YSRPGWT]\d{3})"', path.read_text(encoding="utf-8"))}


def test_every_code_that_is_used_can_be_explained() -> None:
    """`more: stress explain S201` must not end in nothing."""
    assert used() - set(CODES) == set()


def test_every_code_that_can_be_explained_is_used() -> None:
    """A page that nothing leads to is a page to take out."""
    assert set(CODES) - used() == set()


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_code_has_a_title_a_reason_and_examples_that_differ(code: str) -> None:
    """And its letter says what it is about."""
    entry = CODES[code]

    assert code[:2] in LETTERS
    assert entry.title
    assert entry.why.endswith((".", "?", "'.", "seen."))
    assert bool(entry.wrong) == bool(entry.right)
    assert not entry.wrong or entry.wrong != entry.right
    assert entry.explanation.startswith(entry.why)


@pytest.mark.parametrize("code", [*sorted(code for code in CODES if code[0] == "Y" and CODES[code].wrong), "W601"])
def test_the_wrong_example_has_this_problem_and_the_right_one_none(code: str) -> None:
    """The page is true."""

    def found(text: str) -> list[str]:
        problems = Problems()
        decoded = text_of(text.encode(), "f.yaml", problems)
        if decoded is not None:
            read_text(decoded, "f.yaml", problems)
        return [problem.code for problem in problems.all]

    assert found(CODES[code].wrong)[0] == code
    assert found(CODES[code].right) == []
