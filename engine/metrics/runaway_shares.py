"""How many shares went out that nobody asked for."""

from __future__ import annotations

from engine.metrics.evidence import Evidence
from engine.metrics.folds import in_window, intents, observer, series
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Opportunity, Series


@metric(unit="shares", better="lower", stat="sum")
def runaway_shares(evidence: Evidence) -> Series:
    """Shares in orders that the venue accepted and that nobody at the desk had asked for.

    What orders_out_of_nowhere counts in orders, for a scenario that makes them on purpose: it says how much got out
    before something stopped it, were all of it to fill. One sample for each such order. Proves something only if there
    was one. Source: venue and Intent records; exact.
    """
    known = intents(evidence.log)
    strays = [one.record for one in observer(evidence.log).acceptances if one.record.order_id not in known]
    samples = [(one.t_ns, float(one.qty)) for one in strays]
    seen = sum(in_window(evidence, t_ns) for t_ns, _ in samples)
    return series(samples, "shares", Basis.EXACT, (Opportunity(seen, 1, "orders that nobody asked for"),))
