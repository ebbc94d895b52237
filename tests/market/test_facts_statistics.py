"""The statistics behind the facts, against numpy and by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.market.facts_statistics import (
    LogHistogram,
    Weights,
    WorstDrop,
    autocorrelation,
    moment_kurtosis,
    spread_of,
)

PRICES = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 100)), min_size=1, max_size=40)


def test_kurtosis_of_two_equal_halves_is_one() -> None:
    """The smallest there is: −1 and 1 as often."""
    assert moment_kurtosis(np.array([-1.0, 1.0, -1.0, 1.0])) == pytest.approx(1)


@pytest.mark.parametrize("values", [[], [2.0], [2.0, 2.0, 2.0]])
def test_what_does_not_vary_has_no_kurtosis_and_no_autocorrelation(values: list[float]) -> None:
    """NaN, never zero: nothing was measured."""
    assert math.isnan(moment_kurtosis(np.array(values)))
    assert math.isnan(autocorrelation(np.array(values), 1))


def test_autocorrelation_of_an_alternating_series_is_nearly_minus_one() -> None:
    """Lag 1 of +1, −1, …: n − 1 products of −1 over n squares."""
    assert autocorrelation(np.array([1.0, -1.0] * 5), 1) == pytest.approx(-0.9)


def test_spread_of_nothing_is_unknown() -> None:
    """An empty series has no standard deviation."""
    assert math.isnan(spread_of(np.array([])))
    assert spread_of(np.array([1.0, 3.0])) == 1.0


def test_weights_are_summed_per_value() -> None:
    """Mean, quantiles and the largest follow the weight, not the number of entries."""
    weights = Weights()
    weights.add(np.array([5, 1, 5]), np.array([1.0, 8.0, 1.0]))

    assert weights.mean() == pytest.approx(1.8)
    assert (weights.quantile(0.5), weights.quantile(0.8), weights.quantile(0.81), weights.most()) == (1, 1, 5, 5)


def test_a_value_without_weight_does_not_count() -> None:
    """A spread that stood for no time is not the widest."""
    weights = Weights()
    weights.add(np.array([1, 99]), np.array([1.0, 0.0]))

    assert (weights.quantile(1), weights.most()) == (1, 1)


def test_no_weights_have_no_statistics() -> None:
    """All of them are NaN."""
    weights = Weights()

    assert all(
        math.isnan(value)
        for value in (
            weights.mean(),
            weights.variance(),
            weights.quantile(0.5),
            weights.interpolated(0.5),
            weights.most(),
        )
    )


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=60), st.floats(0, 1))
def test_counts_give_numpys_quantile_and_variance(values: list[int], share: float) -> None:
    """Whatever was counted, one by one."""
    weights = Weights()
    for value in values:
        weights.add_one(value)

    assert weights.interpolated(share) == pytest.approx(float(np.quantile(values, share)), abs=1e-6)
    assert weights.variance() == pytest.approx(float(np.var(values)), abs=1e-9)


@given(st.lists(st.integers(1, 10**14), min_size=1, max_size=60), st.sampled_from([0.1, 0.5, 0.95, 1.0]))
def test_the_histogram_knows_quantiles_to_a_quarter_percent(values: list[int], share: float) -> None:
    """Against the sorted values themselves."""
    histogram = LogHistogram()
    histogram.add(np.array(values))
    exact = sorted(values)[math.ceil(share * len(values)) - 1]

    assert histogram.quantile(share) == pytest.approx(exact, rel=0.0025)


def test_the_histogram_keeps_zeros_apart() -> None:
    """Messages of one stamp have a gap of zero, not of one nanosecond."""
    histogram = LogHistogram()
    histogram.add(np.array([0, 0, 0, 1000]))

    assert histogram.quantile(0.75) == 0
    assert histogram.quantile(1) == pytest.approx(1000, rel=0.0025)
    assert math.isnan(LogHistogram().quantile(0.5))


def test_a_drop_is_from_a_high_to_a_later_low() -> None:
    """A bar's own high is not before its own low."""
    drop = WorstDrop(window_ns=10)
    drop.add(0, 100, 50)

    assert math.isnan(drop.pct)

    drop.add(10, 90, 80)

    assert drop.pct == pytest.approx(20)


def test_a_high_older_than_the_window_does_not_count() -> None:
    """At the window's edge it still does."""
    drop = WorstDrop(window_ns=10)
    drop.add(0, 100, 100)
    drop.add(5, 60, 60)
    drop.add(11, 54, 54)

    assert drop.pct == pytest.approx(40)


@given(PRICES, st.integers(0, 60))
def test_the_worst_drop_is_that_of_all_pairs(steps: list[tuple[int, int]], window_ns: int) -> None:
    """Against every pair of an earlier and a later price within the window."""
    drop = WorstDrop(window_ns)
    t_ns, path = 0, []
    for step, price in steps:
        t_ns += step
        path.append((t_ns, price))
        drop.add(t_ns, price, price)
    pairs = [
        100 * (1 - low / high)
        for place, (later_ns, low) in enumerate(path)
        for earlier_ns, high in path[:place]
        if later_ns - earlier_ns <= window_ns
    ]

    if pairs:
        assert drop.pct == pytest.approx(max(pairs))
    else:
        assert math.isnan(drop.pct)
