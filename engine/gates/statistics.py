"""Statistics of a gate: exact order statistics, and what a sample of n can prove about a percentile.

A percentile q of n samples is the ⌈q·n⌉-th smallest, never interpolated. Its one-sided 95 % bound is an order
statistic as well: the number of samples at or below the true percentile is binomial(n, q) whatever the
distribution, so the k-th smallest lies above it with probability P(binomial(n, q) ≤ k - 1)
(H. A. David and H. N. Nagaraja, Order Statistics, 3rd ed., Wiley 2003, section 7.1).
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Side = Literal["upper", "lower"]

CONFIDENCE = 0.95
"""Design part 6: one-sided."""
TAIL_SAMPLES = 10
"""Design part 6: a percentile needs this many samples beyond it."""
MOST_SAMPLES = 10_000_000
"""Beyond this no number of needed samples is named."""


def quantile_of(stat: str) -> Fraction | None:
    """``p99.9`` as the exact fraction 999/1000; None if *stat* is no percentile."""
    if stat[:1] != "p" or not stat[1:2].isdigit():
        return None
    return Fraction(stat[1:]) / 100


def rank_of(q: Fraction, n: int) -> int:
    """The rank ⌈q·n⌉, at least 1, in exact arithmetic (0.07·100 is 7.000000000000001 in floats)."""
    return max(1, -(-q.numerator * n // q.denominator))


def percentile(values: NDArray[np.float64], q: Fraction) -> float:
    """The ⌈q·n⌉-th smallest of *values*; NaN if one of them is. Raise ValueError if there are none."""
    return _order_statistic(values, rank_of(q, len(values)))


def default_min_samples(q: Fraction) -> int:
    """The samples below which a percentile is not judged: 10 beyond it on its thinner side, 1,000 for P99."""
    return math.ceil(TAIL_SAMPLES / min(q, 1 - q))


def bound_rank(n: int, q: Fraction, side: Side) -> int | None:
    """The rank of the order statistic that bounds the percentile *q* with 95 % confidence; None if no rank does."""
    if side == "lower":
        mirrored = bound_rank(n, 1 - q, "upper")
        return None if mirrored is None else n + 1 - mirrored
    if n < 1:
        return None
    first, mass = _binomial(n, q)
    at_or_above = np.cumsum(mass[::-1])[::-1]
    found = np.nonzero(at_or_above <= 1 - CONFIDENCE)[0]
    if not len(found):
        return None
    rank = first + int(found[0])
    return rank if rank <= n else None


def bound(values: NDArray[np.float64], q: Fraction, side: Side) -> float | None:
    """The 95 % bound of the percentile *q* of *values* on one side; None if there are too few for any."""
    rank = bound_rank(len(values), q, side)
    return None if rank is None else _order_statistic(values, rank)


def least_samples(q: Fraction, side: Side) -> int:
    """The fewest samples from which the percentile *q* can be bounded at all: 299 for P99."""
    share = q if side == "upper" else 1 - q
    guess = max(1, math.floor(math.log(1 - CONFIDENCE) / math.log(share)) - 1)
    while bound_rank(guess, q, side) is None:
        guess += 1
    return guess


def samples_to_prove(q: Fraction, side: Side, good: int, n: int) -> int | None:
    """About how many samples prove the percentile, if *good* of *n* stays the share on the right side.

    None if no number up to ten million does.
    """

    def proves(many: int) -> bool:
        rank = bound_rank(many, q, side)
        if rank is None:
            return False
        needed = rank if side == "upper" else many + 1 - rank
        return many * good // n >= needed

    low, high = least_samples(q, side) - 1, least_samples(q, side)
    while not proves(high):
        low, high = high, high * 2
        if high > MOST_SAMPLES:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if proves(middle) else (middle, high)
    return high


def statistic(values: NDArray[np.float64], stat: str) -> float:
    """The statistic *stat* of *values*; NaN if one of them is. Raise ValueError if there are none."""
    if not len(values):
        raise ValueError(f"at least one sample was expected for {stat}, was none")
    if np.isnan(values).any():
        return math.nan
    q = quantile_of(stat)
    if q is not None:
        return percentile(values, q)
    match stat:
        case "last":
            return float(values[-1])
        case "min":
            return float(values.min())
        case "max":
            return float(values.max())
        case "count":
            return float(len(values))
        case "sum":
            return _total(values)
        case "mean":
            return _total(values) / len(values)
    raise ValueError(f"a statistic was expected, was '{stat}'")


def _order_statistic(values: NDArray[np.float64], rank: int) -> float:
    if not len(values):
        raise ValueError("at least one sample was expected, was none")
    if np.isnan(values).any():
        return math.nan
    return float(np.partition(values, rank - 1)[rank - 1])


def _total(values: NDArray[np.float64]) -> float:
    """The correctly rounded sum, the same on every machine; NaN for ∞ - ∞."""
    infinite = values[np.isinf(values)]
    if len(infinite):
        return float(infinite[0]) if (infinite == infinite[0]).all() else math.nan
    try:
        return math.fsum(values.tolist())
    except OverflowError:
        return math.inf if values.max() > -values.min() else -math.inf


def _binomial(n: int, q: Fraction) -> tuple[int, NDArray[np.float64]]:
    """The first count and the probabilities around the mean of binomial(n, q), out to ten standard deviations.

    Built from the ratio of neighbours and normalised: multiplication and division only, so no lgamma error. What lies
    outside is under 1e-20; a count of n + 1 closes the upper end with probability 0.
    """
    p = float(q)
    middle = min(n, math.floor(n * p))
    reach = math.ceil(10 * math.sqrt(n * p * (1 - p))) + 50
    first, last = max(0, middle - reach), min(n, middle + reach)
    above = np.arange(middle, last, dtype=np.float64)
    below = np.arange(middle, first, -1, dtype=np.float64)
    odds = p / (1 - p)
    upwards = np.cumprod((n - above) / (above + 1) * odds)
    downwards = np.cumprod(below / ((n - below + 1) * odds))
    mass = np.concatenate((downwards[::-1], [1.0], upwards, [0.0]))
    return first, mass / mass.sum()
