"""An order burst: many strategies ask for orders in the same instant, and race each other for one limit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from engine.base.keys import key
from engine.base.units import ns_from_s
from engine.domain.orders import NewOrder, OrderKind, ReplaceOrder, Side
from engine.domain.records import Intent
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.load import Guest
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process
from engine.trading.order_path import NO_TICK


@fault
@dataclass(frozen=True, kw_only=True)
class OrderBurst:
    """Every ``every_s`` each of many strategies asks for orders of its own, all in one instant, and, halfway to the
    next burst, for a replace of everything that rests: a replace storm.

    The orders rest ``away_pct`` from the mid, so that what is approved stands as exposure; a negative distance crosses
    the market. Before the next burst everything is cancelled. What rests after the heal is cancelled too.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {"strategies": 0}

    symbol: str = key("The instrument of the orders", example="SPY")
    strategies: int = key("How many strategies ask, each under a name of its own", min=0, max=5_000, example=500)
    orders_each: int = key("Orders that each asks for in one burst", default=1, min=1, max=100)
    side: Literal["buy", "sell"] = key("The side of the orders", default="buy")
    qty_shares: int = key("Size of each order, in shares", default=20, min=1, max=1_000_000)
    away_pct: float = key("How far from the market the orders rest, in percent of the mid", default=1, min=-20, max=50)
    replace_times: float = key(
        "What each resting order is to become, times its size; 0: nothing is replaced", default=0, min=0, max=1_000
    )
    every_s: float = key("Time between two bursts, in seconds", default=10, min=0.5, max=3_600)

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """The symbol of its orders."""
        return (self.symbol,)

    def play(self, site: Site, heal: Event) -> Process:
        """Burst, replace, cancel; again and again."""
        world, guest = site.world, Guest(site.desk, self.symbol)
        half_ns = ns_from_s(self.every_s) // 2
        while not heal.triggered:
            self._burst(guest)
            yield world.wait_ns(half_ns) | heal
            if self.replace_times and not heal.triggered:
                self._storm(guest)
            yield world.wait_ns(half_ns) | heal
            if not heal.triggered:
                guest.cancel_all()
        world.start(guest.clear(world))

    def _burst(self, guest: Guest) -> None:
        side = Side.BUY if self.side == "buy" else Side.SELL
        limit_micros = guest.limit_micros(side, self.away_pct)
        for _ in range(self.orders_each):
            for number in range(1, self.strategies + 1):
                name = f"burst_{number}"
                guest.ask(NewOrder(0, self.symbol, side, self.qty_shares, OrderKind.LIMIT, limit_micros, strategy=name))

    def _storm(self, guest: Guest) -> None:
        side = Side.BUY if self.side == "buy" else Side.SELL
        limit_micros = guest.limit_micros(side, self.away_pct)
        total = round(self.qty_shares * self.replace_times)
        for order_id in guest.resting:
            owner = guest.owner(order_id)
            guest.ask(ReplaceOrder(0, order_id, self.symbol, side, total, limit_micros, strategy=owner))

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """The most new orders of the strategies' that were due in one instant without a tick."""
        at = Counter(
            one.t_ns
            for one in log.of(Intent)
            if t0_ns <= one.t_ns <= heal_ns
            and one.tick_ns == NO_TICK
            and one.action == "new"
            and one.symbol == self.symbol
        )
        asked = self.strategies * self.orders_each
        return Effect("orders_in_one_instant", max(at.values(), default=0), BITE_SHARE * asked, "orders")
