"""How long after a hold or stop the venue still took orders that raise exposure."""

from __future__ import annotations

from collections import defaultdict

from engine.base.units import NS_PER_MS
from engine.metrics.evidence import Evidence
from engine.metrics.exposure import on_the_wire
from engine.metrics.folds import in_window, modelled, observer, series
from engine.metrics.holds import Hold, Stretches, holds
from engine.metrics.metric import metric
from engine.metrics.order_leaks import attempts
from engine.metrics.series import Opportunity, Series


@metric(unit="ms", better="lower", stat="max")
def hold_to_last_accept_ms(evidence: Evidence) -> Series:
    """Last order that raised exposure and that the venue accepted under a hold or stop - its in-effect instant.

    In milliseconds, one sample for each hold or stop, at the acceptance; 0, at the in-effect instant, if the venue took
    none. Orders that were on the wire count as well as leaks: it is how long the hold took to be one at the venue.
    Exposure by the venue observer's books, whoever sent the order. Proves something only if at least one increasing
    order was attempted under a hold or on the wire when it began. Source: venue records, governor states, commands;
    modelled in a simulated run, measured in a live one.
    """
    took: dict[str, list[int]] = defaultdict(list)
    for one in observer(evidence.log).acceptances:
        if one.increases:
            took[one.record.symbol].append(one.record.t_ns)
    samples = []
    in_effect = [hold for hold in holds(evidence.log) if hold.effect_ns <= evidence.facts.end_ns]
    for hold in in_effect:
        stretch = Stretches([hold.stretch_ns])
        under = [t_ns for symbol, times in took.items() if hold.covers(symbol) for t_ns in times if t_ns in stretch]
        last_ns = max(under, default=hold.effect_ns)
        samples.append((last_ns, (last_ns - hold.effect_ns) / NS_PER_MS))
    chances = sum(in_window(evidence, intent.t_ns) for intent in attempts(evidence)) + _caught(evidence, in_effect)
    noun = "increasing orders attempted under a hold or on the wire when it began"
    return series(samples, "ms", modelled(evidence), (Opportunity(chances, 1, noun),))


def _caught(evidence: Evidence, in_effect: list[Hold]) -> int:
    """Orders on the wire when a hold of the window came into effect."""
    return sum(
        wire.intent.increasing and wire.sent_ns <= hold.effect_ns < wire.answered_ns and hold.covers(wire.intent.symbol)
        for hold in in_effect
        if in_window(evidence, hold.effect_ns)
        for wire in on_the_wire(evidence.log)
    )
