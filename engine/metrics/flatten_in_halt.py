"""Slices of a flatten that were sent although nothing traded."""

from __future__ import annotations

from collections.abc import Iterator

from engine.base.units import NS_PER_S, s_from_ns
from engine.domain.orders import Origin
from engine.domain.records import Sent
from engine.metrics.evidence import Evidence
from engine.metrics.flatten_calls import flatten_calls
from engine.metrics.folds import count_in_window, in_window, intents, observer, series, window
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Opportunity, Series

WORD_NS = NS_PER_S
"""So long the venue's word that nothing trades may be on its way to the desk, as for orders that nothing forbade."""


@metric(unit="orders", better="lower", stat="sum", zero_tolerance=True)
def flatten_in_halt(evidence: Evidence) -> Series:
    """New orders of the governor's own that left the desk while the venue said that their symbol does not trade.

    From a second after it said so until trading goes on. A flatten has to wait for the market (RTS 6 Article 14(3): no
    disorderly trading): what it sends into a stop meets the reopening with everything else that has piled up. 1 for
    each such order, 0 for each other one of the governor's, and at the end of the window. Proves something only if for
    at least a second nothing traded of a position that had to be given up. Source: venue records, Sent and Intent
    records, commands; exact.
    """
    known, samples = intents(evidence.log), [(window(evidence)[1], 0.0)]
    first = ""
    for sent in evidence.log.of(Sent):
        intent = known.get(sent.order_id)
        if intent is None or sent.action != "new" or sent.origin != Origin.GOVERNOR.value:
            continue
        stopped = any(begin <= sent.t_ns < end for begin, end in _stops(evidence, intent.symbol))
        samples.append((sent.t_ns, float(stopped)))
        if stopped and not first and in_window(evidence, sent.t_ns):
            first = f"order {sent.order_id} at t={s_from_ns(sent.t_ns):,.1f} s"
    chance = Opportunity(_held_s(evidence), 1, "seconds without trading in which a position had to be given up")
    return series(samples, "orders", Basis.EXACT, (chance,), first=first)


def _stops(evidence: Evidence, symbol: str) -> Iterator[tuple[int, int]]:
    """From when to when nothing of *symbol* may be sent."""
    for begin_ns, *end_ns in observer(evidence.log).account(symbol).stops_ns:
        yield begin_ns + WORD_NS, end_ns[0] if end_ns else evidence.facts.end_ns


def _held_s(evidence: Evidence) -> int:
    """Whole seconds of the window in which nothing traded of what was held and had to be given up."""
    found, calls = 0, flatten_calls(evidence)
    for symbol, account in observer(evidence.log).accounts.items():
        called_ns = min((call.t_ns for call in calls if call.covers(symbol)), default=None)
        steps = account.steps()
        for begin_ns, end_ns in _stops(evidence, symbol) if called_ns is not None else ():
            held = int(steps.position[int(steps.t_ns.searchsorted(begin_ns, side="right")) - 1])
            if held and called_ns is not None:
                seconds = range(max(begin_ns, called_ns), end_ns, NS_PER_S)
                found += count_in_window(evidence, list(seconds))
    return found
