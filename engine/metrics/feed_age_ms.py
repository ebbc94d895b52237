"""How old a quote is when the desk gets it."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np

from engine.base.units import NS_PER_MS, NS_PER_S
from engine.domain.records import DeskTick
from engine.metrics.evidence import Evidence
from engine.metrics.folds import columns, modelled, observer
from engine.metrics.metric import metric
from engine.metrics.series import Series

DEAD_NS = NS_PER_S
"""A quote that waits for less may only be on its way when the run ends."""


@metric(unit="ms", better="lower", stat="p99")
def feed_age_ms(evidence: Evidence) -> Series:
    """Arrival of a quote at the desk's feed handler - its time at the venue, in milliseconds.

    One sample for each quote that arrived; and for each symbol, at the end, how long the oldest quote that is newer
    than everything that arrived has been waiting, if that is 1 s or more, so that a feed that died does not look young.
    Source: DeskTick and VenueQuote records; modelled in a simulated run, measured in a live one.
    """
    ticks = evidence.log.of(DeskTick)
    t_ns = np.array([tick.t_ns for tick in ticks], dtype=np.int64)
    sent_ns = np.array([tick.venue_ns for tick in ticks], dtype=np.int64)
    waiting = _waiting_ns(evidence, ticks)
    end_ns = max(evidence.facts.end_ns, int(t_ns[-1]) if len(t_ns) else 0)
    t_ns = np.append(t_ns, np.full(len(waiting), end_ns, dtype=np.int64))
    age_ns = np.append(t_ns[: len(ticks)] - sent_ns, np.array(waiting, dtype=np.int64))
    return columns(t_ns, age_ns / NS_PER_MS, "ms", modelled(evidence))


def _waiting_ns(evidence: Evidence, ticks: list[DeskTick]) -> list[int]:
    """For each symbol with a quote that never arrived, nor any later one, its age at the end."""
    newest = {tick.symbol: tick.venue_ns for tick in ticks}
    waiting = []
    for symbol, account in observer(evidence.log).accounts.items():
        quotes = account.quotes
        first = bisect_right(quotes, newest.get(symbol, -1), key=lambda quote: quote.t_ns)
        if first < len(quotes) and evidence.facts.end_ns - quotes[first].t_ns >= DEAD_NS:
            waiting.append(evidence.facts.end_ns - quotes[first].t_ns)
    return waiting
