"""How many orders the venue took from the desk."""

from __future__ import annotations

import numpy as np

from engine.domain.records import VenueAccepted
from engine.metrics.evidence import Evidence
from engine.metrics.folds import columns
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Series


@metric(unit="orders", better="higher", stat="last")
def orders_taken(evidence: Evidence) -> Series:
    """How many orders the venue had accepted since the run began, new ones and replaces, one value after each.

    An order that the venue itself made smaller is not a new one. Source: venue records; exact.
    """
    taken = [one.t_ns for one in evidence.log.of(VenueAccepted) if one.target_id != one.order_id]
    t_ns = np.array(taken, dtype=np.int64)
    return columns(t_ns, np.arange(1, len(taken) + 1, dtype=np.float64), "orders", Basis.EXACT, ())
