"""The documents Gate and GateSet: which metric is judged, by which statistic, against which thresholds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.base.keys import key
from engine.faults import faults
from engine.gates.threshold import WORDS, Threshold, Word
from engine.metrics import metrics

Stat = Literal[
    "last",
    "min",
    "max",
    "mean",
    "sum",
    "count",
    "p1",
    "p5",
    "p10",
    "p50",
    "p90",
    "p95",
    "p99",
    "p99.9",
    "p99.99",
]
Window = Literal["run", "before_faults", "after_faults"]
Severity = Literal["info", "warning", "critical"]

NAME = r"^[a-z][a-z0-9_]*$"
NAME_HELP = "small letters, digits and _"


@dataclass(frozen=True, kw_only=True)
class MustCatch:
    """The planted breach that has to turn the gate red: a broken governor or a fault, by name."""

    defect: str | None = key("Name of a broken governor", default=None, example="ignores_drawdown")
    fault: str | None = key(
        "Name of a fault (stress list faults)", default=None, choices=faults.names, example="feed_delay"
    )


@dataclass(frozen=True, kw_only=True)
class Gate:
    """One pass/fail rule over one metric. A value on a ``from`` threshold is already beyond it."""

    gate: str = key("Name of the gate, unique in its scenario", pattern=NAME, pattern_help=NAME_HELP)
    metric: str = key("What is judged (stress list metrics)", choices=metrics.names, example="drawdown_pct")
    stat: Stat | None = key("Statistic over the window; without it the metric's own", default=None, example="p99")
    warn_from: float | None = key("WARN at this value or above", default=None)
    warn_above: float | None = key("WARN above this value", default=None)
    warn_below: float | None = key("WARN below this value", default=None)
    warn_at_or_below: float | None = key("WARN at this value or below", default=None)
    fail_from: float | None = key("FAIL at this value or above", default=None, example=15)
    fail_above: float | None = key("FAIL above this value", default=None)
    fail_below: float | None = key("FAIL below this value", default=None)
    fail_at_or_below: float | None = key("FAIL at this value or below", default=None)
    must_be: float | None = key("FAIL unless it is exactly this value", default=None, example=0)
    min_samples: int | None = key(
        "Fewer samples are NO_EVIDENCE; for a percentile q it is 10/(1-q) unless given, 1,000 for p99, else 1",
        default=None,
        min=1,
    )
    window: Window | None = key("Part of the run that is judged; by default where the gate is listed", default=None)
    basis: Literal["any", "measured"] = key(
        "measured: only a live run can decide it, a simulated one defers it", default="any"
    )
    severity: Severity = key("Sorts and routes, never changes a verdict", default="warning")
    action: str = key("What to do when it is red, in plain words", default="")
    runbook: str | None = key("Runbook to follow when it is red", default=None, example="incident-level-3")
    controls: tuple[str, ...] = key("Controls it is evidence for (stress list controls)", default=(), grows=True)
    must_catch: MustCatch | None = key("Planted breach that has to turn it red", default=None)


@dataclass(frozen=True, kw_only=True)
class GateSet:
    """Gates that are used together, by name, in many scenarios."""

    gate_set: str = key("Name of this document", pattern=NAME, pattern_help=NAME_HELP)
    title: str = key("What it is for, in a few words", default="")
    gates: tuple[Gate, ...] = key("The gates", min=1, by_id="gate")


def fail_threshold(gate: Gate) -> Threshold | None:
    """Where *gate* turns red; None if it never does. Raise ValueError if it says so twice."""
    found = thresholds(gate, "fail")
    if gate.must_be is not None:
        found = (*found, Threshold("must_be", gate.must_be))
    return _only(gate, found)


def warn_threshold(gate: Gate) -> Threshold | None:
    """Where the warning band of *gate* begins; None if it has none. Raise ValueError if it says so twice."""
    return _only(gate, thresholds(gate, "warn"))


def thresholds(gate: Gate, band: Literal["warn", "fail"]) -> tuple[Threshold, ...]:
    """Every threshold that *gate* gives for a band, ``must_be`` apart."""
    numbers: dict[Word, float | None] = {word: getattr(gate, f"{band}_{word}") for word in WORDS}
    return tuple(Threshold(word, number) for word, number in numbers.items() if number is not None)


def _only(gate: Gate, found: tuple[Threshold, ...]) -> Threshold | None:
    if len(found) > 1:
        words = ", ".join(threshold.word for threshold in found)
        raise ValueError(f"one threshold a band was expected in gate '{gate.gate}', was {words}")
    return found[0] if found else None
