"""A strategy's own list of its resting orders: which stand, and which are being cancelled or replaced."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.domain.governance import Decision
from engine.domain.orders import CancelOrder, Fill, Instruction, NewOrder, OrderState, OrderUpdate, ReplaceOrder, Side


@dataclass(slots=True)
class OwnOrder:
    """One resting order as its strategy knows it; ``filled`` includes what the orders it replaced had filled."""

    order_id: int
    symbol: str
    side: Side
    qty: int
    limit_micros: int
    since_ns: int
    """When it was asked for or last changed."""
    filled: int = 0
    changing: bool = False
    """Whether a cancel or replace is under way."""


class OwnOrders:
    """The resting orders of one strategy, oldest first. Tell it every answer; what it does not know it passes over."""

    def __init__(self) -> None:
        self._orders: dict[int, OwnOrder] = {}
        self._changes: dict[int, tuple[CancelOrder | ReplaceOrder, int]] = {}

    def __iter__(self) -> Iterator[OwnOrder]:
        return iter(self._orders.values())

    def __len__(self) -> int:
        return len(self._orders)

    def of(self, symbol: str, side: Side) -> OwnOrder | None:
        """The oldest order of one side of *symbol*, None if there is none."""
        for order in self._orders.values():
            if order.side is side and order.symbol == symbol:
                return order
        return None

    def asked(self, instruction: Instruction, now_ns: int) -> None:
        """*instruction* was asked for: a resting order, or the change of one."""
        order_id = instruction.order_id
        if isinstance(instruction, NewOrder):
            self._orders[order_id] = OwnOrder(
                order_id, instruction.symbol, instruction.side, instruction.qty, instruction.limit_micros or 0, now_ns
            )
        elif (target := self._orders.get(instruction.target_id)) is not None:
            target.changing = True
            target.since_ns = now_ns  # if this is refused, the next try waits as long again
            self._changes[order_id] = (instruction, now_ns)

    def on_decision(self, instruction: Instruction, decision: Decision) -> None:
        """The governor decided; what it denied never was."""
        if not decision.approved:
            self._refused(instruction.order_id)

    def on_update(self, update: OrderUpdate) -> None:
        """An instruction was answered, or an order ended."""
        if update.state is OrderState.WORKING and update.target_id == update.order_id:
            self._made_smaller(update)
        elif update.state is OrderState.WORKING:
            self._replaced(update.order_id)
        elif update.state is OrderState.CANCELLED:
            self._gone(update.target_id or update.order_id)
        else:
            self._refused(update.order_id)

    def on_fill(self, fill: Fill) -> None:
        """Part or all of an order was filled."""
        order = self._orders.get(fill.order_id)
        if order is not None:
            order.filled += fill.qty
            if order.filled >= order.qty:
                self._gone(order.order_id)

    def _replaced(self, order_id: int) -> None:
        change, since_ns = self._changes.pop(order_id, (None, 0))
        if not isinstance(change, ReplaceOrder):
            return
        old = self._orders.pop(change.target_id, None)
        filled = old.filled if old is not None else 0
        self._orders[order_id] = OwnOrder(
            order_id, change.symbol, change.side, change.qty, change.limit_micros, since_ns, filled
        )

    def _made_smaller(self, update: OrderUpdate) -> None:
        order = self._orders.get(update.order_id)
        if order is not None:
            order.qty = order.filled + update.left

    def _refused(self, order_id: int) -> None:
        change, _ = self._changes.pop(order_id, (None, 0))
        if change is None:
            self._gone(order_id)
        elif change.target_id in self._orders:
            self._orders[change.target_id].changing = False

    def _gone(self, order_id: int) -> None:
        if self._orders.pop(order_id, None) is not None:
            for change_id in [key for key, (change, _) in self._changes.items() if change.target_id == order_id]:
                del self._changes[change_id]
