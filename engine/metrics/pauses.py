"""How often the venue stopped trading."""

from __future__ import annotations

from engine.metrics.crash import pauses_of
from engine.metrics.evidence import Evidence
from engine.metrics.folds import series, window
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Series


@metric(unit="pauses", better="neither", stat="last")
def pauses(evidence: Evidence) -> Series:
    """Pauses and halts of any symbol that began inside the window; the close of the session is none.

    One value, at the end of the window. Source: VenueState records; exact.
    """
    return series([(window(evidence)[1], float(len(pauses_of(evidence))))], "pauses", Basis.EXACT)
