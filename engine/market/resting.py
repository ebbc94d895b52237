"""The desk's own orders that rest in a market model: kept in price-time priority, never shown in a quote."""

from __future__ import annotations

from dataclasses import dataclass

from engine.domain.orders import NewOrder, OrderKind, Side, TimeInForce
from engine.domain.ports import Execution


@dataclass(slots=True)
class Resting:
    """One resting day limit order; ``ahead`` is what others show at its price and have the right to trade first."""

    order_id: int
    side: Side
    limit_micros: int
    left: int
    ahead: int

    def edge_micros(self, price_micros: int) -> int:
        """How much better than *price_micros* the limit is for the other party: 0 at it, negative behind it."""
        return int(self.side) * (self.limit_micros - price_micros)


def may_rest(order: NewOrder) -> bool:
    """Whether what is left of *order* stays in the book: a limit order does, a market or IOC order dies."""
    return order.kind is OrderKind.LIMIT and order.tif is not TimeInForce.IOC


class RestingOrders:
    """The desk's resting orders in one symbol."""

    def __init__(self, symbol: str) -> None:
        self.symbol = symbol
        self._orders: dict[int, Resting] = {}

    def __len__(self) -> int:
        return len(self._orders)

    def add(self, order: NewOrder, left: int, ahead: int) -> None:
        """Let *left* shares of *order* rest behind *ahead* shares of others at its price."""
        assert order.limit_micros is not None
        assert left > 0
        self._orders[order.order_id] = Resting(order.order_id, order.side, order.limit_micros, left, ahead)

    def remove(self, order_id: int) -> int:
        """Take an order out: the shares it still had, 0 if it was not there."""
        order = self._orders.pop(order_id, None)
        return order.left if order is not None else 0

    def by_priority(self, side: Side) -> list[Resting]:
        """The orders of one side, the best price first, then the earliest."""
        mine = [order for order in self._orders.values() if order.side is side]
        return sorted(mine, key=lambda order: -int(side) * order.limit_micros)  # stable: arrival breaks the tie

    def by_arrival(self) -> list[Resting]:
        """Every order, the earliest first."""
        return list(self._orders.values())

    def fill(self, order: Resting, qty: int, t_ns: int) -> Execution:
        """Fill *qty* shares of *order* at its limit; a finished order leaves."""
        assert 0 < qty <= order.left
        order.left -= qty
        if not order.left:
            del self._orders[order.order_id]
        return Execution(t_ns, order.order_id, self.symbol, order.side, qty, order.limit_micros, True, order.left)
