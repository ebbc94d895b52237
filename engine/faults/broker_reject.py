"""Broker rejects: a share of new orders comes back refused, for no fault of the desk."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.base.keys import key
from engine.domain.orders import NewOrder
from engine.domain.records import VenueAccepted, VenueRejected
from engine.faults.deck import Deck
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process

ORDERS_NEEDED = 20
"""New orders below which a share of them says nothing."""


@fault
@dataclass(frozen=True, kw_only=True)
class BrokerReject:
    """The broker or the venue refuses sound new orders; cancels and replaces pass.

    Also those of a flatten: a governor that takes a slice for sold because it was sent is found out here. Which orders
    is chance: the stream ``fault/broker_reject``.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {"reject_pct": 0}

    reject_pct: float = key("Share of new orders that is rejected, in percent", min=0, max=100, example=20)
    reason: str = key(
        "The reason code on the reject",
        default="broker_reject",
        pattern=r"^[a-z][a-z0-9_]*$",
        pattern_help="small letters, digits and _",
    )

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """None: new orders in every symbol."""
        return ()

    def play(self, site: Site, heal: Event) -> Process:
        """Refuse a share of the new orders that arrive from now on, and none after the heal."""
        deck, refusals = Deck(self.reject_pct / 100, site.world.stream("fault/broker_reject")), site.venue.refusals

        def refuse(_order: NewOrder) -> str:
            return self.reason if deck.draw() else ""

        refusals.append(refuse)
        yield heal
        refusals.remove(refuse)

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """The share of sound new orders that were rejected with this reason; NaN below 20 of them."""
        rejected = sum(
            t0_ns < record.t_ns <= heal_ns and (record.action, record.reason) == ("new", self.reason)
            for record in log.of(VenueRejected)
        )
        passed = sum(t0_ns < record.t_ns <= heal_ns and not record.target_id for record in log.of(VenueAccepted))
        orders = rejected + passed
        share_pct = 100 * rejected / orders if orders >= ORDERS_NEEDED else math.nan
        return Effect("orders_rejected_pct", share_pct, BITE_SHARE * self.reject_pct, "%")
