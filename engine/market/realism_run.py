"""Measures a market: days and metaorders on a list of seeds."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.base.units import NS_PER_S
from engine.market.realism_document import Metaorders, Realism
from engine.market.realism_facts import figures
from engine.market.realism_impact import Impact, Pair, impact
from engine.market.realism_laboratory import Laboratory

BUYS, SELLS = 1, -1


@dataclass(frozen=True)
class Measured:
    """What was measured: the figures of each seed's day, and the impact from all experiments together."""

    seeds: tuple[int, ...]
    by_seed: tuple[dict[str, float], ...]
    """The figures of a day, one for each seed."""
    pooled: Impact
    without: tuple[Impact, ...]
    """Impact without the experiments of each seed in turn: how much hangs on one of them."""

    def values(self, figure: str) -> list[float]:
        """A figure on each seed; of impact, without each seed in turn."""
        if figure in _POOLED:
            return [_POOLED[figure](found) for found in self.without]
        return [found[figure] for found in self.by_seed]

    def value(self, figure: str) -> float:
        """The figure that is judged: the median of the seeds; of impact, that of all experiments.

        NaN if one seed has no figure.
        """
        return _POOLED[figure](self.pooled) if figure in _POOLED else float(np.median(self.values(figure)))


_POOLED: dict[str, Callable[[Impact], float]] = {
    "impact_exponent": lambda found: found.exponent,
    "impact_retained": lambda found: found.retained,
}


def measure(laboratory: Laboratory, document: Realism, seeds: Sequence[int], tell: Callable[[str], None]) -> Measured:
    """Run a day and the metaorders of each seed, and measure them. *tell* hears what is going on."""
    by_seed, pairs = [], []
    for place, seed in enumerate(seeds, 1):
        tell(f"seed {seed} ({place} of {len(seeds)}): a day, then {_runs(document.metaorders)} metaorders")
        day = laboratory.day(seed)
        by_seed.append(figures(day, document.skip_s))
        pairs += experiments(laboratory, document.metaorders, seed, (day.close_ns - day.open_ns) / NS_PER_S)
    without = tuple(impact([pair for pair in pairs if pair.judged_seed != seed]) for seed in seeds)
    return Measured(tuple(seeds), tuple(by_seed), impact(pairs), without)


def experiments(laboratory: Laboratory, metaorders: Metaorders, seed: int, session_s: float) -> list[Pair]:
    """The metaorders of one seed, in pairs of a buying and a selling one that share a seed of their own."""
    pairs = []
    for size, share_pct in enumerate(metaorders.shares_pct):
        share = share_pct / 100
        duration_s = session_s * share_pct / metaorders.participation_pct
        for run in range(metaorders.runs_per_seed // 2):
            own = seed_of(seed, size, run)
            buy, sell = (laboratory.metaorder(own, side, share, duration_s) for side in (BUYS, SELLS))
            pairs.append(Pair(seed, size, buy, sell))
    return pairs


def seed_of(seed: int, size: int, run: int) -> int:
    """The seed of one pair of experiments: a number of 32 bits that depends on all three."""
    return int(np.random.SeedSequence((seed, size, run)).generate_state(1, np.uint32)[0])


def _runs(metaorders: Metaorders) -> int:
    return len(metaorders.shares_pct) * (metaorders.runs_per_seed // 2) * 2


def spread(values: Sequence[float]) -> tuple[float, float]:
    """The least and the largest of the values that are known; NaN if none is."""
    known = [value for value in values if math.isfinite(value)]
    return (min(known), max(known)) if known else (math.nan, math.nan)
