"""A half-open connection: the session looks up at both ends, and nothing arrives."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.base.units import NS_PER_S
from engine.domain.records import DeskFill, Sent, VenueAccepted, VenueRejected
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process

ON_THE_WIRE_NS = NS_PER_S // 10
"""What had arrived before the fault is still being worked off for so long."""


@fault
@dataclass(frozen=True, kw_only=True)
class HalfOpen:
    """Every message is lost, either way, without an error. Only missing heartbeats show it.

    Both ends give the session up when they have heard nothing for too long; then cancel-on-disconnect fires.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {}

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """None: the whole session is concerned."""
        return ()

    def play(self, site: Site, heal: Event) -> Process:
        """Let nothing through; at the heal messages pass again, and a session that was given up is begun anew."""
        site.desk.session.fall_silent()
        yield heal
        site.desk.session.speak_again("half_open")

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """How long before the heal nothing had arrived at either end, while the desk sent; NaN if it sent nothing."""
        sent = any(t0_ns < one.t_ns <= heal_ns for one in log.of(Sent))
        words_ns = [one.t_ns for one in log.of(VenueAccepted)] + [one.t_ns for one in log.of(VenueRejected)]
        words_ns += [one.t_ns for one in log.of(DeskFill)]
        arrived_ns = [t_ns for t_ns in words_ns if t0_ns + ON_THE_WIRE_NS < t_ns <= heal_ns]
        silent_ns = heal_ns - max(arrived_ns, default=t0_ns)
        value = silent_ns / NS_PER_S if sent else math.nan
        return Effect("line_silent_s", value, BITE_SHARE * (heal_ns - t0_ns) / NS_PER_S, "s")
