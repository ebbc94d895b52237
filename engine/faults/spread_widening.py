"""A spread widening: bid and ask of one symbol move apart, the size shown stays."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.base.keys import key
from engine.domain.records import VenueQuote
from engine.faults.background_flow import Change, background_flow, counted
from engine.faults.factors import without
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.shown import Shown, shown
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process


@fault
@dataclass(frozen=True, kw_only=True)
class SpreadWidening:
    """Market makers quote wider: every fill costs more, and marks at the touch move against a position.

    On 6 May 2010 spreads of 29 large stocks stood at 3.2 times their median from 14:45 to 14:48, the mean at 7.8 times.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {"spread_times": 1}
    needs_levers: ClassVar[frozenset[str]] = frozenset({"spread_factor"})

    symbol: str = key("The instrument whose spread widens", example="SPY")
    spread_times: float = key("How many times wider the spread is", min=1, max=100, example=5)

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """The symbol whose spread widens."""
        return (self.symbol,)

    def play(self, site: Site, heal: Event) -> Process:
        """Widen at once, and take the same factor out again."""
        site.venue.write_depth(self.symbol)
        levers = site.venue.levers(self.symbol)
        levers.spread_factor *= self.spread_times
        yield heal
        site.venue.write_depth(self.symbol)
        levers.spread_factor = without(levers.spread_factor, self.spread_times)

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """How much farther from the price others quote than before the first widening of the run.

        In an order book, where they want to stand: the spread itself may have other causes. Elsewhere the median
        spread, by time. At least what chance does not bring about, and as much of what was asked as it cannot hide.
        """
        wide: Change | Shown
        if counted(log, self.symbol, t0_ns):
            wide = background_flow(log, "spread_widening", self.symbol, t0_ns, heal_ns).distances
        else:
            wide = shown(log, "spread_widening", self.symbol, t0_ns, heal_ns, median_spread)
        asked_pct, chance_pct = 100 * (self.spread_times - 1), 100 * (wide.least_rise - 1)
        needed_pct = max(min(BITE_SHARE * asked_pct, asked_pct - chance_pct), chance_pct)
        return Effect("spread_wider_pct", 100 * (wide.times - 1), needed_pct, "%")


def median_spread(quotes: list[VenueQuote], start_ns: int, end_ns: int) -> float:
    """The spread, in micro-dollars, that stood or was passed for half of the two-sided time; NaN if there was none."""
    stood = []
    for quote, until_ns in zip(quotes, [*(later.t_ns for later in quotes[1:]), end_ns], strict=False):
        stood_ns = min(until_ns, end_ns) - max(quote.t_ns, start_ns)
        if stood_ns > 0 and quote.bid_micros and quote.ask_micros:
            stood.append((quote.ask_micros - quote.bid_micros, stood_ns))
    left_ns = sum(stood_ns for _, stood_ns in stood) / 2
    for spread_micros, stood_ns in sorted(stood):
        left_ns -= stood_ns
        if left_ns <= 0:
            return float(spread_micros)
    return math.nan
