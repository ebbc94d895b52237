"""How long the desk takes to recover once the fault is gone."""

from __future__ import annotations

import math

from engine.base.units import s_from_ns
from engine.metrics.evidence import Evidence
from engine.metrics.folds import modelled, series
from engine.metrics.metric import metric
from engine.metrics.recovery import outage_seen, outages, unhealed_note
from engine.metrics.series import Series


@metric(unit="s", better="lower", stat="max")
def recovery_s(evidence: Evidence) -> Series:
    """Heal of a fault that took the session down, or closed the desk, to the first instant after which all is well for
    5 s, in seconds.

    All is well: session up at both ends, the desk not closed by itself, no order in an unknown state, desk and venue
    books equal (a message may take 500 ms), every order answered within 1 s, and orders answered correctly: in those
    5 s an increasing one was accepted by the venue, or, under a hold or stop, denied, while no cancel was denied and
    nothing leaked. One sample for each fault; +∞ if that was never reached. Proves something only if the outage was
    observed, by the venue or in the desk's word that it is closed. Source: venue, session, order and decision records;
    modelled in a simulated run, measured in a live one.
    """
    end_ns = evidence.facts.end_ns
    samples = [
        (outage.known_ns(end_ns), math.inf if outage.well_ns is None else s_from_ns(outage.well_ns - outage.heal_ns))
        for outage in outages(evidence)
    ]
    return series(samples, "s", modelled(evidence), (outage_seen(evidence),), unhealed_note(evidence))
