"""What is left in the queue in front of the governor when the load is over."""

from __future__ import annotations

from engine.base.units import NS_PER_S
from engine.metrics.backlog import queue_seen
from engine.metrics.evidence import Evidence
from engine.metrics.folds import answer_times, modelled, series
from engine.metrics.metric import metric
from engine.metrics.series import Series

DRAIN_NS = 2 * NS_PER_S
"""How long a queue may take to drain (design part 6)."""


@metric(unit="orders", better="lower", stat="max")
def backlog_after_drain(evidence: Evidence) -> Series:
    """Instructions still undecided 2 s after the last send: one sample.

    If the strategy sends until the end, the end is taken, and what is then older than 2 s and undecided counts. Proves
    something only if at least one order had to queue. Source: Intent and Decided records; modelled in a simulated run,
    measured in a live one.
    """
    asked = answer_times(evidence.log)
    if not len(asked.due_ns) or evidence.facts.end_ns < asked.due_ns[0] + DRAIN_NS:
        return series([], "orders", modelled(evidence), (queue_seen(evidence),))
    at_ns = min(int(asked.due_ns.max()) + DRAIN_NS, evidence.facts.end_ns)
    open_then = ~asked.decided | (asked.decided_ns > at_ns)
    left = int((open_then & (asked.due_ns <= at_ns - DRAIN_NS)).sum())
    return series([(at_ns, float(left))], "orders", modelled(evidence), (queue_seen(evidence),))
