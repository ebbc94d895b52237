"""How many times wider the spread was around the low of a crash."""

from __future__ import annotations

import numpy as np

from engine.metrics.crash import at_low, crash_of
from engine.metrics.evidence import Evidence
from engine.metrics.metric import metric
from engine.metrics.series import Series


@metric(unit="times", better="neither", stat="max")
def spread_ratio(evidence: Evidence) -> Series:
    """Mean spread over the three minutes around the low, in multiples of its median before the onset.

    From one minute before to two minutes after the lowest mid, by time, while both sides were quoted and trading went
    on. One value, of the symbol that fell deepest after the first fault of the window. Source: VenueQuote records;
    exact.
    """
    crash = crash_of(evidence)
    if crash is None:
        return at_low(None, 0.0, "times")
    quotes = crash.quotes
    spread = np.where(quotes.two_sided, (quotes.ask_micros - quotes.bid_micros).astype(np.float64), np.nan)
    return at_low(crash, crash.mean_around(spread) / crash.normal(spread), "times")
