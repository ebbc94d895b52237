"""The robust slope behind memory growth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.metrics.memory_growth_mb import theil_sen_slope


def test_one_outlier_does_not_move_the_slope() -> None:
    """Nine points on 2·x + 1 and one far off."""
    x = np.arange(10.0)
    y = 2 * x + 1
    y[4] = 1e6

    assert theil_sen_slope(x, y) == 2.0


def test_points_at_one_time_are_left_out_of_the_pairs() -> None:
    """Two values at x = 0 have no slope between them."""
    assert theil_sen_slope(np.array([0.0, 0.0, 1.0]), np.array([0.0, 2.0, 1.0])) == 0.0


@pytest.mark.parametrize(("x", "y"), [([], []), ([1.0], [1.0]), ([1.0, 1.0], [1.0, 2.0])])
def test_no_two_points_apart_are_refused(x: list[float], y: list[float]) -> None:
    """There is no slope."""
    with pytest.raises(ValueError, match="two points with different x"):
        theil_sen_slope(np.array(x), np.array(y))


def test_nan_and_different_lengths_are_refused() -> None:
    """Neither is a measurement."""
    with pytest.raises(ValueError, match="finite"):
        theil_sen_slope(np.array([0.0, 1.0]), np.array([0.0, np.nan]))
    with pytest.raises(ValueError, match="as many x as y"):
        theil_sen_slope(np.array([0.0, 1.0]), np.array([0.0]))


def test_many_points_are_thinned_evenly() -> None:
    """5,000 points of a line still give its slope."""
    x = np.arange(5_000.0)

    assert theil_sen_slope(x, -3 * x) == -3.0


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=40), st.integers(-5, 5))
def test_the_slope_of_a_tilted_series_is_tilted_by_as_much(values: list[int], tilt: int) -> None:
    """Adding tilt·x adds tilt."""
    x, y = np.arange(float(len(values))), np.array(values, dtype=np.float64)

    assert theil_sen_slope(x, y + tilt * x) == pytest.approx(theil_sen_slope(x, y) + tilt, abs=1e-9)
