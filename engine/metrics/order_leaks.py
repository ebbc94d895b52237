"""Orders that got out although trading was held or stopped."""

from __future__ import annotations

from engine.domain.records import Intent, VenueAccepted
from engine.metrics.evidence import Evidence
from engine.metrics.folds import count_in_window, observer, series, window
from engine.metrics.holds import held_times
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Opportunity, Series

ATTEMPTS_NEEDED = 20
"""Increasing orders that have to be attempted under a hold before none leaked means something (design part 6)."""


@metric(unit="orders", better="lower", stat="sum", zero_tolerance=True)
def order_leaks(evidence: Evidence) -> Series:
    """New orders and replaces that the venue accepted, sent while a hold or stop was in effect, that raised exposure.

    A hold or stop is in effect after the earlier of the governor's acknowledgement and trigger (or command) + 250 ms.
    Exposure is max(|position + Σbuys|, |position - Σsells|) by the venue observer's books, just before and just
    after. 1 for each leak; 0 for each increasing order that was attempted meanwhile, and at the end of the window.
    Proves something only with at least 20 such attempts. Source: venue records, governor states, commands; exact.
    """
    tries = attempts(evidence)
    samples = [(record.t_ns, 1.0) for record in leaks(evidence)]
    samples += [(intent.t_ns, 0.0) for intent in tries] + [(window(evidence)[1], 0.0)]
    chances = count_in_window(evidence, (intent.t_ns for intent in tries))
    noun = "increasing orders attempted while held or stopped"
    return series(samples, "orders", Basis.EXACT, (Opportunity(chances, ATTEMPTS_NEEDED, noun),))


def leaks(evidence: Evidence) -> list[VenueAccepted]:
    """Every acceptance that is a leak."""
    times = held_times(evidence.log)
    return [
        one.record
        for one in observer(evidence.log).acceptances
        if one.increases and times.held(one.record.symbol, one.record.sent_ns)
    ]


def attempts(evidence: Evidence) -> list[Intent]:
    """Every new order and replace that was to raise exposure, by the desk's books, while it was held or stopped."""
    times = held_times(evidence.log)
    return [
        intent
        for intent in evidence.log.of(Intent)
        if intent.increasing and intent.action != "cancel" and times.held(intent.symbol, intent.t_ns)
    ]
