"""Assessing a played run: every gate in its window, every fault's effect, every event that had to happen.

What is red is red; what was not seen is never green. The run's verdict is the worst of all that counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.base.units import ns_from_s
from engine.base.words import counted, listing
from engine.domain.records import Finding as FindingRecord
from engine.domain.records import GovernorFailed, SoftLimit
from engine.faults.fault import Effect, effects_of
from engine.gates.happening import Happening, judge_happening
from engine.gates.judge import judge
from engine.gates.judgement import Judgement, Measurement, Phase
from engine.gates.verdict import Verdict, worst
from engine.gates.wording import at_time, number, quantity
from engine.market.model_document import parts_of
from engine.market.quality import DataFinding
from engine.market.replay_market import ReplayMarket
from engine.metrics.evidence import Evidence, Facts
from engine.metrics.happenings import HAPPENINGS
from engine.runs.measured import Measured
from engine.runs.plan import PlacedGate
from engine.runs.play import Played
from engine.runs.soft_limits import soft_limits_passed
from engine.runs.timeline import Injection
from engine.trading.limits_given import limits_off, missing_limits


@dataclass(frozen=True)
class PlacedJudgement:
    """A judgement with the place that states its gate."""

    judgement: Judgement
    file: str
    line: int


@dataclass(frozen=True)
class Found:
    """Something that forces a verdict (or, with None, only has to be known)."""

    code: str
    verdict: Verdict | None
    text: str
    t_ns: int | None = None


@dataclass(frozen=True)
class Assessment:
    """Everything that was concluded from a run."""

    verdict: Verdict
    judgements: tuple[PlacedJudgement, ...]
    effects: dict[str, tuple[Effect, ...]]
    happenings: tuple[Happening, ...]
    findings: tuple[Found, ...]
    measured: Measured

    @property
    def evidence(self) -> Evidence:
        """What everything was concluded from."""
        return self.measured.evidence


def assess(played: Played) -> Assessment:
    """Judge a played run."""
    evidence = evidence_of(played)
    measured = Measured(evidence)
    judgements = tuple(judgements_of(played, measured))
    effects = {injection.item.id: _effects(injection, measured) for injection in _begun(played)}
    bit_ns = _first_bite_ns(played, effects)
    happenings = tuple(
        judge_happening(name, HAPPENINGS[name].times(evidence), bit_ns) for name in played.plan.scenario.must_happen
    )
    findings = (
        *_harness_findings(played),
        *_data_findings(played),
        *_fault_findings(played, effects),
        *_nothing_judged(judgements),
    )
    if played.aborted:
        judgements = tuple(_cut_short(placed, played.end_ns) for placed in judgements)
        happenings = ()
        length_s = played.plan.scenario.clock.run_for_s
        ended = f"the run was ended at {at_time(played.end_ns)}, before its {length_s:g} s were over"
        findings = (Found("aborted", Verdict.ABORTED, ended, played.end_ns), *_failures(findings))
    verdict = worst(
        [
            *(placed.judgement.verdict for placed in judgements),
            *(happening.verdict for happening in happenings),
            *(found.verdict for found in findings if found.verdict is not None),
        ]
    )
    return Assessment(verdict, judgements, effects, happenings, findings, measured)


def evidence_of(played: Played) -> Evidence:
    """The run's log with the facts that were fixed before it, over the judged window."""
    scenario = played.plan.scenario
    facts = Facts(
        warmup_ns=ns_from_s(scenario.clock.warmup_s),
        end_ns=played.end_ns,
        instruments=played.built.instruments,
        limits=played.plan.limits,
        capital_micros=played.built.capital_micros,
    )
    return Evidence(played.built.site.world.log, facts, facts.warmup_ns, played.end_ns)


def judgements_of(played: Played, measured: Measured) -> Iterator[PlacedJudgement]:
    """Every gate of every phase, judged in the phase's window (or in the window that the gate names)."""
    plan = played.plan
    warmup_ns, end_ns = measured.evidence.facts.warmup_ns, played.end_ns
    begun = [injection.t0_ns for injection in plan.injections if not injection.skip]
    first_ns = min(begun, default=plan.last_heal_ns or end_ns)
    windows: dict[Phase, tuple[int, int]] = {
        "before_faults": (warmup_ns, min(first_ns, end_ns)),
        "run": (warmup_ns, end_ns),
        "after_faults": (min(max(plan.converge_ns, warmup_ns), end_ns), end_ns),
    }
    phases: tuple[tuple[Phase, tuple[PlacedGate, ...]], ...] = (
        ("before_faults", plan.before_gates),
        ("run", plan.run_gates),
        ("after_faults", plan.after_gates),
    )
    for phase, gates in phases:
        for placed in gates:
            start_ns, stop_ns = windows[placed.gate.window or phase]
            series = measured.over(placed.gate.metric, start_ns, stop_ns)
            measurement = Measurement(series, start_ns, stop_ns, live=False, phase=placed.gate.window or phase)
            yield PlacedJudgement(judge(placed.gate, measurement), placed.file, placed.line)


def _begun(played: Played) -> list[Injection]:
    """The injections that were really made before the run ended."""
    return [injection for injection in played.plan.injections if not injection.skip and injection.t0_ns < played.end_ns]


def _first_bite_ns(played: Played, effects: dict[str, tuple[Effect, ...]]) -> int | None:
    """When the first fault began that did what was asked of it; None if there was none."""
    bitten = [one.t0_ns for one in _begun(played) if all(effect.held for effect in effects[one.item.id])]
    return min(bitten, default=None)


def _effects(injection: Injection, measured: Measured) -> tuple[Effect, ...]:
    """The fault's own check, and whatever its item demands beside it."""
    heal_ns = min(injection.heal_ns, measured.evidence.end_ns)
    own = effects_of(injection.fault, measured.evidence.log, injection.t0_ns, heal_ns)
    demanded = []
    for demand in injection.item.must_cause:
        series = measured.over(demand.metric, injection.t0_ns, heal_ns)
        seen = series.value[(series.t_ns >= injection.t0_ns) & (series.t_ns <= heal_ns)]
        highest = float(seen.max()) if len(seen) else float("nan")
        demanded.append(Effect(demand.metric, highest, demand.at_least, series.unit))
    return (*own, *demanded)


def _fault_findings(played: Played, effects: dict[str, tuple[Effect, ...]]) -> Iterator[Found]:
    if not played.plan.injections:
        yield Found("no_fault", Verdict.NO_EVIDENCE, "nothing was stressed: the timeline has no fault", 0)
    for injection in played.plan.injections:
        item = injection.item
        if injection.skip:
            text = f"the fault '{item.id}' ({item.fault}) was skipped: {injection.skip}; nothing was tested by it"
            yield Found("fault_skipped", Verdict.NO_EVIDENCE, text, injection.t0_ns)
        for effect in effects.get(item.id, ()):
            if not effect.held:
                text = f"the fault '{item.id}' ({item.fault}) {_missed(effect)}"
                yield Found("fault_without_effect", Verdict.NO_EVIDENCE, text, injection.heal_ns)


def _missed(effect: Effect) -> str:
    """How a fault did not do what was asked of it."""
    seen = f"{effect.metric} was {quantity(effect.value, effect.unit, effect.needed)}"
    if effect.needed > effect.most:
        return f"asked for too little to be told from the market's own moves: {seen}"
    if effect.overshot:
        return f"overshot: {seen}, at most {quantity(effect.most, effect.unit)} was asked for"
    return f"did not bite: {seen}, at least {quantity(effect.needed, effect.unit)} was needed"


def _nothing_judged(judgements: tuple[PlacedJudgement, ...]) -> Iterator[Found]:
    """A run that no gate judges while its faults bite proves nothing, however well the desk began."""
    verdicts = [placed.judgement.verdict for placed in judgements if placed.judgement.phase == "run"]
    if all(verdict is Verdict.DEFERRED for verdict in verdicts):
        waiting = f"; {counted(len(verdicts), 'gate')} can only be decided by a live run" if verdicts else ""
        yield Found("nothing_judged", Verdict.NO_EVIDENCE, f"no gate judges the run itself{waiting}")


def _data_findings(played: Played) -> Iterator[Found]:
    """What was odd in the tapes."""
    for model in parts_of(played.built.site.venue.model):
        if isinstance(model, ReplayMarket):
            yield from _tape_findings(model)


def _tape_findings(model: ReplayMarket) -> Iterator[Found]:
    """What was odd in a tape, a line per code; what the scenario does not allow makes the run INVALID."""
    by_code: dict[str, list[DataFinding]] = {}
    for found in model.findings():
        by_code.setdefault(found.code, []).append(found)
    for code, alike in by_code.items():
        first, often = alike[0], number(sum(each.count for each in alike))
        text = f"{first.file} row {first.row}: {first.text} ({often} of this kind)"
        if code in model.allow:
            yield Found(code, None, text, first.t_ns)
        else:
            yield Found(code, Verdict.INVALID, f"{text}; the scenario's allow: does not name {code}", first.t_ns)


def _harness_findings(played: Played) -> Iterator[Found]:
    """Failures of the governor itself, broken books, and notes that the run wrote into its log."""
    log = played.built.site.world.log
    failed = log.of(GovernorFailed)
    if failed:
        first = failed[0]
        did = {"raised": "raised", "hung": "hung in", "garbage": "answered with garbage from"}[first.how]
        what = f"{did} {first.where}()" if first.how != "raised" else f"raised in {first.where}()"
        often = f", {number(len(failed))} times in all" if len(failed) > 1 else ""
        text = f"the governor {what} at {at_time(first.t_ns)}: {first.what}{often}; every such order was denied"
        yield Found("governor_failed", Verdict.FAIL, text, first.t_ns)
    for missing in missing_limits(played.plan.limits, played.built.instruments):
        text = (
            f"the limits document '{played.plan.limits.limits}' gives no hard {missing}; orders that need it are denied"
        )
        yield Found("limit_missing", None, text)
    if off := limits_off(played.plan.limits, played.built.instruments):
        text = f"the limits document '{played.plan.limits.limits}' leaves these controls off: {listing(_by_name(off))}"
        yield Found("limits_off", None, text)
    if played.plan.ignored:
        yield Found("documents_ignored", None, played.plan.ignored)
    for passed in soft_limits_passed(log.of(SoftLimit)):
        yield Found("soft_limit", None, passed.text, passed.t_ns)
    for broken in played.built.ledger.check():
        yield Found("books_broken", Verdict.FAIL, f"the desk's own books do not hold: {broken}", played.end_ns)
    for note in log.of(FindingRecord):
        yield Found(note.code, None, note.text, note.t_ns)


def _by_name(off: tuple[str, ...]) -> list[str]:
    """``firm.leverage``, and of the instruments ``leverage (3 symbols)``: fifty symbols are no fifty lines."""
    instruments = Counter(name.rpartition(".")[2] for name in off if name.startswith("instrument."))
    firm = [name for name in off if not name.startswith("instrument.")]
    return firm + [f"{name} ({number(n)} symbol{'s' if n > 1 else ''})" for name, n in instruments.items()]


def _failures(findings: tuple[Found, ...]) -> tuple[Found, ...]:
    return tuple(found for found in findings if found.verdict in (Verdict.FAIL, None))


def _cut_short(placed: PlacedJudgement, end_ns: int) -> PlacedJudgement:
    """In a run that somebody ended only a breach that nothing later could heal still counts."""
    judgement = placed.judgement
    settled = judgement.verdict is Verdict.FAIL and judgement.decided_at_ns < judgement.end_ns
    if settled or judgement.verdict is Verdict.DEFERRED:
        return placed
    reason = f"{judgement.gate}: not judged, the run was ended at {at_time(end_ns)}"
    return replace(placed, judgement=replace(judgement, verdict=Verdict.ABORTED, reason=reason))
