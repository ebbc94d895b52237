"""Measuring a market on a list of seeds."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from engine.market.realism_document import Metaorders
from engine.market.realism_run import experiments, measure, seed_of, spread

from .recordings import ToyLaboratory, shipped

SMALL = Metaorders(shares_pct=(0.1, 1.0, 10.0), participation_pct=25, runs_per_seed=8)


def test_every_seed_has_its_day_and_its_metaorders() -> None:
    """Two sizes more than fit a line, eight runs each, and one line of progress a seed."""
    toy, told = ToyLaboratory(), list[str]()
    measured = measure(toy, replace(shipped(), metaorders=SMALL), (5, 6), told.append)

    assert measured.seeds == (5, 6)
    assert len(measured.by_seed) == 2
    assert len(toy.asked) == 2 * 3 * 8
    assert told == [
        "seed 5 (1 of 2): a day, then 24 metaorders",
        "seed 6 (2 of 2): a day, then 24 metaorders",
    ]


def test_the_rate_sets_the_duration() -> None:
    """1 % of a day's volume at a quarter of the flow takes 4 % of the day."""
    toy = ToyLaboratory()
    experiments(toy, SMALL, 1, 23_400)

    assert sorted({(share, round(for_s, 6)) for _, _, share, for_s in toy.asked}) == [
        (0.001, 93.6),
        (0.01, 936.0),
        (0.1, 9_360.0),
    ]


def test_as_many_runs_buy_as_sell_and_each_pair_shares_a_seed() -> None:
    """Of no other pair's."""
    toy = ToyLaboratory()
    found = experiments(toy, SMALL, 1, 23_400)
    seeds = [seed for seed, side, _, _ in toy.asked if side == 1]

    assert [side for _, side, _, _ in toy.asked] == [1, -1] * 12
    assert [seed for seed, side, _, _ in toy.asked if side == -1] == seeds
    assert len(set(seeds)) == len(seeds) == len(found) == 12


def test_seeds_of_experiments_are_always_the_same() -> None:
    """A fixed number: another version of a library must not change what a seed means. And each is another."""
    seeds = [seed_of(*each) for each in ((1_001, 0, 0), (1_001, 0, 1), (1_001, 1, 0), (1_002, 0, 0))]

    assert seeds[0] == 1_028_625_171
    assert len(set(seeds)) == 4


def test_a_figure_is_the_median_of_its_seeds() -> None:
    """NaN on one seed leaves it undefined; impact is that of all experiments."""
    measured = measure(ToyLaboratory(), replace(shipped(), metaorders=SMALL), (1, 2, 3), lambda _text: None)
    values = measured.values("messages_per_s_fano")
    holed = replace(measured, by_seed=({**measured.by_seed[0], "messages_per_s_fano": math.nan}, *measured.by_seed[1:]))

    assert measured.value("messages_per_s_fano") == sorted(values)[1]
    assert math.isnan(holed.value("messages_per_s_fano"))
    assert measured.value("impact_exponent") == pytest.approx(1)
    assert measured.values("impact_exponent") == [pytest.approx(1)] * 3


def test_two_measurements_are_the_same() -> None:
    """To the last bit."""
    document = replace(shipped(), metaorders=SMALL)
    once, again = (measure(ToyLaboratory(noise=0.01), document, (1, 2), lambda _text: None) for _ in range(2))

    assert once == again


def test_the_spread_is_of_what_is_known() -> None:
    """The least and the largest; nothing if nothing is known."""
    assert spread([3.0, math.nan, 1.0]) == (1.0, 3.0)
    assert all(math.isnan(value) for value in spread([math.nan]))
