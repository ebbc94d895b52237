"""Playing a scenario with a broken governor in its desk, for the self-test. Nothing is saved."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

from engine.gates.verdict import Verdict, worst
from engine.runs.assess import assess
from engine.runs.documents import open_library
from engine.runs.plan import Plan, plan_run
from engine.runs.play import play
from engine.runs.pool import Tell
from engine.runs.why import cause, why
from engine.trading import defects
from engine.trading.governor_documents import DefectGovernorDocument, ReferenceGovernorDocument

REFERENCE = "reference"
HASH_SEEDS = (1, 2)
"""Python's hash of a text is another one under each."""


@dataclass(frozen=True)
class Job:
    """A scenario with a broken governor, or with the reference governor."""

    defect: str
    scenario: str

    @property
    def name(self) -> str:
        """For people."""
        return f"{self.defect} on {self.scenario}"


@dataclass(frozen=True)
class SelfTestWork:
    """A job, and where it is to be done."""

    job: Job
    cwd: Path
    workspace: Path | None


@dataclass(frozen=True)
class Seen:
    """What came of a job: the verdict and its sentence, and of each gate the worst verdict and its sentence."""

    verdict: Verdict
    why: str
    gates: dict[str, tuple[Verdict, str]]


def governed(plan: Plan, name: str) -> Plan:
    """The same plan with the defect of that name in the governor's place, or the reference governor."""
    document = ReferenceGovernorDocument() if name == REFERENCE else DefectGovernorDocument(name=name)
    return replace(plan, scenario=replace(plan.scenario, desk=replace(plan.scenario.desk, governor=document)))


def look(work: SelfTestWork, tell: Tell) -> Seen:
    """Play and judge one job; in two more processes, where a plant asks whether it is the same there."""
    os.chdir(work.cwd)
    assessment = assess(play(_plan(work)))
    gates: dict[str, tuple[Verdict, str]] = {}
    for placed in assessment.judgements:
        gate, verdict = placed.judgement.gate, placed.judgement.verdict
        if gate not in gates or worst([verdict, gates[gate][0]]) is not gates[gate][0]:
            gates[gate] = verdict, cause(placed, assessment.evidence).removeprefix(f"{gate}: ")
    if _is_repeated(work.job):
        gates[defects.REPEATED] = _repeated(work)
    verdict = worst([assessment.verdict, *(verdict for verdict, _ in gates.values())])
    return Seen(verdict, why(assessment), gates)


def fingerprint_of(work: SelfTestWork) -> str:
    """The fingerprint of a job's run."""
    return play(_plan(work)).built.site.world.log.fingerprint()


def _plan(work: SelfTestWork) -> Plan:
    return governed(plan_run(open_library(work.workspace), work.job.scenario, {}, None), work.job.defect)


def _is_repeated(job: Job) -> bool:
    """Whether the defect has to be caught by playing this scenario twice; the reference governor if any defect has."""
    names = defects.names() if job.defect == REFERENCE else (job.defect,)
    caught = [each for name in names for each in defects.caught_by(name)]
    return any((each.scenario, each.gate) == (job.scenario, defects.REPEATED) for each in caught)


def _repeated(work: SelfTestWork) -> tuple[Verdict, str]:
    """Whether the run is the same in two processes with different hash seeds."""
    first, second = (_under(seed, work) for seed in HASH_SEEDS)
    if first == second:
        return Verdict.PASS, f"{first[:12]} in two processes with different hash seeds"
    return Verdict.FAIL, f"{first[:12]} in one process and {second[:12]} in another, with another hash seed"


def _under(hash_seed: int, work: SelfTestWork) -> str:
    """The fingerprint in a new interpreter with this hash seed, which it reads from its environment at its start."""
    before = os.environ.get("PYTHONHASHSEED")
    os.environ["PYTHONHASHSEED"] = str(hash_seed)
    try:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            return process.submit(fingerprint_of, work).result()
    finally:
        del os.environ["PYTHONHASHSEED"]
        if before is not None:
            os.environ["PYTHONHASHSEED"] = before
