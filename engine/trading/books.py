"""The desk's books: what the broker's answers do to the order table and the ledger.

A broker may say a thing twice, late, in another order, or not at all. Here each of that is put right: an execution is
booked once, by its id, whenever it comes; an answer that was heard is passed over; a fill says that its order was
accepted; an order that ended with shares unaccounted for counts until their fills come; a bust waits for its fill.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from engine.domain.fees import FeeSchedule
from engine.domain.orders import CORRECTED, Bust, CancelOrder, Fill, Instruction, OrderState, OrderUpdate
from engine.domain.records import BooksChecked, DeskBreak, DeskBust, DeskFill, DeskOrder, Finding
from engine.kernel.world import World
from engine.trading.broker_end import Statement
from engine.trading.fees import FeeTable
from engine.trading.ledger import Ledger
from engine.trading.ledger_invariants import Scene, broken
from engine.trading.order_table import IMPLIED, OrderTable

SESSION_LOST = "session_lost"
"""Why an order is unknown: it was sent, and the session went down before an answer came."""

UNANSWERED = "unanswered"
"""Why an order is unknown: it was sent, and no answer has come for too long."""

FILL_AFTER_CANCEL = "fill_after_cancel"
"""The break that a fill came after the end of its order was confirmed, though its shares were known to be missing."""

FILL_UNEXPECTED = "fill_unexpected"
"""The finding that a fill came for an order that the desk does not have open."""

BUST_UNEXPECTED = "bust_unexpected"
"""The finding that an execution was taken back that the desk has not in its books."""

BOOKINGS_PER_CHECK = 2_000
"""How many executions are booked between two checks of all invariants in a run."""


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
        self._heard: set[OrderUpdate] = set()
        """Every answer so far: one that comes again says nothing new."""
        self._early_busts: set[int] = set()
        """Executions that were taken back and have not come yet."""
        self._bookings = 0
        self.statement: Callable[[], Statement | None] = lambda: None
        """The broker's account, where it can be had and nothing is under way (invariant I9)."""

    # ---- what the session brings

    def on_update(self, update: OrderUpdate) -> None:
        """An instruction was answered, by the venue or by the desk's own gateway. What was heard is passed over."""
        if update in self._heard:
            return
        self._heard.add(update)
        if update.state is OrderState.WORKING and update.target_id == update.order_id:
            self._restated(update)
        elif update.state is OrderState.WORKING:
            if not self._accepted(update) and self._orders.get(update.order_id) is not None:
                return  # no news; but an order that nobody knows here has to be told of
        elif update.state is OrderState.CANCELLED:
            # The answer to a cancel names the cancel; an order that ended by itself names only itself.
            self._cancelled(update.target_id or update.order_id, update)
        elif self._orders.get(update.order_id) is not None:
            self._orders.end(update.order_id, update.state, update.reason)
            self._ledger.order_closed(update.order_id)
        else:
            self._cancel_refused(update)
        self._told(update)

    def on_fill(self, fill: Fill) -> None:
        """An order was filled, or a trade was corrected. A fill that is booked already is passed over."""
        fee_micros = self._fees.fee_micros(fill.side, fill.qty, fill.price_micros, fill.liquidity)
        new = not self._ledger.has_booked(fill.exec_id)
        if new and fill.corrects:
            self._take_back(fill.corrects, fill.order_id)
        elif new:
            self._imply(fill.order_id)
        taken_back = fill.exec_id in self._early_busts
        if not self._ledger.book(fill, fee_micros, taken_back=taken_back):
            return
        if not fill.corrects:
            self._take_from_order(fill)
        self._record(fill, fee_micros)
        if taken_back:
            self._early_busts.remove(fill.exec_id)
            self._record_bust(fill.exec_id, fill.order_id, fill.symbol)
        else:
            self._booked(replace(fill, fee_micros=fee_micros))
        self._bookings += 1
        if not self._bookings % BOOKINGS_PER_CHECK:
            self.check(without=("I11",))  # which does everything again: at the end that is once

    def on_bust(self, bust: Bust) -> None:
        """An execution was taken back. If it has not come yet, it is booked as taken back when it does."""
        if self._ledger.bust(bust):
            self._record_bust(bust.exec_id, bust.order_id, bust.symbol)
            self._busted()
        elif not self._ledger.has_booked(bust.exec_id) and bust.exec_id not in self._early_busts:
            self._early_busts.add(bust.exec_id)
            self._break(BUST_UNEXPECTED, bust.order_id, bust.exec_id)
            text = f"execution {bust.exec_id} was taken back, which is not in the books"
            self._world.record(Finding(self._world.now_ns, BUST_UNEXPECTED, text))

    def _take_back(self, exec_id: int, order_id: int) -> None:
        """Another execution takes the place of *exec_id*."""
        old = self._ledger.execution(exec_id)
        if old is not None:
            self.on_bust(
                Bust(exec_id, old.order_id, old.symbol, old.side, old.qty, old.price_micros, old.fee_micros, CORRECTED)
            )
        elif exec_id not in self._early_busts:
            self._early_busts.add(exec_id)
            self._break(BUST_UNEXPECTED, order_id, exec_id)

    def on_session(self, lost: tuple[Instruction, ...]) -> None:
        """The session is down: every order of *lost* is unknown, and counts until it is resolved."""
        for instruction in lost:
            if not isinstance(instruction, CancelOrder):
                self._orders.lose_sight(instruction.order_id, SESSION_LOST)

    def on_unanswered(self, instruction: Instruction) -> None:
        """An order has had no answer for too long: it is unknown, and counts until it is resolved."""
        self._orders.lose_sight(instruction.order_id, UNANSWERED)

    def open_orders(self) -> tuple[int, ...]:
        """The orders that may still fill, as far as the desk knows."""
        return tuple(order.order_id for order in self._orders.live())

    # ---- whether it is right

    def check(self, without: tuple[str, ...] = ()) -> list[str]:
        """Check every invariant, but those named, and write down how many do not hold."""
        found = broken(Scene(self._ledger, self._orders, self.statement()), without)
        self._world.record(BooksChecked(self._world.now_ns, self._bookings, len(found), found[0] if found else ""))
        return found

    # ---- how

    def _accepted(self, update: OrderUpdate) -> bool:
        """The venue works an order; whether that is news: a fill may have said so, or the order be over."""
        order = self._orders.get(update.order_id)
        if order is None or order.over or order.state is OrderState.WORKING:
            return False
        self._orders.accept(update.order_id)
        self._ledger.order(update.order_id, update.left)
        if update.target_id:
            # What is open here beyond the venue's word was filled of the order before, and has not come.
            self._ledger.order_closed(update.target_id, max(order.open_qty - update.left, 0))
        return True

    def _imply(self, order_id: int) -> None:
        """A fill or an end of *order_id* has come: if its acceptance has not, this is it."""
        order = self._orders.get(order_id)
        if order is None or order.over or order.state is OrderState.WORKING:
            return
        target_id = order.target_id
        target = self._orders.get(target_id)
        missing = target.open_qty if target is not None else 0
        self._orders.accept(order_id, IMPLIED)
        self._ledger.order(order_id, order.open_qty)
        if target_id:
            self._ledger.order_closed(target_id, missing)
        self._told(OrderUpdate(order_id, target_id, OrderState.WORKING, IMPLIED, order.open_qty))

    def _restated(self, update: OrderUpdate) -> None:
        """The venue has made an order smaller."""
        self._orders.restate(update.order_id, update.left)
        self._ledger.order_made_smaller(update.order_id, update.left)

    def _cancelled(self, order_id: int, update: OrderUpdate) -> None:
        order = self._orders.get(order_id)
        if order is not None and order.target_id:
            self._imply(order_id)
        self._ledger.order_closed(order_id, self._orders.cancelled(order_id, update.left, update.reason))

    def _take_from_order(self, fill: Fill) -> None:
        """The order has so much less open; a fill that comes after its end is a break."""
        order = self._orders.get(fill.order_id)
        over = order is None or order.over
        if not self._orders.fill(fill.order_id, fill.qty):
            self._break(FILL_UNEXPECTED, fill.order_id, fill.exec_id)
            text = f"fill {fill.exec_id} of {fill.qty} shares came for order {fill.order_id}, which is not open for it"
            self._world.record(Finding(self._world.now_ns, FILL_UNEXPECTED, text))
        elif over:
            self._break(FILL_AFTER_CANCEL, fill.order_id, fill.exec_id)

    def _record(self, fill: Fill, fee_micros: int) -> None:
        ledger = self._ledger
        self._world.record(
            DeskFill(
                self._world.now_ns,
                fill.exec_id,
                fill.order_id,
                fill.symbol,
                int(fill.side),
                fill.qty,
                fill.price_micros,
                fee_micros,
                ledger.position(fill.symbol),
                ledger.cash_micros,
                ledger.fees_micros,
            )
        )

    def _record_bust(self, exec_id: int, order_id: int, symbol: str) -> None:
        ledger = self._ledger
        position, cash_micros, fees_micros = ledger.position(symbol), ledger.cash_micros, ledger.fees_micros
        self._world.record(DeskBust(self._world.now_ns, exec_id, order_id, symbol, position, cash_micros, fees_micros))

    def _break(self, code: str, order_id: int, exec_id: int) -> None:
        self._world.record(DeskBreak(self._world.now_ns, code, order_id, exec_id))

    def _cancel_refused(self, update: OrderUpdate) -> None:
        target = self._orders.get(update.target_id)
        if target is not None:
            target.cancelling = False
        self._world.record(DeskOrder(self._world.now_ns, update.order_id, update.state.value, update.reason))
