"""What a metric is: a pure function over the evidence, entered under its module's name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from engine.metrics import metrics
from engine.metrics.evidence import Evidence
from engine.metrics.series import Series

Measure = Callable[[Evidence], Series]
Better = Literal["lower", "higher", "neither"]


@dataclass(frozen=True, slots=True)
class Metric:
    """A named measure: its unit, which direction is better, the statistic a gate takes unless it says otherwise."""

    name: str
    measure: Measure
    unit: str
    better: Better
    """Which direction is better; ``neither`` of a figure that describes the market: a gate may take either side."""
    stat: str
    zero_tolerance: bool
    doc: str


def metric(
    *, unit: str, better: Better = "lower", stat: str = "max", zero_tolerance: bool = False
) -> Callable[[Measure], Measure]:
    """Enter the decorated function as the metric of its module's name; ``stress explain`` prints its docstring."""

    def make(measure: Measure) -> Metric:
        name = measure.__module__.rpartition(".")[2]
        return Metric(name, measure, unit, better, stat, zero_tolerance, (measure.__doc__ or "").strip())

    return metrics.register(make)
