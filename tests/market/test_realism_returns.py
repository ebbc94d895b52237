"""Returns of the mid: the grid, tails, memory, sums, and the shape of the day."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.market.realism_returns import (
    LEAST_RETURNS,
    largest_jump_sigmas,
    over_midday,
    return_figures,
    returns,
    volatility_by_half_hour,
)

from .recordings import ADD, CALM, VISIBLE, S, moving, recording, walk

OPEN_NS = 34_200 * S


def test_a_return_is_between_the_last_mids_known() -> None:
    """At multiples of the step, whatever came between; the last reaches to the step after the last message."""
    tops = [(99, 1, 101, 1), (199, 1, 201, 1), (399, 1, 401, 1)]
    found = returns(recording([(0.5, ADD, 0, 1, 1, 1), (1.2, ADD, 0, 1, 1, 1), (1.9, ADD, 0, 1, 1, 1)], tops), 1)

    assert (found.edges_ns - OPEN_NS).tolist() == [S, 2 * S]
    assert found.values.tolist() == [pytest.approx(math.log(4))]


def test_a_return_to_a_one_sided_book_is_not_known() -> None:
    """Nor that from it: the mid is carried by nobody."""
    tops = [CALM, (9_999, 100, 0, 0), CALM, CALM]
    found = returns(recording([(second, ADD, 0, 1, 1, 1) for second in range(4)], tops), 1)

    assert np.isnan(found.values).tolist() == [True, True, False]
    assert found.known.tolist() == [0]


def test_no_messages_no_returns() -> None:
    """An empty array, not an error."""
    assert len(returns(recording([]), 60).values) == 0


def test_realised_volatility_adds_up() -> None:
    """Of a price that goes up and down by the same, longer steps see nothing; a rest that fills no step is left out."""
    up_and_down = returns(moving([1_000, 1_010] * 50 + [1_000]), 1)

    assert up_and_down.realised(1) == pytest.approx(10 * math.log(1.01))
    assert up_and_down.realised(2) == pytest.approx(0, abs=1e-12)
    assert up_and_down.realised(1_000) == 0


def test_fair_steps_have_a_flat_signature_and_no_memory() -> None:
    """A Gaussian walk of a day: ratio about 1, autocorrelation within four standard errors of 0, kurtosis 3."""
    found = return_figures(moving(walk(np.random.default_rng(4), 23_400, 20)))

    assert found["signature_1s_over_300s"] == pytest.approx(1, abs=0.2)
    assert abs(found["return_acf_1s_lag1"]) < 4 / math.sqrt(23_400)
    assert abs(found["abs_return_acf_1s_lag1"]) < 4 / math.sqrt(23_400)
    assert found["return_kurtosis_1s"] == pytest.approx(3, abs=0.15)
    assert found["kurtosis_10s_over_1s"] == pytest.approx(1, abs=0.2)


def test_bouncing_prices_have_negative_memory() -> None:
    """Up, down, up, down: autocorrelation near -1 at lag 1."""
    found = return_figures(moving([10_000, 10_010] * 100))

    assert found["return_acf_1s_lag1"] == pytest.approx(-1, abs=0.02)
    assert math.isnan(found["abs_return_acf_1s_lag60"]) or abs(found["abs_return_acf_1s_lag60"]) <= 1


def test_of_few_returns_nothing_is_said() -> None:
    """29 returns have no tails; 30 have."""
    chance = np.random.default_rng(1)
    few = return_figures(moving(walk(chance, LEAST_RETURNS, 20)))
    enough = return_figures(moving(walk(chance, LEAST_RETURNS + 1, 20)))

    assert math.isnan(few["return_kurtosis_1s"])
    assert math.isfinite(enough["return_kurtosis_1s"])


def test_volume_that_comes_with_moves_is_correlated_with_them() -> None:
    """Every other minute trades and moves: correlation 1; without trades it is not defined."""
    messages = [
        (60 * minute + 30.0, VISIBLE if minute % 2 else ADD, 0, 1, 500 if minute % 2 else 1, 1) for minute in range(100)
    ]
    tops = [(9_999 + 50 * ((minute + 1) // 2), 1, 10_001 + 50 * ((minute + 1) // 2), 1) for minute in range(100)]
    found = return_figures(recording(messages, tops))
    silent = return_figures(recording([(*message[:1], ADD, *message[2:]) for message in messages], tops))

    assert found["volume_volatility_correlation_60s"] == pytest.approx(1, abs=0.01)
    assert math.isnan(silent["volume_volatility_correlation_60s"])


def test_volatility_is_that_of_its_half_hour() -> None:
    """A return at the very end of a half hour belongs to it; a half hour without returns has none."""
    mids = [10_000] * 1_800 + [10_100, *[10_100] * 600]
    found = volatility_by_half_hour(moving(mids))

    assert len(found) == 13
    assert found[0] == pytest.approx(math.log(1.01) / math.sqrt(1_800))
    assert found[1] == 0
    assert np.isnan(found[2:]).all()


def test_a_u_is_seen_as_one() -> None:
    """First and last over the mean of the five in the middle."""
    assert over_midday(np.array([4.0, 3, 2, 1, 1, 1, 1, 1, 1, 1, 2, 2, 6])) == (4, 6)


@pytest.mark.parametrize("among", [0, 1, 8])
def test_a_short_session_has_no_shape(among: int) -> None:
    """NaN, so that no band holds."""
    first, last = over_midday(np.ones(among))

    assert math.isnan(first)
    assert math.isnan(last)


def test_a_jump_does_not_hide_itself() -> None:
    """One jump of 2,000 normal steps is seen at about that size, though it makes up nearly all of the variance."""
    mids = np.array(walk(np.random.default_rng(2), 23_400, 10, start=1_000_000))
    mids[12_000:] += 20_000

    assert largest_jump_sigmas(moving(mids.tolist())) == pytest.approx(2_000, rel=0.15)
    assert largest_jump_sigmas(moving(walk(np.random.default_rng(2), 23_400, 10, start=1_000_000))) < 6


@given(st.lists(st.integers(9_000, 11_000), min_size=3, max_size=80), st.integers(2, 9))
def test_figures_of_returns_do_not_depend_on_the_price_level(mids: list[int], factor: int) -> None:
    """A stock that costs more in the same proportion has the same returns."""
    once = returns(moving([10 * mid for mid in mids]), 1).values
    often = returns(moving([10 * mid * factor for mid in mids]), 1).values

    assert often == pytest.approx(once, abs=1e-9)
