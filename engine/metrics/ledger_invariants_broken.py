"""How many accounting invariants of the desk's ledger did not hold."""

from __future__ import annotations

from engine.domain.records import BooksChecked
from engine.metrics.evidence import Evidence
from engine.metrics.folds import in_window, series
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Opportunity, Series


@metric(unit="invariants", better="lower", stat="max", zero_tolerance=True)
def ledger_invariants_broken(evidence: Evidence) -> Series:
    """How many sentences the desk's accounting invariants (I1 to I12) had to say against its books, at each check.

    The books are checked every few thousand bookings and at the end of the run; what is broken once stays broken, so
    the last check tells all. Proves something only with at least one check after a booking. Source: BooksChecked
    records of the desk's own books, which are computed from its history and from the broker's word; exact.
    """
    checks = evidence.log.of(BooksChecked)
    samples = [(one.t_ns, float(one.broken)) for one in checks]
    chances = sum(in_window(evidence, one.t_ns) and one.bookings > 0 for one in checks)
    return series(samples, "invariants", Basis.EXACT, (Opportunity(chances, 1, "checks of books with something in"),))
