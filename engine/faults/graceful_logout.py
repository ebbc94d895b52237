"""A graceful logout: the broker ends the session in good order, and orders stay at the venue."""

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
class GracefulLogout:
    """The broker logs the desk out. No cancel-on-disconnect fires for that: every order goes on working.

    The same session is taken up again at the heal, and what was missed is resent.
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
        """Log the desk out, and let it in again."""
        session = site.desk.session
        session.close("graceful_logout")
        yield heal
        if self.logon_s:
            site.world.at(site.world.now_ns + ns_from_s(self.logon_s), lambda: session.reopen("graceful_logout"))
        else:
            session.reopen("graceful_logout")

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """How long the venue saw the session down, against the whole of the fault."""
        return session_down(log, t0_ns, heal_ns)
