"""Slow cancels: a cancel request waits at the broker while the order goes on filling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.base.keys import key
from engine.base.units import NS_PER_MS, ns_from_ms
from engine.domain.records import Sent, VenueCancelled, VenueRejected
from engine.faults.delay import expect_delay_ms
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.meddling import share_pct
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process


@fault
@dataclass(frozen=True, kw_only=True)
class SlowCancel:
    """Cancel requests reach the venue ``add_ms`` late: what fills in between is a fill after a cancel request.

    That is legal and must be booked. Orders and replaces are not slowed.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {"add_ms": 0}

    add_ms: float = key("How much later a cancel request arrives, in milliseconds", min=0, max=60_000, example=500)

    def __post_init__(self) -> None:
        """Raise DelayError if the delay is a fraction of a millisecond."""
        expect_delay_ms("add_ms", self.add_ms)

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """None: the whole session is concerned."""
        return ()

    def play(self, site: Site, heal: Event) -> Process:
        """Slow the cancels, and take the same delay away again."""
        added_ns = ns_from_ms(self.add_ms)
        site.desk.session.cancel_delay_ns += added_ns
        yield heal
        site.desk.session.cancel_delay_ns -= added_ns

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """The share of cancels sent in time that the venue had not dealt with after 80 % of the delay; NaN below 20."""
        added_ns = ns_from_ms(self.add_ms)
        done = {one.order_id: one.t_ns for one in log.of(VenueCancelled) if one.reason == "requested"}
        refused = {one.order_id: one.t_ns for one in log.of(VenueRejected) if one.action == "cancel"}
        cancels = [one for one in log.of(Sent) if one.action == "cancel" and t0_ns < one.t_ns <= heal_ns - NS_PER_MS]

        def slow(cancel: Sent) -> bool:
            dealt_ns = refused.get(cancel.order_id, done.get(cancel.target_id, log.last_ns))
            return dealt_ns - cancel.t_ns >= BITE_SHARE * added_ns

        return Effect("cancels_slowed_pct", share_pct(cancels, slow), BITE_SHARE * 100, "%")
