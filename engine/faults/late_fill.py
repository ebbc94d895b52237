"""Late fills: the broker tells some executions only after a while."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.base.keys import key
from engine.base.units import ns_from_ms
from engine.domain.orders import Fill
from engine.faults.deck import Deck
from engine.faults.delay import expect_delay_ms
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.meddling import booked_ns, fills_in, meddle, share_pct
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process
from engine.trading.broker_end import Message


@fault
@dataclass(frozen=True, kw_only=True)
class LateFill:
    """A share of executions is told ``add_ms`` late; everything else overtakes them, also the end of their order.

    Which executions is chance: the stream ``fault/late_fill``.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {"late_pct": 0, "add_ms": 0}

    late_pct: float = key("Share of executions that is told late, in percent", min=0, max=100, example=20)
    add_ms: float = key("How much later they are told, in milliseconds", min=0, max=60_000, example=400)

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
        """Hold a share of the executions back."""
        deck = Deck(self.late_pct / 100, site.world.stream("fault/late_fill"))
        late_ns = ns_from_ms(self.add_ms)

        def hold_back(message: Message) -> tuple[tuple[int, Message], ...] | None:
            return ((late_ns, message),) if isinstance(message, Fill) and deck.draw() else None

        yield from meddle(site, heal, hold_back)

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """The share of executions that the desk booked later than 80 % of the delay, or never; NaN below 20."""
        booked, late_ns = booked_ns(log), ns_from_ms(BITE_SHARE * self.add_ms)
        late = share_pct(
            fills_in(log, t0_ns, heal_ns), lambda fill: booked.get(fill.exec_id, math.inf) > fill.t_ns + late_ns
        )
        return Effect("fills_late_pct", late, BITE_SHARE * self.late_pct, "%")
