"""The venue's door: takes the desk's instructions, moves the market model, charges fees, writes the venue's records.

Answers go to the listener at the venue's time; the desk's lines add their own delay. In every OrderUpdate
``order_id`` is the instruction that is answered, ``target_id`` the order that a cancel or replace aimed at, ``left``
what is still working (``working``) or was taken out (``cancelled``).

A replace is a cancel and a new order: it always loses its place in the queue. ``qty`` of a replace is the total, as
in FIX, so that what was filled before counts; ``VenueAccepted.qty`` is what is open from then on. The replaced order
ends with a VenueCancelled of reason ``replaced``, without an update of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from engine.domain.fees import FeeSchedule
from engine.domain.orders import CancelOrder, Fill, Instruction, Liquidity, NewOrder, OrderKind, ReplaceOrder
from engine.domain.ports import NEVER_NS, Execution, Levers, MarketEvent, MarketModel, VenueListener
from engine.domain.quotes import Quote
from engine.kernel.world import World
from engine.market.announcer import Announcer
from engine.market.fees import VenueFees
from engine.market.model_document import MarketError
from engine.market.order_checks import OrderChecks
from engine.market.resting import may_rest


@dataclass(slots=True)
class Working:
    """An order that the venue holds: the order as accepted, what is open, what was filled before a replace."""

    order: NewOrder
    left: int
    filled: int = 0


class Venue:
    """The venue of one run. The member's session is up from the beginning."""

    def __init__(
        self, world: World, model: MarketModel, fees: FeeSchedule, day: str, *, cancel_on_disconnect: bool
    ) -> None:
        """Raise MarketError if *fees* has no period in force on *day* (``YYYY-MM-DD``)."""
        self.model = model
        self._world = world
        self._fees = VenueFees(fees, day)
        self._cancel_on_disconnect = cancel_on_disconnect
        self._instruments = {each.symbol: each for each in model.instruments}
        self._checks = OrderChecks(self._instruments)
        self._say = Announcer(world)
        self._working: dict[int, Working] = {}
        self._known: set[int] = set()
        self._execs = 0
        self._session_up = True
        self.refusals: list[Callable[[NewOrder], str]] = []
        """Faults: each is asked of every sound new order for a reason to reject it; nothing lets it pass."""

    # ---- the market

    def connect(self, listener: VenueListener) -> None:
        """Tell *listener* everything from now on."""
        self._say.listener = listener

    def start(self) -> None:
        """Let the market move by itself from now on: the opening quotes come at once."""
        self.sync()
        self._wake_next()

    def sync(self) -> None:
        """Bring the market to now, and say what happened."""
        for event in self.model.advance(self._world.now_ns):
            self._publish(event)

    def quote(self, symbol: str) -> Quote:
        """The top of book now."""
        self.sync()
        return self.model.quote(symbol)

    def levers(self, symbol: str) -> Levers:
        """The levers of one symbol, for faults. Raise LookupError if it is not traded here."""
        if symbol not in self._instruments:
            raise LookupError(f"{symbol} is not traded here; traded are {', '.join(self._instruments)}")
        return self.model.levers(symbol)

    def open_inventory(self, symbol: str, qty: int) -> int:
        """Open the session with *qty* shares (negative: short) at the mid of now: its price in micro-dollars.

        Raise MarketError if there is no mid.
        """
        mid_micros = self.quote(symbol).mid_micros
        if mid_micros is None:
            raise MarketError(
                f"{symbol} has no bid and ask at {self._world.now_ns} ns to open an inventory at",
                "an inventory needs a two-sided market at clock.start",
            )
        price_micros = round(mid_micros)
        self._say.inventory(symbol, qty, price_micros)
        return price_micros

    # ---- the member's session

    def session_up(self, reason: str) -> None:
        """The member's session is up from now on."""
        self._set_session(up=True, reason=reason)

    def session_down(self, reason: str) -> None:
        """The member's session is down from now on; with cancel-on-disconnect its resting orders are taken out."""
        if self._set_session(up=False, reason=reason) and self._cancel_on_disconnect:
            for order_id in self.working_ids():
                self.model.cancel(order_id)
                self._end(order_id, "cancel_on_disconnect")

    def working_ids(self) -> tuple[int, ...]:
        """The orders that the venue holds for the member, the oldest first."""
        return tuple(self._working)

    # ---- orders

    def submit(self, instruction: Instruction, sent_ns: int) -> None:
        """An instruction arrives now; *sent_ns* is the sending time on the message."""
        self.sync()
        match instruction:
            case NewOrder():
                self._new(instruction, sent_ns)
            case CancelOrder():
                self._cancel(instruction)
            case ReplaceOrder():
                self._replace(instruction, sent_ns)
            case _:
                assert_never(instruction)
        self._known.add(instruction.order_id)
        self.sync()

    def _new(self, order: NewOrder, sent_ns: int) -> None:
        reason = self._door(order.order_id) or self._checks.new(order) or self._refusal(order)
        if reason:
            self._say.rejected(order.order_id, 0, "new", reason)
        else:
            self._accept(order, 0, sent_ns, filled=0)

    def _cancel(self, cancel: CancelOrder) -> None:
        reason = self._door(cancel.order_id) or self._target(cancel.target_id, cancel.symbol)
        if reason:
            self._say.rejected(cancel.order_id, cancel.target_id, "cancel", reason)
            return
        self.model.cancel(cancel.target_id)
        working = self._working.pop(cancel.target_id)
        self._say.cancelled(cancel.target_id, working.order.symbol, working.left, "requested", asked_by=cancel.order_id)

    def _replace(self, replace: ReplaceOrder, sent_ns: int) -> None:
        reason = self._door(replace.order_id) or self._target(replace.target_id, replace.symbol)
        old = self._working.get(replace.target_id)
        filled = old.filled + old.order.qty - old.left if old is not None else 0
        if not reason and old is not None:
            reason = self._checks.replace(replace, old.order, filled)
        if reason or old is None:
            self._say.rejected(replace.order_id, replace.target_id, "replace", reason)
            return
        self.model.cancel(replace.target_id)
        del self._working[replace.target_id]
        self._say.replaced(replace.target_id, old.order.symbol, old.left)
        order = NewOrder(
            order_id=replace.order_id,
            symbol=replace.symbol,
            side=replace.side,
            qty=replace.qty - filled,
            kind=OrderKind.LIMIT,
            limit_micros=replace.limit_micros,
            tif=old.order.tif,
            origin=replace.origin,
        )
        self._accept(order, replace.target_id, sent_ns, filled)

    def _accept(self, order: NewOrder, target_id: int, sent_ns: int, filled: int) -> None:
        """Take *order* in: the record, the answer, its executions, and the end of what may not rest."""
        self._working[order.order_id] = Working(order, order.qty, filled)
        self._say.accepted(order, target_id, sent_ns, self.model.quote(order.symbol))
        for execution in self.model.submit(order):
            self._publish(execution)
        if order.order_id in self._working and not may_rest(order):
            self._end(order.order_id, "ioc_remainder")

    def _door(self, order_id: int) -> str:
        """Why nothing of this number may pass now, or nothing."""
        if not self._session_up:
            return "session_down"
        return "duplicate_id" if order_id in self._known else ""

    def _refusal(self, order: NewOrder) -> str:
        """The first reason that a fault gives; each fault counts every order, also one that another has refused."""
        reasons = [refuse(order) for refuse in self.refusals]
        return next(filter(None, reasons), "")

    def _target(self, target_id: int, symbol: str) -> str:
        """Why the target of a cancel or replace may not be touched, or nothing."""
        working = self._working.get(target_id)
        if working is None:
            return "too_late" if target_id in self._known else "unknown_order"
        return "" if working.order.symbol == symbol else "wrong_symbol"

    def _end(self, order_id: int, reason: str) -> None:
        """An order ends by the venue's own doing."""
        working = self._working.pop(order_id)
        self._say.cancelled(order_id, working.order.symbol, working.left, reason)

    def _set_session(self, *, up: bool, reason: str) -> bool:
        """Whether the session changed."""
        self.sync()
        changed = up != self._session_up
        if changed:
            self._session_up = up
            self._say.session(up=up, reason=reason)
        return changed

    # ---- what the market says

    def _publish(self, event: MarketEvent) -> None:
        if isinstance(event, Execution):
            self._fill(event)
        else:
            self._say.tick(event)

    def _fill(self, execution: Execution) -> None:
        """Charge and book a match of the member's order."""
        self._execs += 1
        working = self._working[execution.order_id]
        assert 0 <= execution.left == working.left - execution.qty, execution
        working.left = execution.left
        if not execution.left:
            del self._working[execution.order_id]
        fill = Fill(
            exec_id=self._execs,
            order_id=execution.order_id,
            symbol=execution.symbol,
            side=execution.side,
            qty=execution.qty,
            price_micros=execution.price_micros,
            liquidity=Liquidity.MAKER if execution.maker else Liquidity.TAKER,
            fee_micros=self._fees.charge_micros(
                execution.side, execution.qty, execution.price_micros, maker=execution.maker
            ),
            left=execution.left,
        )
        self._say.filled(execution.t_ns, fill)

    def _wake_next(self) -> None:
        """Come back at the model's next instant."""
        next_ns = self.model.next_ns()
        if next_ns < NEVER_NS:
            self._world.at(next_ns, self._wake)

    def _wake(self) -> None:
        self.sync()
        self._wake_next()
