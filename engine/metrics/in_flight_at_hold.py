"""What was already on its way when trading was held."""

from __future__ import annotations

from engine.metrics.evidence import Evidence
from engine.metrics.exposure import on_the_wire
from engine.metrics.folds import series
from engine.metrics.holds import holds
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Series


@metric(unit="orders", better="lower", stat="max")
def in_flight_at_hold(evidence: Evidence) -> Series:
    """New orders and replaces on the wire at the instant a hold or stop came into effect.

    They were sent at or before that instant and not yet answered by the venue: no leaks, but they may still trade. One
    sample for each hold or stop, in its scope. Source: Sent and venue records, governor states, commands; exact.
    """
    wires = on_the_wire(evidence.log)
    samples = []
    for hold in holds(evidence.log):
        if hold.effect_ns > evidence.facts.end_ns:
            continue
        count = sum(
            wire.sent_ns <= hold.effect_ns < wire.answered_ns and hold.covers(wire.intent.symbol) for wire in wires
        )
        samples.append((hold.effect_ns, float(count)))
    return series(samples, "orders", Basis.EXACT)
