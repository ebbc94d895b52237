"""A paused governor: its process stands still for a while, and goes on as if nothing had been."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.faults.fault import Effect, fault
from engine.faults.site import Site
from engine.faults.supervisor import away_effect, silence
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process


@fault
@dataclass(frozen=True, kw_only=True)
class GovernorPause:
    """The governor's process does not answer until the heal: a stop signal, a long garbage collection, a full machine.

    Modelled: 50 ms later the desk closes, denies everything but cancels, and keeps what happens; then the governor goes
    on with its memory and is told. A stop that was commanded meanwhile is obeyed then.
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
        """Let the governor fall silent, and speak again."""
        away = silence(site)
        yield heal
        site.desk.regain_governor(away, away.present)

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """How long the desk was closed for it."""
        return away_effect(log, t0_ns, heal_ns)
