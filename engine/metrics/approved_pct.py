"""Share of orders that the governor lets through, of those that nothing forbade."""

from __future__ import annotations

from engine.metrics.evidence import Evidence
from engine.metrics.folds import count_in_window, series
from engine.metrics.metric import metric
from engine.metrics.permissible import permissible
from engine.metrics.series import Basis, Opportunity, Series

LEAST_ORDERS = 20
"""So many permissible orders are needed before the share means something; our own number, as for leaks."""


@metric(unit="%", better="higher", stat="mean")
def approved_pct(evidence: Evidence) -> Series:
    """Approved new orders of the strategy, in percent of those that no limit, hold or stop forbade.

    A governor that denies everything breaches nothing; this is where it shows. An order is permissible if, by the venue
    observer's books and the limits document, it keeps every hard limit (size, value, collar, rate; if it raises
    exposure also position, gross value and age of the quote), and no hold or stop was in effect that something seen
    from outside excuses (a command, a loss near its first step, a session down, a quote too old, an order of unknown
    fate). One sample for each such order, 100 if approved and 0 if denied. Proves something only with at least 20 of
    them. Source: Intent and Decided records, venue records, the limits document; exact.
    """
    samples = [(decided.t_ns, 100.0 if decided.approved else 0.0) for _, decided in permissible(evidence)]
    chances = count_in_window(evidence, (t_ns for t_ns, _ in samples))
    return series(samples, "%", Basis.EXACT, (Opportunity(chances, LEAST_ORDERS, "orders that nothing forbade"),))
