"""The Venue document: what a member is charged, what becomes of its orders, and which mechanisms protect the market."""

from __future__ import annotations

from dataclasses import dataclass

from engine.base.keys import key
from engine.domain.fees import FeeSchedule
from engine.market.mechanics.breakers import Breakers
from engine.market.mechanics.collar import Collar
from engine.market.mechanics.hours import Hours
from engine.market.mechanics.luld import Luld
from engine.market.mechanics.self_trade import SelfTrade
from engine.market.mechanics.short_sale import ShortSale
from engine.market.mechanics.stop_logic import StopLogic


@dataclass(frozen=True, kw_only=True)
class Mechanics:
    """The mechanisms that are in force; one that is None is not."""

    hours: Hours | None = None
    luld: Luld | None = None
    breakers: Breakers | None = None
    stop_logic: StopLogic | None = None
    collar: Collar | None = None
    self_trade: SelfTrade | None = None
    short_sale: ShortSale | None = None


NO_MECHANICS = Mechanics()
"""A venue that trades at any time and price."""


@dataclass(frozen=True, kw_only=True)
class VenueDocument:
    """A trading venue as the desk's orders meet it. A mechanism without its block is not in force."""

    venue: str = key("Name of this document", pattern=r"^[a-z][a-z0-9_]*$", pattern_help="small letters, digits and _")
    title: str = key("What it stands for, in a few words")
    extends: str | None = key(
        "The venue that this one builds on, with its fees", default=None, example="venues/equity_us"
    )
    cancel_on_disconnect: bool = key("Whether the venue takes a member's resting orders out when its session drops")
    fees: FeeSchedule = key("What the venue and the regulators charge")
    hours: Hours | None = key("When it trades; without it, at any time", default=None)
    luld: Luld | None = key("Limit up, limit down: price bands, limit state, pause", default=None)
    breakers: Breakers | None = key("Market-wide circuit breakers", default=None)
    stop_logic: StopLogic | None = key("A pause after a fast move", default=None)
    collar: Collar | None = key("Refusal of orders priced far through the market", default=None)
    self_trade: SelfTrade | None = key("What keeps a member from trading with itself", default=None)
    short_sale: ShortSale | None = key("When a symbol may not be sold short at the bid any more", default=None)

    @property
    def mechanics(self) -> Mechanics:
        """The mechanisms of this venue."""
        return Mechanics(
            hours=self.hours,
            luld=self.luld,
            breakers=self.breakers,
            stop_logic=self.stop_logic,
            collar=self.collar,
            self_trade=self.self_trade,
            short_sale=self.short_sale,
        )
