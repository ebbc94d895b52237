"""What was already on its way when trading was held."""

from __future__ import annotations

from engine.base.units import NS_PER_S
from engine.metrics.evidence import Evidence
from engine.metrics.exposure import on_the_wire
from engine.metrics.folds import in_window, series
from engine.metrics.holds import holds
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Opportunity, Series

JUST_BEFORE_NS = NS_PER_S
"""An order sent this long before a hold shows that the desk was trading."""


@metric(unit="orders", better="lower", stat="max")
def in_flight_at_hold(evidence: Evidence) -> Series:
    """New orders and replaces on the wire at the instant a hold or stop came into effect.

    They were sent at or before that instant and not yet answered by the venue: no leaks, but they may still trade. One
    sample for each hold or stop, in its scope. Proves something only if the desk sent at least one order in the second
    before one of them: a silent desk has nothing on the wire. Source: Sent and venue records, governor states,
    commands; exact.
    """
    wires, sent = on_the_wire(evidence.log), 0
    samples = []
    for hold in holds(evidence.log):
        if hold.effect_ns > evidence.facts.end_ns:
            continue
        count = sum(
            wire.sent_ns <= hold.effect_ns < wire.answered_ns and hold.covers(wire.intent.symbol) for wire in wires
        )
        samples.append((hold.effect_ns, float(count)))
        if in_window(evidence, hold.effect_ns):
            sent += sum(
                0 <= hold.effect_ns - w.sent_ns < JUST_BEFORE_NS and hold.covers(w.intent.symbol) for w in wires
            )
    chance = Opportunity(sent, 1, "orders sent in the second before a hold or stop")
    return series(samples, "orders", Basis.EXACT, (chance,))
