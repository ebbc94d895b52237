"""Orders cut into slices to get round the limit of one order."""

from __future__ import annotations

from collections import deque

from engine.base.units import ns_from_ms
from engine.domain.orders import Origin
from engine.domain.records import Decided
from engine.metrics.evidence import Evidence
from engine.metrics.folds import count_in_window, intents, series, window
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Opportunity, Series

DENIED_NEEDED = 20
"""So many orders beyond the limit of one order have to be denied before none in slices means something; our own."""


@metric(unit="orders", better="lower", stat="sum", zero_tolerance=True)
def slices_over_limit(evidence: Evidence) -> Series:
    """New orders of the strategies that were approved although, with those of their side approved a moment before, they
    were larger than one order may be.

    The moment is slicing_ms of the limits, (t - slicing_ms, t]; the size is order_qty_shares hard, of a symbol that has
    both. RTS 6 Article 15 asks for limits of one order that block by themselves; cut into slices it is still one order.
    1 for each such approval, 0 for each other one, and at the end of the window. Proves something only if at least 20
    orders were denied for being too large, as one or in slices. Source: Intent and Decided records, the limits
    document; exact.
    """
    known, limits = intents(evidence.log), evidence.facts.limits.instrument
    recent: dict[tuple[str, int], deque[tuple[int, int]]] = {}
    samples, denied = [(window(evidence)[1], 0.0)], []
    for one in evidence.log.of(Decided):
        intent = known.get(one.order_id)
        own = limits.get(intent.symbol) if intent is not None else None
        if intent is None or intent.action != "new" or intent.origin != Origin.STRATEGY.value or own is None:
            continue
        most = own.order_qty_shares.hard if own.order_qty_shares is not None else None
        if most is None or not own.slicing_ms:
            continue
        before = recent.setdefault((intent.symbol, intent.side), deque())
        while before and before[0][0] <= one.t_ns - ns_from_ms(own.slicing_ms):
            before.popleft()
        too_much = sum(qty for _, qty in before) + intent.qty > most
        if one.approved:
            before.append((one.t_ns, intent.qty))
            samples.append((one.t_ns, float(too_much)))
        elif too_much:
            denied.append(one.t_ns)
    chances = count_in_window(evidence, denied)
    noun = "orders denied that were too large, as one or in slices"
    return series(samples, "orders", Basis.EXACT, (Opportunity(chances, DENIED_NEEDED, noun),))
