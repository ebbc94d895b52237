"""The desk's order table: every order that may still fill, and how many shares are open on each side.

An order counts from its approval until the desk knows that it is dead. While a replace is in flight nobody knows
which of the two the venue holds, so the larger counts (the worst case).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.domain.governance import FIRM
from engine.domain.orders import Instruction, NewOrder, OrderState, ReplaceOrder, Side
from engine.domain.records import DeskOrder
from engine.kernel.world import World

REPLACED = "replaced"
"""The reason in the record of an order that a replace took the place of."""


@dataclass(slots=True)
class LiveOrder:
    """One order that may still fill. ``filled`` includes what the orders it replaced had filled.

    ``open_qty`` is what it may still fill beyond the order it is to replace (``target_id``, 0 once accepted or new).
    """

    order_id: int
    symbol: str
    side: Side
    qty: int
    limit_micros: int
    open_qty: int
    target_id: int = 0
    filled: int = 0
    state: OrderState = OrderState.PENDING
    cancelling: bool = False
    """Whether a cancel is on its way."""


class OrderTable:
    """All live orders of the desk by id, with running sums of open shares. Writes a DeskOrder for every change."""

    def __init__(self, world: World, symbols: Sequence[str]) -> None:
        self._world = world
        self._live: dict[int, LiveOrder] = {}
        # Indexed by Side: place 1 holds the buys, place -1 the sells.
        self._open: dict[str, list[int]] = {symbol: [0, 0, 0] for symbol in symbols}
        self._unknown = 0

    # ---- what it knows

    def working(self, symbol: str, side: Side) -> int:
        """Shares that may still fill on one side of *symbol*."""
        return self._open[symbol][side]

    def get(self, order_id: int) -> LiveOrder | None:
        """The live order of that id; None if it is not live."""
        return self._live.get(order_id)

    def live(self, scope: str = FIRM) -> Iterator[LiveOrder]:
        """Every live order in *scope* (``firm`` or a symbol), oldest first."""
        return (order for order in tuple(self._live.values()) if scope in (FIRM, order.symbol))

    def __len__(self) -> int:
        """How many orders are live."""
        return len(self._live)

    @property
    def unknown(self) -> int:
        """How many orders are in an unknown state."""
        return self._unknown

    def added_open(self, order: Instruction) -> tuple[Side, int]:
        """Where and how many open shares *order* would add: 0 by a cancel, or by the replace of a dead order."""
        if isinstance(order, NewOrder):
            return order.side, order.qty
        if isinstance(order, ReplaceOrder):
            target = self._live.get(order.target_id)
            if target is None:
                return order.side, 0
            return order.side, max(order.qty - target.qty, 0) if target.side is order.side else order.qty
        return Side.BUY, 0

    # ---- what happens

    def approve(self, order: NewOrder | ReplaceOrder) -> None:
        """Count *order* from now on: it was approved and is on its way. Raise ValueError if its id is live already."""
        if order.order_id in self._live:
            raise ValueError(f"a new order id was expected, was {order.order_id}, which is live")
        target = self._live.get(order.target_id) if isinstance(order, ReplaceOrder) else None
        entry = LiveOrder(
            order.order_id, order.symbol, order.side, order.qty, order.limit_micros or 0, self.added_open(order)[1]
        )
        if isinstance(order, ReplaceOrder):
            entry.target_id = order.target_id
            entry.filled = target.filled if target is not None else 0
        self._live[order.order_id] = entry
        self._open[order.symbol][order.side] += entry.open_qty
        self._record(entry, "")

    def accept(self, order_id: int) -> None:
        """The venue works the order; if it is a replace, its target is gone. Nothing happens if it is not live."""
        order = self._live.get(order_id)
        if order is None:
            return
        if order.target_id:
            target = self._live.get(order.target_id)
            order.target_id = 0
            if target is not None:
                order.filled = target.filled
                self._end(target, OrderState.CANCELLED, REPLACED)
            self._set_open(order, max(order.qty - order.filled, 0))
        self._set_state(order, OrderState.WORKING)

    def fill(self, order_id: int, qty: int) -> bool:
        """*qty* shares of the order were filled; False if it is not live or not accepted, or had fewer open."""
        order = self._live.get(order_id)
        if order is None or order.target_id:
            return False
        sound = qty <= order.open_qty
        order.filled += qty
        self._set_open(order, max(order.open_qty - qty, 0))
        if order.open_qty == 0:
            self._end(order, OrderState.FILLED, "")
        else:
            self._set_state(order, OrderState.WORKING)
        return sound

    def restate(self, order_id: int, open_qty: int) -> None:
        """The venue has made the order smaller: so many shares are open. Nothing happens if it is not live."""
        order = self._live.get(order_id)
        if order is not None:
            order.qty = order.filled + open_qty
            self._set_open(order, open_qty)

    def end(self, order_id: int, state: OrderState, reason: str) -> None:
        """The order is dead: ``cancelled`` or ``rejected``. Nothing happens if it is not live."""
        order = self._live.get(order_id)
        if order is not None:
            self._end(order, state, reason)

    def lose_sight(self, order_id: int, reason: str) -> None:
        """Nobody knows what became of the order: it keeps counting, as ``unknown``."""
        order = self._live.get(order_id)
        if order is not None:
            self._set_state(order, OrderState.UNKNOWN, reason)

    # ---- below the surface

    def _set_open(self, order: LiveOrder, open_qty: int) -> None:
        self._open[order.symbol][order.side] += open_qty - order.open_qty
        order.open_qty = open_qty

    def _set_state(self, order: LiveOrder, state: OrderState, reason: str = "") -> None:
        if order.state is state:
            return
        self._unknown += (state is OrderState.UNKNOWN) - (order.state is OrderState.UNKNOWN)
        order.state = state
        self._record(order, reason)

    def _end(self, order: LiveOrder, state: OrderState, reason: str) -> None:
        self._set_open(order, 0)
        self._set_state(order, state, reason)
        del self._live[order.order_id]

    def _record(self, order: LiveOrder, reason: str) -> None:
        self._world.record(DeskOrder(self._world.now_ns, order.order_id, order.state.value, reason))
