"""A second order book, as plain as can be: lists in the order of time. What it says is right at a glance."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.market.limit_book import Match


@dataclass
class Resting:
    """An order that rests."""

    order_id: int
    owner: int
    side: int
    qty: int
    tick: int


@dataclass
class NaiveBook:
    """All resting orders in one list, the oldest first. The background's orders have owner 0, and cannot be found."""

    orders: list[Resting] = field(default_factory=list)
    matches: list[Match] = field(default_factory=list)

    def submit(
        self, t_ns: int, owner: int, order_id: int, side: int, qty: int, limit_tick: int | None, *, rests: bool
    ) -> int:
        """Match an order, let what is left rest if it may: shares left."""
        while qty:
            others = [order for order in self.orders if order.side == -side]
            if limit_tick is not None:
                others = [order for order in others if side * (order.tick - limit_tick) <= 0]
            if not others:
                break
            maker = min(others, key=lambda order: side * order.tick)  # the oldest of the best: min() keeps the first
            part = min(qty, maker.qty)
            qty -= part
            maker.qty -= part
            self.matches.append(
                Match(t_ns, maker.tick, part, side, maker.owner, maker.order_id, maker.qty, owner, order_id)
            )
            if not maker.qty:
                self.orders.remove(maker)
        if qty and rests and limit_tick is not None:
            self.orders.append(Resting(order_id, owner, side, qty, limit_tick))
        return qty

    def cancel(self, order_id: int) -> int:
        """Take an order out: the shares it had."""
        found = self.find(order_id)
        if found is None:
            return 0
        self.orders = [order for order in self.orders if order is not found]
        return found.qty

    def reduce(self, order_id: int, qty: int) -> int:
        """Take shares off an order: the shares left."""
        found = self.find(order_id)
        if found is None or qty >= found.qty:
            self.cancel(order_id)
            return 0
        found.qty -= qty
        return found.qty

    def find(self, order_id: int) -> Resting | None:
        """The resting order of somebody known with this number."""
        found = [order for order in self.orders if order.owner and order.order_id == order_id]
        return found[0] if found else None

    def levels(self, side: int) -> list[tuple[int, int]]:
        """Price and shares of each level of a side, from the touch outwards."""
        ticks = sorted({order.tick for order in self.orders if order.side == side}, reverse=side > 0)
        return [(tick, sum(qty for _, _, qty in self.queue(tick))) for tick in ticks]

    def queue(self, tick: int) -> list[tuple[int, int, int]]:
        """Number, owner and shares of each order at a price, the first in line first."""
        return [(order.order_id, order.owner, order.qty) for order in self.orders if order.tick == tick]

    def top(self) -> tuple[int, int, int, int]:
        """Price and shares of the best bid and ask; 0/0 for an empty side."""
        bid, ask = ((self.levels(side) or [(0, 0)])[0] for side in (1, -1))
        return *bid, *ask

    def ahead(self, order_id: int) -> int:
        """Shares in front of an order in its queue."""
        found = self.find(order_id)
        assert found is not None
        older = self.orders[: [id(order) for order in self.orders].index(id(found))]
        return sum(order.qty for order in older if order.tick == found.tick)

    def drain(self) -> list[Match]:
        """The trades since the last drain."""
        drained, self.matches = self.matches, []
        return drained
