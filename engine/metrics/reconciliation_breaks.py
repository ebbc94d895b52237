"""Differences between the books of desk, broker and venue observer."""

from __future__ import annotations

from engine.metrics.evidence import Evidence
from engine.metrics.folds import in_window, series, window
from engine.metrics.marks import fills_seen
from engine.metrics.metric import metric
from engine.metrics.reconciliation import breaks
from engine.metrics.reconciliation_points import checkpoints
from engine.metrics.series import Basis, Opportunity, Series

COMPARED_NEEDED = 10
"""Statements of the broker below which agreement proves little; this project's own number."""


@metric(unit="breaks", better="lower", stat="sum", zero_tolerance=True)
def reconciliation_breaks(evidence: Evidence) -> Series:
    """Differences between desk, broker and venue observer on executions, position, cash and working orders.

    Compared at each statement of the broker (every second in which something changed), at the end desk and observer
    alone. What is in flight is no break: what the desk hears later, and what it never hears for the first 500 ms.
    Cash by symbol, differences from a cent on. 1 when a difference is first seen (and again when it changes), 0 for
    each comparison; the gate's message names the first: symbol, time, what each of the three says. Proves something
    only with at least 100 fills and 10 statements. Source: the desk's ledger and order records, the broker's
    statements, the venue observer; exact.
    """
    found, at = breaks(evidence), checkpoints(evidence)
    start_ns, end_ns = window(evidence)
    samples = [(one.t_ns, 1.0) for one in found] + [(t_ns, 0.0) for t_ns in at.t_ns.tolist()] + [(end_ns, 0.0)]
    inside = [one.text for one in found if start_ns <= one.t_ns <= end_ns]
    stated = sum(in_window(evidence, t_ns) for t_ns in at.t_ns[:-1].tolist())
    chances = (fills_seen(evidence), Opportunity(stated, COMPARED_NEEDED, "statements of the broker"))
    return series(samples, "breaks", Basis.EXACT, chances, first=inside[0] if inside else "")
