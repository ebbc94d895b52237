"""Order statistics and their bounds, against exact arithmetic, tables and simulation."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import count

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.gates.statistics import (
    Side,
    bound,
    bound_rank,
    default_min_samples,
    least_samples,
    percentile,
    quantile_of,
    rank_of,
    samples_to_prove,
    statistic,
)
from engine.kernel.streams import stream

P50, P95, P99, P999 = (Fraction(q) for q in ("0.5", "0.95", "0.99", "0.999"))


def values(*numbers: float) -> NDArray[np.float64]:
    """An array of floats."""
    return np.array(numbers, dtype=np.float64)


@pytest.mark.parametrize(
    ("stat", "q"), [("p50", P50), ("p99", P99), ("p99.9", P999), ("p1", Fraction(1, 100)), ("max", None), ("p", None)]
)
def test_a_percentile_is_an_exact_fraction(stat: str, q: Fraction | None) -> None:
    """p99.9 is 999/1000, not the nearest float."""
    assert quantile_of(stat) == q


@pytest.mark.parametrize(
    ("q", "n", "rank"),
    [(P99, 1, 1), (P99, 100, 99), (P99, 101, 100), (P99, 1000, 990), (Fraction(7, 100), 100, 7), (P999, 1000, 999)],
)
def test_the_rank_is_rounded_up_exactly(q: Fraction, n: int, rank: int) -> None:
    """⌈q·n⌉, also where floats would round 7 up to 8."""
    assert rank_of(q, n) == rank


def test_a_percentile_is_one_of_the_samples() -> None:
    """The 99th of 1..100, never an interpolation."""
    assert percentile(np.arange(100, 0, -1, dtype=np.float64), P99) == 99.0


def test_an_unanswered_order_is_an_infinite_sample() -> None:
    """Two of 100 unanswered move P99 to infinity; one does not."""
    assert percentile(values(*[1.0] * 98, math.inf, math.inf), P99) == math.inf
    assert percentile(values(*[1.0] * 99, math.inf), P99) == 1.0


@pytest.mark.parametrize(("q", "n"), [(P99, 1000), (P999, 10_000), (P95, 200), (P50, 20), (Fraction(1, 20), 200)])
def test_ten_samples_must_lie_beyond_a_percentile(q: Fraction, n: int) -> None:
    """10/(1-q), or 10/q for a low percentile."""
    assert default_min_samples(q) == n


@pytest.mark.parametrize(("q", "n"), [(P99, 299), (P95, 59), (Fraction(9, 10), 29), (P50, 5), (P999, 2995)])
def test_a_bound_needs_so_many_samples(q: Fraction, n: int) -> None:
    """The first order of Wilks' table at 95 % confidence, on both sides."""
    assert least_samples(q, "upper") == n
    assert least_samples(1 - q, "lower") == n
    assert bound_rank(n - 1, q, "upper") is None
    assert bound_rank(n, q, "upper") == n
    assert bound_rank(n, 1 - q, "lower") == 1


@pytest.mark.parametrize(
    ("q", "n", "from_top"), [(P95, 93, 2), (P95, 124, 3), (P95, 153, 4), (P99, 473, 2), (P99, 628, 3)]
)
def test_the_bound_agrees_with_wilks_table(q: Fraction, n: int, from_top: int) -> None:
    """Second, third and fourth largest (S. S. Wilks 1941; table of G. J. Hahn and W. Q. Meeker 1991)."""
    assert bound_rank(n, q, "upper") == n + 1 - from_top
    assert bound_rank(n - 1, q, "upper") == n - 1 + 1 - (from_top - 1)


def exact_upper_rank(n: int, q: Fraction) -> int | None:
    """The same rank by whole numbers only."""
    numerator, denominator = q.numerator, q.denominator
    at_most = 0
    for rank in range(1, n + 1):
        k = rank - 1
        at_most += math.comb(n, k) * numerator**k * (denominator - numerator) ** (n - k)
        if at_most * 20 >= denominator**n * 19:
            return rank
    return None


@pytest.mark.parametrize("q", [P50, P95, P99, Fraction(1, 100), Fraction(1, 20)])
@pytest.mark.parametrize("n", [1, 2, 4, 5, 17, 58, 59, 100, 298, 299, 300, 500])
def test_the_bound_agrees_with_exact_arithmetic(q: Fraction, n: int) -> None:
    """For small n the rank is that of whole-number binomials."""
    assert bound_rank(n, q, "upper") == exact_upper_rank(n, q)


def test_p99_of_a_thousand_is_bounded_by_the_996th() -> None:
    """The figure in the manual's example, by exact arithmetic too."""
    assert exact_upper_rank(1000, P99) == bound_rank(1000, P99, "upper")
    assert bound_rank(1000, P99, "upper") == 996


@pytest.mark.parametrize("n", [0, 1, 298])
def test_too_few_samples_have_no_bound(n: int) -> None:
    """Below 299 nothing bounds P99."""
    assert bound(np.ones(n), P99, "upper") is None


def test_a_million_samples_are_bounded_near_the_normal_rank() -> None:
    """At n = 10^6 the rank is q·n + 1.645 standard deviations, within two."""
    for q in (P50, P99, P999):
        rank = bound_rank(1_000_000, q, "upper")
        assert rank is not None
        expected = 1e6 * float(q) + 1.644854 * math.sqrt(1e6 * float(q * (1 - q)))
        assert abs(rank - expected) < 2


@given(n=st.integers(1, 3000), q=st.sampled_from([P50, P95, P99, Fraction(1, 100)]))
def test_lower_and_upper_bounds_mirror_each_other(n: int, q: Fraction) -> None:
    """The lower bound of q is the upper bound of 1-q, counted from the other end."""
    upper, lower = bound_rank(n, 1 - q, "upper"), bound_rank(n, q, "lower")
    assert (upper is None) == (lower is None)
    if upper is not None and lower is not None:
        assert upper + lower == n + 1
        assert lower <= rank_of(q, n)


@pytest.mark.parametrize(
    ("q", "side", "n"), [(P99, "upper", 1000), (P95, "upper", 300), (Fraction(1, 20), "lower", 300)]
)
def test_the_bound_covers_the_true_percentile_as_often_as_it_says(q: Fraction, side: Side, n: int) -> None:
    """Of 4,000 samples from an exponential, at least 95 % are bounded (less chance), and not nearly all."""
    draws = stream(20250805, f"coverage-{q}-{side}").exponential(size=(4000, n))
    truth = -math.log(1 - float(q))
    bounds = [bound(draw, q, side) for draw in draws]
    covered = sum(b is not None and (b >= truth if side == "upper" else b <= truth) for b in bounds) / len(bounds)
    assert 0.94 < covered < 0.985


def test_infinite_samples_bound_to_infinity() -> None:
    """Ten unanswered of 1,000 leave P99 finite and its bound infinite."""
    samples = values(*[1.0] * 990, *[math.inf] * 10)
    assert percentile(samples, P99) == 1.0
    assert bound(samples, P99, "upper") == math.inf


@pytest.mark.parametrize(
    ("stat", "expected"),
    [("last", 2.0), ("min", 1.0), ("max", 5.0), ("mean", 2.75), ("sum", 11.0), ("count", 4.0), ("p50", 2.0)],
)
def test_each_statistic_is_what_it_says(stat: str, expected: float) -> None:
    """On 3, 1, 5, 2."""
    assert statistic(values(3, 1, 5, 2), stat) == expected


@pytest.mark.parametrize("stat", ["last", "min", "max", "mean", "sum", "count", "p50", "p99"])
def test_one_nan_spoils_every_statistic(stat: str) -> None:
    """A hole in the measurement is never averaged away."""
    assert math.isnan(statistic(values(1, math.nan, 2), stat))


def test_a_sum_is_rounded_once() -> None:
    """Ten times 0.1 is 1, and the order does not matter."""
    assert statistic(np.full(10, 0.1), "sum") == 1.0
    assert statistic(values(1e16, 1, -1e16), "sum") == 1.0


def test_infinities_add_up_or_are_no_number() -> None:
    """∞ + 1 is ∞, ∞ - ∞ is not a number, and an overflow is infinite."""
    assert statistic(values(math.inf, 1), "sum") == math.inf
    assert statistic(values(-math.inf, 1), "mean") == -math.inf
    assert math.isnan(statistic(values(math.inf, -math.inf), "sum"))
    assert statistic(values(1e308, 1e308), "sum") == math.inf
    assert statistic(values(-1e308, -1e308), "sum") == -math.inf


def test_no_samples_have_no_statistic() -> None:
    """Never 0, as elsewhere."""
    for stat in ("max", "p99", "sum", "count"):
        with pytest.raises(ValueError, match="at least one sample was expected"):
            statistic(values(), stat)
    with pytest.raises(ValueError, match="at least one sample"):
        percentile(values(), P99)


def test_an_unknown_statistic_is_refused() -> None:
    """A word that no gate can have."""
    with pytest.raises(ValueError, match="a statistic was expected, was 'median'"):
        statistic(values(1), "median")


@pytest.mark.parametrize(("good", "n"), [(1000, 1000), (995, 1000), (992, 1000)])
def test_the_samples_said_to_prove_it_prove_it(good: int, n: int) -> None:
    """At the named number the bound stands, one fewer and it does not."""
    needed = samples_to_prove(P99, "upper", good, n)
    assert needed is not None

    def proves(many: int) -> bool:
        rank = bound_rank(many, P99, "upper")
        return rank is not None and many * good // n >= rank

    assert proves(needed)
    assert not proves(needed - 1)


def test_all_good_samples_need_the_fewest() -> None:
    """With nothing on the wrong side P99 needs 299."""
    assert samples_to_prove(P99, "upper", 10, 10) == 299
    assert samples_to_prove(1 - P99, "lower", 10, 10) == 299


def test_a_share_on_the_line_is_never_proven() -> None:
    """Exactly 1 % on the wrong side stays unproven at any size."""
    assert samples_to_prove(P99, "upper", 990, 1000) is None


def test_ranks_do_not_fall_as_samples_grow() -> None:
    """More samples never lower the rank of the bound."""
    ranks = [bound_rank(n, P99, "upper") or 0 for n, _ in zip(count(299), range(1000), strict=False)]
    assert ranks == sorted(ranks)
