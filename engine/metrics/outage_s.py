"""How long an outage lasts from the fault to the recovery."""

from __future__ import annotations

import math

from engine.base.units import s_from_ns
from engine.metrics.evidence import Evidence
from engine.metrics.folds import modelled, series
from engine.metrics.metric import metric
from engine.metrics.recovery import outage_seen, outages, unhealed_note
from engine.metrics.series import Series


@metric(unit="s", better="lower", stat="max")
def outage_s(evidence: Evidence) -> Series:
    """Onset of a fault that took the session down, to the same end as `recovery_s`, in seconds.

    One sample for each fault; +∞ if the desk never recovered. Proves something only if the venue saw the outage.
    Source: as `recovery_s`; modelled in a simulated run, measured in a live one.
    """
    end_ns = evidence.facts.end_ns
    samples = [
        (
            outage.known_ns(end_ns),
            math.inf if outage.well_ns is None else s_from_ns(outage.well_ns - outage.fault.t0_ns),
        )
        for outage in outages(evidence)
    ]
    return series(samples, "s", modelled(evidence), (outage_seen(evidence),), unhealed_note(evidence))
