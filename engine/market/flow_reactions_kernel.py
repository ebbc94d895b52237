"""Reactions, compiled: whoever is quick at a stale quote or on a side that lags behind."""

from __future__ import annotations

from math import ceil, floor

from engine.market.book_arrays import BACKGROUND, BEST_ASK, BEST_BID, HEAD, NEXT, OWNER, Floats, Ints
from engine.market.book_kernel import level_of, remove, shares_at, take
from engine.market.flow_arrays import (
    AGGRESSIVE,
    HALTED,
    LAG_TICKS,
    NEAR_TICKS,
    PICK_SHARE,
    REFERENCE,
    REFILL_FACTOR,
    SPREAD_FACTOR,
    STALE,
    WIDTH,
)
from engine.market.flow_chance_kernel import exponential, uniform
from engine.market.flow_orders_kernel import add_at, draw_size, inside, least_distance, placed, tradable
from engine.market.jit import jit

STALE_ASK = 1
STALE_BID = 2
LAGGING_ASK = 3
LAGGING_BID = 4
"""Reasons to react."""
LEAST_REFILL = 0.5
"""Those who quote on a lagging side at once are the first to withdraw: none is left when half of the refill is gone."""


@jit
def reason(book: Ints, flow: Floats) -> int:
    """What calls for a reaction: STALE_ASK, STALE_BID, LAGGING_ASK, LAGGING_BID, or 0."""
    bid, ask, reference = book[BEST_BID], book[BEST_ASK], flow[REFERENCE]
    half = least_distance(flow)
    near = flow[STALE] * half
    if not book[HALTED]:
        if ask and ask < reference + near and tradable(book, ask):
            return STALE_ASK
        if bid and bid > reference - near and tradable(book, bid):
            return STALE_BID
    if flow[REFILL_FACTOR] <= LEAST_REFILL:
        return 0
    far = half + flow[LAG_TICKS] * flow[WIDTH] * flow[SPREAD_FACTOR]
    if bid < reference - far:
        highest = inside(book, 1, floor(reference - far))
        if highest >= 1 and bid < highest and (ask == 0 or bid < ask - 1):
            return LAGGING_BID
    if ask == 0 or ask > reference + far:
        lowest = inside(book, -1, ceil(reference + far))
        if ask == 0 or (ask > lowest and ask > bid + 1):
            return LAGGING_ASK
    return 0


@jit
def react(book: Ints, flow: Floats, now_ns: int) -> None:
    """Somebody quick takes or cancels a stale quote, or quotes on a side that lags."""
    why, reference = reason(book, flow), flow[REFERENCE]
    if why == STALE_ASK:
        answer_stale(book, flow, now_ns, -1, book[BEST_ASK], book[BEST_ASK] <= reference)
    elif why == STALE_BID:
        answer_stale(book, flow, now_ns, 1, book[BEST_BID], book[BEST_BID] >= reference)
    elif why:
        side = 1 if why == LAGGING_BID else -1
        wide = flow[WIDTH] * flow[SPREAD_FACTOR]
        distance = min(flow[NEAR_TICKS] * wide * exponential(book, flow), flow[LAG_TICKS] * wide)
        tick = placed(book, flow, side, least_distance(flow) + distance)
        add_at(book, flow, now_ns, side, tick)


@jit
def answer_stale(book: Ints, flow: Floats, now_ns: int, side: int, tick: int, beyond: bool) -> None:
    """A quote stands where nobody would put it any more: it is picked off, or its owner is quicker."""
    order = 0
    if not (beyond and uniform(book, flow) < flow[PICK_SHARE]):
        order = book[level_of(book, tick) + HEAD]
        while order and book[order + OWNER] != BACKGROUND:
            order = book[order + NEXT]
    if order:
        remove(book, now_ns, order)
        return
    qty = min(draw_size(book, flow), shares_at(book, tick))
    take(book, now_ns, -side, qty, tick, BACKGROUND, 0)
    book[AGGRESSIVE] += 1
