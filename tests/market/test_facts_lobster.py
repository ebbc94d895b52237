"""The facts of a LOBSTER day: a small one by hand, AMZN and AAPL against the published figures."""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path

import pytest

from engine.market.facts_lobster import LobsterFacts
from engine.market.tape import chunks, tape_in
from tests.market.real_data import real

STEM = "TEST_2012-06-21_34200000_57600000"
EMPTY = 9_999_999_999


def figures(folder: Path) -> dict[str, float | int | None]:
    """The facts of the day in a folder, by name."""
    facts = LobsterFacts()
    for chunk in chunks(tape_in(folder)):
        facts.add(chunk)
    return {each.name: each.value for each in facts.facts()}


@cache
def real_figures(folder: Path) -> dict[str, float | int | None]:
    """Those of a real day, computed once."""
    return figures(folder)


def small_day(folder: Path, rows: list[tuple[str, str]]) -> Path:
    """A day of one level: message and book rows."""
    for name, column in (("message", 0), ("orderbook", 1)):
        with gzip.open(folder / f"{STEM}_{name}_1.csv.gz", "wt") as out:
            out.writelines(row[column] + "\n" for row in rows)
    return folder


def test_a_small_day_by_hand(tmp_path: Path) -> None:
    """Mix, spread by time, signs and drop of five messages."""
    day = small_day(
        tmp_path,
        [
            ("34200.0,1,1,100,1000000,1", "1000200,50,1000000,100"),
            ("34203.0,4,2,10,1000200,-1", "1000400,50,1000000,100"),
            ("34203.0,4,3,10,1000200,-1", "1000400,50,1000000,100"),
            ("34204.0,3,1,100,1000000,1", "1000400,50,999000,100"),
            ("34204.0,5,0,1,1000000,1", "1000400,50,999000,100"),
        ],
    )

    seen = figures(day)

    assert [seen[f"{kind}_pct"] for kind in ("add", "partial_cancel", "delete", "execution", "hidden")] == [
        20, 0, 20, 40, 20,
    ]  # fmt: skip
    assert (seen["cancel_ratio"], seen["messages_per_execution"]) == (1, 2.5)
    assert seen["spread_ticks_mean"] == pytest.approx((3 * 2 + 1 * 4) / 4)
    assert (seen["spread_ticks_q50"], seen["spread_ticks_max"]) == (2, 4)
    assert seen["aggressive_orders"] == 1
    assert seen["trade_sign_acf_lag1"] is None
    assert seen["mid_drop_max_5min_pct"] == pytest.approx(100 * (1 - 99.97 / 100.02))


def test_a_book_with_one_side_has_no_spread(tmp_path: Path) -> None:
    """An empty ask is neither a price nor a size."""
    day = small_day(
        tmp_path,
        [
            ("34200.0,1,1,100,1000000,1", f"{EMPTY},0,1000000,100"),
            ("34201.5,1,2,100,1000000,1", f"{EMPTY},0,1000000,200"),
        ],
    )

    seen = figures(day)

    assert (seen["spread_ticks_mean"], seen["best_ask_shares_mean"], seen["return_std_1s_bps"]) == (None, None, None)
    assert seen["best_bid_shares_mean"] == 100


# Published in the project's notes on the data, part 3. Tolerance: half of the last digit given, or as said.
PUBLISHED = {
    "add_pct": (49.62, 46.26, 0.005),
    "partial_cancel_pct": (0.29, 0.21, 0.005),
    "delete_pct": (42.76, 24.00, 0.005),
    "execution_pct": (5.75, 19.97, 0.0051),
    "hidden_pct": (1.57, 9.56, 0.005),
    "cancel_ratio": (0.868, 0.523, 0.0005),
    "messages_per_execution": (17.4, 5.0, 0.05),
    "aggressive_orders": (6591, 18016, 0),
    "spread_ticks_mean": (12.85, 15.13, 0.005),
    "spread_ticks_q05": (5, 6, 0),
    "spread_ticks_q25": (9, 11, 0),
    "spread_ticks_q50": (12, 15, 0),
    "spread_ticks_q75": (16, 19, 0),
    "spread_ticks_q95": (21, 26, 0),
    "spread_ticks_q99": (35, 32, 0),
    "spread_ticks_max": (77, 92, 0),
    "best_ask_shares_mean": (129, 138, 0.5),
    "best_bid_shares_mean": (228, 169, 0.5),
    "best_ask_shares_median": (100, 100, 0),
    "best_bid_shares_median": (100, 100, 0),
    "interarrival_mean_s": (0.150, 0.197, 0.0005),
    "interarrival_median_s": (0.00076, 0.00137, 0.00001),
    "interarrival_p95_s": (0.84, 1.08, 0.0061),
    "interarrival_p99_s": (2.47, 2.96, 0.005),
    "interarrival_max_s": (19.9, 17.3, 0.05),
    "interarrival_cv": (3.59, 3.12, 0.005),
    "messages_per_s_mean": (6.66, 5.06, 0.005),
    "messages_per_s_p99": (59, 47, 0),
    "messages_per_s_max": (344, 373, 0),
    "messages_per_s_fano": (25.3, 22.0, 0.05),
    "messages_max_in_100ms": (328, 192, 0),
    "messages_max_in_10ms": (293, 81, 0),
    "messages_max_in_1ms": (36, 46, 0),
    "return_std_1s_bps": (0.883, 0.604, 0.0005),
    "return_std_10s_bps": (2.923, 1.960, 0.0005),
    "return_std_60s_bps": (7.271, 4.784, 0.0005),
    "return_kurtosis_1s": (35.0, 31.0, 0.05),
    "return_kurtosis_10s": (8.6, 10.0, 0.05),
    "return_kurtosis_60s": (6.4, 5.4, 0.05),
    "realised_volatility_1s_bps": (135, 92, 0.5),
    "realised_volatility_10s_bps": (142, 93, 0.5),
    "realised_volatility_60s_bps": (142, 95, 0.5),
    "realised_volatility_300s_bps": (136, 88, 0.51),
    "return_acf_1s_lag1": (0.022, 0.017, 0.0005),
    "return_acf_1s_lag2": (0.017, 0.004, 0.0005),
    "return_acf_1s_lag5": (0.014, 0.010, 0.0005),
    "return_acf_1s_lag10": (0.013, -0.016, 0.00055),
    "abs_return_acf_1s_lag1": (0.144, 0.156, 0.0005),
    "abs_return_acf_1s_lag2": (0.086, 0.104, 0.0005),
    "abs_return_acf_1s_lag5": (0.051, 0.084, 0.0005),
    "abs_return_acf_1s_lag10": (0.046, 0.060, 0.0005),
    "trade_sign_acf_lag1": (0.621, 0.626, 0.0005),
    "trade_sign_acf_lag2": (0.443, 0.452, 0.0005),
    "trade_sign_acf_lag5": (0.218, 0.238, 0.001),
    "trade_sign_acf_lag10": (0.079, 0.125, 0.0005),
    "mid_drop_max_5min_pct": (0.693, 0.371, 0.0005),
    "mid_drop_max_15min_pct": (0.856, 0.513, 0.0005),
    "mid_drop_max_30min_pct": (0.958, 0.644, 0.0012),
}


@pytest.mark.parametrize("name", PUBLISHED)
@pytest.mark.parametrize(("symbol", "place"), [("AMZN", 0), ("AAPL", 1)])
def test_a_real_day_has_the_published_figure(symbol: str, place: int, name: str) -> None:
    """One pass over 155,935 and 118,497 messages."""
    assert real_figures(real(symbol))[name] == pytest.approx(PUBLISHED[name][place], abs=PUBLISHED[name][2])


def test_amzn_bursts_are_fifty_and_five_hundred_times_the_mean() -> None:
    """The figures that decision floods are scaled by."""
    seen = real_figures(real("AMZN"))

    assert seen["peak_to_mean_1s"] == pytest.approx(52, abs=0.5)
    assert seen["peak_to_mean_100ms"] == pytest.approx(490, abs=5)
