"""What a schema cannot see in a gate: bands inside out, a threshold on the wrong side, a statistic that forgives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from engine.gates.gate import Gate, thresholds
from engine.gates.statistics import Side, least_samples, quantile_of
from engine.gates.threshold import Threshold
from engine.gates.wording import number
from engine.metrics import metrics
from engine.metrics.metric import Metric


class GateProblem(NamedTuple):
    """One problem of a gate: its code, the YAML key it sits at, what is wrong and what to do."""

    code: str
    key: str
    message: str
    help: str


G_CODES = {
    "G501": "A gate has no threshold.",
    "G502": "must_be stands beside another threshold.",
    "G503": "A band has two thresholds.",
    "G504": "The warning band lies behind the fail threshold, so no value can ever be in it.",
    "G505": "A threshold guards the side on which the metric's values are good.",
    "G506": "The statistic does not fit the metric: it would forgive what the gate is there to catch.",
    "G507": "min_samples is too small to bound the percentile (a warning).",
    "G508": "A gate can warn but never fail.",
    "G509": "must_catch names neither or both of a defect and a fault.",
}
"""Every code of this module in one line; G507 is a warning, the others are errors."""
G_WARNINGS = frozenset({"G507"})
"""The codes that a document loads with."""

_FORGIVING = ("mean", "min", "p1", "p5", "p10", "p50", "p90", "p95", "p99", "p99.9", "p99.99")


def gate_logic(gate: Gate) -> list[GateProblem]:
    """Every problem of *gate*, in the order of its codes. Raise PluginError if its metric is unknown."""
    metric = metrics.get(gate.metric)
    return [problem for check in _CHECKS for problem in check(gate, metric)]


def _thresholds(gate: Gate, _metric: Metric) -> Iterator[GateProblem]:
    warn, fail = thresholds(gate, "warn"), thresholds(gate, "fail")
    if gate.must_be is None and not warn and not fail:
        yield GateProblem(
            "G501", "gate", f"gate '{gate.gate}' has no threshold", "give it fail_from, fail_above, … or must_be"
        )
    elif gate.must_be is not None and (warn or fail):
        keys = _keys("warn", warn) + _keys("fail", fail)
        yield GateProblem(
            "G502", keys[0], f"gate '{gate.gate}' has must_be and {' and '.join(keys)}", f"keep must_be or {keys[0]}"
        )
    elif gate.must_be is None and not fail:
        yield GateProblem(
            "G508",
            _keys("warn", warn)[0],
            f"gate '{gate.gate}' can warn but never fail",
            "give it a fail_ threshold; a gate that cannot turn red proves nothing",
        )
    for band, found in (("warn", warn), ("fail", fail)):
        if len(found) > 1:
            keys = _keys(band, found)
            yield GateProblem(
                "G503", keys[1], f"gate '{gate.gate}' has {' and '.join(keys)}", f"keep {keys[0]} or {keys[1]}"
            )


def _band(gate: Gate, _metric: Metric) -> Iterator[GateProblem]:
    warn, fail = thresholds(gate, "warn"), thresholds(gate, "fail")
    if len(warn) == len(fail) == 1 and not warn[0].is_before(fail[0]):
        warn_key, fail_key = _keys("warn", warn)[0], _keys("fail", fail)[0]
        yield GateProblem(
            "G504",
            warn_key,
            f"{warn_key} {number(warn[0].number)} is not met before {fail_key} {number(fail[0].number)}",
            "a value that worsens must meet the warning first; exchange the numbers or use the same side for both",
        )


def _direction(gate: Gate, metric: Metric) -> Iterator[GateProblem]:
    wrong = "lower" if metric.better == "lower" else "upper"
    word = "from or above" if metric.better == "lower" else "below or at_or_below"
    for band in ("warn", "fail"):
        for found in thresholds(gate, band):
            if found.direction == wrong:
                yield GateProblem(
                    "G505",
                    f"{band}_{found.word}",
                    f"{metric.name}: {metric.better} is better, but {band}_{found.word} catches its good side",
                    f"use {band}_{word.replace(' or ', f' or {band}_')}",
                )


def _statistic(gate: Gate, metric: Metric) -> Iterator[GateProblem]:
    stat = gate.stat
    if stat is None:
        return
    q = quantile_of(stat)
    kind = f"the {'lowest' if stat == 'min' else 'highest'} value" if stat in ("min", "max") else f"the {stat}"
    if gate.must_be is not None and q is not None:
        why = "an exact value cannot be proven by a percentile"
    elif metric.zero_tolerance and stat in _FORGIVING:
        why = f"{metric.name} tolerates no single breach, and {kind} forgives some"
    elif metric.better == "lower" and (stat == "min" or (q is not None and q < 1 - q)):
        why = f"of {metric.name} lower is better, so {kind} shows the good side of the run"
    elif metric.better == "higher" and (stat == "max" or (q is not None and q > 1 - q)):
        why = f"of {metric.name} higher is better, so {kind} shows the good side of the run"
    else:
        return
    yield GateProblem("G506", "stat", why, f"leave stat out ({metric.stat} is this metric's own) or choose another")


def _samples(gate: Gate, metric: Metric) -> Iterator[GateProblem]:
    stat = gate.stat or metric.stat
    q = quantile_of(stat)
    if q is None or gate.min_samples is None:
        return
    side: Side = "upper" if metric.better == "lower" else "lower"
    least = least_samples(q, side)
    if gate.min_samples < least:
        yield GateProblem(
            "G507",
            "min_samples",
            f"{gate.min_samples} samples cannot bound {stat} with 95 % confidence: below {least:,} it is never proven",
            f"leave min_samples out, or ask for {least:,} or more",
        )


def _must_catch(gate: Gate, _metric: Metric) -> Iterator[GateProblem]:
    planted = gate.must_catch
    if planted is not None and (planted.defect is None) == (planted.fault is None):
        was = "neither" if planted.defect is None else "both"
        yield GateProblem(
            "G509", "must_catch", f"must_catch needs a defect or a fault, was {was}", "name exactly one of the two"
        )


def _keys(band: str, found: tuple[Threshold, ...]) -> list[str]:
    return [f"{band}_{threshold.word}" for threshold in found]


_CHECKS: tuple[Callable[[Gate, Metric], Iterator[GateProblem]], ...] = (
    _thresholds,
    _band,
    _direction,
    _statistic,
    _samples,
    _must_catch,
)
