"""A depth collapse: the book shows only ``depth_left_pct`` of what it showed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.base.keys import key
from engine.domain.records import VenueQuote
from engine.faults.background_flow import Change, background_flow, counted
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.shown import Shown, shown
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process

TOP_SHARE = 0.1
"""The full depth is read where it stood at its fullest for this share of the time."""


@fault
@dataclass(frozen=True, kw_only=True)
class DepthCollapse:
    """Liquidity providers withdraw: displayed size shrinks.

    On 6 May 2010 the quoted depth of large stocks fell to a third, the E-mini's buy side below 1 % of the
    morning's (CFTC/SEC report, 2010).
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {"depth_left_pct": 100}
    needs_levers: ClassVar[frozenset[str]] = frozenset({"depth_factor"})

    symbol: str = key("The instrument whose book thins out", example="SPY")
    depth_left_pct: float = key("Displayed size that is left, in percent of before", min=0, max=100, example=33)

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """The symbol whose depth collapses."""
        return (self.symbol,)

    def play(self, site: Site, heal: Event) -> Process:
        """Thin the book out at once, and give it back at once."""
        site.venue.write_depth(self.symbol)
        levers = site.venue.levers(self.symbol)
        depth = levers.depth_factor
        levers.depth_factor = depth * self.depth_left_pct / 100
        yield heal
        site.venue.write_depth(self.symbol)
        levers.depth_factor = depth

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """How much less others quote than before the first collapse of the run.

        In an order book, the size of their new orders: what rests of them may have other causes. Elsewhere the size
        displayed. At least what chance does not bring about, and as much of what was asked as chance cannot hide.
        """
        asked_pct = 100 - self.depth_left_pct
        depth: Change | Shown
        if counted(log, self.symbol, t0_ns):
            depth = background_flow(log, "depth_collapse", self.symbol, t0_ns, heal_ns).sizes
        else:
            depth = shown(log, "depth_collapse", self.symbol, t0_ns, heal_ns, full_depth)
            if 100 * (1 - depth.least_fall) > BITE_SHARE * asked_pct:  # chance alone might bring that about
                depth = shown(log, "depth_collapse", self.symbol, t0_ns, heal_ns, mean_depth)
        chance_pct = 100 * (1 - depth.least_fall)
        needed_pct = max(min(BITE_SHARE * asked_pct, asked_pct - chance_pct), chance_pct)
        return Effect("depth_drop_pct", 100 * (1 - depth.times), needed_pct, "%")


def full_depth(quotes: list[VenueQuote], start_ns: int, end_ns: int) -> float:
    """The displayed shares of both sides that were reached or passed for a tenth of [start, end]; NaN if unquoted.

    A high quantile, because the desk under test eats into the book all the time and stops doing so in a crash: the mean
    would mix its own holes with the fault.
    """
    stood = []
    for quote, until_ns in zip(quotes, [*(later.t_ns for later in quotes[1:]), end_ns], strict=False):
        stood_ns = min(until_ns, end_ns) - max(quote.t_ns, start_ns)
        if stood_ns > 0:
            stood.append((quote.bid_qty + quote.ask_qty, stood_ns))
    wanted_ns = sum(stood_ns for _, stood_ns in stood) * TOP_SHARE
    for shares, stood_ns in sorted(stood, reverse=True):
        wanted_ns -= stood_ns
        if wanted_ns <= 0:
            return float(shares)
    return math.nan


def mean_depth(quotes: list[VenueQuote], start_ns: int, end_ns: int) -> float:
    """The displayed shares of both sides: their geometric mean over [start, end], by time; NaN if unquoted.

    For a tape, whose sizes change all the time. One large order for a while moves it little: from 420 s of AMZN's
    undisturbed day (2012-06-21) to the next it changes by a quarter to a third, the full depth by half.
    """
    held_ns, logs = 0, 0.0
    for quote, until_ns in zip(quotes, [*(later.t_ns for later in quotes[1:]), end_ns], strict=False):
        stood_ns = min(until_ns, end_ns) - max(quote.t_ns, start_ns)
        if stood_ns > 0:
            held_ns += stood_ns
            logs += stood_ns * math.log1p(quote.bid_qty + quote.ask_qty)  # an empty book is 0, not nothing
    return math.expm1(logs / held_ns) if held_ns else math.nan
