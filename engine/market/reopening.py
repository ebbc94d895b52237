"""The auction that ends a stop, in a book of ladders: the desk's orders against each other and what is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from engine.domain.orders import NewOrder, Side
from engine.domain.ports import Execution
from engine.market.auction import Interest, uncross
from engine.market.matching import SIDES
from engine.market.resting import RestingOrders

NO_BANDS = (0, 0)


class Levels(Protocol):
    """The others' orders on one side, level by level."""

    def shown(self) -> Iterator[tuple[int, int]]:
        """Price in micro-dollars and shares of each level, from the touch outwards."""
        ...

    def take(self, qty: int, limit_micros: int | None) -> list[tuple[int, int]]:
        """Take up to *qty* shares at the limit or better (None: at any price): price and shares of each part."""
        ...


def uncross_ladders(
    orders: Sequence[NewOrder],
    resting: RestingOrders,
    ladders: Mapping[Side, Levels],
    t_ns: int,
    reference_micros: int,
    tick_micros: int,
) -> tuple[list[Execution], list[tuple[NewOrder, int]]]:
    """The executions of the auction at *t_ns*, and what is left of each of *orders*, for the caller to let it rest.

    The others' levels are taken to be the oldest, then come the resting orders, then *orders*. Every execution takes:
    an auction has no maker.
    """
    others = [(side, price, qty) for side in SIDES for price, qty in ladders[side].shown()]
    waiting = resting.by_arrival()
    interests = [Interest(side, qty, price) for side, price, qty in others]
    interests += [Interest(each.side, each.left, each.limit_micros) for each in waiting]
    interests += [Interest(each.side, each.qty, each.limit_micros) for each in orders]
    found = uncross(interests, reference_micros, tick_micros)
    filled = iter(found.filled)
    taken = dict.fromkeys(SIDES, 0)
    for side, _, _ in others:
        taken[side] += next(filled)
    for side, qty in taken.items():
        ladders[side].take(qty, None)
    price, executions, left = found.price_micros, [], []
    for each in waiting:
        if qty := next(filled):
            executions.append(replace(resting.fill(each, qty, t_ns), price_micros=price, maker=False))
    for order in orders:
        qty = next(filled)
        rest = order.qty - qty
        if qty:
            executions.append(Execution(t_ns, order.order_id, order.symbol, order.side, qty, price, False, rest))
        if rest:
            left.append((order, rest))
    return executions, left


def outside(price_micros: int, bands: tuple[int, int]) -> bool:
    """Whether a price lies outside the bands in force."""
    return bands != NO_BANDS and not bands[0] <= price_micros <= bands[1]
