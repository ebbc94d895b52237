"""Every shipped scenario: passes with the reference governor, and fails as it says it would."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.gates.verdict import Verdict
from engine.runs.assess import Assessment, assess
from engine.runs.documents import open_library
from engine.runs.plan import plan_run
from engine.runs.play import play
from engine.runs.why import why

REPOSITORY = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("STRESS_DATA", REPOSITORY.parent / "shared" / "data"))
TAPE = DATA / "lobster-amzn-2012-06-21"
SCENARIOS = sorted(path.stem for path in (REPOSITORY / "scenarios.d").glob("*.yaml"))
SEEDS = (1, 2)
MANY_SEEDS = range(1, 21)


def judged(name: str, seed: int | None = None, sets: dict[str, str] | None = None) -> Assessment:
    """The scenario, played and judged."""
    if "tape" in (REPOSITORY / "scenarios.d" / f"{name}.yaml").read_text(encoding="utf-8").split("params:")[-1]:
        if not TAPE.is_dir():
            pytest.skip(f"no market data: {TAPE.name} is not there (set STRESS_DATA)")
        sets = {**(sets or {}), "tape": str(TAPE)}
    return assess(play(plan_run(open_library(None), name, sets or {}, seed)))


def failed(assessment: Assessment) -> set[str]:
    """The gates that are red."""
    return {p.judgement.gate for p in assessment.judgements if p.judgement.verdict is Verdict.FAIL}


def known_reds() -> list[tuple[str, dict[str, str], str]]:
    """Each documented way to make a shipped scenario fail."""
    library = open_library(None)
    return [
        (name, {param: str(value) for param, value in red.set.items()}, red.gate)
        for name in SCENARIOS
        for red in plan_run(library, name, {}, None).scenario.known_red
    ]


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_scenario_passes_with_the_reference_governor(name: str, seed: int) -> None:
    """On seeds that nobody chose; WARN would hold a certificate, so it is none of the expected."""
    assessment = judged(name, seed)

    assert (assessment.verdict, why(assessment)) == (Verdict.PASS, why(assessment))


@pytest.mark.long
@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("seed", MANY_SEEDS)
def test_a_scenario_passes_on_many_seeds(name: str, seed: int) -> None:
    """Twenty of twenty support that at least 86 % of markets like this pass, at 95 %."""
    assessment = judged(name, seed)

    assert (assessment.verdict, why(assessment)) == (Verdict.PASS, why(assessment))


@pytest.mark.parametrize(("name", "sets", "gate"), known_reds(), ids=str)
def test_a_scenario_fails_as_it_documents(name: str, sets: dict[str, str], gate: str) -> None:
    """A gate that cannot turn red proves nothing."""
    assessment = judged(name, sets=sets)

    assert assessment.verdict is Verdict.FAIL
    assert gate in failed(assessment)


def test_every_scenario_documents_a_way_to_fail() -> None:
    """At least one parameter value each."""
    assert sorted({name for name, _, _ in known_reds()}) == SCENARIOS
