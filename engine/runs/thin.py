"""Thinning a series for the result: few points, no peak lost."""

from __future__ import annotations

import numpy as np

from engine.metrics.folds import Floats, Ints
from engine.metrics.series import Series
from engine.runs.result import SeriesResult

MOST_POINTS = 2_000


def thinned(series: Series) -> SeriesResult:
    """At most 2,000 points of *series*: of each stretch its lowest and its highest, and the last point of all."""
    finite = np.isfinite(series.value)
    t_ns, value = series.t_ns[finite], series.value[finite]
    if len(t_ns) > MOST_POINTS:
        chosen = _extremes(value, MOST_POINTS // 2 - 1)
        t_ns, value = t_ns[chosen], value[chosen]
    return SeriesResult(
        unit=series.unit,
        basis=series.basis.value,
        n=len(series),
        t_ns=tuple(t_ns.tolist()),
        value=tuple(value.tolist()),
    )


def _extremes(value: Floats, stretches: int) -> Ints:
    """Where in each of so many stretches the lowest and the highest value stand first, and the last place of all.

    The stretches differ by one in length, the longer ones first: two tables, whose rows are searched all at once.
    """
    length, longer = divmod(len(value), stretches)
    found = [np.array([len(value) - 1])]
    for begin, rows, width in ((0, longer, length + 1), (longer * (length + 1), stretches - longer, length)):
        table = value[begin : begin + rows * width].reshape(rows, width)
        starts = begin + width * np.arange(rows)
        found += [starts + table.argmin(axis=1), starts + table.argmax(axis=1)]
    return np.unique(np.concatenate(found))
