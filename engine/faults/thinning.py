"""How far a whole book has thinned out, as the venue writes it down."""

from __future__ import annotations

import math
from statistics import median, stdev

from engine.base.units import NS_PER_S
from engine.domain.records import FaultStarted, VenueDepth
from engine.faults.fault import Effect
from engine.kernel.event_log import EventLog

BASELINE_NS = 60 * NS_PER_S
"""The undisturbed book is that of the minute before the first fault of the run."""
EMPTIED_SHARE = 0.6
"""A book needs time to empty and is quoted anew meanwhile: this share of what would be gone in the end must be gone."""
OWN_CHANGES = 3
"""And more than so many standard deviations of the depth before; our own figure."""


def thinning(log: EventLog, symbol: str, asked_pct: float, t0_ns: int, heal_ns: int) -> Effect:
    """The fall of the shares resting in the whole book, and what is needed of it.

    The median of what was written over the later half of the fault, against the median of the undisturbed book.
    """
    first_ns = min([t0_ns, *(one.t_ns for one in log.of(FaultStarted)[:1])])
    depths = [(one.t_ns, one.bid_shares + one.ask_shares) for one in log.of(VenueDepth) if one.symbol == symbol]
    before = [shares for t_ns, shares in depths if first_ns - BASELINE_NS <= t_ns <= first_ns]
    during = [shares for t_ns, shares in depths if (t0_ns + heal_ns) / 2 <= t_ns <= heal_ns]
    if not before or not during or not median(before):
        return Effect("depth_fallen_pct", math.nan, EMPTIED_SHARE * asked_pct, "%")
    usual = median(before)
    own_pct = OWN_CHANGES * 100 * stdev(before) / usual if len(before) > 1 else 0.0
    fallen_pct = 100 * (usual - median(during)) / usual
    return Effect("depth_fallen_pct", fallen_pct, max(EMPTIED_SHARE * asked_pct, own_pct), "%")
