"""The faults' YAML cases: what each does and refuses, written by anybody, played on a real site."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine.base.keys import key
from engine.config.library import DocKind, Library
from engine.config.workspace import Workspace
from tests.faults.driver import REPOSITORY, made, play_fault, sabotaged

CASES = REPOSITORY / "tests" / "cases" / "faults"


@dataclass(frozen=True, kw_only=True)
class Expected:
    """The effect that must be seen."""

    metric: str = key("What is looked at")
    needed: float = key("What the fault demands of itself")
    from_: float | None = key("The least that may be seen; without it nothing may be seen at all", default=None)
    to: float = key("The most that may be seen", default=0)
    held: bool = key("Whether the fault has bitten")


@dataclass(frozen=True, kw_only=True)
class PlayCase:
    """A fault with its parameters, played."""

    case: str = key("What is shown")
    with_: dict[str, Any] = key("The fault's parameters", default={})
    for_s: float = key("How long it lasts, in seconds", above=0, max=60)
    market: str = key("The scenario of tests/faults on which it is played", default="small_market")
    sabotaged: bool = key("Whether the fault only claims to be this one", default=False)
    effect: Expected = key("What must be seen of it")


@dataclass(frozen=True, kw_only=True)
class RefusedCase:
    """Parameters that the loader refuses."""

    case: str = key("What is shown")
    with_: dict[str, Any] = key("The fault's parameters", default={})
    says: str = key("Part of the reason")


@dataclass(frozen=True, kw_only=True)
class FaultCases:
    """The cases of one fault."""

    cases: str = key("The fault")
    plays: tuple[PlayCase, ...] = key("What it does")
    refused: tuple[RefusedCase, ...] = key("What it refuses")


def read(path: Path) -> FaultCases:
    """A cases file, read by the loader's rules: a misspelt key is an error there too."""
    kind = DocKind("cases", FaultCases, "")
    library = Library(Workspace.find(REPOSITORY), [kind])
    loaded = library.load(kind, path)
    library.raise_problems()
    assert loaded is not None
    return loaded.value


FILES = {path.stem: read(path) for path in sorted(CASES.glob("*.yaml"))}
PLAYS = [pytest.param(name, case, id=f"{name}: {case.case}") for name, file in FILES.items() for case in file.plays]
REFUSED = [pytest.param(name, case, id=f"{name}: {case.case}") for name, file in FILES.items() for case in file.refused]


@pytest.mark.parametrize(("name", "case"), PLAYS)
def test_a_fault_does_what_its_case_says(name: str, case: PlayCase) -> None:
    """Played from second 60 of its market; the effect is the fault's own check."""
    fault = made(name, case.with_)
    market = case.market
    effect = (
        sabotaged(fault, case.for_s, market) if case.sabotaged else play_fault(fault, case.for_s, market=market).effect
    )
    wanted = case.effect

    assert effect.metric == wanted.metric
    assert effect.needed == pytest.approx(wanted.needed)
    assert math.isnan(effect.value) if wanted.from_ is None else wanted.from_ <= effect.value <= wanted.to
    assert effect.held is wanted.held


@pytest.mark.parametrize(("name", "case"), REFUSED)
def test_a_fault_refuses_what_its_case_says(name: str, case: RefusedCase) -> None:
    """By its schema, before anything runs."""
    with pytest.raises(ValueError, match=r"\S") as refused:
        made(name, case.with_)

    assert case.says in str(refused.value)


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_about_the_fault_of_its_name(name: str) -> None:
    """It bites at least once, and at least one that does nothing is found out."""
    file = FILES[name]

    assert file.cases == name
    assert any(case.effect.held for case in file.plays)
    assert any(case.sabotaged and not case.effect.held for case in file.plays)
