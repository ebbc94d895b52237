"""A slow broker: orders and answers take ``add_ms`` longer, each way."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.base.keys import key
from engine.base.units import NS_PER_MS, NS_PER_S, ns_from_ms
from engine.domain.orders import OrderState
from engine.domain.records import DeskOrder, VenueAccepted
from engine.faults.delay import expect_delay_ms
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process

BASELINE_NS = 60 * NS_PER_S
"""How far back the undisturbed delay is looked for."""
QUICK_SHARE = 0.1
"""The delay is read off the order that is slower than only this share of the orders, as in feed_delay."""


@fault
@dataclass(frozen=True, kw_only=True)
class BrokerLatency:
    """The line to the broker is slow both ways: orders reach the venue late, and so do its answers the desk.

    Nothing is lost and nothing overtakes: what is sent after the heal waits for what is still on the wire.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {"add_ms": 0}

    add_ms: float = key("How much longer each message takes, each way, in milliseconds", min=0, max=60_000, example=250)

    def __post_init__(self) -> None:
        """Raise DelayError if the delay is a fraction of a millisecond."""
        expect_delay_ms("add_ms", self.add_ms)

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """None: the whole session is slow."""
        return ()

    def play(self, site: Site, heal: Event) -> Process:
        """Add the delay to both links, and take the same delay away again."""
        added_ns = ns_from_ms(self.add_ms)
        site.desk.session.extra_delay_ns += added_ns
        yield heal
        site.desk.session.extra_delay_ns -= added_ns

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """How much longer even the quick orders took than in the minute before: there, or back if that was less.

        A delay longer than the fault has no answers to delay: then the way there stands alone.
        """
        before = quick_ways_ms(log, t0_ns - BASELINE_NS, t0_ns)
        during = quick_ways_ms(log, t0_ns, heal_ns)
        there, back = (late - usual for late, usual in zip(during, before, strict=True))
        added = there if math.isnan(back) or math.isnan(there) else min(there, back)
        return Effect("broker_delay_added_ms", added, BITE_SHARE * self.add_ms, "ms")


def quick_ways_ms(log: EventLog, start_ns: int, end_ns: int) -> tuple[float, float]:
    """The time from sending to acceptance, and from there to the desk's knowledge, in ms; NaN if there is no order.

    Each is what nine tenths of the orders reached that were sent (there) or accepted (back) in (start, end].
    """
    accepted = log.of(VenueAccepted)
    there = [order.t_ns - order.sent_ns for order in accepted if start_ns < order.sent_ns <= end_ns]
    answered = dict(_answers(log))
    back = [
        answered[order.order_id] - order.t_ns
        for order in accepted
        if start_ns < order.t_ns <= end_ns and order.order_id in answered
    ]
    return _quick_ms(there), _quick_ms(back)


def _answers(log: EventLog) -> Iterator[tuple[int, int]]:
    """Each order and when the desk heard that it works; of several times the first."""
    for order in reversed(log.of(DeskOrder)):
        if order.state == OrderState.WORKING:
            yield order.order_id, order.t_ns


def _quick_ms(delays_ns: list[int]) -> float:
    return sorted(delays_ns)[int(len(delays_ns) * QUICK_SHARE)] / NS_PER_MS if delays_ns else math.nan
