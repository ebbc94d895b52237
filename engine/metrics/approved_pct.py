"""Share of orders that the governor lets through."""

from __future__ import annotations

from engine.metrics.evidence import Evidence
from engine.metrics.folds import answers, in_window, series
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Opportunity, Series


@metric(unit="%", better="higher", stat="mean")
def approved_pct(evidence: Evidence) -> Series:
    """Approved new orders and replaces of the strategy, in percent of those decided.

    A governor that denies everything breaches nothing; this is where it shows. One sample for each decision, 100 if
    approved and 0 if denied; cancels are left out. Source: Intent and Decided records; exact.
    """
    samples = [
        (one.decided.t_ns, 100.0 if one.decided.approved else 0.0)
        for one in answers(evidence)
        if one.decided is not None and one.intent.action != "cancel"
    ]
    chances = sum(in_window(evidence, t_ns) for t_ns, _ in samples)
    return series(samples, "%", Basis.EXACT, (Opportunity(chances, 1, "orders decided"),))
