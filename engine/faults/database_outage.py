"""A database outage: what is decided cannot be written down, and so is not decided."""

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
from engine.trading.governor_away import RECORD_UNWRITABLE


@fault
@dataclass(frozen=True, kw_only=True)
class DatabaseOutage:
    """The record takes nothing any more. The desk keeps what it has to write for ``bridge_s``, then it closes.

    Modelled: it denies everything but cancels from then on; fills are booked and kept, none is lost.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {}

    bridge_s: float = key("How long the desk keeps what it cannot write, in seconds", default=2, min=0, max=3_600)

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """None: the whole desk is concerned."""
        return ()

    def play(self, site: Site, heal: Event) -> Process:
        """Let the desk go on for as long as it may, then close it, and open it at the heal."""
        yield from shut_out(site, heal, RECORD_UNWRITABLE, self.bridge_s)

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """How long the desk was closed for it, of the time after the bridge."""
        return closed_effect(log, RECORD_UNWRITABLE, t0_ns, heal_ns, self.bridge_s)

    def more_effects(self, log: EventLog, t0_ns: int, heal_ns: int) -> tuple[Effect, ...]:
        """The share of new orders asked for meanwhile that were denied, if there were enough."""
        return denied_effects(log, t0_ns, heal_ns, self.bridge_s)
