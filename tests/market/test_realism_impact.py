"""Impact of metaorders: the exponent that was put in comes out, with its noise, or nothing does."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.market.realism_document import Metaorders
from engine.market.realism_impact import LEAST_PAIRS, Pair, impact
from engine.market.realism_laboratory import MidPath
from engine.market.realism_run import experiments

from .recordings import S, ToyLaboratory

SHARES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


def pairs(
    toy: ToyLaboratory, runs: int = 24, seeds: int = 8, shares: Sequence[float] = SHARES, first_seed: int = 0
) -> list[Pair]:
    """The experiments of the shipped document on a toy."""
    metaorders = Metaorders(shares_pct=tuple(shares), participation_pct=25, runs_per_seed=runs)
    return [
        pair for seed in range(first_seed, first_seed + seeds) for pair in experiments(toy, metaorders, seed, 23_400)
    ]


def path(side: int, mids: Sequence[float], seconds: Sequence[float] = (0, 10, 30)) -> MidPath:
    """A metaorder of ten seconds."""
    return MidPath(
        side=side,
        share_of_volume=0.01,
        begin_ns=0,
        end_ns=10 * S,
        t_ns=np.array([round(second * S) for second in seconds]),
        mid_ticks=np.array(mids, np.float64),
    )


@pytest.mark.parametrize(("exponent", "retained"), [(0.5, 0.4), (1.0, 1.0), (0.6, 0.0), (0.25, 0.7)])
def test_without_noise_the_law_comes_out_as_it_was_put_in(exponent: float, retained: float) -> None:
    """Exponent and what is left, exactly."""
    found = impact(pairs(ToyLaboratory(exponent=exponent, retained=retained), runs=8, seeds=1))

    assert found.exponent == pytest.approx(exponent)
    assert found.retained == pytest.approx(retained)
    assert [size.pairs for size in found.sizes] == [4] * len(SHARES)


def test_the_number_of_runs_is_enough_for_the_square_root_law() -> None:
    """Impact of one daily volatility at a day's volume, in the noise of a real day: on each of ten trials the exponent
    comes out within 0.15 and what is left within 0.4, three standard errors and more.
    """
    daily = 0.0136
    toy = ToyLaboratory(exponent=0.5, retained=0.5, noise=daily, scale=daily)
    found = [impact(pairs(toy, first_seed=100 * trial)) for trial in range(10)]

    assert max(abs(each.exponent - 0.5) for each in found) < 0.15
    assert max(abs(each.retained - 0.5) for each in found) < 0.4
    assert abs(np.mean([each.exponent for each in found]) - 0.5) < 0.05


def test_noise_alone_has_no_exponent() -> None:
    """A market that no order moves: NaN, not whatever the noise says."""
    found = impact(pairs(ToyLaboratory(noise=0.0136, scale=0), seeds=4))

    assert math.isnan(found.exponent)
    assert math.isnan(found.retained)


def test_a_market_that_moves_against_the_order_has_no_exponent() -> None:
    """No logarithm of a negative move is made."""
    found = impact(pairs(ToyLaboratory(scale=-0.01), seeds=1))

    assert math.isnan(found.exponent)
    assert all(size.peak < 0 for size in found.sizes)


def test_sizes_too_close_to_each_other_have_no_exponent() -> None:
    """They have to span a factor of ten."""
    assert math.isnan(impact(pairs(ToyLaboratory(), seeds=1, shares=(1.0, 2.0, 5.0))).exponent)
    assert impact(pairs(ToyLaboratory(), seeds=1, shares=(0.5, 1.0, 5.0))).exponent == pytest.approx(1)


def test_too_few_runs_have_no_exponent() -> None:
    """Three pairs a size tell nothing of their own error."""
    few = impact(pairs(ToyLaboratory(), runs=2 * (LEAST_PAIRS - 1), seeds=1))

    assert math.isnan(few.exponent)


def test_no_runs_no_impact() -> None:
    """Nothing was measured."""
    found = impact([])

    assert (math.isnan(found.exponent), math.isnan(found.retained), found.sizes) == (True, True, ())


def test_a_drift_of_the_market_cancels_out() -> None:
    """Everything rises by a tenth: buyer and seller see it with opposite signs."""
    pair = Pair(1, 0, path(1, [100, 110, 110]), path(-1, [100, 110, 110]))

    assert pair.peak() == pytest.approx(0)


def test_a_path_moves_in_the_direction_of_its_order() -> None:
    """A seller's impact is a falling price; the mid holds until the next entry."""
    sold = path(-1, [100, 90, 95])

    assert sold.moved(10 * S) == pytest.approx(math.log(100 / 90))
    assert sold.moved(29 * S) == pytest.approx(math.log(100 / 90))
    assert sold.moved(30 * S) == pytest.approx(math.log(100 / 95))


@pytest.mark.parametrize(
    ("mids", "seconds", "at_s"),
    [
        ([100, 110], (0, 10), 30),
        ([100, math.nan, 110], (0, 10, 30), 10),
        ([math.nan, 110, 110], (0, 10, 30), 10),
        ([100, 110, 110], (1, 10, 30), 10),
        ([], (), 10),
    ],
)
def test_a_path_that_does_not_tell_says_nothing(mids: list[float], seconds: tuple[float, ...], at_s: int) -> None:
    """It ends too soon, begins too late, or the mid was not known."""
    assert math.isnan(path(1, mids, seconds).moved(at_s * S))


def test_an_order_too_long_for_the_day_counts_for_the_exponent_only() -> None:
    """Of 10 % of the volume three durations do not fit in the session."""
    *shorter, longest = impact(pairs(ToyLaboratory(retained=0.5), seeds=1)).sizes

    assert all(math.isfinite(size.later) for size in shorter)
    assert math.isnan(longest.later)
    assert longest.peak > 0


@given(st.floats(0.2, 1.5), st.floats(1e-4, 1e-1))
def test_the_exponent_does_not_depend_on_the_scale(exponent: float, scale: float) -> None:
    """A market with ten times the impact has the same exponent."""
    found = impact(pairs(ToyLaboratory(exponent=exponent, scale=scale), runs=8, seeds=1))

    assert found.exponent == pytest.approx(exponent, abs=1e-6)
