"""What trading cost against the price it was decided at."""

from __future__ import annotations

import numpy as np

from engine.base.words import counted
from engine.domain.records import Intent
from engine.metrics.evidence import Evidence
from engine.metrics.folds import columns, count_in_window, intents, observer
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Opportunity, Series
from engine.trading.observer import VenueObserver


@metric(unit="bps", better="lower", stat="last")
def slippage_bps(evidence: Evidence) -> Series:
    """Notional-weighted cost of the fills so far against the mid at decision, in basis points; negative is a gain.

    For each fill 10,000 · side · (price - mid) / mid, where mid is the desk's mid when the order was intended (the
    venue's at that instant, if the desk had none). One value after each fill, the governor's own included. Proves
    something only with at least one fill. Source: venue fills and Intent records; exact.
    """
    books, known = observer(evidence.log), intents(evidence.log)
    t_ns, cost, weight, orphans = [], [], [], 0
    for execution in books.executions:
        fill = execution.record
        mid = _mid_micros(known.get(fill.order_id), books)
        if mid <= 0:
            orphans += 1
            continue
        notional = float(fill.qty * fill.price_micros)
        t_ns.append(fill.t_ns)
        cost.append(1e4 * fill.side * (fill.price_micros - mid) / mid * notional)
        weight.append(notional)
    value = np.cumsum(cost, dtype=np.float64) / np.cumsum(weight, dtype=np.float64)
    chances = count_in_window(evidence, t_ns)
    note = f"{counted(orphans, 'fill')} had no intent or no mid to be measured against" if orphans else ""
    return columns(np.array(t_ns, dtype=np.int64), value, "bps", Basis.EXACT, (Opportunity(chances, 1, "fills"),), note)


def _mid_micros(intent: Intent | None, books: VenueObserver) -> float:
    """The mid that the order was decided at; 0 if nobody knows it."""
    if intent is None or intent.mid_micros > 0:
        return float(intent.mid_micros) if intent is not None else 0.0
    return float(books.account(intent.symbol).marks_micros_at(np.array([intent.t_ns]))[0])
