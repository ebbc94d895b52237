"""What is left at the end."""

from __future__ import annotations

from engine.metrics.evidence import Evidence
from engine.metrics.folds import observer, series
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Series


@metric(unit="shares", better="lower", stat="last")
def final_position_shares(evidence: Evidence) -> Series:
    """Σ over symbols of |position| at the end of the run, in shares, by the venue observer: one sample.

    No sample if the venue never said anything. Source: venue inventory and fills; exact.
    """
    accounts = observer(evidence.log).accounts
    left = sum(abs(account.position) for account in accounts.values())
    end_ns = max(evidence.facts.end_ns, evidence.log.last_ns)
    return series([(end_ns, float(left))] if accounts else [], "shares", Basis.EXACT)
