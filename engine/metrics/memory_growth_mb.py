"""How much memory the desk's process gains."""

from __future__ import annotations

import numpy as np

from engine.metrics.evidence import Evidence
from engine.metrics.folds import Floats, Ints, series
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Series

MOST_POINTS = 2_000
"""Pairs grow with the square: 2,000 samples are two million slopes."""


@metric(unit="MB", better="lower", stat="last")
def memory_growth_mb(evidence: Evidence) -> Series:
    """Growth of the process's resident memory after warm-up: robust slope × measured time, in megabytes.

    The slope is the median of the slopes of all pairs of samples (Theil-Sen), so that one garbage collection does not
    make or hide a leak. Only a live run samples the memory of a process: a simulated run has no value. Source: host
    samples of a live run; measured.
    """
    return series([], "MB", Basis.MEASURED)


def theil_sen_slope(x: Ints | Floats, y: Floats) -> float:
    """The median slope over all pairs of points with different *x*, in units of *y* per unit of *x*.

    Of more than 2,000 points 2,000 evenly spaced ones are taken, the first and last among them. Raise ValueError if
    no two points differ in *x*, or if a value is not finite.

    Source: P. K. Sen, Estimates of the regression coefficient based on Kendall's tau, JASA 63 (1968), 1379-1389.
    """
    if len(x) != len(y):
        raise ValueError(f"as many x as y were expected, was {len(x)} and {len(y)}")
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ValueError("finite values were expected, was NaN or infinity among them")
    if len(x) > MOST_POINTS:
        taken = np.linspace(0, len(x) - 1, MOST_POINTS).round().astype(np.int64)
        x, y = x[taken], y[taken]
    first, second = np.triu_indices(len(x), k=1)
    run = (x[second] - x[first]).astype(np.float64)
    apart = run != 0
    if not apart.any():
        raise ValueError(f"two points with different x were expected, was {len(x)} without")
    return float(np.median((y[second] - y[first])[apart] / run[apart]))
