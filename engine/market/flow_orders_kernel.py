"""Orders that rest, compiled: where the background adds, how much, and what it cancels."""

from __future__ import annotations

from math import ceil, floor

from engine.market.book_arrays import (
    ASK_ORDERS,
    BACKGROUND,
    BASE,
    BEST_ASK,
    BEST_BID,
    BID_ORDERS,
    EDGE,
    LIVE,
    LIVE_FROM,
    SIGNED_QTY,
    TICK,
    WINDOW,
    Floats,
    Ints,
)
from engine.market.book_kernel import remove, rest
from engine.market.flow_arrays import (
    BALANCE,
    FAR_ALPHA,
    FAR_TICKS,
    HALF_SPREAD,
    LOT,
    LOT_SHARE,
    LOWER_BAND,
    MAKER_SIZE,
    NEAR,
    NEAR_DISTANCE,
    NEAR_SHARE,
    NEAR_SQUARES,
    NEAR_TICKS,
    ODD_SHARE,
    QUOTED,
    QUOTED_SHARES,
    QUOTED_SQUARES,
    RECENCY,
    REFERENCE,
    SIZE_FACTOR,
    SPREAD_FACTOR,
    SPREAD_TILT,
    UPPER_BAND,
    WIDTH,
)
from engine.market.flow_chance_kernel import exponential, uniform
from engine.market.jit import jit

PICKS = 4
"""How many orders are looked at to find one to cancel."""
ROUNDING = 0.5
"""A price goes to the next tick away from the reference price: half a tick on average, which a wider spread has too."""


@jit
def add(book: Ints, flow: Floats, now_ns: int) -> None:
    """Somebody adds an order around the reference price, never across the other side."""
    bids, asks = book[BID_ORDERS], book[ASK_ORDERS]
    lean = flow[BALANCE] * (asks - bids) / (asks + bids + 1)
    side = 1 if uniform(book, flow) < 0.5 + 0.5 * lean else -1
    if bids == 0 or asks == 0:  # an empty side invites the next order
        side = 1 if bids == 0 else -1
    add_at(book, flow, now_ns, side, draw_tick(book, flow, side))


@jit
def add_at(book: Ints, flow: Floats, now_ns: int, side: int, tick: int) -> None:
    """An order of *side* rests at *tick*, if there is such a price."""
    level = tick - book[BASE]
    if tick < 1 or not 0 <= level < book[WINDOW]:
        return
    qty = max(int(draw_size(book, flow) * flow[MAKER_SIZE] * flow[SIZE_FACTOR]), 1)
    flow[QUOTED] += 1.0
    flow[QUOTED_SHARES] += qty
    flow[QUOTED_SQUARES] += float(qty) * float(qty)
    rest(book, now_ns, side, tick, qty, BACKGROUND, 0)


@jit
def least_distance(flow: Floats) -> float:
    """How far from the reference price a new order rests at least, in ticks, before it is rounded to one.

    The spread lever multiplies what is seen, rounding included: in a dense book the grid is most of the spread.
    """
    factor = flow[SPREAD_FACTOR]
    least: float = flow[HALF_SPREAD] * flow[WIDTH] * factor + ROUNDING * (factor - 1.0)
    return least


@jit
def draw_tick(book: Ints, flow: Floats, side: int) -> int:
    """Where a new order of *side* rests."""
    bid, ask = book[BEST_BID], book[BEST_ASK]
    half = least_distance(flow)
    wide = flow[WIDTH] * flow[SPREAD_FACTOR]
    near = flow[NEAR_SHARE]
    if bid and ask:
        usual = 2 * (half + flow[NEAR_TICKS] * wide)
        near = 1.0 - (1.0 - near) * min(usual / (ask - bid), 1.0) ** flow[SPREAD_TILT]
    if uniform(book, flow) < near:
        distance = flow[NEAR_TICKS] * wide * exponential(book, flow)
        wanted = (flow[HALF_SPREAD] * wide + distance) / flow[WIDTH]
        flow[NEAR] += 1.0
        flow[NEAR_DISTANCE] += wanted
        flow[NEAR_SQUARES] += wanted * wanted
    else:
        distance = flow[FAR_TICKS] * wide * ((1.0 - uniform(book, flow)) ** (-1.0 / flow[FAR_ALPHA]) - 1.0)
    return placed(book, flow, side, half + min(distance, EDGE / 2.0))


@jit
def placed(book: Ints, flow: Floats, side: int, distance: float) -> int:
    """The tick that lies *distance* from the reference price, but never across the other side or a band."""
    bid, ask = book[BEST_BID], book[BEST_ASK]
    if side > 0:
        tick = inside(book, side, floor(flow[REFERENCE] - distance))
        return min(tick, ask - 1) if ask else tick
    tick = inside(book, side, ceil(flow[REFERENCE] + distance))
    return max(tick, bid + 1) if bid else tick


@jit
def draw_size(book: Ints, flow: Floats) -> int:
    """The size of an order: mostly one lot, often less, sometimes several."""
    which = uniform(book, flow)
    if which < flow[LOT_SHARE]:
        return int(flow[LOT])
    if which < flow[LOT_SHARE] + flow[ODD_SHARE]:
        return 1 + int(uniform(book, flow) * (flow[LOT] - 1))
    return int(flow[LOT]) * (2 + int(exponential(book, flow)))


@jit
def cancel(book: Ints, flow: Floats, now_ns: int) -> None:
    """Somebody cancels: the younger and the nearer the more likely."""
    live = book[LIVE]
    if live == 0:
        return
    order = 0
    reference = flow[REFERENCE]
    wide = flow[WIDTH] * flow[SPREAD_FACTOR]
    for _ in range(PICKS):
        age = uniform(book, flow) ** flow[RECENCY]
        order = book[book[LIVE_FROM] + live - 1 - int(age * live)]
        distance = abs(book[order + TICK] - reference) - least_distance(flow)
        if uniform(book, flow) < 1.0 / (1.0 + max(distance, 0.0) / (flow[FAR_TICKS] * wide)):
            break
    remove(book, now_ns, order)


@jit
def inside(book: Ints, side: int, tick: int) -> int:
    """*tick*, or the price band that a limit of *side* may not pass."""
    if side > 0:
        return min(tick, book[UPPER_BAND]) if book[UPPER_BAND] else tick
    return max(tick, book[LOWER_BAND]) if book[LOWER_BAND] else tick


@jit
def tradable(book: Ints, tick: int) -> bool:
    """Whether the price bands, if there are any, let anybody trade at *tick*."""
    yes: bool = inside(book, 1, tick) == tick and inside(book, -1, tick) == tick
    return yes


@jit
def sweep_outside(book: Ints, now_ns: int) -> None:
    """Others take out what rests beyond a price band: offers below it, bids above."""
    for at in range(book[LIVE] - 1, -1, -1):
        order = book[book[LIVE_FROM] + at]
        tick = book[order + TICK]
        side = 1 if book[order + SIGNED_QTY] > 0 else -1
        if inside(book, side, tick) != tick:
            remove(book, now_ns, order)
