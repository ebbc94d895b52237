"""Stylised facts of a file of bars, collected as it is read."""

from __future__ import annotations

import math
from array import array

import numpy as np

from engine.base.units import MICROS_PER_USD, NS_PER_S
from engine.market.bar_dialects import NS_PER_MIN
from engine.market.bars import Bar
from engine.market.facts import Fact, fact
from engine.market.facts_statistics import Floats, WorstDrop, autocorrelation, moment_kurtosis, spread_of

NS_PER_DAY = 86_400 * NS_PER_S
LAGS = (1, 5, 10)
_MINUTES = (5, 15, 30, 60)
_DAYS = (1, 5)


class BarFacts:
    """Collects the facts of one instrument's bars; 24 bytes of memory per bar.

    A return is that between the closes of two bars side by side: of bars within a day those that follow each other
    without a pause (so neither nights nor gaps count), of longer bars each and the one above it.
    """

    def __init__(self, bar_ns: int) -> None:
        self._bar_ns = bar_ns
        self._first: Bar | None = None
        self._last: Bar | None = None
        self.bars = 0
        """Bars so far; one that is not after the bar above it is left out."""
        self._volume: float | None = None
        self._log_returns, self._closes, self._ranges = array("d"), array("d"), array("d")
        self._worst: tuple[float, int] = (math.nan, 0)
        self._best: tuple[float, int] = (math.nan, 0)
        self._drops = [(name, WorstDrop(window_ns)) for name, window_ns in _windows(bar_ns)]

    def add(self, bar: Bar) -> None:
        """The next bar of the file."""
        last = self._last
        if last is not None and bar.stamp_ns <= last.stamp_ns:
            return
        self.bars += 1
        self._first, self._last = self._first or bar, bar
        if bar.volume is not None:
            self._volume = (self._volume or 0.0) + bar.volume
        self._closes.append(bar.close_micros / MICROS_PER_USD)
        self._ranges.append(1e4 * (bar.high_micros - bar.low_micros) / bar.open_micros)
        for _, drop in self._drops:
            drop.add(bar.stamp_ns, bar.high_micros, bar.low_micros)
        if last is not None and (self._bar_ns >= NS_PER_DAY or bar.stamp_ns - last.stamp_ns <= self._bar_ns):
            self._step(last, bar)

    def _step(self, last: Bar, bar: Bar) -> None:
        ratio = bar.close_micros / last.close_micros
        self._log_returns.append(math.log(ratio))
        change_pct = 100 * (ratio - 1)
        if not change_pct >= self._worst[0]:  # written so that the first one replaces NaN
            self._worst = (change_pct, bar.row)
        if not change_pct <= self._best[0]:
            self._best = (change_pct, bar.row)

    def facts(self) -> list[Fact]:
        """The table of facts so far."""
        span_ns = self._last.stamp_ns - self._first.stamp_ns if self._first and self._last else 0
        volume = math.nan if self._volume is None else self._volume
        return [
            fact("bars", self.bars, "bars", "bars that the facts below are about"),
            fact("bar_s", self._bar_ns / NS_PER_S, "s", "how long a bar lasts"),
            fact("span_days", span_ns / NS_PER_DAY, "days", "from the first to the last bar"),
            fact("volume", volume, "units", "sum of the volume column, in the file's unit"),
            *self._price_facts(),
            *self._return_facts(),
            *(
                fact(
                    f"drop_max_{name}_pct", drop.pct, "%", f"largest fall, high to the low of a later bar within {name}"
                )
                for name, drop in self._drops
            ),
        ]

    def _price_facts(self) -> list[Fact]:
        closes, ranges = np.array(self._closes), np.array(self._ranges)
        return [
            fact("close_min", _quantile(closes, 0), "quote", "lowest close"),
            fact("close_median", _quantile(closes, 0.5), "quote", "median close"),
            fact("close_max", _quantile(closes, 1), "quote", "highest close"),
            fact("range_median_bps", _quantile(ranges, 0.5), "bps", "median of high less low over open"),
        ]

    def _return_facts(self) -> list[Fact]:
        returns = np.array(self._log_returns)
        aside = "log returns from close to close of bars side by side"
        return [
            fact("returns", len(returns), "returns", f"number of {aside}"),
            fact("return_std_bps", 1e4 * spread_of(returns), "bps", f"standard deviation of {aside}"),
            fact("return_kurtosis", moment_kurtosis(returns), "", "their kurtosis (normal: 3)"),
            *(
                fact(
                    f"abs_return_acf_lag{lag}",
                    autocorrelation(np.abs(returns), lag),
                    "",
                    f"ACF of their size, lag {lag}",
                )
                for lag in LAGS
            ),
            fact("worst_bar_pct", self._worst[0], "%", f"largest fall, close to close: row {self._worst[1]}"),
            fact("best_bar_pct", self._best[0], "%", f"largest rise, close to close: row {self._best[1]}"),
        ]


def _windows(bar_ns: int) -> list[tuple[str, int]]:
    """The windows to look for drops in: those a bar fits into."""
    if bar_ns >= NS_PER_DAY:
        return [(f"{days}d", days * NS_PER_DAY) for days in _DAYS]
    return [(f"{minutes}min", minutes * NS_PER_MIN) for minutes in _MINUTES if minutes * NS_PER_MIN >= bar_ns]


def _quantile(values: Floats, share: float) -> float:
    return float(np.quantile(values, share)) if len(values) else math.nan
