"""How thin the top of a book is, as anybody sees it: shares shown at the best prices for each cent between them."""

from __future__ import annotations

import math

from engine.base.units import NS_PER_S
from engine.domain.records import VenueQuote
from engine.faults.fault import BITE_SHARE, Effect
from engine.kernel.event_log import EventLog

BASELINE_NS = 60 * NS_PER_S
"""How far back the undisturbed book is looked for, at least; else as long as the fault lasts."""


def thinning(log: EventLog, symbol: str, asked_pct: float, t0_ns: int, heal_ns: int) -> Effect:
    """The fall of the density of *symbol*'s book, and what is needed: most of *asked_pct*.

    Fewer orders show in two ways: less stands at the best prices, and they stand further apart. A book also needs time
    to empty, so the density is read where it stood at its lowest for a tenth of the time, before and during.
    """
    quotes = [quote for quote in log.of(VenueQuote) if quote.symbol == symbol]
    before = low_density(quotes, t0_ns - max(heal_ns - t0_ns, BASELINE_NS), t0_ns)
    during = low_density(quotes, t0_ns, heal_ns)
    fallen_pct = 100 * (before - during) / before if before > 0 else math.nan
    return Effect("density_drop_pct", fallen_pct, BITE_SHARE * asked_pct, "%")


LOW_SHARE = 0.1
"""The density is read where it stood at or below for this share of the time."""


def low_density(quotes: list[VenueQuote], start_ns: int, end_ns: int) -> float:
    """Shares at both best prices for each micro-dollar of spread, not passed for a tenth of [start, end]; NaN if
    unquoted. An empty side is a density of 0.
    """
    stood = []
    for quote, until_ns in zip(quotes, [*(later.t_ns for later in quotes[1:]), end_ns], strict=False):
        stood_ns = min(until_ns, end_ns) - max(quote.t_ns, start_ns)
        if stood_ns > 0:
            spread_micros = quote.ask_micros - quote.bid_micros
            two_sided = quote.bid_micros > 0 and quote.ask_micros > 0
            stood.append(((quote.bid_qty + quote.ask_qty) / spread_micros if two_sided else 0.0, stood_ns))
    left_ns = sum(stood_ns for _, stood_ns in stood) * LOW_SHARE
    for density, stood_ns in sorted(stood):
        left_ns -= stood_ns
        if left_ns <= 0:
            return density
    return math.nan
