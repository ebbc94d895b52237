"""The facts of bars: by hand, and real ones against the published figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from engine.market.bars import Bar, bar_tape, bars
from engine.market.facts_bars import NS_PER_DAY, BarFacts
from engine.market.quality_sessions import when
from tests.market.real_data import real

MIN = 60_000_000_000


def bar(minute: int, opened: float, high: float, low: float, close: float, volume: float | None = 10) -> Bar:
    """A bar of one minute; prices in USD."""
    prices = [round(price * 1e6) for price in (opened, high, low, close)]
    return Bar(minute + 1, minute * MIN, prices[0], prices[1], prices[2], prices[3], volume, qty=0)


def figures(*given: Bar, bar_ns: int = MIN) -> dict[str, float | int | None]:
    """The facts of some bars, by name."""
    facts = BarFacts(bar_ns)
    for each in given:
        facts.add(each)
    return {each.name: each.value for each in facts.facts()}


@cache
def real_figures(folder: Path, wanted: Callable[[Bar], bool]) -> dict[str, float | int | None]:
    """The facts of those bars of a real file that are wanted."""
    tape = bar_tape(next(folder.glob("*.csv.gz")))
    return figures(*(each for each in bars(tape) if wanted(each)), bar_ns=tape.bar_ns)


def everything(_: Bar) -> bool:
    """All bars."""
    return True


def first_coin(each: Bar) -> bool:
    """LUNA before its 18-day gap."""
    return when(each.stamp_ns) < "2022-05-20"


def of_2019(each: Bar) -> bool:
    """SPY in a quiet year."""
    return when(each.stamp_ns) < "2020"


def of_march_2020(each: Bar) -> bool:
    """SPY in the crash."""
    return when(each.stamp_ns).startswith("2020-03")


def test_a_return_is_between_bars_side_by_side() -> None:
    """Across a pause of four minutes there is none."""
    seen = figures(bar(0, 10, 10, 10, 10), bar(1, 10, 10, 9, 9), bar(5, 5, 6, 5, 6))

    assert (seen["bars"], seen["returns"]) == (3, 1)
    assert seen["worst_bar_pct"] == pytest.approx(-10)
    assert seen["volume"] == 30


def test_a_daily_return_reaches_over_the_weekend() -> None:
    """Of daily bars each and the one above it."""
    friday = bar(0, 10, 10, 10, 10)
    monday = replace(friday, row=2, stamp_ns=3 * NS_PER_DAY)

    assert figures(friday, monday, bar_ns=NS_PER_DAY)["returns"] == 1


def test_a_drop_reaches_over_bars_but_not_beyond_its_window() -> None:
    """From the first bar's high to the low five minutes later, not to that after six."""
    seen = figures(bar(0, 10, 20, 10, 10), bar(5, 10, 10, 8, 9), bar(6, 9, 9, 5, 6))

    assert seen["drop_max_5min_pct"] == pytest.approx(60)
    assert seen["drop_max_15min_pct"] == pytest.approx(75)


def test_bars_out_of_order_are_left_out() -> None:
    """The same minute again, and an earlier one."""
    seen = figures(bar(5, 10, 10, 10, 10), bar(5, 1, 1, 1, 1), bar(4, 1, 1, 1, 1), bar(6, 11, 11, 11, 11))

    assert (seen["bars"], seen["close_min"]) == (2, 10)
    assert seen["best_bar_pct"] == pytest.approx(10)


def test_one_bar_has_no_returns_and_no_volume_where_there_is_no_column() -> None:
    """Undefined figures are None."""
    seen = figures(bar(0, 10, 10, 10, 10, None))
    names = ("volume", "return_std_bps", "return_kurtosis", "worst_bar_pct", "drop_max_5min_pct")

    assert [seen[name] for name in names] == [None] * 5
    assert figures()["close_median"] is None


@pytest.mark.parametrize(
    ("bar_ns", "windows"),
    [(MIN, ["5min", "15min", "30min", "60min"]), (15 * MIN, ["15min", "30min", "60min"]), (NS_PER_DAY, ["1d", "5d"])],
)
def test_drops_are_sought_in_windows_that_hold_a_bar(bar_ns: int, windows: list[str]) -> None:
    """A fall within five minutes cannot be seen in bars of fifteen."""
    names = [name for name in figures(bar_ns=bar_ns) if name.startswith("drop_max_")]

    assert names == [f"drop_max_{window}_pct" for window in windows]


@pytest.mark.parametrize(
    ("symbol", "wanted", "name", "published", "within"),
    [
        ("LUNA", first_coin, "bars", 17_320, 0),
        ("LUNA", first_coin, "drop_max_5min_pct", 63.2, 0.05),
        ("LUNA", first_coin, "drop_max_15min_pct", 80.0, 0.05),
        ("LUNA", first_coin, "drop_max_30min_pct", 91.4, 0.05),
        ("LUNA", first_coin, "drop_max_60min_pct", 95.2, 0.05),
        ("LUNA", first_coin, "return_kurtosis", 132, 0.5),
        # Published as −81 %: that is the log return of −55.3 %.
        ("LUNA", first_coin, "worst_bar_pct", 100 * (np.exp(-0.806) - 1), 0.1),
        ("SPY", everything, "bars", 38_730, 0),
        ("SPY", everything, "drop_max_5min_pct", 3.55, 0.005),
        ("SPY", everything, "drop_max_15min_pct", 4.09, 0.005),
        ("SPY", everything, "drop_max_30min_pct", 4.84, 0.005),
        ("SPY", everything, "drop_max_60min_pct", 5.05, 0.005),
        ("SPY", of_2019, "return_std_bps", 6.7, 0.05),
        ("SPY", of_2019, "return_kurtosis", 15, 0.5),
        ("SPY", of_2019, "abs_return_acf_lag1", 0.26, 0.005),
        ("SPY", of_2019, "range_median_bps", 7.3, 0.05),
        ("SPY", of_march_2020, "return_std_bps", 40.0, 0.05),
        ("SPY", of_march_2020, "return_kurtosis", 5.9, 0.05),
        ("SPY", of_march_2020, "abs_return_acf_lag1", 0.23, 0.006),
        ("SPY", of_march_2020, "range_median_bps", 51.1, 0.1),
        ("S&P", everything, "bars", 17_356, 0),
        ("S&P", everything, "drop_max_5d_pct", 29.1, 0.05),
        ("S&P", everything, "return_std_bps", 96.5, 0.05),
        ("S&P", everything, "return_kurtosis", 30.0, 0.05),
        ("S&P", everything, "abs_return_acf_lag1", 0.25, 0.005),
        ("S&P", everything, "abs_return_acf_lag5", 0.28, 0.005),
        ("S&P", everything, "abs_return_acf_lag10", 0.23, 0.005),
        ("S&P", everything, "worst_bar_pct", 100 * (np.exp(-0.229) - 1), 0.01),
        ("VIX", everything, "bars", 9_235, 0),
        ("VIX", everything, "close_min", 9.14, 0),
        ("VIX", everything, "close_median", 17.6, 0.05),
        ("VIX", everything, "close_max", 82.69, 0),
        ("VIX", everything, "best_bar_pct", 116, 0.5),
    ],
)
def test_real_bars_have_the_published_figure(
    symbol: str, wanted: Callable[[Bar], bool], name: str, published: float, within: float
) -> None:
    """Crash figures of LUNA, SPY, S&P 500 and VIX."""
    assert real_figures(real(symbol), wanted)[name] == pytest.approx(published, abs=within)
