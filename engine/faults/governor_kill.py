"""A killed governor: its process dies at once, and is started anew from what it had saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from engine.base.keys import key
from engine.base.units import ns_from_s
from engine.faults.fault import Effect, fault
from engine.faults.site import Site
from engine.faults.supervisor import away_effect, restart, saved, silence
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process
from engine.trading.governor_away import GovernorAway

STRIKE_S = 0.1
"""A kill heals when it strikes (design part 6): what comes after it is recovery. The item needs some length."""


@fault
@dataclass(frozen=True, kw_only=True)
class GovernorKill:
    """The governor's process is killed (SIGKILL), and ``restart_after_s`` later a new one stands in its place.

    Modelled: the desk closes 50 ms after the kill, denies everything but cancels, and keeps what happens; the new
    governor is built as in the morning, restored from the state of the last answer, and told what it missed. Stops must
    have survived. It heals when it strikes, so the restart is part of the recovery.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {}

    restart_after_s: float = key(
        "How long until its supervisor has started it anew, in seconds", min=0.2, max=600, example=3
    )

    @property
    def own_length_s(self) -> float:
        """The instant of the strike."""
        return STRIKE_S

    def symbols(self) -> tuple[str, ...]:
        """None: the whole desk is concerned."""
        return ()

    def play(self, site: Site, heal: Event) -> Process:
        """Kill; from then on the supervisor works by itself."""
        state = saved(site.desk.governor)
        site.world.start(self._come_back(site, silence(site), state))
        yield heal

    def _come_back(self, site: Site, away: GovernorAway, state: dict[str, Any] | None) -> Process:
        yield site.world.wait_ns(ns_from_s(self.restart_after_s))
        restart(site, away, state)

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """How long the desk was closed for it, from the strike to the restart."""
        return away_effect(log, t0_ns, t0_ns + ns_from_s(self.restart_after_s))
