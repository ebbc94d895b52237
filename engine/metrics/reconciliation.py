"""Desk = broker = venue observer: where one of the three says something else, and which was the first.

Compared at the broker's statements and at the end of the run: executions one by one, then position and cash of each
symbol, then the orders that work. What is in flight is no break: what the venue has said and the desk hears later; for
what the desk never heard, the first 500 ms. What the desk says on its own account, and the venue never said, is one at
once. An order that the desk calls unknown is no break either: it knows that it does not know.
"""

from __future__ import annotations

from operator import attrgetter

from engine.metrics.desk_books import desk_accounts
from engine.metrics.evidence import Evidence
from engine.metrics.reconciliation_executions import bust_breaks, execution_breaks
from engine.metrics.reconciliation_orders import broker_order_breaks, order_breaks
from engine.metrics.reconciliation_points import Break, checkpoints
from engine.metrics.reconciliation_sums import sum_breaks


def breaks(evidence: Evidence) -> list[Break]:
    """Every break, in order of time; the cause (an execution) before what follows from it (position, cash)."""
    at, log = checkpoints(evidence), evidence.log
    desk = desk_accounts(evidence)
    found = [*execution_breaks(log, at), *bust_breaks(log, at)]
    for symbol, account in desk.items():
        found += sum_breaks(log, at, symbol, account)
    found += [*order_breaks(log, at), *broker_order_breaks(log)]
    return sorted(found, key=attrgetter("t_ns"))
