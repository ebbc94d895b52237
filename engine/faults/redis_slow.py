"""A slow Redis: the desk's state store answers late, and every decision waits for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.base.keys import key
from engine.base.units import ns_from_ms
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.service import BASELINE_NS, decided_in_ms
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process


@fault
@dataclass(frozen=True, kw_only=True)
class RedisSlow:
    """Each decision reads the kill switch and writes its state, and that takes ``add_ms`` longer.

    Modelled: the time is added where the governor decides, so what comes faster than that waits.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {"add_ms": 0}

    add_ms: float = key("How much longer each decision takes, in milliseconds", min=0, max=10_000, example=2)

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """None: the whole desk is concerned."""
        return ()

    def play(self, site: Site, heal: Event) -> Process:
        """Let each decision wait, and no more."""
        end = site.desk.path.stage.slow_down(1, ns_from_ms(self.add_ms))
        yield heal
        end()

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """How much longer a decision took than in the five minutes before."""
        before = decided_in_ms(log, t0_ns - BASELINE_NS, t0_ns)
        during = decided_in_ms(log, t0_ns, heal_ns)
        return Effect("decisions_later_ms", during - before, BITE_SHARE * self.add_ms, "ms")
