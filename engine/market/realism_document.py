"""The document Realism: which stylised facts a simulated market is judged by, in which bands, on which seeds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Literal

from engine.base.errors import ExitCode, StressError
from engine.base.keys import key
from engine.base.words import listing
from engine.market.realism_names import figure_names

Judge = Literal["median", "pooled", "every_seed", "report"]

NAME = r"^[a-z][a-z0-9_]*$"
NAME_HELP = "small letters, digits and _"
LEAST_SEEDS = 8
"""A median of fewer says little: with eight, its standard error is about 0.44 of one seed's standard deviation."""
LEAST_SIZES = 3


class RealismError(StressError):
    """A realism document whose parts do not fit each other."""

    exit_code: ClassVar[ExitCode] = ExitCode.INVALID_DOCUMENT


@dataclass(frozen=True, kw_only=True)
class Band:
    """Where a figure has to lie, the ends included; with one end it is open to the other side."""

    figure: str = key("What is measured", choices=figure_names, example="return_kurtosis_1s")
    from_: float | None = key("At least this", default=None, example=15)
    to: float | None = key("At most this", default=None, example=100)
    source: str = key("Where the band comes from")

    def __post_init__(self) -> None:
        if self.from_ is None and self.to is None:
            raise RealismError(f"the band of {self.figure} has no end", "give from, to, or both")
        if self.from_ is not None and self.to is not None and self.from_ > self.to:
            raise RealismError(
                f"the band of {self.figure} goes from {self.from_:g} to {self.to:g}: nothing lies in it",
                "give the smaller number as from",
            )

    def holds(self, value: float) -> bool:
        """Whether *value* lies in the band; NaN, which is no measurement, does not."""
        return (self.from_ is None or value >= self.from_) and (self.to is None or value <= self.to) and value == value


@dataclass(frozen=True, kw_only=True)
class RealismFact:
    """One stylised fact: it holds when each of its figures lies in its band."""

    fact: str = key("Name of the fact", pattern=NAME, pattern_help=NAME_HELP)
    title: str = key("What it says of markets, in a few words")
    judge: Judge = key(
        "median: a gate on the median of the judging seeds; pooled: a gate on one figure from the experiments of all "
        "judging seeds; every_seed: sanity, must hold on each seed; report: shown, no gate"
    )
    bands: tuple[Band, ...] = key("Its figures, each with its band", min=1, by_id="figure")


@dataclass(frozen=True, kw_only=True)
class Seeds:
    """The seeds a market may be tuned on, and those it is judged on: none is both."""

    tuning: tuple[int, ...] = key("Seeds that may be looked at while parameters are chosen", min=0)
    judging: tuple[int, ...] = key("Seeds on which the facts are judged", min=0)

    def __post_init__(self) -> None:
        for name, seeds in (("tuning", self.tuning), ("judging", self.judging)):
            if len(seeds) < LEAST_SEEDS:
                raise RealismError(f"{LEAST_SEEDS} {name} seeds were expected, were {len(seeds)}", "add some")
        every = [*self.tuning, *self.judging]
        twice = sorted(seed for seed, count in Counter(every).items() if count > 1)
        if twice:
            raise RealismError(
                f"seed {listing([str(seed) for seed in twice])} stands twice",
                "what a market was tuned on proves nothing about it: give each seed once, to tuning or to judging",
            )


@dataclass(frozen=True, kw_only=True)
class Metaorders:
    """The experiments behind the impact figures: large orders worked at a constant rate in the simulated market."""

    shares_pct: tuple[float, ...] = key("Sizes, in percent of the day's volume", above=0, max=100)
    participation_pct: float = key("Rate, in percent of the volume traded meanwhile; it sets the duration", above=0)
    runs_per_seed: int = key("Runs per size and seed, half of them buying", min=2)

    def __post_init__(self) -> None:
        rising = all(low < high for low, high in pairwise(self.shares_pct))
        if not rising or len(self.shares_pct) < LEAST_SIZES:
            raise RealismError(
                f"{LEAST_SIZES} or more rising shares_pct were expected, was "
                f"{listing([f'{share:g}' for share in self.shares_pct])}",
                "an exponent is fitted to them: give sizes from the smallest to the largest",
            )
        if self.runs_per_seed % 2:
            raise RealismError(
                f"an even number of runs_per_seed was expected, was {self.runs_per_seed}",
                "as many runs buy as sell, so that the market's own drift cancels out",
            )


@dataclass(frozen=True, kw_only=True)
class Realism:
    """The stylised facts that a simulated market must show, fixed before it is tuned."""

    realism: str = key("Name of this document", pattern=NAME, pattern_help=NAME_HELP)
    title: str = key("What it is for, in a few words", default="")
    skip_s: float = key("Seconds after the open that are left out of every figure but sanity and U-shape", min=0)
    seeds: Seeds = key("Which seeds are for tuning and which for judging")
    metaorders: Metaorders = key("The experiments that impact is measured with")
    facts: tuple[RealismFact, ...] = key("The facts", min=1, by_id="fact")

    def __post_init__(self) -> None:
        banded = Counter(band.figure for fact in self.facts for band in fact.bands)
        twice = [figure for figure, count in banded.items() if count > 1]
        if twice:
            raise RealismError(f"{listing(twice)} is banded by two facts", "give each figure one band")
