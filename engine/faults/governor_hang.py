"""A hung governor: it never answers again, until its supervisor kills it and starts it anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.faults.fault import Effect, fault
from engine.faults.site import Site
from engine.faults.supervisor import away_effect, restart, saved, silence
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process


@fault
@dataclass(frozen=True, kw_only=True)
class GovernorHang:
    """The governor is there and does not answer. At the heal its supervisor has killed it and started it anew.

    Modelled: as ``governor_pause``, but its memory is lost; the new one stands where the last saved state says. A stop
    that had been latched must still be.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {}

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """None: the whole desk is concerned."""
        return ()

    def play(self, site: Site, heal: Event) -> Process:
        """Let the governor fall silent, and put a new one in its place."""
        state = saved(site.desk.governor)
        away = silence(site)
        yield heal
        restart(site, away, state)

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """How long the desk was closed for it."""
        return away_effect(log, t0_ns, heal_ns)
