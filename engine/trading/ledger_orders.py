"""What the ledger knows of orders, so that it notices an overfill and a fill of an order that is over."""

from __future__ import annotations

from dataclasses import dataclass

from engine.domain.orders import Fill


@dataclass(slots=True)
class OrderAccount:
    """One order: ``qty`` None until somebody has told; ``missing`` shares of fills may still come after its end."""

    qty: int | None = None
    filled: int = 0
    closed: bool = False
    missing: int = 0

    def legible(self) -> tuple[int, int, bool, int]:
        """The state in plain numbers, -1 for a quantity that nobody told."""
        return (-1 if self.qty is None else self.qty, self.filled, self.closed, self.missing)


class OrderAccounts:
    """Every order by its id."""

    def __init__(self) -> None:
        self._orders: dict[int, OrderAccount] = {}

    def of(self, order_id: int) -> OrderAccount:
        """The account of that order, opened if it is new."""
        order = self._orders.get(order_id)
        if order is None:
            order = self._orders[order_id] = OrderAccount()
        return order

    def items(self) -> list[tuple[int, OrderAccount]]:
        """Every order, sorted by its id."""
        return sorted(self._orders.items())

    def pass_over(self, fill: Fill) -> None:
        """A fill has come: so much less is missing."""
        order = self.of(fill.order_id)
        if order.closed and not fill.corrects:
            order.missing = max(order.missing - fill.qty, 0)

    def fill(self, fill: Fill) -> list[str]:
        """Count a fill; what is wrong with it, by invariant."""
        order, breaks = self.of(fill.order_id), []
        order.filled += fill.qty
        if order.closed and not fill.corrects and fill.qty > order.missing:
            breaks.append(f"I5: order {fill.order_id} was filled ({fill.exec_id}) after its end was confirmed")
        self.pass_over(fill)
        if fill.left < 0 or (order.qty is not None and order.filled > order.qty):
            breaks.append(f"I4: order {fill.order_id} was filled {order.filled} of {order.qty}, left {fill.left}")
        return breaks
