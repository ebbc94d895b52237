"""A venue with mechanisms over a scripted market, for the tests of what they do together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.domain.records import (
    Record,
    VenueAccepted,
    VenueCancelled,
    VenueFill,
    VenueQuote,
    VenueRejected,
    VenueState,
)
from engine.kernel.world import World
from engine.market.mechanics.breakers import BreakerLevel, Breakers
from engine.market.mechanics.collar import Collar
from engine.market.mechanics.common import day_ns
from engine.market.mechanics.hours import Hours
from engine.market.mechanics.luld import Luld, PriceClass
from engine.market.mechanics.self_trade import Mode, SelfTrade
from engine.market.mechanics.short_sale import ShortSale
from engine.market.mechanics.stop_logic import StopLogic
from engine.market.venue import Venue
from engine.market.venue_document import Mechanics

from .samples import Ear, S, fees
from .scripted import Scripted

LULD = Luld(source="a test", classes=(PriceClass(above_usd=0, tier_1_pct=5, tier_2_pct=10, doubled="all"),))
BREAKERS = Breakers(
    source="a test",
    index_symbol="SPY",
    levels=(BreakerLevel(fall_pct=7, halt_s=900), BreakerLevel(fall_pct=20)),
)
STOP_LOGIC = StopLogic(source="a test", move_ticks=50, within_ms=1_000, reserved_s=5)
COLLAR = Collar(source="a test", away_pct=10)
HOURS = Hours(source="a test")
SHORT_SALE = ShortSale(source="a test", fall_pct=10)


def self_trade(mode: Mode) -> Mechanics:
    """A venue that keeps a member from trading with itself, in one mode."""
    return Mechanics(self_trade=SelfTrade(source="a test", mode=mode))


@dataclass
class Case:
    """A started venue, its market, and what was said."""

    world: World
    market: Scripted
    venue: Venue
    ear: Ear

    def run(self, t_s: float) -> None:
        """Let the world run to *t_s*."""
        self.world.run(round(t_s * S))

    def states(self, symbol: str = "SPY") -> list[tuple[float, str, str]]:
        """Every state of *symbol*: seconds, state, reason."""
        return [(one.t_ns / S, one.state, one.reason) for one in self.world.log.of(VenueState) if one.symbol == symbol]

    def rejected(self) -> dict[int, str]:
        """Why each instruction was refused."""
        return {one.order_id: one.reason for one in self.world.log.of(VenueRejected)}

    def ended(self) -> dict[int, tuple[int, str]]:
        """What was left of each order that left, and why."""
        return {one.order_id: (one.left, one.reason) for one in self.world.log.of(VenueCancelled)}

    def fills(self) -> list[tuple[float, int, int, float]]:
        """Every fill: seconds, order, shares, price in USD."""
        return [(one.t_ns / S, one.order_id, one.qty, one.price_micros / 1e6) for one in self.world.log.of(VenueFill)]

    def accepted(self) -> list[VenueAccepted]:
        """What was accepted."""
        return self.world.log.of(VenueAccepted)

    def quotes(self) -> list[VenueQuote]:
        """What was quoted."""
        return self.world.log.of(VenueQuote)

    def records(self) -> list[Record]:
        """Everything."""
        return list(self.world.log)


def protected(market: Scripted | None = None, start: str = "09:30:00", **mechanics: Any) -> Case:
    """A venue of *mechanics* that begins at the time of day *start*."""
    world, ear, market = World(1), Ear(), market or Scripted()
    given = mechanics.pop("mechanics", None) or Mechanics(**mechanics)
    start_s = day_ns(start) / S
    venue = Venue(world, market, fees(), "2025-03-03", cancel_on_disconnect=True, mechanics=given, start_s=start_s)
    venue.connect(ear)
    venue.start()
    return Case(world, market, venue, ear)
