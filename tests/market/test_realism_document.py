"""The realism document: bands, seeds and experiments, and the numbers that were fixed."""

from __future__ import annotations

import math
from typing import Any

import pytest

from engine.market.realism_document import Band, Metaorders, Realism, RealismError, RealismFact, Seeds
from engine.market.realism_names import FIGURES

from .recordings import band, shipped

FIXED = {
    "return_kurtosis_1s": (15, 100, "median"),
    "return_kurtosis_10s": (5, 20, "median"),
    "return_kurtosis_60s": (4, 10, "median"),
    "kurtosis_10s_over_1s": (None, 1, "median"),
    "kurtosis_60s_over_10s": (None, 1, "median"),
    "return_acf_1s_lag1": (-0.05, 0.05, "median"),
    "return_acf_60s_lag1": (-0.1, 0.1, "median"),
    "abs_return_acf_1s_lag1": (0.08, 0.3, "median"),
    "abs_return_acf_1s_least_1_to_10": (0.02, None, "median"),
    "trade_sign_acf_lag1": (0.4, 0.75, "median"),
    "trade_sign_acf_lag10": (0.05, 0.4, "median"),
    "trade_sign_acf_lag100": (0.01, 0.2, "median"),
    "messages_per_s_fano": (10, 50, "median"),
    "interarrival_cv": (2, 10, "median"),
    "interarrival_median_s": (None, 0.002, "median"),
    "interarrival_mean_s": (0.1, 0.3, "median"),
    "cancel_ratio": (0.5, 0.95, "median"),
    "execution_share": (0.05, 0.3, "median"),
    "volume_volatility_correlation_60s": (0.15, None, "median"),
    "spread_q05_over_q50": (0.2, 0.8, "median"),
    "spread_q95_over_q50": (1.3, 3, "median"),
    "best_shares_mean_over_median": (1.1, 4, "median"),
    "best_shares_q99_over_q50": (3, 50, "median"),
    "messages_open_over_midday": (1.2, 5, "median"),
    "messages_close_over_midday": (1.2, 5, "median"),
    "volatility_open_over_midday": (1.2, 5, "median"),
    "volatility_close_over_midday": (1, 5, "median"),
    "impact_exponent": (0.4, 0.7, "pooled"),
    "impact_retained": (0.2, 0.7, "pooled"),
    "crossed_messages": (None, 0, "every_seed"),
    "overdrawn_orders": (None, 0, "every_seed"),
    "one_sided_time_share": (None, 0.001, "every_seed"),
    "mid_jump_max_sigmas": (None, 60, "every_seed"),
    "zero_returns_1s": (0.3, 0.9, "report"),
    "signature_1s_over_300s": (0.8, 1.3, "report"),
    "kurtosis_600s_over_60s": (None, 1, "report"),
    "abs_return_acf_1s_lag60": (0, None, "report"),
}


def test_the_bands_are_those_that_were_fixed() -> None:
    """Before any market was tuned; a change here is a loosening or a tightening that somebody has to answer for."""
    found = {each.figure: (each.from_, each.to, fact.judge) for fact in shipped().facts for each in fact.bands}

    assert found == FIXED


def test_the_seeds_are_those_that_were_fixed() -> None:
    """Eight for tuning, eight others for judging, and 192 runs of each size."""
    found = shipped()

    assert found.seeds == Seeds(tuning=tuple(range(1, 9)), judging=tuple(range(1_001, 1_009)))
    assert found.skip_s == 600
    assert found.metaorders == Metaorders(
        shares_pct=(0.1, 0.2, 0.5, 1, 2, 5, 10), participation_pct=25, runs_per_seed=24
    )


def test_every_band_says_where_it_comes_from() -> None:
    """A number without a source is an opinion."""
    assert [each.figure for fact in shipped().facts for each in fact.bands if len(each.source) < 10] == []


@pytest.mark.parametrize(
    ("ends", "value", "holds"),
    [
        ({"from_": 1.0, "to": 2.0}, 1.0, True),
        ({"from_": 1.0, "to": 2.0}, 2.0, True),
        ({"from_": 1.0, "to": 2.0}, 0.999, False),
        ({"from_": 1.0, "to": 2.0}, 2.001, False),
        ({"from_": 1.0, "to": None}, 1e9, True),
        ({"from_": None, "to": 0.0}, 0.0, True),
        ({"from_": None, "to": 0.0}, 1.0, False),
        ({"from_": None, "to": 1.0}, math.nan, False),
        ({"from_": 0.0, "to": None}, math.nan, False),
        ({"from_": 0.0, "to": 0.0}, 0.0, True),
    ],
)
def test_a_band_holds_with_its_ends_and_never_for_nan(ends: dict[str, Any], value: float, holds: bool) -> None:
    """What was not measured does not hold."""
    assert Band(**band(**ends)).holds(value) is holds


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ({"from_": None, "to": None}, "has no end"),
        ({"from_": 3.0, "to": 2.0}, "goes from 3 to 2: nothing lies in it"),
    ],
)
def test_a_band_in_which_nothing_lies_is_refused(ends: dict[str, Any], said: str) -> None:
    """And one in which everything lies."""
    with pytest.raises(RealismError, match=said):
        Band(**band(**ends))


EIGHT = tuple(range(8))


@pytest.mark.parametrize(
    ("tuning", "judging", "said"),
    [
        (EIGHT, tuple(range(7, 15)), "seed 7 stands twice"),
        (EIGHT, (20, 20, *range(21, 28)), "seed 20 stands twice"),
        (EIGHT, tuple(range(10, 17)), "8 judging seeds were expected, were 7"),
        ((), EIGHT, "8 tuning seeds were expected, were 0"),
    ],
)
def test_seeds_for_tuning_are_not_for_judging(tuning: tuple[int, ...], judging: tuple[int, ...], said: str) -> None:
    """Nor is one counted twice, nor are there fewer than eight."""
    with pytest.raises(RealismError, match=said):
        Seeds(tuning=tuning, judging=judging)


@pytest.mark.parametrize(
    ("shares", "runs", "said"),
    [
        ((0.1, 1.0), 24, "3 or more rising shares_pct were expected, was 0.1, 1"),
        ((0.1, 1.0, 1.0), 24, "rising"),
        ((10.0, 1.0, 0.1), 24, "rising"),
        ((0.1, 1.0, 10.0), 3, "an even number of runs_per_seed was expected, was 3"),
    ],
)
def test_experiments_that_tell_nothing_are_refused(shares: tuple[float, ...], runs: int, said: str) -> None:
    """An exponent needs sizes; a drift cancels out between as many buyers as sellers."""
    with pytest.raises(RealismError, match=said):
        Metaorders(shares_pct=shares, participation_pct=25, runs_per_seed=runs)


def test_a_figure_has_one_band() -> None:
    """Two facts that band it differently would argue."""
    fact = RealismFact(fact="one", title="One", judge="median", bands=(Band(**band()),))
    other = RealismFact(fact="other", title="Other", judge="report", bands=(Band(**band(to=50.0)),))
    whole = shipped()

    with pytest.raises(RealismError, match="return_kurtosis_1s is banded by two facts"):
        Realism(realism="x", skip_s=0, seeds=whole.seeds, metaorders=whole.metaorders, facts=(fact, other))


def test_bands_are_on_figures_that_there_are() -> None:
    """Each named figure is measured, and says what it is."""
    assert set(FIXED) <= set(FIGURES)
    assert all(len(words) > 10 for words in FIGURES.values())
