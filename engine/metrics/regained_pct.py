"""How much of a crash was undone after twenty minutes."""

from __future__ import annotations

import numpy as np

from engine.base.units import NS_PER_S
from engine.metrics.crash import at_low, crash_of
from engine.metrics.evidence import Evidence
from engine.metrics.folds import series, window
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Series

AFTER_NS = 1_200 * NS_PER_S
"""Twenty minutes: the whole of 6 May 2010 was over after 20 to 36 (CFTC/SEC report)."""


@metric(unit="%", better="higher", stat="last")
def regained_pct(evidence: Evidence) -> Series:
    """How much of the fall had come back twenty minutes after the lowest mid, in percent of the fall.

    The fall counts from the mid at the first fault of the window. One value, of the symbol that fell deepest; none if
    the window ends sooner. Source: VenueQuote records; exact.
    """
    crash = crash_of(evidence)
    if crash is None:
        return at_low(None, 0.0, "%")
    t_ns = crash.low_ns + AFTER_NS
    if t_ns > window(evidence)[1]:
        return series([], "%", Basis.EXACT, note="the run ends less than twenty minutes after the lowest price")
    mid = float(crash.mid[np.searchsorted(crash.t_ns, t_ns, side="right") - 1])
    return at_low(crash, 100 * (mid - crash.low_mid) / (crash.onset_mid - crash.low_mid), "%", t_ns=t_ns)
