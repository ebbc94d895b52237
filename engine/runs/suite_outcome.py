"""From the runs of a suite to its result."""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from engine.base.errors import ExitCode
from engine.base.words import counted, listing
from engine.gates.controls import Controls
from engine.gates.verdict import WORST_FIRST, Verdict, exit_code, worst
from engine.runs.coverage import coverage
from engine.runs.outcome import versions
from engine.runs.result import GateResult, InputResult, Result
from engine.runs.suite_plan import SuiteJob, SuitePlan
from engine.runs.suite_result import SUITE_SCHEMA, SuiteResult, SuiteRun

_NO_VERDICT_EXITS = {"bug": ExitCode.BUG, "not_ready": ExitCode.NOT_READY}
"""How the command ends when nothing failed, but a run of this state has no verdict."""


def played(job: SuiteJob, result: Result, notes: Sequence[str] = ()) -> SuiteRun:
    """The row of a run that was played and judged."""
    worst_gate = min(
        (gate for gate in result.gates if gate.margin_pct is not None and not _at_its_best(gate)),
        key=lambda gate: gate.margin_pct if gate.margin_pct is not None else 0.0,
        default=None,
    )
    return SuiteRun(
        scenario=job.scenario,
        seed=job.seed,
        state="played",
        verdict=result.verdict,
        why=result.why,
        run_id=result.run_id,
        gates=dict(sorted(Counter(gate.verdict for gate in result.gates).items())),
        worst_gate=worst_gate.id if worst_gate else None,
        worst_margin_pct=worst_gate.margin_pct if worst_gate else None,
        failed_gates=tuple(dict.fromkeys(gate.id for gate in result.gates if gate.verdict == Verdict.FAIL)),
        fingerprint=result.fingerprint,
        overrides=result.overrides,
        wall_s=result.timing.get("wall_s"),
        notes=tuple(notes),
        needs=job.needs or None,
        reproduce=result.reproduce,
    )


def _at_its_best(gate: GateResult) -> bool:
    """Whether a share that has to be high is whole: no room to its threshold could be larger, so it tells nothing."""
    return gate.unit == "%" and gate.value == 100 and gate.fail.startswith(("must stay above", "must not fall below"))


def unplayed(job: SuiteJob, state: str, verdict: Verdict, why: str, notes: Sequence[str] = ()) -> SuiteRun:
    """The row of a run that left no result behind."""
    needs = f"; it needs: {job.needs}" if state == "not_ready" and job.needs else ""
    return SuiteRun(
        scenario=job.scenario,
        seed=job.seed,
        state=state,
        verdict=verdict.value,
        why=f"{why}{needs}",
        notes=tuple(notes),
        needs=job.needs or None,
    )


def suite_result(
    plan: SuitePlan,
    runs: Sequence[SuiteRun],
    results: Sequence[Result],
    controls: Controls,
    *,
    run_id: str,
    changed: Sequence[str],
    interrupted: bool,
    timing: Mapping[str, Any],
    reproduce: str,
) -> SuiteResult:
    """What *runs* say together; *results* are those of them that were played."""
    verdict = worst(Verdict(run.verdict) for run in runs)
    inputs = {entry.name: entry for result in results for entry in result.inputs}
    inputs |= {entry.name: InputResult(name=entry.name, sha256=entry.sha256) for entry in plan.inputs}
    return SuiteResult(
        schema=SUITE_SCHEMA,
        run_id=run_id,
        kind="suite",
        suite=plan.suite.suite,
        title=plan.suite.title,
        changed=tuple(changed),
        verdict=verdict.value,
        exit_code=int(ExitCode.INTERRUPTED if interrupted else _exit(verdict, runs)),
        why=_why(verdict, runs),
        runs=tuple(runs),
        deferred=plan.deferred,
        require_measured=plan.suite.require_measured,
        coverage=coverage(controls, results),
        inputs=tuple(inputs[name] for name in sorted(inputs)),
        versions=versions(),
        host={"system": platform.system(), "machine": platform.machine()},
        timing=dict(timing) | {"runs_cpu_s": round(sum(float(each.timing.get("cpu_s", 0)) for each in results), 3)},
        reproduce=reproduce,
    )


def _exit(verdict: Verdict, runs: Sequence[SuiteRun]) -> ExitCode:
    """The exit code of the worst run; where nothing failed, a bug and something missing have codes of their own."""
    if verdict is Verdict.FAIL:
        return ExitCode.FAIL
    states = {run.state for run in runs}
    return next((code for state, code in _NO_VERDICT_EXITS.items() if state in states), exit_code(verdict))


def _why(verdict: Verdict, runs: Sequence[SuiteRun]) -> str:
    """The cause of the suite's verdict in one sentence: which runs have it."""
    if verdict is Verdict.PASS:
        return f"{counted(len(runs), 'run')} held"
    having = [f"{run.scenario} s{run.seed}" for run in runs if run.verdict == verdict]
    others = Counter(run.verdict for run in runs)
    rest = [f"{others[word]} {word}" for word in WORST_FIRST if word is not verdict and others[word]]
    return f"{verdict.value} in {listing(having)}" + (f"; besides {listing(rest)}" if rest else "")
