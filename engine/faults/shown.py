"""A figure of what is displayed of a symbol during a fault, against the time before the first of its kind.

For markets whose book is made from a tape or from a formula: nobody's orders can be counted there.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from statistics import fmean
from typing import NamedTuple

from engine.domain.records import FaultStarted, VenueQuote
from engine.faults.background_flow import SURE
from engine.faults.standing import standing
from engine.kernel.event_log import EventLog

LEAST_LOOKS = 8
MOST_LOOKS = 64
"""How often the undisturbed market is looked at, each time for as long as the fault lasts or for an eighth of the time
before it: between these, depending on how often that fits in."""

Figure = Callable[[list[VenueQuote], int, int], float]
"""A figure of the quotes that stood from one time to another, in nanoseconds; NaN if there was none."""


class Shown(NamedTuple):
    """How the figure compares to before: their ratio, and how far from 1 it comes of itself; NaN if not known."""

    times: float
    least_rise: float
    """The ratio from which on it has risen."""
    least_fall: float
    """The ratio down to which it has fallen."""


def shown(log: EventLog, kind: str, symbol: str, t0_ns: int, heal_ns: int, figure: Figure) -> Shown:
    """The *figure* of *symbol* from *t0_ns* to *heal_ns*, against the time right before its first fault of this *kind*.

    How much it changes from one stretch of the undisturbed time to the next, in the logarithm, is what comes about of
    itself: the slow change over a day counts as little as it does between these two.
    """
    first_ns = min([t0_ns, *(one.t_ns for one in log.of(FaultStarted) if one.fault == kind)])
    look_ns = min(heal_ns - t0_ns, first_ns // LEAST_LOOKS)
    looks = min(first_ns // look_ns, MOST_LOOKS) if look_ns > 0 else 0
    starts = [first_ns - back * look_ns for back in range(1, looks + 1)]
    seen = [_figure(log, symbol, start_ns, start_ns + look_ns, figure) for start_ns in starts]
    steps = [math.log(later / earlier) for later, earlier in pairwise(seen) if later > 0 and earlier > 0]
    if not steps or not seen[0] > 0:
        return Shown(math.nan, math.nan, math.nan)
    chance = math.exp(SURE * math.sqrt(fmean(step**2 for step in steps)))
    return Shown(_figure(log, symbol, t0_ns, heal_ns, figure) / seen[0], chance, 1 / chance)


def _figure(log: EventLog, symbol: str, start_ns: int, end_ns: int, figure: Figure) -> float:
    return figure(standing(log, symbol, start_ns, end_ns), start_ns, end_ns)
