"""How long the governor takes to hold or stop."""

from __future__ import annotations

import math

from engine.base.units import NS_PER_MS
from engine.metrics.evidence import HOLD_DEADLINE_NS, Evidence
from engine.metrics.folds import modelled, series
from engine.metrics.holds import holds
from engine.metrics.metric import metric
from engine.metrics.series import Series


@metric(unit="ms", better="lower", stat="max")
def time_to_hold_ms(evidence: Evidence) -> Series:
    """Governor's acknowledgement of a hold or stop - its trigger or command, in milliseconds.

    One sample for each hold or stop; +∞ for one that was commanded at least 250 ms before the end and never
    acknowledged. Source: governor states and commands; modelled in a simulated run, measured in a live one.
    """
    samples = []
    for hold in holds(evidence.log):
        if hold.ack_ns is not None:
            samples.append((hold.ack_ns, (hold.ack_ns - hold.trigger_ns) / NS_PER_MS))
        elif hold.trigger_ns + HOLD_DEADLINE_NS <= evidence.facts.end_ns:
            samples.append((hold.trigger_ns + HOLD_DEADLINE_NS, math.inf))
    return series(samples, "ms", modelled(evidence))
