"""What both market models do alike: show a top, match an order with what is shown, fill resting orders reached."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from engine.domain.orders import NewOrder, Side
from engine.domain.ports import Execution
from engine.domain.quotes import Quote
from engine.market.resting import RestingOrders

SIDES = (Side.BUY, Side.SELL)


class Shown(Protocol):
    """The others' orders on one side, as shown."""

    def best(self) -> tuple[int, int]:
        """Price in micro-dollars and shares at the touch, 0/0 if this side is empty."""
        ...

    def take(self, qty: int, limit_micros: int | None) -> list[tuple[int, int]]:
        """Take up to *qty* shares at the limit or better (None: at any price): price and shares of each part."""
        ...


def top(symbol: str, ladders: Mapping[Side, Shown], t_ns: int) -> Quote:
    """The quote that two ladders show."""
    return Quote(t_ns, symbol, *ladders[Side.BUY].best(), *ladders[Side.SELL].best())


def new_top(before: Quote, ladders: Mapping[Side, Shown], t_ns: int) -> Quote | None:
    """The quote that two ladders show, if its prices or sizes are not those of *before*; else None."""
    bid_micros, bid_qty = ladders[Side.BUY].best()
    ask_micros, ask_qty = ladders[Side.SELL].best()
    if (
        bid_micros == before.bid_micros
        and ask_micros == before.ask_micros
        and bid_qty == before.bid_qty
        and ask_qty == before.ask_qty
    ):
        return None
    return Quote(t_ns, before.symbol, bid_micros, bid_qty, ask_micros, ask_qty)


def beyond(side: Side, price_micros: int, limit_micros: int | None) -> bool:
    """Whether a price on the ladder of *side* is worse for an aggressor than its limit (None: nothing is)."""
    return limit_micros is not None and int(side) * (limit_micros - price_micros) > 0


def match(order: NewOrder, opposite: Shown, t_ns: int) -> tuple[Execution, ...]:
    """The executions of a new order against what is shown on the other side, level by level."""
    left = order.qty
    executions = []
    for price, qty in opposite.take(order.qty, order.limit_micros):
        left -= qty
        executions.append(Execution(t_ns, order.order_id, order.symbol, order.side, qty, price, maker=False, left=left))
    return tuple(executions)


def fill_reached(resting: RestingOrders, ladders: Mapping[Side, Shown], t_ns: int) -> list[Execution]:
    """Fill resting orders that the opposite side has reached: at their limit, and no more than it shows."""
    fills: list[Execution] = []
    for side in SIDES:
        for order in resting.by_priority(side):
            qty = sum(part for _, part in ladders[side.opposite].take(order.left, order.limit_micros))
            if not qty:
                break  # the best priced order reaches nothing: no other does
            fills.append(resting.fill(order, qty, t_ns))
    return fills
