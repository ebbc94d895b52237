"""The desk's books: what the venue's answers do to the order table and the ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from engine.domain.fees import FeeSchedule
from engine.domain.orders import Bust, CancelOrder, Fill, Instruction, OrderState, OrderUpdate
from engine.domain.records import DeskBust, DeskFill, DeskOrder, Finding
from engine.kernel.world import World
from engine.trading.fees import FeeTable
from engine.trading.ledger import Ledger
from engine.trading.order_table import OrderTable

SESSION_LOST = "session_lost"
"""Why an order is unknown: it was sent, and the session went down before an answer came."""

FILL_UNEXPECTED = "fill_unexpected"
"""The finding that a fill came for an order that the desk does not have open."""


BUST_UNEXPECTED = "bust_unexpected"
"""The finding that an execution was taken back that the desk has not in its books."""


class Books:
    """Books what the session delivers, then tells the desk: *told* hears of updates, *booked* of fills, *busted* of
    executions that were taken back.
    """

    def __init__(
        self,
        world: World,
        orders: OrderTable,
        ledger: Ledger,
        fees: FeeSchedule,
        day: str,
        told: Callable[[OrderUpdate], None],
        booked: Callable[[Fill], None],
        busted: Callable[[], None],
    ) -> None:
        self._world = world
        self._orders = orders
        self._ledger = ledger
        self._fees = FeeTable(fees, day)
        self._told = told
        self._booked = booked
        self._busted = busted

    def on_update(self, update: OrderUpdate) -> None:
        """An instruction was answered, by the venue or by the desk's own gateway."""
        if update.state is OrderState.WORKING and update.target_id == update.order_id:
            self._restated(update)
        elif update.state is OrderState.WORKING:
            self._accepted(update)
        elif update.state is OrderState.CANCELLED:
            # The answer to a cancel names the cancel; an order that ended by itself names only itself.
            self._ended(update.target_id or update.order_id, update)
        elif self._orders.get(update.order_id) is not None:
            self._ended(update.order_id, update)
        else:
            self._cancel_refused(update)
        self._told(update)

    def on_fill(self, fill: Fill) -> None:
        """An order was filled. A fill that is booked already is passed over."""
        fee = self._fees.fee_micros(fill.side, fill.qty, fill.price_micros, fill.liquidity)
        if not self._ledger.book(fill, fee):
            return
        now_ns, ledger = self._world.now_ns, self._ledger
        if not self._orders.fill(fill.order_id, fill.qty):
            text = f"fill {fill.exec_id} of {fill.qty} shares came for order {fill.order_id}, which is not open for it"
            self._world.record(Finding(now_ns, FILL_UNEXPECTED, text))
        self._world.record(
            DeskFill(
                now_ns,
                fill.exec_id,
                fill.order_id,
                fill.symbol,
                int(fill.side),
                fill.qty,
                fill.price_micros,
                fee,
                ledger.position(fill.symbol),
                ledger.cash_micros,
                ledger.fees_micros,
            )
        )
        self._booked(replace(fill, fee_micros=fee))

    def on_bust(self, bust: Bust) -> None:
        """An execution was taken back."""
        now_ns, ledger = self._world.now_ns, self._ledger
        if not ledger.bust(bust):
            text = f"execution {bust.exec_id} was taken back, which is not in the books"
            self._world.record(Finding(now_ns, BUST_UNEXPECTED, text))
            return
        position = ledger.position(bust.symbol)
        self._world.record(
            DeskBust(
                now_ns,
                bust.exec_id,
                bust.order_id,
                bust.symbol,
                position,
                ledger.cash_micros,
                ledger.fees_micros,
            )
        )
        self._busted()

    def on_session(self, lost: tuple[Instruction, ...]) -> None:
        """The session is down: every order of *lost* is unknown, and counts until it is resolved."""
        for instruction in lost:
            if not isinstance(instruction, CancelOrder):
                self._orders.lose_sight(instruction.order_id, SESSION_LOST)

    def _accepted(self, update: OrderUpdate) -> None:
        self._orders.accept(update.order_id)
        order = self._orders.get(update.order_id)
        if order is not None:
            self._ledger.order(order.order_id, order.open_qty)
        if update.target_id:
            self._ledger.order_closed(update.target_id)

    def _restated(self, update: OrderUpdate) -> None:
        """The venue has made an order smaller."""
        self._orders.restate(update.order_id, update.left)
        self._ledger.order_made_smaller(update.order_id, update.left)

    def _ended(self, order_id: int, update: OrderUpdate) -> None:
        self._orders.end(order_id, update.state, update.reason)
        self._ledger.order_closed(order_id)

    def _cancel_refused(self, update: OrderUpdate) -> None:
        target = self._orders.get(update.target_id)
        if target is not None:
            target.cancelling = False
        self._world.record(DeskOrder(self._world.now_ns, update.order_id, update.state.value, update.reason))
