"""A depth collapse: the book shows only ``depth_left_pct`` of what it showed, and the spread widens with it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import ClassVar

from engine.base.keys import key
from engine.base.units import NS_PER_S
from engine.domain.records import VenueQuote
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process

BASELINE_NS = 60 * NS_PER_S
"""How far back the undisturbed depth is averaged."""


@fault
@dataclass(frozen=True, kw_only=True)
class DepthCollapse:
    """Liquidity providers withdraw: displayed size shrinks and the spread widens.

    On 6 May 2010 the quoted depth of large stocks fell to a third, the E-mini's buy side below 1 % of the
    morning's (CFTC/SEC report, 2010).
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {"depth_left_pct": 100}

    symbol: str = key("The instrument whose book thins out", example="SPY")
    depth_left_pct: float = key("Displayed size that is left, in percent of before", min=0, max=100, example=33)
    spread_times: float = key("How many times wider the spread is", min=1, max=100, default=1)

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """The symbol whose depth collapses."""
        return (self.symbol,)

    def play(self, site: Site, heal: Event) -> Process:
        """Thin the book out at once, and give it back at once."""
        levers = site.venue.levers(self.symbol)
        depth, spread = levers.depth_factor, levers.spread_factor
        levers.depth_factor = depth * self.depth_left_pct / 100
        levers.spread_factor = spread * self.spread_times
        yield heal
        levers.depth_factor, levers.spread_factor = depth, spread

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """The fall of the time-weighted displayed size, against the minute before."""
        quotes = [quote for quote in log.of(VenueQuote) if quote.symbol == self.symbol]
        before = mean_depth(quotes, t0_ns - BASELINE_NS, t0_ns)
        during = mean_depth(quotes, t0_ns, heal_ns)
        fallen_pct = 100 * (before - during) / before if before > 0 else math.nan
        return Effect("depth_drop_pct", fallen_pct, BITE_SHARE * (100 - self.depth_left_pct), "%")


def mean_depth(quotes: list[VenueQuote], start_ns: int, end_ns: int) -> float:
    """Time-weighted mean of both sides' displayed shares over [start, end]; NaN if nothing was quoted."""
    shares_ns, weighed_ns = 0.0, 0
    for quote, later in zip_longest(quotes, quotes[1:]):
        stood_ns = min(later.t_ns if later else end_ns, end_ns) - max(quote.t_ns, start_ns)
        if stood_ns > 0:
            shares_ns += stood_ns * (quote.bid_qty + quote.ask_qty) / 2
            weighed_ns += stood_ns
    return shares_ns / weighed_ns if weighed_ns else math.nan
