"""A clock skew: the desk's clock runs off, and with it every stamp and every age that the desk reckons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import ClassVar

from engine.base.keys import key
from engine.base.units import NS_PER_MS, NS_PER_S, ns_from_ms
from engine.domain.records import VenueAccepted
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process

BASELINE_NS = 60 * NS_PER_S
"""How far back the undisturbed way of a stamp is looked for."""


@fault
@dataclass(frozen=True, kw_only=True)
class ClockSkew:
    """The desk's clock jumps by ``skew_ms`` (below 0: back), and back at the heal; the venue's is right.

    Quotes look older or younger than they are, windows of time shrink or stretch, and what the desk sends carries wrong
    times. RTS 25 allows 100 microseconds to a high-frequency trader and 1 ms to others. Records keep the true time.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {"skew_ms": 0}

    skew_ms: float = key(
        "How far the desk's clock runs ahead, in milliseconds; below 0: behind", min=-60_000, max=60_000, example=100
    )

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """None: the whole desk has one clock."""
        return ()

    def play(self, site: Site, heal: Event) -> Process:
        """Set the clock off, and put it right by as much."""
        skew_ns = ns_from_ms(self.skew_ms)
        for clock in (site.desk.view, site.desk.session):
            clock.clock_offset_ns += skew_ns
        yield heal
        for clock in (site.desk.view, site.desk.session):
            clock.clock_offset_ns -= skew_ns

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """How much the stamp on an order and its arrival by the venue's clock moved apart; NaN without orders.

        A stamp is off by all of it or by nothing, so a few orders tell.
        """
        before = _ahead_ms(log, t0_ns - BASELINE_NS, t0_ns)
        during = _ahead_ms(log, t0_ns, heal_ns)
        sign = 1 if self.skew_ms > 0 else -1
        return Effect("stamps_off_ms", sign * (during - before), BITE_SHARE * abs(self.skew_ms), "ms")


def _ahead_ms(log: EventLog, start_ns: int, end_ns: int) -> float:
    """By how much the stamps of orders accepted in (start, end] were ahead of their arrival, in the middle, in ms."""
    ahead = [(one.sent_ns - one.t_ns) / NS_PER_MS for one in log.of(VenueAccepted) if start_ns < one.t_ns <= end_ns]
    return median(ahead) if ahead else float("nan")
