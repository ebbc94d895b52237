"""Tests of the common factors of the model ``reduced``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.kernel.world import World
from engine.market.model_document import MarketError
from engine.market.reduced import Reduced, ReducedInstrument
from engine.market.reduced_factors import Factor, Loading, equal_loadings, loadings

from .samples import S, play

MARKET = Factor(factor="market", volatility_bps_per_sqrt_s=3, beta={"AAA": 1.0, "BBB": 1.2, "CCC": -0.5})
SECTOR = Factor(factor="sector", volatility_bps_per_sqrt_s=2, beta={"BBB": 1.0, "CCC": 1.0})


def instruments(volatility_bps: float = 5) -> tuple[ReducedInstrument, ...]:
    """Four symbols that move alike in all; DDD answers to no factor."""
    return tuple(
        ReducedInstrument(symbol=symbol, price=500.0, tick=0.001, volatility_bps_per_sqrt_s=volatility_bps)
        for symbol in ("AAA", "BBB", "CCC", "DDD")
    )


def document(*factors: Factor, volatility_bps: float = 5, step_ms: float = 1_000) -> Reduced:
    """A market of these symbols and factors."""
    return Reduced(step_ms=step_ms, factors=factors, instruments=instruments(volatility_bps))


def test_a_symbol_follows_each_factor_by_its_beta_and_moves_by_itself_in_the_rest() -> None:
    """3 of 5 bps are the market's, so 4 of 5 are its own; who is not named moves alone."""
    aaa, bbb, _, ddd = loadings((MARKET, SECTOR), instruments())

    assert aaa.common == (0.6, 0.0)
    assert aaa.own == pytest.approx(0.8)
    assert bbb.common == pytest.approx((0.72, 0.4))
    assert bbb.own == pytest.approx(math.sqrt(1 - 0.72**2 - 0.4**2))
    assert ddd == Loading((0.0, 0.0), 1.0)


def test_one_correlation_for_all_is_one_factor() -> None:
    """Half of the variance common: a correlation of one half."""
    (one, other) = equal_loadings(0.5, instruments()[:2])

    assert one == other == Loading((math.sqrt(0.5),), math.sqrt(0.5))


def test_a_symbol_that_is_all_factor_has_nothing_of_its_own() -> None:
    """At the edge the rounding of floats is forgiven; a symbol that stands still follows nothing."""
    whole = Factor(factor="market", volatility_bps_per_sqrt_s=0.1, beta={"AAA": 3.0})

    follower, *_ = loadings((whole,), instruments(0.3))

    assert follower.common == pytest.approx((1.0,))
    assert follower.own == pytest.approx(0, abs=1e-7)
    assert loadings((), instruments(0))[0] == Loading((), 1.0)


@pytest.mark.parametrize(
    ("factors", "volatility_bps", "words", "at"),
    [
        ((MARKET, SECTOR), 4, "move BBB by 4.118 bps a second, more than its volatility of 4 bps", (1, "BBB")),
        ((SECTOR, MARKET), 3.5, "move BBB by 4.118 bps", (1, "BBB")),
        ((MARKET,), 2, "move AAA by 3 bps", (0, "AAA")),
        ((MARKET,), 0, "move AAA by 3 bps", (0, "AAA")),
        ((Factor(factor="x", volatility_bps_per_sqrt_s=1, beta={"AAB": 1.0}),), 5, "no instrument 'AAB'", (0, "AAB")),
    ],
)
def test_factors_that_do_not_fit_are_refused_at_their_place(
    factors: tuple[Factor, ...], volatility_bps: float, words: str, at: tuple[int, str]
) -> None:
    """As soon as the document is read; the last factor that moves the symbol is pointed at."""
    with pytest.raises(MarketError, match=words) as refused:
        document(*factors, volatility_bps=volatility_bps)

    assert refused.value.at == ("factors", at[0], "beta", at[1])


def test_the_nearest_right_symbol_is_offered() -> None:
    """A misspelt symbol must not move alone in silence."""
    with pytest.raises(MarketError) as refused:
        document(Factor(factor="x", volatility_bps_per_sqrt_s=1, beta={"AAAA": 1.0}))

    assert refused.value.instruction == "did you mean 'AAA'?"


def test_a_correlation_beside_factors_is_refused() -> None:
    """Which of the two would count?"""
    with pytest.raises(MarketError, match="one of correlation and factors was expected, was both"):
        Reduced(correlation=0.5, factors=(MARKET,), instruments=instruments())


def log_mids(market_of: Reduced, seconds: int) -> NDArray[np.float64]:
    """The log mid of each symbol at each second."""
    market = market_of.build(World(11), open_s=0, find=Path)
    rows = []
    for second in range(seconds + 1):
        market.advance(second * S)
        rows.append([market.quote(each.symbol).mid_micros or math.nan for each in market.instruments])
    mids: NDArray[np.float64] = np.array(rows)
    return np.asarray(np.log(mids), dtype=np.float64)


def test_over_a_long_run_the_correlations_and_volatilities_are_those_asked_for() -> None:
    """Twenty thousand one-second returns of each pair, within four standard errors; each symbol moves as ever."""
    returns = np.diff(log_mids(document(MARKET, SECTOR), 20_000), axis=0)
    seen = np.corrcoef(returns.T)
    common = np.array([each.common for each in loadings((MARKET, SECTOR), instruments())])
    asked = common @ common.T
    np.fill_diagonal(asked, 1.0)

    assert asked[0] == pytest.approx([1, 0.432, -0.18, 0])
    assert asked[1, 2] == pytest.approx(0.4 * 0.4 - 0.72 * 0.3)
    assert np.abs(seen - asked).max() < 4 / math.sqrt(20_000)
    assert returns.std(axis=0) * 1e4 == pytest.approx([5] * 4, rel=4 / math.sqrt(2 * 20_000))


def test_a_symbol_more_changes_no_other() -> None:
    """Factors are drawn by name, symbols by theirs."""

    def events(beta: Mapping[str, float], symbols: tuple[str, ...]) -> list[object]:
        factor = Factor(factor="market", volatility_bps_per_sqrt_s=3, beta=dict(beta))
        chosen = tuple(each for each in instruments() if each.symbol in symbols)
        market = Reduced(factors=(factor,), instruments=chosen).build(World(3), open_s=0, find=Path)
        return [event for event in play(market, 20 * S) if event.symbol == "AAA"]

    assert events({"AAA": 1.0}, ("AAA",)) == events({"AAA": 1.0, "BBB": 1.2}, ("AAA", "BBB"))
