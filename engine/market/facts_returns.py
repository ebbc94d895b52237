"""Returns of a mid that is known from event to event, on grids of whole seconds."""

from __future__ import annotations

import math
from array import array

import numpy as np

from engine.base.units import MICROS_PER_USD, NS_PER_S
from engine.market.facts import Fact, fact
from engine.market.facts_statistics import Floats, autocorrelation, moment_kurtosis, spread_of
from engine.market.tape_rows import Ints

LAGS = (1, 2, 5, 10)


class MidGrid:
    """The mid at every whole second: the last one known at that instant."""

    def __init__(self) -> None:
        self.first_s = 0
        self.usd = array("d")
        self._last_usd = math.nan
        self._last_ns: int | None = None

    def add(self, stamps_ns: Ints, mids_micros: Floats) -> None:
        """Some rows: their times, and the mid after each (NaN while one-sided)."""
        if self._last_ns is None:
            self.first_s = -(-int(stamps_ns[0]) // NS_PER_S)
        next_s = self.first_s + len(self.usd)
        # Up to the second before the last row's: whatever may still come can not be at or before those instants.
        grid_ns = np.arange(next_s, -(-int(stamps_ns[-1]) // NS_PER_S), dtype=np.int64) * NS_PER_S
        known = np.concatenate([[self._last_usd], mids_micros / MICROS_PER_USD])
        self.usd.extend(known[np.searchsorted(stamps_ns, grid_ns, side="right")].tolist())
        self._last_usd, self._last_ns = float(known[-1]), int(stamps_ns[-1])

    def returns(self, every_s: int) -> Floats:
        """Log returns between the multiples of *every_s* seconds; those with an unknown mid are left out."""
        return self.returns_from(-self.first_s % every_s, every_s)

    def returns_from(self, start_s: int, every_s: int) -> Floats:
        """Log returns every so many seconds, beginning so long after the first whole second."""
        mids: Floats = np.array([*self.usd, self._last_usd])[start_s::every_s]
        returns: Floats = np.diff(np.log(mids))
        return returns[np.isfinite(returns)]


def return_facts(mids: MidGrid) -> list[Fact]:
    """Returns of the mid: size, tails, memory, and the day's realised volatility."""
    facts = []
    for every_s in (1, 10, 60):
        returns = mids.returns(every_s)
        grid = f"log returns of the mid at multiples of {every_s} s"
        facts += [
            fact(f"return_std_{every_s}s_bps", 1e4 * spread_of(returns), "bps", f"standard deviation of {grid}"),
            fact(f"return_kurtosis_{every_s}s", moment_kurtosis(returns), "", f"kurtosis of {grid} (normal: 3)"),
        ]
    for every_s in (1, 10, 60, 300):
        returns = mids.returns_from(0, every_s)
        realised = math.sqrt(float(np.dot(returns, returns))) if len(returns) else math.nan
        words = (
            f"root of the summed squares of log returns of the mid, every {every_s} s from the first whole second on"
        )
        facts.append(fact(f"realised_volatility_{every_s}s_bps", 1e4 * realised, "bps", words))
    returns = mids.returns(1)
    series = (("return", returns, "1 s returns"), ("abs_return", np.abs(returns), "absolute 1 s returns"))
    for name, values, words in series:
        facts += [
            fact(f"{name}_acf_1s_lag{lag}", autocorrelation(values, lag), "", f"autocorrelation of {words}, lag {lag}")
            for lag in LAGS
        ]
    return facts
