"""Orders that take, compiled: metaorders and lone ones, and what the others learn from them."""

from __future__ import annotations

from math import ceil

from engine.market.book_arrays import ASK_ORDERS, BACKGROUND, BEST_ASK, BEST_BID, BID_ORDERS, Floats, Ints
from engine.market.book_kernel import shares_at, take
from engine.market.flow_arrays import (
    AGGRESSIVE,
    GAIN_1,
    LOT,
    MEMORIES,
    MEMORY_1,
    META_ALPHA,
    META_LEFT,
    META_MOST,
    META_NOISE,
    META_SIGN,
    ORDERS,
    REFERENCE,
    SIZE_POWER,
    SWEEP_SHARE,
    SWEEP_TICKS,
    THETA,
    THIN_PATIENCE,
    THIN_POWER,
    THIN_SHARE,
    WEIGHT_1,
    WIDTH,
)
from engine.market.flow_chance_kernel import exponential, uniform
from engine.market.flow_orders_kernel import draw_size, inside
from engine.market.jit import jit

LEAST_DEPTH = 0.01
"""The book counts as holding at least this share of its usual orders: the impact stays finite."""


@jit
def trade(book: Ints, flow: Floats, now_ns: int) -> bool:
    """The next child of a metaorder, or somebody on his own, takes from the book."""
    if uniform(book, flow) < flow[META_NOISE]:
        side = 1 if uniform(book, flow) < 0.5 else -1
    else:
        if book[META_LEFT] <= 0:
            book[META_SIGN] = 1 if uniform(book, flow) < 0.5 else -1
            book[META_LEFT] = int(min(ceil((1.0 - uniform(book, flow)) ** (-1.0 / flow[META_ALPHA])), flow[META_MOST]))
        book[META_LEFT] -= 1
        side = book[META_SIGN]
    best = book[BEST_ASK] if side > 0 else book[BEST_BID]
    if best == 0:
        return False
    qty = draw_size(book, flow)
    limit = best
    if uniform(book, flow) < flow[SWEEP_SHARE]:
        limit = max(best + side * int(flow[SWEEP_TICKS] * exponential(book, flow)), 1)
    else:
        qty = min(qty, shares_at(book, best))
    limit = inside(book, side, limit)
    if side * (best - limit) > 0:
        return False
    impact(book, flow, side, qty, flow[THIN_PATIENCE])
    take(book, now_ns, side, qty, limit, BACKGROUND, 0)
    book[AGGRESSIVE] += 1
    return True


@jit
def impact(book: Ints, flow: Floats, side: int, qty: int, urgency: float) -> None:
    """The others learn from an aggressive order: the reference price moves by what was not expected of it.

    In a thin book those who lean against a flow have gone: it moves by the order itself, the more the thinner the side
    that is hit. How much of that holds for this order is its *urgency*, 0 to 1.
    """
    signed = side * (qty / flow[LOT]) ** flow[SIZE_POWER]
    surprise = signed
    for each in range(MEMORIES):
        surprise -= flow[WEIGHT_1 + each] * flow[MEMORY_1 + each]
        flow[MEMORY_1 + each] += flow[GAIN_1 + each] * (signed - flow[MEMORY_1 + each])
    thin = 1.0
    if book[BID_ORDERS] + book[ASK_ORDERS] < flow[THIN_SHARE] * flow[ORDERS]:
        there = book[ASK_ORDERS] if side > 0 else book[BID_ORDERS]
        left = max(2 * there / flow[ORDERS], LEAST_DEPTH)
        thin = max(flow[THIN_SHARE] / left, 1.0) ** (urgency * flow[THIN_POWER])
    flow[REFERENCE] += flow[THETA] * flow[WIDTH] * (surprise + (thin - 1.0) * signed)
