"""A fat finger: orders of the desk's own strategy come to the governor with a wrong size, price or side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import nan
from statistics import median
from typing import ClassVar, Literal

from engine.base.keys import key
from engine.base.units import NS_PER_S
from engine.domain.governance import Decision
from engine.domain.orders import Fill, Instruction, NewOrder, OrderKind, OrderUpdate, Origin, TimeInForce
from engine.domain.records import Intent
from engine.faults.deck import Deck
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.meddling import SEEN_NEEDED, share_pct
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process

BASELINE_NS = 60 * NS_PER_S
"""How far back the usual orders are looked for."""
LEAN_NEEDED = 0.2
"""A strategy must lean so far to one side, or nobody sees that its orders change sides."""


@fault
@dataclass(frozen=True, kw_only=True)
class FatFinger:
    """A share of the strategy's new orders is ``times`` as large, priced ``off_pct`` through the market, on the other
    side, or a market order without a price, and ``times`` as large. What is denied may come again at once, in slices
    that together are as much: a way around a hard block.

    2 May 2022: a basket of 58 million USD was typed as 444 billion; 255 were blocked, 189 went to an algorithm, and 1.4
    were sold before it was cancelled. Which orders is chance: the stream ``fault/fat_finger``.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {"orders_pct": 0}

    wrong: Literal["size", "price", "side", "no_price"] = key("What is wrong with them", example="size")
    orders_pct: float = key("Share of new orders that are wrong, in percent", default=100, min=0, max=100)
    times: float = key(
        "Of a wrong size, and of no price: how many times as large", default=1000, above=1, max=1_000_000
    )
    off_pct: float = key("Of a wrong price: how far through the market, in percent", default=50, above=0, max=1_000)
    slices: int = key("In how many slices one that was denied comes again; 0: not at all", default=0, min=0, max=1_000)

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """None: the strategy's orders, whatever they are in."""
        return ()

    def play(self, site: Site, heal: Event) -> Process:
        """Let a share of the orders go wrong on their way to the governor."""
        deck = Deck(self.orders_pct / 100, site.world.stream("fault/fat_finger"))

        def slip(order: NewOrder) -> NewOrder:
            if not deck.draw():
                return order
            wrong = self.slipped(order, site)
            if self.slices:
                site.desk.overhear(wrong.order_id, _Retry(site, self.slices))
            return wrong

        site.desk.slips.append(slip)
        yield heal
        site.desk.slips.remove(slip)

    def slipped(self, order: NewOrder, site: Site) -> NewOrder:
        """*order* with what is wrong with it."""
        larger = max(round(order.qty * self.times), order.qty + 1)
        if self.wrong == "size":
            return replace(order, qty=larger)
        if self.wrong == "no_price":
            return replace(order, qty=larger, kind=OrderKind.MARKET, limit_micros=None, tif=TimeInForce.IOC)
        quote = site.desk.view.quote(order.symbol)
        if self.wrong == "side":
            side = order.side.opposite
            touch = quote.touch_micros(side) if quote is not None else 0
            return replace(order, side=side, limit_micros=touch or order.limit_micros)
        instrument, sign = site.desk.instrument(order.symbol), int(order.side)
        touch = quote.touch_micros(order.side) if quote is not None else order.limit_micros or 0
        off_micros = instrument.down_to_grid(touch * max(1 + sign * self.off_pct / 100, 0))
        return replace(order, kind=OrderKind.LIMIT, limit_micros=off_micros)

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """The share of the strategy's new orders that were as wrong as asked for; NaN below 20 of them.

        A wrong size is known by the usual one of the minute before, a wrong side by how much the share of buys moved.
        """
        needed_pct = BITE_SHARE * self.orders_pct
        new = _wanted(log, t0_ns, heal_ns)
        before = _wanted(log, t0_ns - BASELINE_NS, t0_ns)
        if self.wrong == "side":
            return Effect("orders_turned_pct", _turned_pct(before, new), needed_pct, "%")
        if self.wrong == "size":
            usual = median(one.qty for one in before) if len(before) >= SEEN_NEEDED else nan
            most = BITE_SHARE * self.times * usual
            return Effect("orders_too_large_pct", share_pct(new, lambda one: one.qty >= most), needed_pct, "%")
        if self.wrong == "no_price":
            return Effect("orders_without_price_pct", share_pct(new, lambda one: not one.limit_micros), needed_pct, "%")
        return Effect("orders_off_price_pct", share_pct(new, self._off), needed_pct, "%")

    def _off(self, one: Intent) -> bool:
        """Whether an order's limit lies far through the market."""
        if not one.mid_micros or not one.limit_micros:
            return False
        through_pct = 100 * one.side * (one.limit_micros / one.mid_micros - 1)
        return through_pct >= BITE_SHARE * min(self.off_pct, 100 if one.side < 0 else self.off_pct)


def _wanted(log: EventLog, start_ns: int, end_ns: int) -> list[Intent]:
    """The strategy's new orders that a tick caused, in (start, end]."""
    return [
        one
        for one in log.of(Intent)
        if start_ns < one.t_ns <= end_ns
        and one.action == "new"
        and one.tick_ns >= 0
        and one.origin == Origin.STRATEGY.value
    ]


def _turned_pct(before: list[Intent], new: list[Intent]) -> float:
    """The share of orders that changed sides, by how far the share of buys moved; NaN if that says too little."""
    bought_pct, buys_pct = (share_pct(each, lambda one: one.side > 0) for each in (before, new))
    lean = abs(1 - bought_pct / 50)  # 1: all on one side; 0: as many buys as sales, and turning them shows nothing
    return abs(buys_pct - bought_pct) / lean if lean >= LEAN_NEEDED else nan


class _Retry:
    """Hears of one wrong order in the strategy's place: passes everything on, and asks again, in slices, if denied."""

    def __init__(self, site: Site, slices: int) -> None:
        self._desk = site.desk
        self._strategy = site.desk.strategy
        self._slices = slices

    def on_decision(self, instruction: Instruction, decision: Decision) -> None:
        """The wrong order was decided on; if it was denied, the same again in slices."""
        self._strategy.on_decision(instruction, decision)
        if decision.approved or not isinstance(instruction, NewOrder):
            return
        each, more = divmod(instruction.qty, self._slices)
        for number in range(self._slices):
            qty = each + (number < more)
            if qty:
                self._desk.ask(replace(instruction, order_id=0, qty=qty, tif=TimeInForce.IOC), _Nobody())

    def on_update(self, update: OrderUpdate) -> None:
        """Pass it on."""
        self._strategy.on_update(update)

    def on_fill(self, fill: Fill) -> None:
        """Pass it on."""
        self._strategy.on_fill(fill)


class _Nobody:
    """Hears of a slice, and does nothing: it rests nowhere."""

    def on_decision(self, instruction: Instruction, decision: Decision) -> None:
        """Nothing."""

    def on_update(self, update: OrderUpdate) -> None:
        """Nothing."""

    def on_fill(self, fill: Fill) -> None:
        """Nothing."""
