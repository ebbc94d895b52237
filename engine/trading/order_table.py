"""The desk's order table: every order that may still fill, and how many shares are open on each side.

An order counts from its approval until the desk knows that it is dead. While a replace is in flight nobody knows
which of the two the venue holds, so the larger counts (the worst case). An order that is over with fewer shares left
than the desk has open was filled without the desk having heard: those shares count, as ``unknown``, until the fills
come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from engine.domain.governance import FIRM, covers
from engine.domain.orders import Instruction, NewOrder, OrderState, ReplaceOrder, Side
from engine.domain.records import DeskOrder
from engine.kernel.world import World

REPLACED = "replaced"
"""The reason in the record of an order that a replace took the place of."""

IMPLIED = "implied_by_fill"
"""Why an order works: it was filled, so the venue has accepted it, and the answer that says so has not come."""

FILLS_MISSING = "fills_missing"
"""Why an order is unknown: it is over, and fills that it must have had have not come."""


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
    over: str = ""
    """Why it has ended at the venue, while fills of it are still missing."""
    strategy: str = ""
    """Whose it is."""


class OrderTable:
    """All live orders of the desk by id, with running sums of open shares. Writes a DeskOrder for every change."""

    def __init__(self, world: World, symbols: Sequence[str]) -> None:
        self._world = world
        self._live: dict[int, LiveOrder] = {}
        # Indexed by Side: place 1 holds the buys, place -1 the sells.
        self._open: dict[str, list[int]] = {symbol: [0, 0, 0] for symbol in symbols}
        self.moved: Callable[[str], object] = _nobody_asks
        """Is told the symbol whenever its open shares change."""
        self._unknown = 0
        self._heirs: dict[int, int] = {}
        """By order the replace that took its place."""

    # ---- what it knows

    def working(self, symbol: str, side: Side) -> int:
        """Shares that may still fill on one side of *symbol*."""
        return self._open[symbol][side]

    def get(self, order_id: int) -> LiveOrder | None:
        """The live order of that id; None if it is not live."""
        return self._live.get(order_id)

    def heir(self, order_id: int) -> LiveOrder | None:
        """The live order that took the place of *order_id*, by one replace or several; None if there is none."""
        while order_id in self._heirs:
            order_id = self._heirs[order_id]
        return self._live.get(order_id)

    def recount(self) -> dict[str, tuple[int, int]]:
        """Open buys and sells by symbol, counted anew from the orders (the running sums must agree)."""
        counted = {symbol: [0, 0, 0] for symbol in self._open}
        for order in self._live.values():
            counted[order.symbol][order.side] += order.open_qty
        return {symbol: (sums[Side.BUY], sums[Side.SELL]) for symbol, sums in counted.items()}

    def live(self, scope: str = FIRM) -> Iterator[LiveOrder]:
        """Every live order in *scope* (``firm``, ``venue``, ``strategy:NAME`` or a symbol), oldest first."""
        return (order for order in tuple(self._live.values()) if covers(scope, order.symbol, order.strategy))

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
            order.order_id,
            order.symbol,
            order.side,
            order.qty,
            order.limit_micros or 0,
            self.added_open(order)[1],
            strategy=order.strategy,
        )
        if isinstance(order, ReplaceOrder):
            entry.target_id = order.target_id
            entry.filled = target.filled if target is not None else 0
        self._live[order.order_id] = entry
        self._open[order.symbol][order.side] += entry.open_qty
        self.moved(order.symbol)
        self._record(entry, "")

    def accept(self, order_id: int, reason: str = "") -> None:
        """The venue works the order; if it is a replace, its target is gone. Nothing happens to one that is over."""
        order = self._live.get(order_id)
        if order is None or order.over:
            return
        if order.target_id:
            target = self._live.get(order.target_id)
            order.target_id = 0
            if target is not None:
                order.filled = target.filled
                self._end(target, OrderState.CANCELLED, REPLACED)
                self._heirs[target.order_id] = order_id
            self._set_open(order, max(order.qty - order.filled, 0))
        self._set_state(order, OrderState.WORKING, reason)

    def fill(self, order_id: int, qty: int) -> bool:
        """*qty* shares of an accepted order, or of one that it replaced, were filled; False if so many are not open."""
        order = self._live.get(order_id) or self.heir(order_id)
        if order is None or order.target_id:
            return False
        sound = qty <= order.open_qty
        order.filled += qty
        self._set_open(order, max(order.open_qty - qty, 0))
        if order.open_qty == 0:
            self._end(order, OrderState.CANCELLED if order.over else OrderState.FILLED, order.over)
        elif not order.over:
            self._set_state(order, OrderState.WORKING)
        return sound

    def restate(self, order_id: int, open_qty: int) -> None:
        """The venue has made the order smaller: so many shares are open. Nothing happens if it is not live."""
        order = self._live.get(order_id)
        if order is not None and not order.over:
            order.qty = order.filled + open_qty
            self._set_open(order, open_qty)

    def end(self, order_id: int, state: OrderState, reason: str) -> None:
        """The order is dead: ``cancelled`` or ``rejected``. Nothing happens if it is not live."""
        order = self._live.get(order_id)
        if order is not None:
            self._end(order, state, reason)

    def cancelled(self, order_id: int, left: int, reason: str) -> int:
        """The order is over with *left* shares unfilled: how many shares of fills are missing. 0 if it is not live.

        They count until they come.
        """
        order = self._live.get(order_id)
        if order is None:
            return 0
        missing = max(order.open_qty - left, 0)
        if not missing:
            self._end(order, OrderState.CANCELLED, reason)
            return 0
        order.over = reason or OrderState.CANCELLED.value
        self._set_open(order, missing)
        self._set_state(order, OrderState.UNKNOWN, FILLS_MISSING)
        return missing

    def lose_sight(self, order_id: int, reason: str) -> None:
        """Nobody knows what became of the order: it keeps counting, as ``unknown``."""
        order = self._live.get(order_id)
        if order is not None and not order.over:
            self._set_state(order, OrderState.UNKNOWN, reason)

    # ---- below the surface

    def _set_open(self, order: LiveOrder, open_qty: int) -> None:
        self._open[order.symbol][order.side] += open_qty - order.open_qty
        order.open_qty = open_qty
        self.moved(order.symbol)

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


def _nobody_asks(_symbol: str) -> None:
    """The default of :attr:`OrderTable.moved`."""
