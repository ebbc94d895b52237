"""A broker disconnect: the order session drops and stays down until it is healed."""

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
class BrokerDisconnect:
    """The order session is cut without a logout; what is on the wire is lost, what works at the venue stays there."""

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {}

    logon_s: float = key(
        "How long the broker takes to accept the session again once the line is back, in seconds",
        min=0,
        max=23_400,
        default=0,
    )

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """None: the whole session is cut."""
        return ()

    def play(self, site: Site, heal: Event) -> Process:
        """Cut the session; when the line is back the desk logs on, which takes the broker its time."""
        site.desk.session.drop("broker_disconnect")
        yield heal
        if self.logon_s:
            site.world.at(site.world.now_ns + ns_from_s(self.logon_s), site.desk.session.restore)
        else:
            site.desk.session.restore()

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """How long the venue saw the session down, against the whole of the fault."""
        return session_down(log, t0_ns, heal_ns)
