"""The realism figures on real days: exactly what was published of them; and on a market that is none."""

from __future__ import annotations

import math
import time
from functools import cache

import numpy as np
import pytest

from engine.market.realism_facts import figures
from engine.market.realism_names import FIGURES, IMPACT
from engine.market.realism_tapes import SKIPPED_S, TAPES
from engine.market.recording import Recording, recording_of_tape
from engine.market.tape import tape_in

from .real_data import real
from .recordings import CALM, moving, poisson_day, recording, shipped

PUBLISHED: dict[str, dict[str, str]] = {
    "AMZN": {
        "return_kurtosis_1s": "35.0",
        "return_kurtosis_10s": "8.6",
        "return_kurtosis_60s": "6.4",
        "return_acf_1s_lag1": "0.022",
        "return_acf_60s_lag1": "0.047",
        "abs_return_acf_1s_lag1": "0.144",
        "abs_return_acf_1s_lag10": "0.046",
        "abs_return_acf_1s_least_1_to_10": "0.033",
        "return_std_1s_bps": "0.883",
        "zero_returns_1s": "0.70",
        "zero_returns_10s": "0.15",
        "signature_1s_over_300s": "1.0",
        "aggressive_orders": "6591",
        "trade_sign_acf_lag1": "0.621",
        "trade_sign_acf_lag10": "0.079",
        "messages": "155935",
        "messages_per_s_fano": "25.3",
        "interarrival_mean_s": "0.150",
        "interarrival_median_s": "0.00075",
        "interarrival_cv": "3.59",
        "cancel_ratio": "0.868",
        "execution_share": "0.0575",
        "spread_ticks_mean": "12.85",
        "spread_bps_mean": "5.76",
        "spread_q95_over_q50": "1.75",
        "spread_q05_over_q50": "0.417",
        "best_shares_mean": "179",
        "crossed_messages": "0",
    },
    "AAPL": {
        "return_kurtosis_1s": "31.0",
        "return_kurtosis_10s": "10.0",
        "return_kurtosis_60s": "5.4",
        "return_acf_1s_lag1": "0.017",
        "return_acf_60s_lag1": "-0.087",
        "abs_return_acf_1s_lag1": "0.156",
        "abs_return_acf_1s_lag10": "0.060",
        "return_std_1s_bps": "0.604",
        "zero_returns_1s": "0.50",
        "zero_returns_10s": "0.05",
        "signature_1s_over_300s": "1.1",
        "aggressive_orders": "18016",
        "trade_sign_acf_lag1": "0.626",
        "trade_sign_acf_lag10": "0.125",
        "messages": "118497",
        "messages_per_s_fano": "22.0",
        "interarrival_mean_s": "0.197",
        "interarrival_median_s": "0.00137",
        "interarrival_cv": "3.12",
        "cancel_ratio": "0.523",
        "execution_share": "0.1997",
        "spread_ticks_mean": "15.13",
        "spread_bps_mean": "2.59",
        "spread_q95_over_q50": "1.733",
        "spread_q05_over_q50": "0.400",
        "best_shares_mean": "154",
        "crossed_messages": "0",
    },
}
"""Of the whole day, by another program, before this one was written, in its rounding.

The signature and the shares of both sides together follow from what was published by themselves."""


@cache
def day(name: str) -> Recording:
    """A real day, read once."""
    return recording_of_tape(tape_in(real(name)))


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_real_day_has_the_published_figures(name: str) -> None:
    """Over the whole day, to the digits published."""
    found = figures(day(name), 0)

    for figure, published in PUBLISHED[name].items():
        decimals = len(published.partition(".")[2])
        assert f"{found[figure]:.{decimals}f}" == published, figure


@pytest.mark.parametrize("name", TAPES)
def test_the_figures_that_are_shipped_are_those_of_the_tapes(name: str) -> None:
    """To the four digits that they have."""
    found = figures(day(name), SKIPPED_S)

    assert TAPES[name] == {figure: float(f"{value:.4g}") for figure, value in found.items()}


@pytest.mark.parametrize("skip_s", [0, 600])
@pytest.mark.parametrize("name", TAPES)
def test_real_days_lie_in_every_band(name: str, skip_s: float) -> None:
    """A band that reality misses would be wrong, with and without the first ten minutes."""
    found = figures(day(name), skip_s)
    bands = [band for fact in shipped().facts for band in fact.bands if band.figure not in IMPACT]

    assert [band.figure for band in bands if not band.holds(found[band.figure])] == []


def test_poisson_and_gauss_miss_at_least_five_facts() -> None:
    """The market that every textbook begins with: no tails, no bursts, no memory."""
    found = figures(poisson_day(7), 600)
    missed = {
        fact.fact
        for fact in shipped().facts
        if fact.judge == "median" and not all(band.holds(found[band.figure]) for band in fact.bands)
    }

    assert missed >= {"kurtosis_1s", "abs_return_acf", "trade_sign_acf", "messages_fano", "interarrival", "u_shape"}
    assert len(missed) >= 5


def test_poisson_and_gauss_have_the_figures_of_the_textbook() -> None:
    """Fano 1, variation of the gaps 1, kurtosis 3, no memory: within sampling error."""
    found = figures(poisson_day(11), 0)

    assert found["messages_per_s_fano"] == pytest.approx(1, abs=0.05)
    assert found["interarrival_cv"] == pytest.approx(1, abs=0.02)
    assert found["return_kurtosis_10s"] == pytest.approx(3, abs=0.5)
    assert found["return_kurtosis_60s"] == pytest.approx(3, abs=1)
    assert found["trade_sign_acf_lag1"] == pytest.approx(0, abs=0.05)
    assert found["abs_return_acf_1s_lag10"] == pytest.approx(0, abs=0.03)
    assert found["volatility_open_over_midday"] == pytest.approx(1, abs=0.1)


def test_every_figure_but_impact_is_measured_on_a_day() -> None:
    """In the order of the table."""
    assert list(figures(poisson_day(3), 600)) == [name for name in FIGURES if name not in IMPACT]


@pytest.mark.parametrize("skip_s", [0, 600, 1e6])
def test_nothing_is_said_of_a_day_without_messages(skip_s: float) -> None:
    """Neither a fact nor that nothing went wrong: NaN holds in no band."""
    found = figures(recording([]), skip_s)

    counts = {"messages", "aggressive_orders"}
    assert [name for name, value in found.items() if not math.isnan(value) and name not in counts] == []


def test_a_mid_that_never_moves_has_neither_tails_nor_memory() -> None:
    """A frozen market is no calm market: its figures are not defined, and so in no band."""
    found = figures(moving([50_000] * 23_400), 600)
    undefined = [name for name, value in found.items() if math.isnan(value)]

    assert found["zero_returns_1s"] == 1
    assert {"return_kurtosis_1s", "abs_return_acf_1s_lag1", "mid_jump_max_sigmas", "signature_1s_over_300s"} <= set(
        undefined
    )


def test_what_was_before_the_first_ten_minutes_does_not_count_but_for_shape_and_sanity() -> None:
    """A crossed book in the first minute is still found; a wide spread there is not."""
    tops = [(10_001, 100, 10_000, 100), (9_000, 100, 11_000, 100), CALM, CALM]
    found = figures(recording([(t, 1, 0, 1, 100, 1) for t in (1, 2, 700, 800)], tops), 600)

    assert found["crossed_messages"] == 1
    assert found["spread_ticks_mean"] == 2


def test_a_day_of_a_million_messages_is_measured_in_a_moment() -> None:
    """2 s of processor time, and 0.3 s for one of 160,000; twice that is allowed here, for a slow machine."""
    busy, usual = poisson_day(1, rate=43), poisson_day(1)
    began_s = time.process_time()
    figures(busy, 600)
    between_s = time.process_time()
    figures(usual, 600)

    assert len(busy) > 1_000_000
    assert between_s - began_s < 4
    assert time.process_time() - between_s < 0.6


def test_the_figures_do_not_depend_on_the_clock_of_the_day() -> None:
    """A simulated day counts from its start, a real one from midnight; both open on a whole ten minutes."""
    real_clock = poisson_day(5)
    values = {name: getattr(real_clock, name) for name in Recording.__dataclass_fields__}
    zero = Recording(
        **values | {"t_ns": real_clock.t_ns - real_clock.open_ns, "open_ns": 0, "close_ns": 23_400 * 10**9}
    )

    assert np.array_equal(list(figures(zero, 600).values()), list(figures(real_clock, 600).values()), equal_nan=True)
