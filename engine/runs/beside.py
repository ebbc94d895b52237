"""The same seed without the faults: what each gate would have said of a calm day, beside what it said of this one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from engine.gates.judgement import Judgement
from engine.gates.verdict import Verdict
from engine.gates.wording import quantity
from engine.runs.assess import Assessment, evidence_of, judgements_of
from engine.runs.measured import Measured
from engine.runs.play import Look, Played, play

When = Literal["auto", "always", "never"]
"""Whether the run without the faults is played: where a gate is FAIL or WARN, in any case, or not at all."""


@dataclass(frozen=True)
class Beside:
    """What came of the same plan with an empty timeline. It changes no verdict."""

    judgements: tuple[Judgement, ...]
    """In the order of the assessment's own, over the same windows."""
    fingerprint: str


def beside(played: Played, assessment: Assessment, when: When, look: Look | None = None) -> Beside | None:
    """The run of *played* without its faults, if *when* asks for it; None if not, or if *look* ended it."""
    explains = any(placed.judgement.verdict in (Verdict.FAIL, Verdict.WARN) for placed in assessment.judgements)
    if when == "never" or (when == "auto" and not explains) or played.aborted or not played.plan.injections:
        return None
    calm = play(replace(played.plan, injections=()), look=look)
    if calm.aborted:
        return None
    same_windows = Played(played.plan, calm.built, calm.end_ns, aborted=False)
    judged = judgements_of(same_windows, Measured(evidence_of(calm)))
    return Beside(tuple(placed.judgement for placed in judged), calm.built.site.world.log.fingerprint())


def value_text(judgement: Judgement) -> str:
    """The value of a gate for people, with its unit."""
    return "none" if judgement.value is None else quantity(judgement.value, judgement.unit, judgement.fail_at)


def sentence(calm: Judgement) -> str:
    """What a gate's sentence says of the run without the faults."""
    if calm.value is None:
        return "; without the faults there was nothing to judge"
    too = ", and failed too" if calm.verdict is Verdict.FAIL else ""
    return f"; without the faults it was {value_text(calm)}{too}"
