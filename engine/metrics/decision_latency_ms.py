"""How long the governor takes."""

from __future__ import annotations

import numpy as np

from engine.base.units import NS_PER_MS
from engine.metrics.evidence import Evidence
from engine.metrics.folds import answers, columns, modelled
from engine.metrics.metric import metric
from engine.metrics.series import Series


@metric(unit="ms", better="lower", stat="p99")
def decision_latency_ms(evidence: Evidence) -> Series:
    """Decision received - scheduled send of the intent, in milliseconds, one sample for each instruction decided.

    Open loop: the clock starts when the intent was due, not when the governor was free. An instruction that was sent
    at least 1 s before the end and never answered is a sample of +∞, taken when it was 1 s late. What the governor
    itself originates is not decided and is no sample. Source: Intent and Decided records; modelled in a simulated run,
    measured in a live one.
    """
    asked = answers(evidence)
    latency_ms = np.where(asked.decided, (asked.decided_ns - asked.due_ns) / NS_PER_MS, np.inf)
    return columns(asked.known_ns, latency_ms, "ms", modelled(evidence))
