"""Late acknowledgements: the broker says only after a while that it has accepted an order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.base.keys import key
from engine.base.units import ns_from_ms
from engine.faults.deck import Deck
from engine.faults.delay import expect_delay_ms
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.meddling import UNHEARD_NS, is_acknowledgement, meddle, unheard_pct
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process
from engine.trading.broker_end import Message


@fault
@dataclass(frozen=True, kw_only=True)
class LateAck:
    """A share of acknowledgements comes ``add_ms`` late; fills do not wait for them and may come first.

    Which answers is chance: the stream ``fault/late_ack``.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {"late_pct": 0, "add_ms": 0}

    late_pct: float = key("Share of acknowledgements that comes late, in percent", min=0, max=100, example=50)
    add_ms: float = key("How much later they come, in milliseconds", min=0, max=60_000, example=300)

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
        """Hold a share of the acknowledgements back."""
        deck = Deck(self.late_pct / 100, site.world.stream("fault/late_ack"))
        late_ns = ns_from_ms(self.add_ms)

        def hold_back(message: Message) -> tuple[tuple[int, Message], ...] | None:
            return ((late_ns, message),) if is_acknowledgement(message) and deck.draw() else None

        yield from meddle(site, heal, hold_back)

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """The share of accepted orders not heard of for 80 % of the delay, or a second; NaN below 20."""
        late_ns = min(ns_from_ms(BITE_SHARE * self.add_ms), UNHEARD_NS)  # after that a desk may have asked
        unheard = unheard_pct(log, t0_ns, heal_ns, late_ns)
        return Effect("acks_late_pct", unheard, BITE_SHARE * self.late_pct, "%")
