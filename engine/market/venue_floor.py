"""The venue's floor: the member's accepted orders, in the market model or waiting for an auction, and their fills."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from engine.domain.orders import CORRECTED, Bust, Fill, Liquidity, NewOrder, OrderKind, Side, TimeInForce
from engine.domain.ports import Execution, MarketEvent, MarketModel
from engine.market.announcer import Announcer
from engine.market.fees import VenueFees
from engine.market.mechanics.self_trade import SELF_TRADE, SelfTrade
from engine.market.resting import may_rest

Inside = Callable[[str, Side, int | None], int | None]
"""The limit of an order, held inside the price bands (None: a market order without bands)."""


@dataclass(slots=True)
class Working:
    """An order that the venue holds: the order as accepted, what is open, what was filled before a replace."""

    order: NewOrder
    sent_ns: int
    left: int
    filled: int = 0
    collected: bool = False
    """Whether it waits for the auction, outside the model."""
    limit_micros: int | None = None
    """Its limit in the model: its own, held inside the bands."""


class Floor:
    """What becomes of accepted orders. *publish* says what the model does to them."""

    def __init__(
        self,
        model: MarketModel,
        say: Announcer,
        fees: VenueFees,
        publish: Callable[[MarketEvent], None],
        inside: Inside,
        self_trade: SelfTrade | None,
    ) -> None:
        self.working: dict[int, Working] = {}
        """The open orders, the oldest first."""
        self._model = model
        self._say = say
        self._fees = fees
        self._publish = publish
        self._inside = inside
        self._self_trade = self_trade
        self._ticks = {each.symbol: each.tick_micros for each in model.instruments}
        self._fills: list[Fill] = []
        """Every execution; its number is its place, from 1."""
        self._busted: set[int] = set()

    # ---- orders

    def enter(self, working: Working, *, trading: bool) -> None:
        """An accepted order meets the market, or waits for the auction while its symbol does not trade."""
        order = working.order
        self.working[order.order_id] = working
        working.collected = not trading
        if self._self_trade is not None and not self._keep_apart(working, self._self_trade):
            return
        if trading:
            self._submit(working)
            if self._holds(working) and not may_rest(order):
                self.end(order.order_id, "ioc_remainder")

    def take_out(self, order_id: int) -> Working:
        """An open order leaves; the caller says so."""
        self._model.cancel(order_id)
        return self.working.pop(order_id)

    def end(self, order_id: int, reason: str) -> None:
        """An open order ends by the venue's own doing."""
        working = self.take_out(order_id)
        self._say.cancelled(order_id, working.order.symbol, working.left, reason)

    def reprice(self, symbol: str) -> None:
        """The bands of *symbol* have moved: every resting order stands at its own limit again, or at the band.

        One that moves loses its place in the queue.
        """
        for working in [each for each in self.working.values() if each.order.symbol == symbol]:
            limit = self._inside(symbol, working.order.side, working.order.limit_micros)
            if not working.collected and limit != working.limit_micros and self._holds(working):
                self._model.cancel(working.order.order_id)
                self._submit(working)

    def collected(self, symbol: str) -> tuple[NewOrder, ...]:
        """The orders of *symbol* that wait for the auction, the oldest first; from now on the model has them."""
        waiting = [each for each in self.working.values() if each.order.symbol == symbol and each.collected]
        for working in waiting:
            working.collected, working.limit_micros = False, working.order.limit_micros
        return tuple(replace(each.order, qty=each.left) for each in waiting)

    def _submit(self, working: Working) -> None:
        """Put what is open of an order into the model, inside the bands."""
        order = working.order
        working.limit_micros = self._inside(order.symbol, order.side, order.limit_micros)
        self._run(working, working.limit_micros, order.tif)

    def _run(self, working: Working, limit_micros: int | None, tif: TimeInForce) -> None:
        order = working.order
        if limit_micros != order.limit_micros or tif is not order.tif or working.left != order.qty:
            kind = OrderKind.MARKET if limit_micros is None else OrderKind.LIMIT
            tif = TimeInForce.IOC if order.kind is OrderKind.MARKET else tif
            order = replace(order, qty=working.left, kind=kind, limit_micros=limit_micros, tif=tif)
        for execution in self._model.submit(order):
            self._publish(execution)

    def _holds(self, working: Working) -> bool:
        return self.working.get(working.order.order_id) is working

    # ---- self-trade prevention

    def _keep_apart(self, working: Working, rule: SelfTrade) -> bool:
        """Apply *rule* to every own order that *working* would meet; whether anything of it is still open.

        It first takes what others show at better prices. At its own order's price it meets that one first.
        """
        order = working.order
        for own in self._opposing(working):
            limit = own.order.limit_micros if own.collected else own.limit_micros
            better = (limit or 0) - int(order.side) * self._ticks[order.symbol]
            if not working.collected and better > 0:
                wanted = self._inside(order.symbol, order.side, order.limit_micros)
                reach = better if wanted is None else int(order.side) * min(order.side * better, order.side * wanted)
                self._run(working, reach, TimeInForce.IOC)
            if self._holds(working) and self._holds(own):
                cut_arriving, cut_resting = rule.cuts(working.left, own.left)
                self._cut(own, cut_resting)
                self._cut(working, cut_arriving)
            if not self._holds(working):
                return False
        return True

    def _opposing(self, working: Working) -> list[Working]:
        """The member's orders on the other side that *working* may meet: the best price first, then the oldest."""
        order = working.order
        limit = order.limit_micros
        found = [
            each
            for each in self.working.values()
            if each.order.symbol == order.symbol
            and each.order.side is order.side.opposite
            and each.order.limit_micros is not None
            and (limit is None or order.side * (limit - each.order.limit_micros) >= 0)
        ]
        return sorted(found, key=lambda each: int(order.side) * (each.order.limit_micros or 0))

    def _cut(self, working: Working, shares: int) -> None:
        """Take *shares* out of an order; with none left it ends, else it loses its place in the queue."""
        if shares == working.left:
            self.end(working.order.order_id, SELF_TRADE)
        elif shares:
            working.order = replace(working.order, qty=working.order.qty - shares)
            working.left -= shares
            self._say.restated(working.order, working.left, working.sent_ns, SELF_TRADE)
            if not working.collected and self._model.cancel(working.order.order_id):
                self._submit(working)

    # ---- fills

    def fill(self, execution: Execution) -> None:
        """Charge and book a match of the member's order."""
        working = self.working[execution.order_id]
        assert 0 <= execution.left == working.left - execution.qty, execution
        working.left = execution.left
        if not execution.left:
            del self.working[execution.order_id]
        fill = Fill(
            exec_id=len(self._fills) + 1,
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
        self._fills.append(fill)
        self._say.filled(execution.t_ns, fill)

    def correct(self, exec_id: int, price_micros: int) -> None:
        """Take an execution of an order that is over back, and say it anew at *price_micros*, with its fee.

        Raise LookupError, and do nothing, if it cannot be.
        """
        if 1 <= exec_id <= len(self._fills) and self._fills[exec_id - 1].order_id in self.working:
            raise LookupError(f"an execution of an order that is over was expected, was {exec_id}")
        self.bust((exec_id,), CORRECTED)
        old = self._fills[exec_id - 1]
        maker = old.liquidity is Liquidity.MAKER
        fee_micros = self._fees.charge_micros(old.side, old.qty, price_micros, maker=maker)
        number = len(self._fills) + 1
        new = replace(old, exec_id=number, price_micros=price_micros, fee_micros=fee_micros, left=0, corrects=exec_id)
        self._fills.append(new)
        self._say.corrected(new)

    def bust(self, exec_ids: Sequence[int], reason: str) -> None:
        """Take executions back, in the order given. Raise LookupError, and do nothing, if one cannot be."""
        for exec_id in exec_ids:
            if not 1 <= exec_id <= len(self._fills) or exec_id in self._busted or exec_ids.count(exec_id) > 1:
                raise LookupError(f"an execution that stands was expected, was {exec_id}")
        for exec_id in exec_ids:
            fill = self._fills[exec_id - 1]
            self._busted.add(exec_id)
            self._say.busted(
                Bust(
                    exec_id,
                    fill.order_id,
                    fill.symbol,
                    fill.side,
                    fill.qty,
                    fill.price_micros,
                    fill.fee_micros,
                    reason,
                )
            )
