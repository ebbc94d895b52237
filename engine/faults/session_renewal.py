"""A session renewal: the broker ends the session and begins a new one, which counts from 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.base.keys import key
from engine.base.units import ns_from_s
from engine.faults.fault import Effect, fault
from engine.faults.session_time import session_down
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process


@fault
@dataclass(frozen=True, kw_only=True)
class SessionRenewal:
    """The desk is logged out; at the heal a new session begins, and nothing of the old one is resent.

    What was missed has to be asked for: the day's executions and what became of every open order.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {}

    logon_s: float = key(
        "How long the broker takes to accept the session again, in seconds", min=0, max=23_400, default=0
    )

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """None: the whole session is concerned."""
        return ()

    def play(self, site: Site, heal: Event) -> Process:
        """End the session, and begin a new one."""
        session = site.desk.session
        session.close("session_renewal")
        yield heal
        yield site.world.wait_ns(ns_from_s(self.logon_s))
        session.reopen("session_renewal", renewed=True)

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """How long the venue saw the session down, against the whole of the fault."""
        return session_down(log, t0_ns, heal_ns)
