"""How soon half of a crash was undone."""

from __future__ import annotations

import math

import numpy as np

from engine.base.units import s_from_ns
from engine.metrics.crash import at_low, crash_of
from engine.metrics.evidence import Evidence
from engine.metrics.metric import metric
from engine.metrics.series import Series


@metric(unit="s", better="neither", stat="max")
def half_recovery_s(evidence: Evidence) -> Series:
    """From the lowest mid to the first one that has regained half of the fall, in seconds; +∞ if none has.

    The fall counts from the mid at the first fault of the window. One value, of the symbol that fell deepest. Source:
    VenueQuote records; exact.
    """
    crash = crash_of(evidence)
    if crash is None:
        return at_low(None, 0.0, "s")
    back = np.flatnonzero((crash.t_ns >= crash.low_ns) & (crash.mid >= (crash.onset_mid + crash.low_mid) / 2))
    if not len(back):
        return at_low(crash, math.inf, "s")
    t_ns = int(crash.t_ns[back[0]])
    return at_low(crash, s_from_ns(t_ns - crash.low_ns), "s", t_ns=t_ns)
