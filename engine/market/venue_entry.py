"""The venue's order entry: takes the desk's instructions, answers each, and hands what it accepts to the floor.

Answers go to the listener at the venue's time; the desk's lines add their own delay. In every OrderUpdate
``order_id`` is the instruction that is answered, ``target_id`` the order that a cancel or replace aimed at, ``left``
what is still working (``working``) or was taken out (``cancelled``).

A replace is a cancel and a new order: it always loses its place in the queue. ``qty`` of a replace is the total, as
in FIX, so that what was filled before counts; ``VenueAccepted.qty`` is what is open from then on. The replaced order
ends with a VenueCancelled of reason ``replaced``, without an update of its own.

While a symbol does not trade, an order that may rest is accepted and waits for the auction that ends the stop.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from engine.domain.orders import CancelOrder, Instruction, NewOrder, OrderKind, ReplaceOrder
from engine.domain.ports import MarketModel
from engine.market.announcer import Announcer
from engine.market.order_checks import OrderChecks
from engine.market.venue_floor import Floor, Working
from engine.market.venue_halts import Halts
from engine.market.venue_safeguards import Safeguards


class OrderEntry:
    """The one place where instructions are refused or accepted."""

    def __init__(
        self, model: MarketModel, say: Announcer, floor: Floor, halts: Halts, safeguards: Safeguards, *, watched: bool
    ) -> None:
        """*watched* says whether any mechanism of the venue is in force."""
        self._model = model
        self._say = say
        self._floor = floor
        self._halts = halts
        self._safeguards = safeguards
        self.watched = watched
        self._checks = OrderChecks({each.symbol: each for each in model.instruments})
        self._known: set[int] = set()
        self.refusals: list[Callable[[NewOrder], str]] = []
        """Faults: each is asked of every sound new order for a reason to reject it; nothing lets it pass."""

    def take(self, instruction: Instruction, sent_ns: int, *, session_up: bool) -> None:
        """Answer an instruction that arrives now, over a session that is up or not."""
        match instruction:
            case NewOrder():
                self._new(instruction, sent_ns, session_up=session_up)
            case CancelOrder():
                self._cancel(instruction, session_up=session_up)
            case ReplaceOrder():
                self._replace(instruction, sent_ns, session_up=session_up)
            case _:
                assert_never(instruction)
        self._known.add(instruction.order_id)

    def _new(self, order: NewOrder, sent_ns: int, *, session_up: bool) -> None:
        reason = (
            self._door(order.order_id, session_up=session_up)
            or self._checks.new(order)
            or self._stop(order)
            or self._refusal(order)
        )
        if reason:
            self._say.rejected(order.order_id, 0, "new", reason)
        else:
            self._accept(order, 0, sent_ns, filled=0)

    def _cancel(self, cancel: CancelOrder, *, session_up: bool) -> None:
        reason = self._door(cancel.order_id, session_up=session_up) or self._target(cancel.target_id, cancel.symbol)
        if reason:
            self._say.rejected(cancel.order_id, cancel.target_id, "cancel", reason)
            return
        working = self._floor.take_out(cancel.target_id)
        self._say.cancelled(cancel.target_id, working.order.symbol, working.left, "requested", asked_by=cancel.order_id)

    def _replace(self, wish: ReplaceOrder, sent_ns: int, *, session_up: bool) -> None:
        reason = self._door(wish.order_id, session_up=session_up) or self._target(wish.target_id, wish.symbol)
        old = self._floor.working.get(wish.target_id)
        order, filled = None, 0
        if not reason and old is not None:
            filled = old.filled + old.order.qty - old.left
            reason = self._checks.replace(wish, old.order, filled)
            order = _replacement(wish, old.order, filled)
            reason = reason or self._stop(order)
        if reason or order is None:
            self._say.rejected(wish.order_id, wish.target_id, "replace", reason)
            return
        gone = self._floor.take_out(wish.target_id)
        self._say.replaced(wish.target_id, gone.order.symbol, gone.left)
        self._accept(order, wish.target_id, sent_ns, filled)

    def _accept(self, order: NewOrder, target_id: int, sent_ns: int, filled: int) -> None:
        """Take *order* in: the record, the answer, its executions, and the end of what may not rest."""
        trading = self._halts.trades(order.symbol)
        self._say.accepted(order, target_id, sent_ns, self._model.quote(order.symbol) if trading else None)
        self._floor.enter(Working(order, sent_ns, order.qty, filled), trading=trading)

    def _door(self, order_id: int, *, session_up: bool) -> str:
        """Why nothing of this number may pass now, or nothing."""
        if not session_up:
            return "session_down"
        return "duplicate_id" if order_id in self._known else ""

    def _stop(self, order: NewOrder) -> str:
        """Why a mechanism of the venue refuses a sound order, or nothing."""
        if not self.watched:
            return ""
        return self._halts.refusal(order) or self._safeguards.refusal(order, self._model.quote(order.symbol))

    def _refusal(self, order: NewOrder) -> str:
        """The first reason that a fault gives; each fault counts every order, also one that another has refused."""
        reasons = [refuse(order) for refuse in self.refusals]
        return next(filter(None, reasons), "")

    def _target(self, target_id: int, symbol: str) -> str:
        """Why the target of a cancel or replace may not be touched, or nothing."""
        working = self._floor.working.get(target_id)
        if working is None:
            return "too_late" if target_id in self._known else "unknown_order"
        return "" if working.order.symbol == symbol else "wrong_symbol"


def _replacement(wish: ReplaceOrder, old: NewOrder, filled: int) -> NewOrder:
    """The order that takes the place of *old*, of which *filled* shares are done."""
    return NewOrder(
        order_id=wish.order_id,
        symbol=wish.symbol,
        side=wish.side,
        qty=wish.qty - filled,
        kind=OrderKind.LIMIT,
        limit_micros=wish.limit_micros,
        tif=old.tif,
        origin=wish.origin,
    )
