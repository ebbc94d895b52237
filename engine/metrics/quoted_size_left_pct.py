"""How much was still shown at the best prices around the low of a crash."""

from __future__ import annotations

import numpy as np

from engine.metrics.crash import at_low, crash_of
from engine.metrics.evidence import Evidence
from engine.metrics.metric import metric
from engine.metrics.series import Series


@metric(unit="%", better="neither", stat="min")
def quoted_size_left_pct(evidence: Evidence) -> Series:
    """Mean size at both best prices over the three minutes around the low, in percent of its median before the onset.

    From one minute before to two minutes after the lowest mid, by time; an empty side counts 0. One value, of the
    symbol that fell deepest after the first fault of the window. Source: VenueQuote records; exact.
    """
    crash = crash_of(evidence)
    if crash is None:
        return at_low(None, 0.0, "%")
    size = (crash.quotes.bid_qty + crash.quotes.ask_qty).astype(np.float64)
    return at_low(crash, 100 * crash.mean_around(size) / crash.normal(size), "%")
