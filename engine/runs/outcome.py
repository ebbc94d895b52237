"""From a played and assessed run to its result."""

from __future__ import annotations

import math
import platform
import shlex
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from itertools import repeat
from typing import Any

import engine
from engine.base.units import s_from_ns
from engine.faults.fault import Effect
from engine.gates.judgement import Judgement
from engine.gates.verdict import WORST_FIRST, Verdict, exit_code, worst
from engine.gates.wording import quantity
from engine.runs.assess import Assessment, PlacedJudgement
from engine.runs.beside import Beside, value_text
from engine.runs.code_inputs import code_inputs
from engine.runs.decisions import decisions_of
from engine.runs.plan import Plan
from engine.runs.play import Played
from engine.runs.result import (
    RESULT_SCHEMA,
    BesideResult,
    ClockResult,
    EffectResult,
    FaultResult,
    FindingResult,
    GateResult,
    HappeningResult,
    InputResult,
    PhaseResult,
    RemovedResult,
    Result,
    SeriesResult,
)
from engine.runs.thin import thinned
from engine.runs.why import LOUDNESS, faults_in_force, moment, why
from engine.trading.limits_sha import limits_sha

STANDS_ON = ("numpy", "simpy", "pyyaml", "jsonschema")


def result_of(
    played: Played, assessment: Assessment, run_id: str, timing: Mapping[str, Any], calm: Beside | None = None
) -> Result:
    """The result of a run. *timing* is wall-clock material of the caller's; *calm* the run without the faults."""
    plan, log = played.plan, played.built.site.world.log
    scenario = plan.scenario
    return Result(
        schema=RESULT_SCHEMA,
        run_id=run_id,
        kind="scenario",
        scenario=scenario.scenario,
        title=scenario.title,
        clock=ClockResult(
            mode="simulated",
            start=scenario.clock.start,
            run_for_s=scenario.clock.run_for_s,
            played_s=s_from_ns(played.end_ns),
            warmup_s=scenario.clock.warmup_s,
        ),
        seed=plan.seed,
        params=dict(plan.params),
        overrides=plan.overrides,
        verdict=assessment.verdict.value,
        exit_code=int(exit_code(assessment.verdict)),
        why=why(assessment, calm),
        phases=_phases(assessment),
        faults=_faults(plan, assessment),
        gates=_gates(assessment, calm),
        must_happen=tuple(
            HappeningResult(
                event=event.name,
                count=event.count,
                first_ns=event.first_ns,
                before=event.before,
                verdict=event.verdict.value,
            )
            for event in assessment.happenings
        ),
        findings=tuple(
            FindingResult(
                code=found.code,
                verdict=found.verdict.value if found.verdict else None,
                text=found.text,
                t_ns=found.t_ns,
            )
            for found in assessment.findings
        ),
        removed=tuple(
            RemovedResult(what=f"{kind} {getattr(item, kind)}", reason=item.reason)
            for item in scenario.without
            for kind in ("gate", "must_happen", "control")
            if getattr(item, kind)
        ),
        controls=scenario.controls,
        decisions=decisions_of(log),
        subject={
            "governor": played.built.governor_name,
            "limits": plan.limits.limits,
            "limits_sha256": limits_sha(plan.limits),
            "profile": plan.profile.profile,
        },
        beside=_beside(calm),
        series=_series(assessment),
        fingerprint=log.fingerprint(),
        events=len(log),
        inputs=tuple(
            InputResult(name=source.name, sha256=source.sha256)
            for source in (*plan.inputs, *played.built.inputs, *code_inputs(plan))
        ),
        versions=versions(),
        host={"system": platform.system(), "machine": platform.machine()},
        timing=dict(timing),
        reproduce=reproduce(plan),
    )


def versions() -> dict[str, str]:
    """The version of the program and of what its results stand on."""
    own = {"stress": engine.__version__, "python": platform.python_version()}
    return own | {name: version(name) for name in STANDS_ON}


def reproduce(plan: Plan) -> str:
    """The command that plays the run again, ready to be pasted into a shell."""
    changes = [word for said in plan.overrides if said.startswith("--set") for word in said.split(" ", 1)]
    return shlex.join(["stress", "run", plan.path, *changes, "--seed", str(plan.seed)])


def _phases(assessment: Assessment) -> tuple[PhaseResult, ...]:
    phases: dict[str, list[PlacedJudgement]] = {}
    for placed in assessment.judgements:
        phases.setdefault(placed.judgement.phase, []).append(placed)
    return tuple(
        PhaseResult(
            phase=phase,
            start_ns=placed[0].judgement.start_ns,
            end_ns=placed[0].judgement.end_ns,
            verdict=worst(entry.judgement.verdict for entry in placed).value,
        )
        for phase, placed in phases.items()
    )


def _faults(plan: Plan, assessment: Assessment) -> tuple[FaultResult, ...]:
    return tuple(
        FaultResult(
            id=injection.item.id,
            fault=injection.item.fault,
            t0_ns=injection.t0_ns,
            heal_ns=injection.heal_ns,
            skipped=injection.skip or None,
            effects=tuple(_effect(effect) for effect in assessment.effects.get(injection.item.id, ())),
        )
        for injection in plan.injections
    )


def _effect(effect: Effect) -> EffectResult:
    return EffectResult(
        metric=effect.metric,
        value=finite(effect.value),
        needed=effect.needed,
        most=finite(effect.most),
        unit=effect.unit,
        held=effect.held,
    )


def _beside(calm: Beside | None) -> BesideResult | None:
    if calm is None:
        return None
    failed = tuple(dict.fromkeys(judged.gate for judged in calm.judgements if judged.verdict is Verdict.FAIL))
    return BesideResult(fingerprint=calm.fingerprint, failed_gates=failed)


def _gates(assessment: Assessment, calm: Beside | None) -> tuple[GateResult, ...]:
    order = {verdict: place for place, verdict in enumerate((*WORST_FIRST, Verdict.DEFERRED))}
    quiet: Iterable[Judgement | None] = calm.judgements if calm else repeat(None)
    ranked = sorted(
        zip(assessment.judgements, quiet, strict=False),
        key=lambda pair: (order[pair[0].judgement.verdict], LOUDNESS[pair[0].judgement.severity]),
    )
    return tuple(_gate(placed, beside, assessment) for placed, beside in ranked)


def _gate(placed: PlacedJudgement, beside: Judgement | None, assessment: Assessment) -> GateResult:
    judged = placed.judgement
    bound = judged.ci
    return GateResult(
        id=judged.gate,
        phase=judged.phase,
        file=placed.file,
        line=placed.line,
        metric=judged.metric,
        stat=judged.stat,
        window=judged.window,
        verdict=judged.verdict.value,
        basis=judged.basis.value,
        value=finite(judged.value),
        value_text=value_text(judged),
        unit=judged.unit,
        without_faults=finite(beside.value) if beside else None,
        without_faults_text=value_text(beside) if beside else None,
        warn=judged.warn or None,
        fail=judged.fail,
        n=judged.n,
        ci="none" if bound is None else bound if isinstance(bound, str) else quantity(bound, judged.unit),
        margin_pct=judged.margin_pct,
        decided_at_ns=judged.decided_at_ns,
        reason=judged.reason,
        action=judged.action or None,
        runbook=judged.runbook,
        severity=judged.severity,
        controls=judged.controls,
        faults=faults_in_force(assessment.evidence, moment(judged)),
    )


def _series(assessment: Assessment) -> dict[str, SeriesResult]:
    """Every metric that a gate judged, and the market's and the desk's own course."""
    judged = {placed.judgement.metric for placed in assessment.judgements}
    names = sorted(judged | {"equity_usd", "mid_drop_pct", "depth_shares"})
    return {name: thinned(assessment.measured.whole(name)) for name in names}


def finite(value: float | None) -> float | None:
    """*value* if JSON has it, else None."""
    return value if value is not None and math.isfinite(value) else None
