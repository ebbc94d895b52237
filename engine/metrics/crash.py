"""A crash of the market as an observer sees it: where it began, where it was lowest, and what was normal before."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.base.units import NS_PER_S
from engine.domain.quotes import MarketState
from engine.domain.records import VenueState
from engine.metrics.evidence import Evidence
from engine.metrics.folds import Floats, Ints, in_window, observer, series, window
from engine.metrics.series import Basis, Series
from engine.trading.observer import Quotes

AROUND_BEFORE_NS = 60 * NS_PER_S
AROUND_AFTER_NS = 120 * NS_PER_S
"""The three minutes around the low: spreads and sizes of 6 May 2010 are known for 14:45-14:48, the low was at 14:46."""

STOPS = (MarketState.PAUSED.value, MarketState.HALTED.value)


@dataclass(frozen=True)
class Crash:
    """The fall of one symbol after the first fault of the window.

    ``onset_ns`` is when that fault began, ``onset_mid`` the mid then, ``low_ns`` and ``low_mid`` the lowest point after
    it; ``t_ns`` and ``mid`` are the two-sided mids after the onset, in micro-dollars.
    """

    symbol: str
    normal_from_ns: int
    onset_ns: int
    onset_mid: float
    low_ns: int
    low_mid: float
    t_ns: Ints
    mid: Floats
    quotes: Quotes

    @property
    def drop_pct(self) -> float:
        """How far it fell, in percent."""
        return 100 * (self.onset_mid - self.low_mid) / self.onset_mid

    @property
    def around(self) -> tuple[int, int]:
        """The three minutes around the low; never before the onset."""
        return max(self.low_ns - AROUND_BEFORE_NS, self.onset_ns), self.low_ns + AROUND_AFTER_NS

    def normal(self, value: Floats) -> float:
        """The value that stood or was passed for half of the time before the onset; NaN if none stood.

        *value* has one entry for each of ``quotes``; a NaN among them did not stand.
        """
        stood_ns = self._stood_ns(value, self.normal_from_ns, self.onset_ns)
        order = np.argsort(value, kind="stable")
        passed_ns = np.cumsum(stood_ns[order])
        if not len(passed_ns) or not passed_ns[-1]:
            return math.nan
        return float(value[order][np.searchsorted(passed_ns, passed_ns[-1] / 2)])

    def mean_around(self, value: Floats) -> float:
        """The mean of *value* over the three minutes around the low, by time; NaN if none stood."""
        stood_ns = self._stood_ns(value, *self.around)
        total_ns = int(stood_ns.sum())
        return float(np.nansum(value * stood_ns) / total_ns) if total_ns else math.nan

    def _stood_ns(self, value: Floats, start_ns: int, end_ns: int) -> Ints:
        """How long each quote stood inside [start, end]; 0 where *value* is NaN."""
        edges = np.append(self.quotes.t_ns, max(end_ns, start_ns))
        stood_ns = np.minimum(edges[1:], end_ns) - np.maximum(edges[:-1], start_ns)
        return np.where(np.isnan(value), 0, np.maximum(stood_ns, 0))


def crash_of(evidence: Evidence) -> Crash | None:
    """The deepest fall of any symbol after the first fault of the window; None without a fault, or without a fall."""
    onset_ns = next((span.t0_ns for span in evidence.spans() if in_window(evidence, span.t0_ns)), None)
    if onset_ns is None:
        return None
    found = [_fall(evidence, symbol, onset_ns) for symbol in observer(evidence.log).accounts]
    falls = [each for each in found if each is not None and each.drop_pct > 0]
    return max(falls, key=lambda each: each.drop_pct, default=None)


def _fall(evidence: Evidence, symbol: str, onset_ns: int) -> Crash | None:
    quotes = observer(evidence.log).accounts[symbol].columns()
    t_ns, mid = quotes.t_ns[quotes.two_sided], quotes.mid_micros[quotes.two_sided]
    before = int(np.searchsorted(t_ns, onset_ns, side="right"))
    after = slice(before, int(np.searchsorted(t_ns, window(evidence)[1], side="right")))
    if not before or after.start >= after.stop:
        return None
    low = before + int(np.argmin(mid[after]))
    return Crash(
        symbol,
        evidence.facts.warmup_ns,
        onset_ns,
        float(mid[before - 1]),
        int(t_ns[low]),
        float(mid[low]),
        t_ns[after],
        mid[after],
        quotes,
    )


def at_low(crash: Crash | None, value: float, unit: str, *, t_ns: int | None = None) -> Series:
    """A series with *value* as its only sample, at the low unless *t_ns* says else; empty without a crash or if NaN."""
    if crash is None or math.isnan(value):
        return series([], unit, Basis.EXACT)
    return series([(crash.low_ns if t_ns is None else t_ns, value)], unit, Basis.EXACT)


def pauses_of(evidence: Evidence) -> list[tuple[int, int | None]]:
    """When each pause or halt of a symbol that began inside the window began and ended (None: it did not)."""
    open_at: dict[str, int] = {}
    found: list[tuple[int, int | None]] = []
    for state in evidence.log.of(VenueState):
        if state.state in STOPS:
            open_at.setdefault(state.symbol, state.t_ns)
        elif state.symbol in open_at:
            found.append((open_at.pop(state.symbol), state.t_ns))
    found += [(t_ns, None) for t_ns in open_at.values()]
    return sorted((one for one in found if in_window(evidence, one[0])), key=lambda one: one[0])
