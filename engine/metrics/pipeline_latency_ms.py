"""How long the desk takes from a tick to a decision."""

from __future__ import annotations

import numpy as np

from engine.base.units import NS_PER_MS
from engine.metrics.evidence import Evidence
from engine.metrics.folds import answers, columns, modelled
from engine.metrics.metric import metric
from engine.metrics.series import Series


@metric(unit="ms", better="lower", stat="p99")
def pipeline_latency_ms(evidence: Evidence) -> Series:
    """Decision recorded - arrival of the causing tick at the desk's feed handler, in milliseconds.

    One sample for each instruction that a tick caused. The feed link is before the arrival: faults of the feed
    show in `feed_age_ms`. An instruction never answered is a sample of +∞, as in `decision_latency_ms`. Source: Intent
    and Decided records; modelled in a simulated run, measured in a live one.
    """
    asked = answers(evidence)
    caused = asked.only(asked.tick_ns >= 0)
    latency_ms = np.where(caused.decided, (caused.decided_ns - caused.tick_ns) / NS_PER_MS, np.inf)
    return columns(caused.known_ns, latency_ms, "ms", modelled(evidence))
