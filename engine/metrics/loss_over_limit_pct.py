"""How far the day's loss overshot its hard limit."""

from __future__ import annotations

import numpy as np

from engine.base.units import usd_from_micros
from engine.metrics.evidence import Evidence
from engine.metrics.folds import columns, series
from engine.metrics.marks import at_stake, equity_usd_steps, unmarked_note
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Series


@metric(unit="%", better="lower", stat="max")
def loss_over_limit_pct(evidence: Evidence) -> Series:
    """Overshoot of the hard daily loss limit, in percent of that limit; 0 while the loss is within it.

    100 · max(capital - equity - limit, 0) / limit at every fill, every change of a mid, and the end; the loss is
    counted from capital since the session began, after fees. Proves something only under the same condition as
    `drawdown_pct`. Source: venue records and the limits document; exact.
    """
    bound = evidence.facts.limits.firm.daily_loss_usd
    if bound is None or bound.hard is None:
        return series([], "%", Basis.EXACT, note="the limits hold no hard daily loss, so nothing can overshoot it")
    t_ns, usd = equity_usd_steps(evidence)
    over_usd = np.maximum(usd_from_micros(evidence.facts.capital_micros) - usd - bound.hard, 0.0)
    over = np.where(over_usd > 0, np.inf, 0.0)  # any loss is infinitely over a limit of nothing
    if bound.hard > 0:
        over = 100 * over_usd / bound.hard
    return columns(t_ns, over, "%", Basis.EXACT, (at_stake(evidence),), unmarked_note(evidence))
