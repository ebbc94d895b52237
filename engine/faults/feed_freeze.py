"""A feed freeze: nothing arrives at the desk, and the last price stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.base.units import NS_PER_S
from engine.domain.records import DeskTick, VenueQuote
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process


@fault
@dataclass(frozen=True, kw_only=True)
class FeedFreeze:
    """The feed stands still without a word: no quote, no trade, no heartbeat, and no sign that anything is wrong.

    When it comes back, it refreshes: of each symbol the volume of what was missed as one trade, then the latest quote.
    Prices in between are lost.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {}

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """None: the whole feed stands still."""
        return ()

    def play(self, site: Site, heal: Event) -> Process:
        """Freeze the feed, and let it run again."""
        site.desk.feed.freeze()
        yield heal
        site.desk.feed.thaw()

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """The longest time without a quote at the feed handler, from the first quote that the venue sent in it."""
        silent_s = longest_silence_ns(log, t0_ns, heal_ns) / NS_PER_S
        return Effect("feed_silent_s", silent_s, BITE_SHARE * (heal_ns - t0_ns) / NS_PER_S, "s")


def longest_silence_ns(log: EventLog, start_ns: int, end_ns: int) -> int:
    """The longest stretch of (start, end) from a quote of the venue to the next arrival at the desk.

    A market that has nothing to say is not silent: the clock runs from the first quote that the desk should have had.
    """
    arrivals = [tick.t_ns for tick in log.of(DeskTick) if start_ns < tick.t_ns < end_ns]
    sent = iter([quote.t_ns for quote in log.of(VenueQuote) if start_ns < quote.t_ns < end_ns])
    longest_ns, heard_ns, quote_ns = 0, start_ns, next(sent, end_ns)
    for arrival_ns in [*arrivals, end_ns]:
        while quote_ns < heard_ns:
            quote_ns = next(sent, end_ns)
        longest_ns = max(longest_ns, arrival_ns - quote_ns)
        heard_ns = arrival_ns
    return longest_ns
