"""Memory pressure: the desk's host pages and collects garbage, and everything takes longer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.base.keys import key
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.service import BASELINE_NS, decided_in_ms
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process


@fault
@dataclass(frozen=True, kw_only=True)
class MemoryPressure:
    """Every stage of the desk takes ``times`` as long. Modelled: no memory is taken from anybody."""

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {"times": 1}

    times: float = key("How much longer each step takes, times", min=1, max=10_000, example=5)

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """None: the whole desk is concerned."""
        return ()

    def play(self, site: Site, heal: Event) -> Process:
        """Slow every stage down, and let it run again."""
        ends = [stage.slow_down(self.times, 0) for stage in site.desk.stages]
        yield heal
        for end in ends:
            end()

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """How many times as long a decision took as in the five minutes before."""
        before = decided_in_ms(log, t0_ns - BASELINE_NS, t0_ns)
        during = decided_in_ms(log, t0_ns, heal_ns)
        # Of a small factor most of it must be seen beyond 1, or nothing would do.
        needed = max(BITE_SHARE * self.times, (1 + self.times) / 2)
        return Effect("decisions_slower_times", during / before, needed, "times")
