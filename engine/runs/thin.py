"""Thinning a series for the result: few points, no peak lost."""

from __future__ import annotations

import numpy as np

from engine.metrics.series import Series
from engine.runs.result import SeriesResult

MOST_POINTS = 2_000


def thinned(series: Series) -> SeriesResult:
    """At most 2,000 points of *series*: of each stretch its lowest and its highest, and the last point of all."""
    finite = np.isfinite(series.value)
    t_ns, value = series.t_ns[finite], series.value[finite]
    if len(t_ns) > MOST_POINTS:
        keep: set[int] = {len(t_ns) - 1}
        for stretch in np.array_split(np.arange(len(t_ns)), MOST_POINTS // 2 - 1):
            keep.add(int(stretch[np.argmin(value[stretch])]))
            keep.add(int(stretch[np.argmax(value[stretch])]))
        chosen = np.array(sorted(keep))
        t_ns, value = t_ns[chosen], value[chosen]
    return SeriesResult(
        unit=series.unit,
        basis=series.basis.value,
        n=len(series),
        t_ns=tuple(t_ns.tolist()),
        value=tuple(value.tolist()),
    )
