"""How often the governor refused to let a cancel through."""

from __future__ import annotations

from engine.metrics.evidence import Evidence
from engine.metrics.folds import count_in_window, decisions, intents, series
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Opportunity, Series


@metric(unit="cancels", better="lower", stat="sum", zero_tolerance=True)
def cancels_denied(evidence: Evidence) -> Series:
    """Cancels that the governor denied.

    Getting rid of risk must always be possible: a control never rejects a cancel (FIA, Best Practices for Automated
    Trading Risk Controls, July 2024, 3.3-3.4), under a hold or stop least of all. 1 for each denied cancel, 0 for
    each that passed. Proves something only with at least one cancel decided. Source: Intent and Decided records; exact.
    """
    asked = intents(evidence.log)
    samples = [
        (decided.t_ns, 0.0 if decided.approved else 1.0)
        for order_id, decided in decisions(evidence.log).items()
        if order_id in asked and asked[order_id].action == "cancel"
    ]
    chances = count_in_window(evidence, (t_ns for t_ns, _ in samples))
    return series(samples, "cancels", Basis.EXACT, (Opportunity(chances, 1, "cancels decided"),))
