"""Slices of a flatten that would have taken a price beyond their collar."""

from __future__ import annotations

import numpy as np

from engine.base.units import MICROS_PER_USD
from engine.domain.orders import Origin
from engine.domain.records import VenueAccepted
from engine.kernel.event_log import EventLog
from engine.metrics.evidence import Evidence
from engine.metrics.folds import Ints, in_window, observer, quote_arrivals, series, window
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Opportunity, Series

QUOTES_KNOWN = 3
"""By so many of the last quotes a governor may price a slice, as by so many mids it may judge an order."""


@metric(unit="orders", better="lower", stat="sum", zero_tolerance=True)
def flatten_over_collar(evidence: Evidence) -> Series:
    """Orders of the governor's own that were priced farther through the market than the collar of a flatten allows.

    The collar is flatten.collar_pct of the limits: how far below the bid a sale, and above the ask a purchase, may be
    priced. Held against the touch of each of the last three quotes that had reached the desk when the order was sent:
    beyond by all of them is beyond, and so is an order without a price, and one for which there was none. What it
    filled at plays no part: that nobody was there to take advantage is luck. On 6 May 2010 orders that named no price
    met stub quotes of a cent (CFTC/SEC report, 30 September 2010). 1 for each such order, 0 for each other one, and at
    the end of the window. Proves something only with at least one order of the governor's that the venue took. Source:
    venue records, DeskTick records, the limits document; exact.
    """
    share, samples, beyond = evidence.facts.limits.flatten.collar_pct / 100, [(window(evidence)[1], 0.0)], []
    for one in observer(evidence.log).acceptances:
        order = one.record
        if order.origin != Origin.GOVERNOR.value or order.target_id:
            continue
        touches = _touches(evidence.log, order)
        limit = order.limit_micros
        kept = limit and any(order.side * (limit - touch * (1 + order.side * share)) <= 0 for touch in touches)
        samples.append((order.t_ns, float(not kept)))
        if not kept and in_window(evidence, order.t_ns):
            price = f"at {limit / MICROS_PER_USD:,.2f} USD" if limit else "without a price"
            touched = f"{touches[-1] / MICROS_PER_USD:,.2f} USD" if touches else "unknown"
            beyond.append(f"order {order.order_id} {price} where the touch was {touched}")
    chances = sum(in_window(evidence, t_ns) for t_ns, _ in samples) - 1
    chance = Opportunity(chances, 1, "orders of a flatten that the venue took")
    return series(samples, "orders", Basis.EXACT, (chance,), first=beyond[0] if beyond else "")


def _touches(log: EventLog, order: VenueAccepted) -> list[int]:
    """The price to meet by each of the last quotes that had reached the desk when *order* was sent, the newest last."""
    quotes, arrivals = observer(log).account(order.symbol).columns(), quote_arrivals(log).get(order.symbol)
    if arrivals is None or not len(quotes.t_ns):
        return []
    reached = int(np.searchsorted(arrivals.t_ns, order.sent_ns, side="right"))
    said_ns: Ints = arrivals.venue_ns[max(reached - QUOTES_KNOWN, 0) : reached]
    which = np.searchsorted(quotes.t_ns, said_ns, side="right") - 1
    side = quotes.bid_micros if order.side < 0 else quotes.ask_micros
    return [int(price) for price in side[which[which >= 0]].tolist() if price]
