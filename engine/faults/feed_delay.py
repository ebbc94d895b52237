"""A feed delay: quotes and trades reach the desk ``add_ms`` later."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.base.keys import key
from engine.base.units import NS_PER_MS, NS_PER_S, ns_from_ms
from engine.domain.records import DeskTick
from engine.faults.delay import expect_delay_ms
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process

BASELINE_NS = 60 * NS_PER_S
"""How far back the undisturbed delay is looked for."""
QUICK_SHARE = 0.1
"""The delay is read off the quote that is slower than only this share of the quotes."""


@fault
@dataclass(frozen=True, kw_only=True)
class FeedDelay:
    """Market data arrives late; nothing is lost and nothing overtakes."""

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {"add_ms": 0}

    add_ms: float = key("How much later each quote and trade arrives, in milliseconds", min=0, max=60_000, example=200)

    def __post_init__(self) -> None:
        """Raise DelayError if the delay is a fraction of a millisecond."""
        expect_delay_ms("add_ms", self.add_ms)

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """None: the whole feed is late."""
        return ()

    def play(self, site: Site, heal: Event) -> Process:
        """Add the delay, and take the same delay away again."""
        added_ns = ns_from_ms(self.add_ms)
        site.desk.feed.extra_delay_ns += added_ns
        yield heal
        site.desk.feed.extra_delay_ns -= added_ns

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """How much later even the quick quotes of the fault's time arrived than those of the minute before."""
        before = quick_age_ms(log, t0_ns - BASELINE_NS, t0_ns)
        during = quick_age_ms(log, t0_ns, heal_ns)
        return Effect("feed_delay_added_ms", during - before, BITE_SHARE * self.add_ms, "ms")


def quick_age_ms(log: EventLog, start_ns: int, end_ns: int) -> float:
    """Age on arrival that nine tenths of the quotes sent in (start, end] reached, in ms; NaN if there were none.

    A low quantile: during the fault nearly all quotes have to be late, and another delay shortly before it does not
    hide what an undisturbed quote takes.
    """
    ages = sorted(tick.t_ns - tick.venue_ns for tick in log.of(DeskTick) if start_ns < tick.venue_ns <= end_ns)
    return ages[int(len(ages) * QUICK_SHARE)] / NS_PER_MS if ages else math.nan
