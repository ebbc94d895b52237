"""The directional strategy: it builds a position and keeps buying (or selling) towards its target."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log
from typing import Literal

from engine.base.keys import key
from engine.base.units import NS_PER_S, ns_from_s
from engine.domain.governance import DeskView
from engine.domain.orders import (
    CancelOrder,
    Instruction,
    Instrument,
    NewOrder,
    OrderKind,
    ReplaceOrder,
    Side,
    TimeInForce,
)
from engine.domain.quotes import Quote
from engine.kernel.streams import Uniforms
from engine.kernel.world import World
from engine.trading.own_orders import OwnOrder, OwnOrders

MOST_PER_TICK = 20
"""Most new orders that one quote may cause; what was due beyond it (after a gap in the feed) is forgotten."""


@dataclass(frozen=True, kw_only=True)
class DirectionalDocument:
    """Builds a position in every instrument and holds it, trading all the time.

    It never stops asking: at a limit, during a hold and after a stop it keeps sending the same orders, which is
    how the governor is put to the test. Orders come at random times, each on the first quote after its time.
    """

    side: Literal["long", "short"] = key("Which way it goes")
    target_shares: int = key("The position it wants in each instrument, in shares", min=1, max=100_000_000)
    order_qty_shares: int = key("Size of each order, in shares", min=1, max=10_000_000)
    orders_per_s: float = key("New orders in a second in each instrument, on average", above=0, max=1_000)
    passive_pct: float = key(
        "Share of its orders that rest at its own side of the market instead of taking the other, in percent",
        default=30,
        min=0,
        max=100,
    )
    passive_life_s: float = key(
        "How long such an order rests before it is moved to the market's price or, every other time, cancelled, "
        "in seconds",
        default=5,
        min=0.01,
        max=86_400,
    )
    passive_tif: Literal["day", "gtc"] = key(
        "How long the venue keeps such an order: until the day or the session ends, or until it is cancelled",
        default="day",
    )
    trim_pct: float = key(
        "Share of its orders that give a part of the position up, in percent", default=5, min=0, max=100
    )
    trim_qty_shares: int = key("Size of such an order, in shares", default=100, min=1, max=10_000_000)

    def build(self, world: World, instruments: Sequence[Instrument]) -> Directional:
        """The strategy for these instruments."""
        return Directional(self, Uniforms(world.stream("desk/strategy")), instruments)


class Directional:
    """The behaviour of a :class:`DirectionalDocument`."""

    def __init__(self, document: DirectionalDocument, chance: Uniforms, instruments: Sequence[Instrument]) -> None:
        self._document = document
        self._chance = chance
        self._side = Side.BUY if document.side == "long" else Side.SELL
        self._gap_ns = NS_PER_S / document.orders_per_s
        self._life_ns = ns_from_s(document.passive_life_s)
        self._trim_below = document.trim_pct / 100
        self._passive_below = self._trim_below + document.passive_pct / 100 * (1 - self._trim_below)
        self._tif = TimeInForce(document.passive_tif)
        self._lots = {instrument.symbol: instrument.lot for instrument in instruments}
        self._due_ns = {symbol: self._gap() for symbol in self._lots}
        self._resting = OwnOrders()
        self.on_update = self._resting.on_update
        self.on_fill = self._resting.on_fill
        self.on_decision = self._resting.on_decision

    def on_tick(self, quote: Quote, view: DeskView, ids: Iterator[int]) -> Sequence[Instruction]:
        """New orders that are due, and the changes of resting ones that have grown old."""
        if not quote.two_sided or quote.symbol not in self._due_ns:
            return ()
        if view.now_ns < self._due_ns[quote.symbol] and not self._resting:
            return ()  # nothing is due, and nothing can have grown old: so it is at most quotes
        wanted = [*self._changes(quote, view.now_ns, ids), *self._orders(quote, view, ids)]
        for instruction in wanted:
            if not isinstance(instruction, NewOrder) or instruction.tif is not TimeInForce.IOC:
                self._resting.asked(instruction, view.now_ns)
        return wanted

    def _changes(self, quote: Quote, now_ns: int, ids: Iterator[int]) -> Iterator[Instruction]:
        """What becomes of resting orders that have grown old."""
        for order in self._resting:
            if order.symbol == quote.symbol and not order.changing and now_ns - order.since_ns >= self._life_ns:
                yield self._change(order, quote, next(ids))

    def _orders(self, quote: Quote, view: DeskView, ids: Iterator[int]) -> Iterator[Instruction]:
        """The new orders that are due."""
        wanted_qty = self._document.target_shares - self._side * view.position(quote.symbol)
        wanted_qty -= view.working(quote.symbol, self._side)
        for _ in range(self._due(quote.symbol, view.now_ns)):
            order = self._order(quote, view, wanted_qty, ids)
            if order is not None:
                wanted_qty -= order.qty if order.side is self._side else 0
                yield order

    def _due(self, symbol: str, now_ns: int) -> int:
        """How many orders have come due since the last quote."""
        due_ns, due = self._due_ns[symbol], 0
        while due_ns <= now_ns and due < MOST_PER_TICK:
            due_ns += self._gap()
            due += 1
        self._due_ns[symbol] = due_ns if due_ns > now_ns else now_ns + self._gap()
        return due

    def _gap(self) -> int:
        """Time to the next order, exponential, in nanoseconds."""
        return round(-log(1 - self._chance.draw()) * self._gap_ns)

    def _order(self, quote: Quote, view: DeskView, wanted_qty: int, ids: Iterator[int]) -> NewOrder | None:
        """One order by chance: a trim, a resting one or a taking one; None if there is nothing to do."""
        kind, symbol, side = self._chance.draw(), quote.symbol, self._side
        if kind < self._trim_below:
            qty = min(self._document.trim_qty_shares, side * view.position(symbol))
            qty -= qty % self._lots[symbol]
            return _taking(next(ids), symbol, side.opposite, qty, quote) if qty > 0 else None
        qty = min(self._document.order_qty_shares, wanted_qty)
        qty -= qty % self._lots[symbol]
        if qty <= 0:
            return None
        if kind >= self._passive_below:
            return _taking(next(ids), symbol, side, qty, quote)
        limit_micros = quote.touch_micros(side.opposite)
        return NewOrder(next(ids), symbol, side, qty, OrderKind.LIMIT, limit_micros, self._tif)

    def _change(self, order: OwnOrder, quote: Quote, order_id: int) -> Instruction:
        """What becomes of an old resting order: moved to the market, or, every other time, cancelled."""
        if self._chance.draw() < 0.5:
            return CancelOrder(order_id, order.order_id, order.symbol)
        limit_micros = quote.touch_micros(order.side.opposite)
        return ReplaceOrder(order_id, order.order_id, order.symbol, order.side, order.qty, limit_micros)


def _taking(order_id: int, symbol: str, side: Side, qty: int, quote: Quote) -> NewOrder:
    """An order that takes what the other side shows at the touch, and rests nowhere."""
    return NewOrder(order_id, symbol, side, qty, OrderKind.LIMIT, quote.touch_micros(side), TimeInForce.IOC)
