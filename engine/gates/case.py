"""A gate and its measurement, worked out: the samples in the window, the statistic, where it was worst."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.gates.gate import Gate, fail_threshold, warn_threshold
from engine.gates.judgement import Measurement
from engine.gates.statistics import Side, bound, default_min_samples, quantile_of, statistic
from engine.gates.threshold import Threshold
from engine.gates.wording import quantity
from engine.metrics import metrics
from engine.metrics.metric import Metric
from engine.metrics.series import Series


@dataclass(frozen=True)
class Case:
    """What the rules of :mod:`engine.gates.judge` look at. Raise ValueError if the gate has no threshold."""

    gate: Gate
    measurement: Measurement

    def __post_init__(self) -> None:
        if self.fail is None and self.warn is None:
            raise ValueError(f"a threshold was expected in gate '{self.gate.gate}', was none")

    @cached_property
    def metric(self) -> Metric:
        """The metric's meaning, from the registry."""
        return metrics.get(self.gate.metric)

    @property
    def series(self) -> Series:
        """The series over the whole run."""
        return self.measurement.series

    @property
    def unit(self) -> str:
        """The unit of value and thresholds."""
        return self.series.unit

    @cached_property
    def fail(self) -> Threshold | None:
        """Where the gate turns red."""
        return fail_threshold(self.gate)

    @cached_property
    def warn(self) -> Threshold | None:
        """Where the warning band begins."""
        return warn_threshold(self.gate)

    @property
    def stat(self) -> str:
        """The statistic: the gate's, else the metric's own."""
        return self.gate.stat or self.metric.stat

    @cached_property
    def q(self) -> Fraction | None:
        """The quantile, if the statistic is a percentile."""
        return quantile_of(self.stat)

    @property
    def side(self) -> Side:
        """The side on which a percentile has to be bounded: where its values are bad."""
        return "lower" if self.fail is not None and self.fail.direction == "lower" else "upper"

    @cached_property
    def _slice(self) -> slice:
        first = int(np.searchsorted(self.series.t_ns, self.measurement.start_ns, "left"))
        last = int(np.searchsorted(self.series.t_ns, self.measurement.end_ns, "right"))
        return slice(first, last)

    @cached_property
    def times_ns(self) -> NDArray[np.int64]:
        """Times of the samples in the window; both ends belong to it."""
        return self.series.t_ns[self._slice]

    @cached_property
    def values(self) -> NDArray[np.float64]:
        """The samples in the window."""
        return self.series.value[self._slice]

    @property
    def n(self) -> int:
        """Samples in the window."""
        return len(self.values)

    @cached_property
    def min_samples(self) -> int:
        """Samples below which nothing is said."""
        if self.gate.min_samples is not None:
            return self.gate.min_samples
        return 1 if self.q is None else default_min_samples(self.q)

    @cached_property
    def value(self) -> float | None:
        """The statistic; None without a sample, NaN if a sample is."""
        return statistic(self.values, self.stat) if self.n else None

    @cached_property
    def bound(self) -> float | None:
        """The one-sided 95 % bound of a percentile; None if there is none."""
        return None if self.q is None else bound(self.values, self.q, self.side)

    @cached_property
    def worst_at_ns(self) -> int | None:
        """When the worst sample was taken; the first of equals."""
        if not self.n:
            return None
        return int(self.times_ns[self._worst_place()])

    @property
    def has_moment(self) -> bool:
        """Whether the value is one sample's own, so that it has a time worth telling."""
        right = self.fail is not None and self.value is not None and self.fail.holds(self.value)
        expected = right and self.fail is not None and self.fail.direction == "exact"
        return self.stat in ("max", "min", "last") and not expected

    @property
    def settled(self) -> bool:
        """Whether the value is red in a way that no further sample could heal."""
        return self._red_from is not None

    @cached_property
    def crossed_at_ns(self) -> int | None:
        """When a value that nothing could heal turned red; None if it never did."""
        if self._red_from is None:
            return None
        places = np.nonzero(self._red_from)[0]
        return int(self.times_ns[places[0]]) if len(places) else None

    def in_unit(self, value: float | None) -> str:
        """*value* with its unit, and with enough figures not to look like the fail threshold."""
        assert value is not None
        return quantity(value, self.unit, self.fail.number if self.fail else None)

    @cached_property
    def _red_from(self) -> NDArray[np.bool_] | None:
        """For each sample whether the statistic was red after it; None unless such a red is for ever."""
        value, fail = self.value, self.fail
        if value is None or fail is None or fail.holds(value):
            return None
        if np.isnan(value):
            return np.isnan(self.values)
        running = self._running(
            upwards=fail.direction == "upper" or (fail.direction == "exact" and value > fail.number)
        )
        return None if running is None else ~fail.holds_each(running)

    def _running(self, *, upwards: bool) -> NDArray[np.float64] | None:
        """The statistic after each sample, if it can move in the given direction only; else None."""
        match self.stat:
            case "max" if upwards:
                return np.maximum.accumulate(self.values)
            case "min" if not upwards:
                return np.minimum.accumulate(self.values)
            case "sum" if upwards and bool((self.values >= 0).all()):
                return np.cumsum(self.values)
            case "count" if upwards:
                return np.arange(1, self.n + 1, dtype=np.float64)
        return None

    def _worst_place(self) -> int:
        if self.stat == "last":
            return self.n - 1
        spoilt = np.isnan(self.values)
        if spoilt.any():
            return int(spoilt.argmax())
        guard = self.fail or self.warn
        assert guard is not None
        if self.stat == "max" or (self.stat != "min" and guard.direction == "upper"):
            return int(self.values.argmax())
        if self.stat == "min" or guard.direction == "lower":
            return int(self.values.argmin())
        return int(np.abs(self.values - guard.number).argmax())
