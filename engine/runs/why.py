"""The why-sentence: the cause of a verdict in one sentence, for somebody who reads nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import repeat

from engine.base.words import counted, listing
from engine.domain.governance import Level
from engine.domain.records import GovernorState
from engine.gates.judgement import Judgement
from engine.gates.verdict import Verdict
from engine.gates.wording import at_time
from engine.metrics.evidence import Evidence
from engine.runs.assess import Assessment, PlacedJudgement
from engine.runs.beside import Beside, sentence

LOUDNESS = {"critical": 0, "warning": 1, "info": 2}


def why(assessment: Assessment, calm: Beside | None = None) -> str:
    """One sentence that names the cause of the verdict, and what the gate said *calm*, without the faults."""
    verdict = assessment.verdict
    if verdict is Verdict.PASS:
        return _all_held(assessment)
    causes = [found.text for found in assessment.findings if found.verdict is verdict]
    quiet: Iterable[Judgement | None] = calm.judgements if calm else repeat(None)
    red = sorted(
        (pair for pair in zip(assessment.judgements, quiet, strict=False) if pair[0].judgement.verdict is verdict),
        key=lambda pair: LOUDNESS[pair[0].judgement.severity],
    )
    causes += [cause(placed, assessment.evidence) + (sentence(beside) if beside else "") for placed, beside in red]
    causes += [happening.reason for happening in assessment.happenings if happening.verdict is verdict]
    rest = f"; and {counted(len(causes) - 1, 'more cause')}" if len(causes) > 1 else ""
    return causes[0] + rest


def faults_in_force(evidence: Evidence, t_ns: int) -> tuple[str, ...]:
    """The timeline items that were being injected at *t_ns*."""
    return tuple(
        span.item for span in evidence.spans() if span.t0_ns <= t_ns and (span.heal_ns is None or t_ns <= span.heal_ns)
    )


def moment(judgement: Judgement) -> int:
    """The instant that explains a judgement: of its worst value where it has one, else the end of its window."""
    if judgement.stat in ("max", "min") and judgement.worst_at_ns is not None:
        return judgement.worst_at_ns
    return judgement.decided_at_ns


def _all_held(assessment: Assessment) -> str:
    held = sum(placed.judgement.verdict is not Verdict.DEFERRED for placed in assessment.judgements)
    bitten = f"while {counted(len(assessment.effects), 'fault')} bit"
    return f"{counted(held, 'gate')} held {bitten}{_deferred(assessment)}"


def _deferred(assessment: Assessment) -> str:
    """How many gates a simulated run cannot decide, if any."""
    deferred = sum(placed.judgement.verdict is Verdict.DEFERRED for placed in assessment.judgements)
    return f"; {counted(deferred, 'gate')} can only be decided by a live run" if deferred else ""


def cause(placed: PlacedJudgement, evidence: Evidence) -> str:
    """The gate's reason, with the faults in force and the governor's state at the moment that counts."""
    judgement = placed.judgement
    moment_ns = moment(judgement)
    inside = faults_in_force(evidence, moment_ns)
    context = f" while {listing(inside)} {'was' if len(inside) == 1 else 'were'} in force" if inside else ""
    return judgement.reason + context + _governor_then(evidence, moment_ns)


def _governor_then(evidence: Evidence, t_ns: int) -> str:
    """What the governor had last said of itself at *t_ns*."""
    said = [state for state in evidence.log.of(GovernorState) if state.t_ns <= t_ns]
    if not said:
        return "; the governor had neither held nor stopped"
    last = said[-1]
    level = Level(last.level)
    if level is Level.RUNNING:
        return ""
    word = "held" if level is Level.HOLD else f"stopped at {level.name}"
    return f"; the governor had {word} since {at_time(last.t_ns)} ({last.reason})"
