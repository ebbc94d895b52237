"""Thinning: few points, no peak lost."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.metrics.series import Basis, Series
from engine.runs.thin import MOST_POINTS, thinned


def series(values: list[float]) -> Series:
    """One value each nanosecond."""
    return Series(np.arange(len(values), dtype=np.int64), np.array(values, dtype=np.float64), "ms", Basis.EXACT)


def test_a_short_series_stays_as_it_is() -> None:
    """Up to 2,000 points nothing is left out."""
    values = [float(place % 7) for place in range(MOST_POINTS)]

    assert list(thinned(series(values)).value) == values


def test_an_empty_series_stays_empty() -> None:
    """Nothing was seen, and that is what is said."""
    thin = thinned(series([]))

    assert (thin.n, thin.t_ns, thin.value) == (0, (), ())


def test_a_long_series_keeps_one_lonely_peak() -> None:
    """One spike among a million quiet points is what the chart is for."""
    values = [1.0] * 1_000_000
    values[777_777] = 99.0
    values[123_456] = -5.0
    thin = thinned(series(values))

    assert len(thin.value) <= MOST_POINTS
    assert (max(thin.value), min(thin.value), thin.n) == (99.0, -5.0, 1_000_000)
    assert thin.t_ns[thin.value.index(99.0)] == 777_777


def test_what_json_does_not_have_is_left_out_and_still_counted() -> None:
    """NaN and infinity are no points; n says how many there were."""
    thin = thinned(series([1.0, math.nan, math.inf, -math.inf, 2.0]))

    assert (thin.t_ns, thin.value, thin.n) == ((0, 4), (1.0, 2.0), 5)


@given(
    st.lists(st.floats(allow_nan=True, allow_infinity=True, width=32), max_size=50).flatmap(
        lambda pattern: st.integers(1, 400).map(lambda times: pattern * times)
    )
)
def test_thinning_keeps_extremes_order_and_the_last_point(values: list[float]) -> None:
    """Whatever the series: at most 2,000 points, in order, with its lowest, its highest and its last."""
    thin = thinned(series(values))
    finite = [value for value in values if math.isfinite(value)]

    assert len(thin.value) <= MOST_POINTS
    assert list(thin.t_ns) == sorted(set(thin.t_ns))
    assert thin.n == len(values)
    if finite:
        assert (max(thin.value), min(thin.value), thin.value[-1]) == (max(finite), min(finite), finite[-1])
    else:
        assert thin.value == ()
