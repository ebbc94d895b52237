"""Statistics that facts are made of. Undefined ones (too few values, no variation) are NaN, never zero."""

from __future__ import annotations

import math
from collections import deque

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def moment_kurtosis(values: Floats) -> float:
    """The fourth standardised moment; a normal distribution has 3."""
    deviations = values - values.mean() if len(values) else values
    variance = float(np.mean(deviations**2)) if len(values) else 0.0
    return float(np.mean(deviations**4)) / variance**2 if variance > 0 else math.nan


def autocorrelation(values: Floats, lag: int) -> float:
    """The autocorrelation at *lag*, with one mean and one variance for the whole series."""
    if len(values) <= lag:
        return math.nan
    deviations = values - values.mean()
    total = float(np.dot(deviations, deviations))
    return float(np.dot(deviations[lag:], deviations[:-lag])) / total if total > 0 else math.nan


def spread_of(values: Floats) -> float:
    """The standard deviation (dividing by n)."""
    return float(values.std()) if len(values) else math.nan


class Weights:
    """How much weight (time, or a count) each whole number has got: memory grows with distinct values only."""

    def __init__(self) -> None:
        self._weights: dict[int, float] = {}

    def add(self, values: NDArray[np.int64], weights: Floats) -> None:
        """Give each of *values* its weight."""
        distinct, place = np.unique(values, return_inverse=True)
        for value, weight in zip(distinct.tolist(), np.bincount(place, weights).tolist(), strict=False):
            self._weights[value] = self._weights.get(value, 0.0) + weight

    def add_one(self, value: int, weight: float = 1.0) -> None:
        """Give *value* some weight."""
        self._weights[value] = self._weights.get(value, 0.0) + weight

    def merge(self, other: Weights) -> None:
        """Take over all that *other* has been given."""
        for value, weight in other._weights.items():
            self.add_one(value, weight)

    @property
    def total(self) -> float:
        """All weight given."""
        return sum(self._weights.values())

    def mean(self) -> float:
        """The weighted mean."""
        total = self.total
        return sum(value * weight for value, weight in self._weights.items()) / total if total > 0 else math.nan

    def variance(self) -> float:
        """The weighted variance."""
        mean, total = self.mean(), self.total
        if total <= 0:
            return math.nan
        return sum((value - mean) ** 2 * weight for value, weight in self._weights.items()) / total

    def quantile(self, share: float) -> float:
        """The smallest value at or below which *share* of the weight lies."""
        wanted, so_far = share * self.total, 0.0
        for value in sorted(value for value, weight in self._weights.items() if weight > 0):
            so_far += self._weights[value]
            if so_far >= wanted * (1 - 1e-12):
                return value
        return math.nan

    def interpolated(self, share: float) -> float:
        """The quantile as numpy has it, between two neighbours if need be; weights must be counts."""
        place = share * (self.total - 1)
        below, above = self._at(math.floor(place)), self._at(math.ceil(place))
        return below + (above - below) * (place - math.floor(place))

    def _at(self, rank: int) -> float:
        """The value at this rank, from 0."""
        so_far = 0.0
        for value in sorted(self._weights):
            so_far += self._weights[value]
            if so_far > rank:
                return value
        return math.nan

    def most(self) -> float:
        """The largest value that has any weight."""
        return max((value for value, weight in self._weights.items() if weight > 0), default=math.nan)


class LogHistogram:
    """Quantiles of positive whole numbers from 1 to 1e15 in fixed memory, each to within 0.25 %."""

    PER_DECADE = 500
    DECADES = 15

    def __init__(self) -> None:
        self._counts = np.zeros(self.PER_DECADE * self.DECADES, np.int64)
        self._zeros = 0

    def add(self, values: NDArray[np.int64]) -> None:
        """Count *values*; those below one count as zero."""
        positive = values[values > 0]
        self._zeros += len(values) - len(positive)
        bins = (np.log10(positive) * self.PER_DECADE).astype(np.int64)
        self._counts += np.bincount(np.minimum(bins, len(self._counts) - 1), minlength=len(self._counts))

    def quantile(self, share: float) -> float:
        """The value at or below which *share* of all values lie: the middle of its bin."""
        total = self._zeros + int(self._counts.sum())
        if not total:
            return math.nan
        rank = max(math.ceil(share * total), 1)
        if rank <= self._zeros:
            return 0.0
        place = int(np.searchsorted(np.cumsum(self._counts), rank - self._zeros))
        return float(10 ** ((place + 0.5) / self.PER_DECADE))


class WorstDrop:
    """The largest fall from a high to a later low at most ``window_ns`` after it, in percent of the high."""

    def __init__(self, window_ns: int) -> None:
        self.window_ns = window_ns
        self.pct = math.nan
        self._highs: deque[tuple[int, float]] = deque()

    def add(self, t_ns: int, high: float, low: float) -> None:
        """The next bar (or, with high = low, the next price). Its own high counts only for what comes later."""
        highs = self._highs
        while highs and highs[0][0] < t_ns - self.window_ns:
            highs.popleft()
        if highs:
            drop = 100 * (1 - low / highs[0][1])
            self.pct = drop if math.isnan(self.pct) else max(self.pct, drop)
        while highs and highs[-1][1] <= high:
            highs.pop()
        highs.append((t_ns, high))
