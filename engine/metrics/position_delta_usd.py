"""Value of the difference between the desk's positions and the venue's."""

from __future__ import annotations

import numpy as np

from engine.metrics.book_gap import Gap, gaps
from engine.metrics.desk_books import marked
from engine.metrics.evidence import Evidence
from engine.metrics.folds import Floats, Ints, columns, observer, step_at
from engine.metrics.marks import fills_seen, unmarked_note
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Series


@metric(unit="USD", better="lower", stat="max")
def position_delta_usd(evidence: Evidence) -> Series:
    """Difference between the desk's positions and the venue's, in USD at the venue's mids.

    Σ over symbols of the minimum over s in [t - 500 ms, t] of |desk quantity(t) - venue quantity(s)| × mark(t), at
    every t at which it can change, and at the end: a fill that is on its way to the desk is no difference, one
    that has not come after 500 ms is. A desk that was told of executions out of their order is held against those that
    it had to have by then. Proves something only with at least 100 fills. Source: what the desk's ledger
    says after each fill, against the venue observer; exact.
    """
    found = gaps(evidence)
    t_ns = _moments(evidence, found)
    usd = np.zeros(len(t_ns))
    for gap in found:
        marks = observer(evidence.log).account(gap.symbol).marks_micros_at(t_ns)
        usd += _shares(gap, t_ns) * marked(evidence, gap.symbol, gap.desk, marks) / 1e6
    return columns(t_ns, usd, "USD", Basis.EXACT, (fills_seen(evidence),), unmarked_note(evidence))


def _moments(evidence: Evidence, found: list[Gap]) -> Ints:
    """When a gap changes, and every change of a mid while there is a gap."""
    if not found:
        return np.empty(0, np.int64)
    times = [gap.t_ns for gap in found]
    for gap in found:
        quotes = observer(evidence.log).account(gap.symbol).columns()
        t_ns = quotes.t_ns[quotes.two_sided]
        times.append(t_ns[_shares(gap, t_ns) > 0])
    moments: Ints = np.unique(np.concatenate(times))
    return moments


def _shares(gap: Gap, t_ns: Ints) -> Floats:
    return step_at(gap.t_ns, gap.shares.astype(np.float64), t_ns)
