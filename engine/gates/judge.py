"""Judge a gate: the rules in their order, the first that speaks decides.

What was seen to be red is red, however little else was seen; nothing is green without enough to see.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, NamedTuple

from engine.base.words import counted
from engine.gates.case import Case
from engine.gates.gate import Gate
from engine.gates.judgement import Judgement, Measurement
from engine.gates.statistics import samples_to_prove
from engine.gates.verdict import Verdict
from engine.gates.wording import at_time, quantity, span
from engine.metrics.series import Basis, Opportunity


class Ruling(NamedTuple):
    """A verdict and its sentence."""

    verdict: Verdict
    reason: str


def judge(gate: Gate, measurement: Measurement) -> Judgement:
    """The verdict of *gate* on *measurement*, with its evidence.

    Raise ValueError if the gate has no threshold or two in one band (``gate_logic`` reports that at load),
    PluginError if its metric is unknown.
    """
    case = Case(gate, measurement)
    ruling = _in_phase(case, _ruling(case))
    return Judgement(
        gate=gate.gate,
        metric=gate.metric,
        stat=case.stat,
        phase=measurement.phase,
        window=f"{measurement.phase}, {span(measurement.start_ns, measurement.end_ns)}",
        start_ns=measurement.start_ns,
        end_ns=measurement.end_ns,
        verdict=ruling.verdict,
        basis=case.series.basis,
        value=case.value,
        unit=case.unit,
        warn=case.warn.starts(case.unit) if case.warn else "",
        warn_at=case.warn.number if case.warn else None,
        fail=case.fail.must(case.unit) if case.fail else "",
        fail_at=case.fail.number if case.fail else None,
        n=case.n,
        min_samples=case.min_samples,
        ci=_ci(case),
        margin_pct=_margin_pct(case),
        decided_at_ns=_decided_at_ns(case, ruling.verdict),
        worst_at_ns=case.worst_at_ns,
        reason=f"{gate.gate}: {ruling.reason}",
        opportunities=tuple(_opportunity_text(chance) for chance in case.series.opportunities),
        severity=gate.severity,
        action=gate.action,
        runbook=gate.runbook,
        controls=gate.controls,
    )


def _ruling(case: Case) -> Ruling:
    for rule in _RULES:
        ruling = rule(case)
        if ruling is not None:
            return ruling
    if case.fail is None:
        return Ruling(Verdict.PASS, f"{_seen(case)}, outside the warning band")
    proven = f", 95 % bound {case.in_unit(case.bound)}" if case.bound is not None else ""
    return Ruling(Verdict.PASS, f"{_seen(case)}{proven}, {case.fail.does(case.unit)}")


def _in_phase(case: Case, ruling: Ruling) -> Ruling:
    """Before any fault red means that the desk fails without one, and no evidence that the run proves nothing."""
    if case.measurement.phase != "before_faults":
        return ruling
    if ruling.verdict is Verdict.FAIL:
        return Ruling(Verdict.FAIL, f"fails without a fault: {ruling.reason}")
    if ruling.verdict is Verdict.NO_EVIDENCE:
        return Ruling(Verdict.INVALID, f"not shown to hold before the first fault: {ruling.reason}")
    return ruling


def _deferred(case: Case) -> Ruling | None:
    if case.gate.basis == "measured" and not case.measurement.live and case.series.basis is not Basis.EXACT:
        return Ruling(Verdict.DEFERRED, "must be measured, and a simulated run models it; a live run decides")
    return None


def _modelled(case: Case) -> Ruling | None:
    if case.gate.basis == "measured" and case.series.basis is Basis.MODELLED:
        return Ruling(Verdict.NO_EVIDENCE, "must be measured, was modelled")
    return None


def _red(case: Case) -> Ruling | None:
    if case.value is None or case.fail is None or case.fail.holds(case.value):
        return None
    if case.n < case.min_samples and not (case.metric.zero_tolerance or case.settled):
        return None
    named = f"; first: {case.series.first}" if case.series.first else ""
    return Ruling(Verdict.FAIL, f"{_seen(case)}, {case.fail.must(case.unit)}{named}")


def _noted(case: Case) -> Ruling | None:
    return Ruling(Verdict.NO_EVIDENCE, case.series.note) if case.series.note else None


def _empty(case: Case) -> Ruling | None:
    if case.value is not None:
        return None
    m = case.measurement
    return Ruling(Verdict.NO_EVIDENCE, f"no sample of {case.metric.name} in {span(m.start_ns, m.end_ns)}")


def _few(case: Case) -> Ruling | None:
    if case.n >= case.min_samples:
        return None
    return Ruling(Verdict.NO_EVIDENCE, f"{_seen(case)}, needs {counted(case.min_samples, 'sample')}")


def _no_chance(case: Case) -> Ruling | None:
    short = [chance for chance in case.series.opportunities if not chance.enough]
    if not short:
        return None
    lack = "; ".join(_opportunity_text(chance) for chance in short)
    return Ruling(Verdict.NO_EVIDENCE, f"{_seen(case)}, but it could hardly have been otherwise: {lack}")


def _not_a_figure(case: Case) -> Ruling | None:
    """Infinity on the good side, or NaN in a gate that can only warn: neither is a measurement to pass on."""
    if case.value is None or math.isfinite(case.value):
        return None
    return Ruling(Verdict.NO_EVIDENCE, f"{_seen(case)}, which is no measurement")


def _not_proven(case: Case) -> Ruling | None:
    if case.q is None or case.fail is None:
        return None
    if case.bound is not None and case.fail.holds(case.bound):
        return None
    limit = quantity(case.fail.number, case.unit)
    seen = "there is no 95 % bound" if case.bound is None else f"its 95 % bound is {case.in_unit(case.bound)}"
    good = int(case.fail.holds_each(case.values).sum())
    needed = samples_to_prove(case.q, case.side, good, case.n)
    needs = f"needs about {needed:,} samples" if needed else "no number of samples would prove it"
    return Ruling(Verdict.WARN, f"{_seen(case)}, not proven against {limit}: {seen}, {needs}")


def _warned(case: Case) -> Ruling | None:
    if case.warn is None or case.value is None or case.warn.holds(case.value):
        return None
    limit = f", {case.fail.must(case.unit)}" if case.fail else ""
    value = _seen(case, case.warn.number)
    return Ruling(Verdict.WARN, f"{value}, in the warning band {case.warn.starts(case.unit)}{limit}")


_RULES: tuple[Callable[[Case], Ruling | None], ...] = (
    _deferred,
    _modelled,
    _red,
    _noted,
    _empty,
    _few,
    _no_chance,
    _not_a_figure,
    _not_proven,
    _warned,
)


def _seen(case: Case, beside: float | None = None) -> str:
    """``16.2 % at t=412.3 s (max of 1,234 samples)``."""
    assert case.value is not None
    limit = beside if beside is not None else case.fail.number if case.fail else None
    value = quantity(case.value, case.unit, limit)
    return f"{value}{_moment(case)} ({case.stat} of {counted(case.n, 'sample')})"


def _moment(case: Case) -> str:
    if case.has_moment and case.worst_at_ns is not None:
        return f" at {at_time(case.worst_at_ns)}"
    return f", red from {at_time(case.crossed_at_ns)}" if case.crossed_at_ns is not None else ""


def _opportunity_text(chance: Opportunity) -> str:
    return f"{quantity(chance.count, '', chance.needed)} of {quantity(chance.needed, '')} {chance.noun}"


def _ci(case: Case) -> float | Literal["exact"] | None:
    if case.value is None:
        return None
    return "exact" if case.q is None else case.bound


def _margin_pct(case: Case) -> float | None:
    if case.value is None or case.fail is None or case.fail.direction == "exact" or case.fail.number == 0:
        return None
    room = case.fail.number - case.value if case.fail.direction == "upper" else case.value - case.fail.number
    return room / abs(case.fail.number) * 100 if math.isfinite(room) else None


def _decided_at_ns(case: Case, verdict: Verdict) -> int:
    crossed = case.crossed_at_ns if verdict is Verdict.FAIL else None
    return case.measurement.end_ns if crossed is None else crossed
