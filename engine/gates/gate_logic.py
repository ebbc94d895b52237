"""What a schema cannot see in a gate: bands inside out, a threshold on the wrong side, a statistic that forgives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import NamedTuple, get_args

from engine.gates.gate import Gate, Stat, thresholds
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
    "G510": "The threshold lets breaches pass of a metric that tolerates none.",
}
"""Every code of this module in one line; G507 is a warning, the others are errors."""
G_WARNINGS = frozenset({"G507"})
"""The codes that a document loads with."""

FAR_TAIL = Fraction(9, 10)
"""Of a latency or an age the ninetieth percentile is the lowest that shows a tail."""


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
    if metric.better == "neither":
        return
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
    if gate.must_be is not None and quantile_of(stat) is not None:
        why = "an exact value cannot be proven by a percentile"
    elif not fits(stat, metric):
        why = _misfit(stat, metric)
    else:
        return
    others = [other for other in get_args(Stat) if fits(other, metric) and other != metric.stat]
    if gate.must_be is not None:
        others = [other for other in others if quantile_of(other) is None]
    instead = f" or use {', '.join(others)}" if others else ""
    yield GateProblem("G506", "stat", why, f"leave stat out ({metric.stat} is this metric's own){instead}")


def fits(stat: str, metric: Metric) -> bool:
    """Whether a gate on *metric* by *stat* misses nothing that the metric's own statistic would catch.

    Its own does, and the worst value of the run; for a percentile also another one in the bad tail. A sum has no worst
    value, unless each sample is a breach of its own.
    """
    if metric.zero_tolerance:
        return stat in ("sum", "max")
    if stat == metric.stat or metric.better == "neither":
        return stat == metric.stat
    q = quantile_of(stat)
    if q is not None:
        return quantile_of(metric.stat) is not None and (q if metric.better == "lower" else 1 - q) >= FAR_TAIL
    return stat == ("max" if metric.better == "lower" else "min") and metric.stat not in ("sum", "count")


def _misfit(stat: str, metric: Metric) -> str:
    """Why *stat* does not fit."""
    q = quantile_of(stat)
    kind = {"min": "the lowest value", "max": "the highest value", "last": "the last value"}.get(stat, f"the {stat}")
    if stat == "count":
        return f"the count says how many values {metric.name} had, not how bad they were"
    if metric.zero_tolerance:
        return f"{metric.name} tolerates no single breach, and {kind} forgives some"
    if metric.better == "lower" and (stat == "min" or (q is not None and q < 1 - q)):
        return f"of {metric.name} lower is better, so {kind} shows the good side of the run"
    if metric.better == "higher" and (stat == "max" or (q is not None and q > 1 - q)):
        return f"of {metric.name} higher is better, so {kind} shows the good side of the run"
    if stat == "sum":
        return f"the values of {metric.name} do not add up to anything"
    return f"{kind} of {metric.name} hides what its {metric.stat} shows"


def _tolerance(gate: Gate, metric: Metric) -> Iterator[GateProblem]:
    """Of a metric that tolerates no breach, one breach has to be red."""
    if not metric.zero_tolerance:
        return
    lets_pass = {
        "must_be": gate.must_be is not None and gate.must_be != 0,
        "fail_from": gate.fail_from is not None and gate.fail_from > 1,
        "fail_above": gate.fail_above is not None and gate.fail_above >= 1,
    }
    for key in (key for key, passes in lets_pass.items() if passes):
        yield GateProblem(
            "G510",
            key,
            f"{metric.name} tolerates no single breach, and {key} {number(getattr(gate, key))} lets breaches pass",
            "use must_be: 0 (fail_from: 1 and fail_above: 0 say the same)",
        )


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
    _tolerance,
)
