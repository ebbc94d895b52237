"""Unsolicited cancels: the venue takes orders out that nobody asked to cancel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.base.keys import key
from engine.base.units import NS_PER_MS, ns_from_s
from engine.domain.records import VenueCancelled
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process

LOOK_NS = 10 * NS_PER_MS
"""How often the venue looks for an order to take out."""
REASON = "unsolicited"
"""The reason that the venue gives."""


@fault
@dataclass(frozen=True, kw_only=True)
class UnsolicitedCancel:
    """Every ``every_s`` the oldest order that the desk has at the venue is taken out, as soon as there is one."""

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {}

    every_s: float = key("How often an order is taken out, in seconds", above=0, max=3_600, example=2)

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """None: the whole session is concerned."""
        return ()

    def play(self, site: Site, heal: Event) -> Process:
        """Take the oldest order out, again and again."""
        world, every_ns = site.world, ns_from_s(self.every_s)
        due_ns = world.now_ns + every_ns
        while not heal.triggered:
            yield world.wait_ns(LOOK_NS) | heal
            working = site.venue.working_ids()
            if world.now_ns >= due_ns and working and not heal.triggered:
                site.venue.cancel_unsolicited(working[0], REASON)
                due_ns += every_ns

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """How many orders the venue took out for this reason, against how many were due."""
        taken = sum(t0_ns < one.t_ns <= heal_ns and one.reason == REASON for one in log.of(VenueCancelled))
        due = (heal_ns - t0_ns) / ns_from_s(self.every_s)
        return Effect("orders_taken_out", taken, BITE_SHARE * due, "orders")
