"""How much of what could trade did."""

from __future__ import annotations

from collections import Counter

import numpy as np

from engine.domain.records import Decided, VenueAccepted
from engine.metrics.evidence import Evidence
from engine.metrics.folds import columns, count_in_window, decisions, observer
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Opportunity, Series
from engine.trading.observer import Acceptance


@metric(unit="%", better="higher", stat="last")
def execution_rate_pct(evidence: Evidence) -> Series:
    """Shares filled, in percent of the shares that were approved and marketable on arrival, so far in the run.

    Marketable are the shares of a market order, or of a limit at or through the best opposite price, that this price
    showed when the venue accepted the order: of 100 wanted where 60 were shown, 60. Fills count whenever they came, up
    to the marketable shares. One value after each such order; orders of the governor's own are not decided and left
    out. Proves something only with at least one such order. Source: venue records and the governor's decisions; exact.
    """
    books, approved = observer(evidence.log), decisions(evidence.log)
    found = [one for one in books.acceptances if _counts(one) and _approved(one, approved)]
    filled: Counter[int] = Counter()
    for execution in books.executions:
        filled[execution.record.order_id] += execution.record.qty
    t_ns = np.array([one.record.t_ns for one in found], dtype=np.int64)
    shown = [min(one.record.qty, one.record.touch_qty) for one in found]
    asked = np.cumsum(shown, dtype=np.float64)
    done = np.cumsum(
        [min(filled[one.record.order_id], qty) for one, qty in zip(found, shown, strict=True)], dtype=np.float64
    )
    chances = count_in_window(evidence, t_ns)
    return columns(t_ns, 100 * done / asked, "%", Basis.EXACT, (Opportunity(chances, 1, "approved marketable orders"),))


def _counts(one: Acceptance) -> bool:
    return one.record.qty > 0 and one.record.touch_qty > 0 and marketable(one.record)


def _approved(one: Acceptance, approved: dict[int, Decided]) -> bool:
    decided = approved.get(one.record.order_id)
    return decided is not None and decided.approved


def marketable(order: VenueAccepted) -> bool:
    """Whether the order met a price on arrival that it may trade at."""
    if order.touch_micros <= 0:
        return False
    return order.limit_micros == 0 or order.side * (order.limit_micros - order.touch_micros) >= 0
