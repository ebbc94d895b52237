"""A Redis outage: nobody can read the kill switch, and what cannot be read is on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.base.keys import key
from engine.faults.fault import Effect, fault
from engine.faults.outage import closed_effect, denied_effects, shut_out
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process
from engine.trading.governor_away import KILL_SWITCH_UNREADABLE


@fault
@dataclass(frozen=True, kw_only=True)
class RedisOutage:
    """The state store is gone. The desk may trade on for what is left of its lease on the kill switch, then it closes.

    Modelled: it denies everything but cancels from then on; what the governor itself commands still leaves.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {}

    lease_left_s: float = key(
        "How long the lease that the desk holds still lasts, in seconds; it is given for 15", default=0, min=0, max=15
    )

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """None: the whole desk is concerned."""
        return ()

    def play(self, site: Site, heal: Event) -> Process:
        """Let the desk go on for as long as it may, then close it, and open it at the heal."""
        yield from shut_out(site, heal, KILL_SWITCH_UNREADABLE, self.lease_left_s)

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """How long the desk was closed for it, of the time after the bridge."""
        return closed_effect(log, KILL_SWITCH_UNREADABLE, t0_ns, heal_ns, self.lease_left_s)

    def more_effects(self, log: EventLog, t0_ns: int, heal_ns: int) -> tuple[Effect, ...]:
        """The share of new orders asked for meanwhile that were denied, if there were enough."""
        return denied_effects(log, t0_ns, heal_ns, self.lease_left_s)
