"""What came of the governor's decisions at the venue's door: the evidence for which controls were seen at work."""

from __future__ import annotations

from collections import Counter

from engine.domain.records import Decided, VenueAccepted
from engine.kernel.event_log import EventLog
from engine.runs.result import DecisionsResult


def decisions_of(log: EventLog) -> DecisionsResult:
    """How many orders were approved and denied, for what reason, and how many of each the venue accepted.

    An order is counted once, by what was last said of it; the venue's own records say whether it arrived.
    """
    last = {decided.order_id: decided for decided in log.of(Decided)}
    accepted = {order.order_id for order in log.of(VenueAccepted)}
    approved = [order_id for order_id, decided in last.items() if decided.approved]
    denied = {order_id: decided.reason for order_id, decided in last.items() if not decided.approved}
    return DecisionsResult(
        approved=len(approved),
        approved_at_venue=sum(order_id in accepted for order_id in approved),
        denied=dict(sorted(Counter(denied.values()).items())),
        denied_at_venue=dict(sorted(Counter(why for order_id, why in denied.items() if order_id in accepted).items())),
    )
