"""How bursty a stream of messages is: its rate, its peaks, the gaps between two messages."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from engine.base.units import NS_PER_MS, NS_PER_S
from engine.market.facts import Fact, fact
from engine.market.facts_statistics import LogHistogram, Weights

Ints = NDArray[np.int64]


class Windows:
    """Messages per window of fixed length. The windows lie edge to edge, the first one begins at the origin."""

    def __init__(self, length_ns: int) -> None:
        self.length_ns = length_ns
        self._counts = Weights()
        self._open, self._open_count, self._first = -1, 0, -1

    def add(self, since_origin_ns: Ints) -> None:
        """Count some messages; times never fall."""
        windows, counts = np.unique(since_origin_ns // self.length_ns, return_counts=True)
        for window, count in zip(windows.tolist(), counts.tolist(), strict=True):
            if window != self._open:
                self._close(window)
            self._open_count += count

    def _close(self, window: int) -> None:
        if self._first < 0:
            self._first = window
        else:
            self._counts.add_one(self._open_count)
            self._counts.add_one(0, window - self._open - 1)
        self._open, self._open_count = window, 0

    def counts(self) -> Weights:
        """How many windows held how many messages, the last one included."""
        counts = Weights()
        counts.merge(self._counts)
        if self._open_count:
            counts.add_one(self._open_count)
        return counts


class Bursts:
    """The burst figures of a stream of stamps, fed in pieces; memory does not grow with the stream."""

    def __init__(self, origin_ns: int | None = None) -> None:
        self._origin_ns = origin_ns
        self._windows = [Windows(ns) for ns in (NS_PER_S, 100 * NS_PER_MS, 10 * NS_PER_MS, NS_PER_MS)]
        self._gaps = LogHistogram()
        self._last_ns: int | None = None
        self._n, self._sum_s, self._sum_squares_s2, self._longest_ns = 0, 0.0, 0.0, 0

    def add(self, stamps_ns: Ints) -> None:
        """Some more stamps. One before its predecessor counts as simultaneous with it."""
        if not len(stamps_ns):
            return
        first_ns = int(stamps_ns[0])
        self._origin_ns = first_ns if self._origin_ns is None else self._origin_ns
        last_ns = first_ns if self._last_ns is None else self._last_ns
        rising = np.maximum.accumulate(np.concatenate([[last_ns], stamps_ns]))
        gaps = np.diff(rising)[1 if self._last_ns is None else 0 :]
        for window in self._windows:
            window.add(rising[1:] - self._origin_ns)
        self._gaps.add(gaps)
        gaps_s = gaps / NS_PER_S
        self._n += len(gaps)
        self._sum_s += float(gaps_s.sum())
        self._sum_squares_s2 += float(np.dot(gaps_s, gaps_s))
        self._longest_ns = max(self._longest_ns, int(gaps.max(initial=0)))
        self._last_ns = int(rising[-1])

    def facts(self) -> list[Fact]:
        """The figures so far."""
        return [*self._interarrival_facts(), *self._rate_facts()]

    def _interarrival_facts(self) -> list[Fact]:
        mean_s = self._sum_s / self._n if self._n else math.nan
        variance = self._sum_squares_s2 / self._n - mean_s**2 if self._n else math.nan
        cv = math.sqrt(max(variance, 0)) / mean_s if mean_s > 0 else math.nan
        longest_s = self._longest_ns / NS_PER_S if self._n else math.nan
        return [
            fact("interarrival_mean_s", mean_s, "s", "mean time between two messages"),
            fact("interarrival_median_s", self._gaps.quantile(0.5) / NS_PER_S, "s", "median gap, to within 0.25 %"),
            fact("interarrival_p95_s", self._gaps.quantile(0.95) / NS_PER_S, "s", "95 % of gaps are at most this"),
            fact("interarrival_p99_s", self._gaps.quantile(0.99) / NS_PER_S, "s", "99 % of gaps are at most this"),
            fact("interarrival_max_s", longest_s, "s", "the longest gap"),
            fact("interarrival_cv", cv, "", "standard deviation of the gaps over their mean (Poisson: 1)"),
        ]

    def _rate_facts(self) -> list[Fact]:
        second, *shorter = [window.counts() for window in self._windows]
        mean = second.mean()
        fano = second.variance() / mean if mean > 0 else math.nan
        facts = [
            fact("messages_per_s_mean", mean, "1/s", "messages in a whole second, mean, empty seconds included"),
            fact("messages_per_s_p99", second.interpolated(0.99), "1/s", "99 % of seconds hold at most so many"),
            fact("messages_per_s_max", second.most(), "1/s", "the fullest second"),
            fact("messages_per_s_fano", fano, "", "variance over mean of messages per second (Poisson: 1)"),
            fact(
                "peak_to_mean_1s", second.most() / mean if mean > 0 else math.nan, "x", "fullest second over the mean"
            ),
        ]
        for window, counts in zip(self._windows[1:], shorter, strict=True):
            ms = window.length_ns // NS_PER_MS
            facts.append(
                fact(f"messages_max_in_{ms}ms", counts.most(), "messages", f"the fullest {ms} ms, edge to edge")
            )
        tenth = shorter[0]
        over = tenth.most() / tenth.mean() if tenth.mean() > 0 else math.nan
        facts.append(fact("peak_to_mean_100ms", over, "x", "fullest 100 ms over the mean"))
        return facts
