"""How long the desk takes from a tick to a decision."""

from __future__ import annotations

import math

from engine.base.units import NS_PER_MS
from engine.metrics.evidence import Evidence
from engine.metrics.folds import answers, modelled, series
from engine.metrics.metric import metric
from engine.metrics.series import Series


@metric(unit="ms", better="lower", stat="p99")
def pipeline_latency_ms(evidence: Evidence) -> Series:
    """Decision recorded - arrival of the causing tick at the desk's feed handler, in milliseconds.

    One sample for each instruction that a tick caused. The feed link is before the arrival: faults of the feed
    show in `feed_age_ms`. An instruction never answered is a sample of +∞, as in `decision_latency_ms`. Source: Intent
    and Decided records; modelled in a simulated run, measured in a live one.
    """
    samples = []
    for one in answers(evidence):
        if one.intent.tick_ns < 0:
            continue  # no tick caused it
        answered = one.decided
        latency = math.inf if answered is None else (answered.t_ns - one.intent.tick_ns) / NS_PER_MS
        samples.append((one.known_ns, latency))
    return series(samples, "ms", modelled(evidence))
