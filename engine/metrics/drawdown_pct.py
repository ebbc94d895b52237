"""Fall of equity from its highest point."""

from __future__ import annotations

import numpy as np

from engine.metrics.evidence import Evidence
from engine.metrics.folds import columns
from engine.metrics.marks import at_stake, equity_usd_steps, unmarked_note
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Series


@metric(unit="%", better="lower", stat="max")
def drawdown_pct(evidence: Evidence) -> Series:
    """Fall of equity from its running maximum since warm-up, in percent of that maximum.

    100 · (peak - equity) / peak at every fill, every change of a mid, and the end; the peak is never re-based. Equity
    is `equity_usd`. Proves something only if positions of at least 50 % of the gross limit stood on the losing side
    when the first price shock started (without a shock: at any time). Source: venue records; exact.
    """
    t_ns, usd = equity_usd_steps(evidence)
    warmup_ns = evidence.facts.warmup_ns
    before = int(np.searchsorted(t_ns, warmup_ns, side="right"))
    if before:  # what equity was when warm-up ended opens the series
        t_ns = np.concatenate((np.array([warmup_ns], dtype=np.int64), t_ns[before:]))
        usd = usd[before - 1 :]
    peak = np.maximum.accumulate(usd)
    lost = np.full(len(usd), np.inf)  # a peak of nothing has nothing left to lose in percent
    np.divide(100 * (peak - usd), peak, out=lost, where=peak > 0)
    return columns(t_ns, lost, "%", Basis.EXACT, (at_stake(evidence),), unmarked_note(evidence))
