"""A price shock: the market falls by ``drop_pct`` over ``over_s``, then part of it comes back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from engine.base.keys import key
from engine.base.units import NS_PER_MS, NS_PER_S, ns_from_s
from engine.domain.records import VenueQuote
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process

STEP_NS = 100 * NS_PER_MS
"""How finely the path is drawn."""
BASELINE_NS = 60 * NS_PER_S
"""How far back the market's own moves are looked at, at least."""
OWN_MOVES = 4
"""A fall must be larger than this many standard deviations of the market's own moves; our own figure."""


@fault
@dataclass(frozen=True, kw_only=True)
class PriceShock:
    """The price of one symbol falls along a straight line and partly recovers.

    The 2010 flash crash fell 5 to 6 % in five minutes and regained half within five more (CFTC/SEC report, 2010).
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {"drop_pct": 0}

    symbol: str = key("The instrument that falls", example="SPY")
    drop_pct: float = key("How far the price falls, in percent of its level before", min=0, max=95, example=15)
    over_s: float = key("How long the fall takes, in seconds", min=1, max=23_400, example=300)
    recover_pct: float = key(
        "How much of the fall comes back afterwards, in percent of the fall", min=0, max=100, default=50
    )
    recover_s: float = key("How long the recovery takes, in seconds", min=1, max=23_400, default=1200)

    @property
    def own_length_s(self) -> float:
        """The fall; the recovery is no longer the fault."""
        return self.over_s

    def symbols(self) -> tuple[str, ...]:
        """The symbol that falls."""
        return (self.symbol,)

    def play(self, site: Site, heal: Event) -> Process:
        """Draw the fall; from its end (or an earlier heal) the recovery runs by itself."""
        fallen_pct = yield from self._move(site, 0.0, self.drop_pct, self.over_s, heal)
        recovered_pct = fallen_pct * (1 - self.recover_pct / 100)
        site.world.start(self._move(site, fallen_pct, recovered_pct, self.recover_s, None))

    def _move(self, site: Site, from_pct: float, to_pct: float, over_s: float, heal: Event | None) -> Process:
        """Move the price from one fall to another, in steps; the fall reached is returned."""
        world, levers = site.world, site.venue.levers(self.symbol)
        began_ns, length_ns = world.now_ns, ns_from_s(over_s)
        fallen_pct = from_pct
        while fallen_pct != to_pct and not (heal is not None and heal.triggered):
            yield world.wait_ns(min(STEP_NS, began_ns + length_ns - world.now_ns))
            share = min((world.now_ns - began_ns) / length_ns, 1.0)
            reached_pct = to_pct if share == 1.0 else from_pct + (to_pct - from_pct) * share
            levers.price_factor *= (1 - reached_pct / 100) / (1 - fallen_pct / 100)
            fallen_pct = reached_pct
        return fallen_pct

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """The fall of the venue's mid from the shock's start to its lowest point.

        It must be most of what was asked for, and more than the market would move by itself: four standard deviations
        of its own moves, as they were in as long a time before (at least a minute).
        """
        mids = [
            (quote.t_ns, (quote.bid_micros + quote.ask_micros) / 2)
            for quote in log.of(VenueQuote)
            if quote.symbol == self.symbol and quote.bid_micros and quote.ask_micros
        ]
        own_pct = OWN_MOVES * own_deviation_pct(mids, t0_ns, heal_ns - t0_ns)
        before = next((mid for t_ns, mid in reversed(mids) if t_ns <= t0_ns), math.nan)
        lowest = min((mid for t_ns, mid in mids if t0_ns < t_ns <= heal_ns + STEP_NS), default=before)
        fallen_pct = max(100 * (before - lowest) / before, 0.0) if before == before else math.nan
        return Effect("mid_drop_pct", fallen_pct, max(BITE_SHARE * self.drop_pct, own_pct), "%")


def own_deviation_pct(mids: list[tuple[int, float]], t0_ns: int, length_ns: int) -> float:
    """Standard deviation of the mid's move over *length_ns*, in percent, by its moves before *t0_ns*; 0 if it stood."""
    since_ns = max(t0_ns - max(length_ns, BASELINE_NS), 0)
    seen = [mid for t_ns, mid in mids if since_ns <= t_ns <= t0_ns]
    variance = sum(math.log(after / before) ** 2 for before, after in pairwise(seen))
    return 100 * math.sqrt(variance * length_ns / (t0_ns - since_ns)) if t0_ns > since_ns else 0.0
