"""The queue in front of the governor while orders come."""

from __future__ import annotations

import numpy as np

from engine.base.units import NS_PER_MS
from engine.metrics.backlog import due_and_decided, pending, queue_seen
from engine.metrics.evidence import Evidence
from engine.metrics.folds import columns, modelled
from engine.metrics.metric import metric
from engine.metrics.series import Series

EVERY_NS = 100 * NS_PER_MS


@metric(unit="orders", better="lower", stat="max")
def backlog_under_load(evidence: Evidence) -> Series:
    """Instructions that were due and undecided (pending + lag), each 100 ms from the first to the last send.

    Proves something only if at least one order had to queue. Source: Intent and Decided records; modelled in a
    simulated run, measured in a live one.
    """
    due, _ = due_and_decided(evidence)
    t_ns = np.arange(due[0], due[-1] + 1, EVERY_NS, dtype=np.int64) if len(due) else due
    count = pending(evidence, t_ns).astype(np.float64)
    return columns(t_ns, count, "orders", modelled(evidence), (queue_seen(evidence),))
