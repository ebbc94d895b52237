"""Equity by the venue observer."""

from __future__ import annotations

from engine.metrics.evidence import Evidence
from engine.metrics.folds import columns
from engine.metrics.marks import equity_usd_steps, unmarked_note
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Series


@metric(unit="USD", better="higher", stat="min")
def equity_usd(evidence: Evidence) -> Series:
    """Equity of the desk in USD, from the venue's records alone.

    Capital + realised + unrealised - fees as charged, at every fill, every change of a mid, and the end. The mark is
    the venue's mid; while a symbol is one-sided or halted it is the last two-sided mid. If a symbol that was held has
    no two-sided quote for more than 1 % of the time after warm-up, stops apart, the series is no evidence; likewise if
    a symbol that is still held is paused or halted at the end. Until the first quote the opening inventory stands at
    its reference price. Source: venue records; exact.
    """
    t_ns, usd = equity_usd_steps(evidence)
    return columns(t_ns, usd, "USD", Basis.EXACT, note=unmarked_note(evidence))
