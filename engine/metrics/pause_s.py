"""How long the venue stopped trading."""

from __future__ import annotations

import math

from engine.base.units import s_from_ns
from engine.metrics.crash import pauses_of
from engine.metrics.evidence import Evidence
from engine.metrics.folds import series
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Series


@metric(unit="s", better="neither", stat="max")
def pause_s(evidence: Evidence) -> Series:
    """Length of each pause or halt of a symbol that began inside the window, in seconds; +∞ if it never ended.

    The close of the session is no pause. One value for each, when it began. Source: VenueState records; exact.
    """
    lengths = [
        (begun_ns, math.inf if ended_ns is None else s_from_ns(ended_ns - begun_ns))
        for begun_ns, ended_ns in pauses_of(evidence)
    ]
    return series(lengths, "s", Basis.EXACT)
