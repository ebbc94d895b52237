"""A fill after the cancel's acknowledgement: the broker confirms an order's end, then tells a fill of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.base.keys import key
from engine.base.units import ns_from_ms
from engine.domain.orders import Fill, OrderState, OrderUpdate
from engine.domain.records import DeskOrder, VenueCancelled, VenueFill
from engine.faults.deck import Deck
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.meddling import booked_ns, fills_in, meddle
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process
from engine.trading.broker_end import Message
from engine.trading.order_table import FILLS_MISSING

Saying = tuple[tuple[int, Message], ...]


@fault
@dataclass(frozen=True, kw_only=True)
class FillAfterCancel:
    """A share of partial fills is told ``after_ms`` after the confirmation that their order was cancelled.

    The fill itself was made before; an order that does not end tells it after ``most_ms``. What the venue fills after a
    cancel was only asked for is the race that ``slow_cancel`` makes. Chance is the stream ``fault/fill_after_cancel``.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {"late_pct": 0}

    late_pct: float = key("Share of partial fills that is held back, in percent", min=0, max=100, example=50)
    after_ms: float = key("How long after that the fill is told, in milliseconds", min=1, max=60_000, default=20)
    most_ms: float = key("How long a fill is held back at most, in milliseconds", min=1, max=60_000, default=400)

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """None: the whole session is concerned."""
        return ()

    def play(self, site: Site, heal: Event) -> Process:
        """Hold partial fills back until their order ends; at the heal nothing is left."""
        deck = Deck(self.late_pct / 100, site.world.stream("fault/fill_after_cancel"))
        world, session, held = site.world, site.desk.session, dict[int, list[Fill]]()

        def let_go(fill: Fill) -> None:
            fills = held.get(fill.order_id, [])
            if fill in fills:
                fills.remove(fill)
                session.say_later(0, fill)

        def twist(message: Message) -> Saying | None:
            if isinstance(message, OrderUpdate):
                if message.state is not OrderState.CANCELLED:
                    return None
                late = held.pop(message.target_id or message.order_id, [])
                return ((0, message), *((ns_from_ms(self.after_ms), fill) for fill in late))
            if not isinstance(message, Fill) or not message.left or not deck.draw():
                return None
            held.setdefault(message.order_id, []).append(message)
            world.at(world.now_ns + ns_from_ms(self.most_ms), lambda: let_go(message))
            return ()

        yield from meddle(site, heal, twist)
        for fill in [fill for fills in held.values() for fill in fills]:
            let_go(fill)

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """Of the fills whose order soon ended otherwise, the share that the desk booked after hearing of the end."""
        booked, ended = booked_ns(log), _ends(log)
        due = _due(log, t0_ns, heal_ns, ns_from_ms(self.most_ms))
        after = [ended.get(fill.order_id, math.inf) < booked.get(fill.exec_id, math.inf) for fill in due]
        value = 100 * sum(after) / len(after) if after else math.nan
        return Effect("fills_after_cancel_pct", value, BITE_SHARE * self.late_pct, "%")


def _ends(log: EventLog) -> dict[int, int]:
    """When the desk heard of each order's end by a cancel."""
    found: dict[int, int] = {}
    for order in log.of(DeskOrder):
        if order.state == OrderState.CANCELLED or order.reason == FILLS_MISSING:
            found.setdefault(order.order_id, order.t_ns)
    return found


def _due(log: EventLog, t0_ns: int, heal_ns: int, most_ns: int) -> list[VenueFill]:
    """The fills in (t0, heal] whose order the venue took out, still open, within *most_ns* after them."""
    out = {one.order_id: one.t_ns for one in log.of(VenueCancelled) if one.left and one.reason != "replaced"}
    fills = fills_in(log, t0_ns, heal_ns)
    return [one for one in fills if one.t_ns <= out.get(one.order_id, -1) <= min(one.t_ns + most_ns, heal_ns)]
