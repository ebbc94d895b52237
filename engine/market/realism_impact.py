"""Impact of large orders, from experiments: how it grows with size, and how much of it stays.

Two runs of one seed, with and without the order, soon differ in everything: a single difference says nothing. So the
signed move of the mid is averaged over many runs. Runs come in pairs of one seed, one buying and one selling: what
the market does by itself enters both with opposite signs and, as long as they are alike, cancels out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.market.realism_laboratory import MidPath
from engine.market.recording import Floats

HORIZON = 3
"""Impact that is left is read when so many durations have passed since the begin."""
LEAST_PAIRS = 4
TOLD_FROM_ZERO = 2.0
"""A size counts for the exponent if its mean move is so many standard errors above zero: others have no logarithm."""
LEAST_SIZES = 3
LEAST_SPAN = 10.0
"""The sizes that count must span a factor of ten, or a slope says nothing."""
_SMALLEST_ERROR = 1e-3
"""Relative; keeps a size whose runs all agree from outweighing every other."""


@dataclass(frozen=True)
class Pair:
    """Two metaorders of one size and one seed, one buying, one selling."""

    judged_seed: int
    """The seed of the document that the pair's own seed was drawn from."""
    size: int
    """The place of the size in the list of sizes."""
    buy: MidPath
    sell: MidPath

    @property
    def share_of_volume(self) -> float:
        """The mean share of the day's volume that was executed."""
        return (self.buy.share_of_volume + self.sell.share_of_volume) / 2

    def peak(self) -> float:
        """The mean signed log move at the end of the orders."""
        return (self.buy.moved(self.buy.end_ns) + self.sell.moved(self.sell.end_ns)) / 2

    def later(self) -> float:
        """The mean signed log move when three durations have passed since the begin."""
        return (self.buy.moved(_horizon_ns(self.buy)) + self.sell.moved(_horizon_ns(self.sell))) / 2


def _horizon_ns(path: MidPath) -> int:
    return path.begin_ns + HORIZON * (path.end_ns - path.begin_ns)


@dataclass(frozen=True)
class SizeFound:
    """What the runs of one size came to. Moves are log moves in the order's direction."""

    share_of_volume: float
    pairs: int
    peak: float
    """Mean at the end of the order."""
    peak_error: float
    """Its standard error."""
    later: float
    """Mean at three durations; NaN where no run reached so far."""
    later_error: float

    @property
    def told_from_zero(self) -> bool:
        """Whether the peak is clearly above zero."""
        return self.pairs >= LEAST_PAIRS and self.peak > max(TOLD_FROM_ZERO * self.peak_error, 0)


@dataclass(frozen=True)
class Impact:
    """The fit over all sizes; NaN where the runs do not tell."""

    exponent: float
    retained: float
    sizes: tuple[SizeFound, ...]


def impact(pairs: Sequence[Pair]) -> Impact:
    """Fit impact ~ (Q/V)^exponent, and the share of it that is left at three durations."""
    places = sorted({pair.size for pair in pairs})
    sizes = tuple(_size([pair for pair in pairs if pair.size == place]) for place in places)
    return Impact(_exponent(sizes), _retained(sizes), sizes)


def _size(pairs: list[Pair]) -> SizeFound:
    peaks, later = np.array([pair.peak() for pair in pairs]), np.array([pair.later() for pair in pairs])
    peaks_known = peaks[np.isfinite(peaks)]
    return SizeFound(
        share_of_volume=float(np.mean([pair.share_of_volume for pair in pairs])),
        pairs=len(peaks_known),
        peak=_mean(peaks_known),
        peak_error=_error(peaks_known),
        later=_mean(later[np.isfinite(later)]),
        later_error=_error(later[np.isfinite(later)]),
    )


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else math.nan


def _error(values: Floats) -> float:
    return float(values.std(ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else math.nan


def _exponent(sizes: tuple[SizeFound, ...]) -> float:
    """The slope of log impact over log size, each size weighted by how well it is known."""
    clear = [size for size in sizes if size.told_from_zero and size.share_of_volume > 0]
    shares = np.array([size.share_of_volume for size in clear])
    if len(clear) < LEAST_SIZES or shares.max() < LEAST_SPAN * shares.min():
        return math.nan
    x, y = np.log(shares), np.log([size.peak for size in clear])
    weights = np.array([max(size.peak_error / size.peak, _SMALLEST_ERROR) ** -2 for size in clear])
    x = x - np.average(x, weights=weights)
    return float(np.sum(weights * x * y) / np.sum(weights * x * x))


def _retained(sizes: tuple[SizeFound, ...]) -> float:
    """The share left, by least squares through zero over the sizes, each in units of its own error."""
    known = [size for size in sizes if size.told_from_zero and math.isfinite(size.later)]
    if not known:
        return math.nan
    weights = [max(size.later_error, _SMALLEST_ERROR * size.peak) ** -2 for size in known]
    above = sum(weight * size.later * size.peak for weight, size in zip(weights, known, strict=True))
    return above / sum(weight * size.peak**2 for weight, size in zip(weights, known, strict=True))
