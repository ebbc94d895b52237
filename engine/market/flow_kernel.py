"""The background flow, compiled: a marked Hawkes process of adds, cancels and aggressive orders into one book.

When: messages arrive by a Hawkes process with a fast and a slow exponential kernel over a base rate that follows the
day's shape and a slow random activity clock. Arrival times are drawn exactly, without rejection (Dassios and Zhao,
"Exact simulation of Hawkes process with exponentially decaying intensity", Electronic Communications in Probability
18 (2013) no. 62). The pending arrival is kept, so that how often the book is read changes nothing.

What: aggressive orders come in metaorders of Pareto length (Lillo, Mike and Farmer, Physical Review E 71 (2005)
066122), which gives signs their long memory. The others keep a reference price that moves by the surprise in each
aggressive order, its signed size less what the past ones predict of it, so that returns are nearly uncorrelated
although signs are not (Madhavan, Richardson and Roomans, Review of Financial Studies 10 (1997) 1035; Lillo and Farmer,
Studies in Nonlinear Dynamics & Econometrics 8 (2004)). Since the longest of these memories expects a steady flow
almost wholly, impact grows less than in proportion to size, and most of it goes away again (Bouchaud, Gefen, Potters
and Wyart, Quantitative Finance 4 (2004) 176, on the propagator that this is a sum of exponentials for). Adds and
cancels keep the quotes around it: nobody sets the mid.

Between the messages, whoever is quick reacts: a quote that the reference price has overtaken is cancelled or picked
off, and a side that lags behind is quoted anew, each within milliseconds (Budish, Cramton and Shim, Quarterly Journal
of Economics 130 (2015) 1547, on that race). Without them the mid would creep after the reference price, and returns of
a second would foretell the next.
"""

from __future__ import annotations

from math import ceil, exp, floor, log, sqrt

from engine.market.book_arrays import (
    ASK_ORDERS,
    BACKGROUND,
    BASE,
    BEST_ASK,
    BEST_BID,
    BID_ORDERS,
    DESK,
    EDGE,
    FREE_ROWS,
    HEAD,
    LIVE,
    LIVE_FROM,
    MAKER_OWNER,
    MATCH_COLUMNS,
    MATCH_ROWS,
    MATCHES,
    MATCHES_FROM,
    MESSAGE_ROWS,
    MESSAGES,
    NEXT,
    OWNER,
    RECORDING,
    SIGNED_QTY,
    TICK,
    WINDOW,
    Floats,
    Ints,
)
from engine.market.book_kernel import level_of, recentre, remove, rest, shares_at, take
from engine.market.flow_arrays import (
    ACTIVITY,
    ACTIVITY_DECAY,
    ACTIVITY_SD,
    AGGRESSIVE,
    ANCHOR,
    ARRIVALS,
    BALANCE,
    BLOCK,
    CANCEL_FACTOR,
    CHILD,
    CLOCK,
    EXPONENTIAL_AT,
    EXPONENTIALS_FROM,
    FAR_ALPHA,
    FAR_TICKS,
    FAST_BRANCHING,
    FAST_DECAY,
    GAIN_1,
    HALF_SPREAD,
    HALTED,
    HIGH_TRIGGER,
    IMMIGRANT,
    LAG_TICKS,
    LAMBDA_FAST,
    LAMBDA_SLOW,
    LOG_ACTIVITY,
    LOG_WIDTH,
    LOT,
    LOT_SHARE,
    LOW_TRIGGER,
    LOWER_BAND,
    MAKER_SIZE,
    MEMORIES,
    MEMORY_1,
    META_ALPHA,
    META_LEFT,
    META_MOST,
    META_NOISE,
    META_SIGN,
    NEAR_SHARE,
    NEAR_TICKS,
    NEWS_TICKS,
    NEXT_KIND,
    NEXT_NS,
    NORMAL_AT,
    NORMALS_FROM,
    NOW_NS,
    ODD_SHARE,
    ORDERS,
    PICK_SHARE,
    RATE,
    REACTED,
    REACTION,
    RECENCY,
    REFERENCE,
    REFILL_FACTOR,
    SHAPE_FROM,
    SHAPE_STEP_NS,
    SIZE_FACTOR,
    SIZE_POWER,
    SLOW_ACTIVITY_DECAY,
    SLOW_ACTIVITY_SD,
    SLOW_BRANCHING,
    SLOW_DECAY,
    SLOW_LOG_ACTIVITY,
    SPARE,
    SPREAD_FACTOR,
    SPREAD_TILT,
    STALE,
    STEP,
    STEP_NS,
    SWEEP_SHARE,
    SWEEP_TICKS,
    THETA,
    THIN_PATIENCE,
    THIN_POWER,
    THIN_SHARE,
    TRADE_KICK,
    TRADE_SHARE,
    UNIFORM_AT,
    UNIFORMS_FROM,
    UPPER_BAND,
    VOLUME_FACTOR,
    WEIGHT_1,
    WIDTH,
    WIDTH_DECAY,
    WIDTH_SD,
)
from engine.market.jit import jit

REACHED = 0
"""The flow stands at the time asked for."""
STOPPED = 1
"""Something happened that the caller waits for; the flow stands right after it."""
NEEDS_DRAWS = 2
NEEDS_ROWS = 3
NEEDS_WINDOW = 4
NEEDS_SPACE = 5
"""The caller must make room, and call again: nothing of the next message has happened."""

AT_FILLS = 1
"""Stop after a trade of the desk."""
AT_TOP = 2
"""Stop after a change of the best prices or their sizes, and after any trade."""

STALE_ASK = 1
STALE_BID = 2
LAGGING_ASK = 3
LAGGING_BID = 4
"""Reasons to react."""
LEAST_REFILL = 0.5
"""Those who quote on a lagging side at once are the first to withdraw: none is left when half of the refill is gone."""
LEAST_DEPTH = 0.01
"""The book counts as holding at least this share of its usual orders: the impact stays finite."""
PICKS = 4
"""How many orders are looked at to find one to cancel."""


@jit
def run(book: Ints, flow: Floats, until_ns: int, stop_at: int) -> int:
    """Let every message up to and including *until_ns* happen, or stop early; why it returned."""
    while book[NEXT_NS] <= until_ns:
        need = room(book, flow)
        if need:
            return need
        now_ns = book[NEXT_NS]
        kind = book[NEXT_KIND]
        fade(book, flow, now_ns)
        if kind == CLOCK:
            tick_clock(book, flow)
        else:
            book[ARRIVALS] += 1
            before = book[MATCHES]
            bid, ask = book[BEST_BID], book[BEST_ASK]
            bid_qty, ask_qty = 0, 0
            if stop_at & AT_TOP:
                bid_qty, ask_qty = shares_at(book, bid), shares_at(book, ask)
            if kind == REACTED:
                react(book, flow, now_ns)
            else:
                excite(flow, message(book, flow, now_ns, kind == IMMIGRANT))
            plan_next(book, flow)
            if stop_at and interesting(book, flow, stop_at, before):
                return STOPPED
            if stop_at & AT_TOP and (
                bid != book[BEST_BID]
                or ask != book[BEST_ASK]
                or bid_qty != shares_at(book, bid)
                or ask_qty != shares_at(book, ask)
            ):
                return STOPPED
            continue
        plan_next(book, flow)
    return REACHED


@jit
def room(book: Ints, flow: Floats) -> int:
    """What the caller has to make room in before the next message can happen; 0 if nothing."""
    most = BLOCK - SPARE
    if book[UNIFORM_AT] > most or book[EXPONENTIAL_AT] > most or book[NORMAL_AT] > most:
        return NEEDS_DRAWS
    if book[FREE_ROWS] < 2:
        return NEEDS_ROWS
    resting = book[BID_ORDERS] + book[ASK_ORDERS] + 2
    if book[MATCHES] + resting > book[MATCH_ROWS]:
        return NEEDS_SPACE
    if book[RECORDING] and book[MESSAGES] + resting > book[MESSAGE_ROWS]:
        return NEEDS_SPACE
    low = book[BEST_BID] if book[BEST_BID] else book[BEST_ASK]
    high = book[BEST_ASK] if book[BEST_ASK] else book[BEST_BID]
    base, window = book[BASE], book[WINDOW]
    if (low and low - base < EDGE and base > 0) or (high and high - base >= window - EDGE):
        middle = (low + high) // 2
        if abs(middle - base - window // 2) > EDGE and not recentre(book, middle):
            return NEEDS_WINDOW
    return 0


@jit
def interesting(book: Ints, flow: Floats, stop_at: int, before: int) -> bool:
    """Whether the trades from row *before* on, or the mid, are something that the caller waits for."""
    if book[MATCHES] > before:
        if stop_at & AT_TOP:
            return True
        for row in range(before, book[MATCHES]):
            if book[book[MATCHES_FROM] + MATCH_COLUMNS * row + MAKER_OWNER] == DESK:
                return True
    if book[BEST_BID] and book[BEST_ASK]:
        twice = book[BEST_BID] + book[BEST_ASK]
        if book[LOW_TRIGGER] and twice <= book[LOW_TRIGGER]:
            return True
        if book[HIGH_TRIGGER] and twice >= book[HIGH_TRIGGER]:
            return True
    return False


@jit
def uniform(book: Ints, flow: Floats) -> float:
    """The next draw from [0, 1)."""
    at = book[UNIFORM_AT]
    book[UNIFORM_AT] = at + 1
    return flow[UNIFORMS_FROM + at]


@jit
def exponential(book: Ints, flow: Floats) -> float:
    """The next draw of mean 1."""
    at = book[EXPONENTIAL_AT]
    book[EXPONENTIAL_AT] = at + 1
    return flow[EXPONENTIALS_FROM + at]


@jit
def normal(book: Ints, flow: Floats) -> float:
    """The next standard normal draw."""
    at = book[NORMAL_AT]
    book[NORMAL_AT] = at + 1
    return flow[NORMALS_FROM + at]


# ---- when


@jit
def fade(book: Ints, flow: Floats, now_ns: int) -> None:
    """Let the excitement fade until *now_ns*."""
    gap_s = (now_ns - book[NOW_NS]) * 1e-9
    flow[LAMBDA_FAST] *= exp(-flow[FAST_DECAY] * gap_s)
    flow[LAMBDA_SLOW] *= exp(-flow[SLOW_DECAY] * gap_s)
    book[NOW_NS] = now_ns


@jit
def excite(flow: Floats, traded: bool) -> None:
    """A message excites others."""
    kick = flow[TRADE_KICK] if traded else 1.0
    flow[LAMBDA_FAST] += flow[FAST_BRANCHING] * flow[FAST_DECAY] * kick
    flow[LAMBDA_SLOW] += flow[SLOW_BRANCHING] * flow[SLOW_DECAY]


@jit
def tick_clock(book: Ints, flow: Floats) -> None:
    """Move activity and width on by one step, and take the day's shapes as of now."""
    fast = step_log(book, flow, LOG_ACTIVITY, ACTIVITY_SD, ACTIVITY_DECAY)
    slow = step_log(book, flow, SLOW_LOG_ACTIVITY, SLOW_ACTIVITY_SD, SLOW_ACTIVITY_DECAY)
    width = step_log(book, flow, LOG_WIDTH, WIDTH_SD, WIDTH_DECAY)
    minutes = (len(flow) - SHAPE_FROM) // 2
    minute = min(book[NOW_NS] // SHAPE_STEP_NS, minutes - 2)
    into = min((book[NOW_NS] - minute * SHAPE_STEP_NS) / SHAPE_STEP_NS, 1.0)
    here = SHAPE_FROM + minute
    flow[ACTIVITY] = (flow[here] * (1 - into) + flow[here + 1] * into) * exp(fast + slow)
    here += minutes
    flow[WIDTH] = (flow[here] * (1 - into) + flow[here + 1] * into) * exp(width)
    book[STEP] += 1


@jit
def step_log(book: Ints, flow: Floats, at: int, deviation: int, decay: int) -> float:
    """Move a logarithm on by one step of its clock, at first to anywhere; it, less half of its variance.

    So the mean of its exponential is 1, from the start on.
    """
    kept = exp(-flow[decay] * (STEP_NS * 1e-9)) if book[STEP] else 0.0
    flow[at] = flow[at] * kept + flow[deviation] * sqrt(1 - kept * kept) * normal(book, flow)
    left: float = flow[at] - flow[deviation] * flow[deviation] / 2
    return left


@jit
def plan_next(book: Ints, flow: Floats) -> None:
    """Draw the next arrival: the first of an unexcited, an excited message, and the clock's next step."""
    clock_ns = book[STEP] * STEP_NS
    boost = max(1.0, weight_sum(flow))
    gap_s = exponential(book, flow) / (flow[RATE] * boost * flow[ACTIVITY])
    kind = IMMIGRANT
    fast_s = child_gap_s(flow[LAMBDA_FAST], flow[FAST_DECAY], exponential(book, flow))
    if fast_s < gap_s:
        gap_s, kind = fast_s, CHILD
    slow_s = child_gap_s(flow[LAMBDA_SLOW], flow[SLOW_DECAY], exponential(book, flow))
    if slow_s < gap_s:
        gap_s, kind = slow_s, CHILD
    why = reason(book, flow)
    if why:
        eager = 1.0 if why <= STALE_BID else min((flow[REFILL_FACTOR] - LEAST_REFILL) / (1.0 - LEAST_REFILL), 1.0)
        reaction_s = exponential(book, flow) / (flow[REACTION] * eager)
        if reaction_s < gap_s:
            gap_s, kind = reaction_s, REACTED
    if book[NOW_NS] + gap_s * 1e9 >= clock_ns:
        book[NEXT_NS] = clock_ns
        book[NEXT_KIND] = CLOCK
    else:
        book[NEXT_NS] = book[NOW_NS] + max(int(gap_s * 1e9), 1)
        book[NEXT_KIND] = kind


@jit
def child_gap_s(intensity: float, decay: float, draw: float) -> float:
    """When an intensity that fades exponentially brings its next message; very late if it fades first."""
    if intensity <= 0.0:
        return 1e18
    left = 1.0 - decay * draw / intensity
    return -log(left) / decay if left > 0.0 else 1e18


@jit
def weight_sum(flow: Floats) -> float:
    """How many times more messages the levers bring, with a book of its usual size."""
    trades = flow[TRADE_SHARE] * flow[VOLUME_FACTOR]
    quotes = (1 - flow[TRADE_SHARE]) / 2
    return trades + quotes * flow[REFILL_FACTOR] + quotes * flow[CANCEL_FACTOR]


# ---- what


@jit
def message(book: Ints, flow: Floats, now_ns: int, news: bool) -> bool:
    """One message of the background; whether it traded."""
    bid, ask = book[BEST_BID], book[BEST_ASK]
    if news:
        flow[REFERENCE] += flow[NEWS_TICKS] * flow[WIDTH] * normal(book, flow) * exponential(book, flow)
    if bid and ask:
        flow[REFERENCE] += flow[ANCHOR] * ((bid + ask) * 0.5 - flow[REFERENCE])
    flow[REFERENCE] = max(flow[REFERENCE], 1.0)
    trades = 0.0 if book[HALTED] else flow[TRADE_SHARE] * flow[VOLUME_FACTOR]
    quotes = (1 - flow[TRADE_SHARE]) / 2
    cancels = quotes * flow[CANCEL_FACTOR] * book[LIVE] / flow[ORDERS]
    adds = quotes * flow[REFILL_FACTOR]
    which = uniform(book, flow) * max(1.0, weight_sum(flow), trades + cancels + adds)
    if which < trades:
        return trade(book, flow, now_ns)
    if which < trades + cancels:
        cancel(book, flow, now_ns)
    elif which < trades + cancels + adds:
        add(book, flow, now_ns)
    return False


@jit
def reason(book: Ints, flow: Floats) -> int:
    """What calls for a reaction: STALE_ASK, STALE_BID, LAGGING_ASK, LAGGING_BID, or 0."""
    bid, ask, reference = book[BEST_BID], book[BEST_ASK], flow[REFERENCE]
    half = flow[HALF_SPREAD] * flow[WIDTH] * flow[SPREAD_FACTOR]
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
        distance = min(
            flow[NEAR_TICKS] * flow[WIDTH] * exponential(book, flow),
            flow[LAG_TICKS] * flow[WIDTH] * flow[SPREAD_FACTOR],
        )
        tick = placed(book, flow, side, flow[HALF_SPREAD] * flow[WIDTH] * flow[SPREAD_FACTOR] + distance)
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


@jit
def cancel(book: Ints, flow: Floats, now_ns: int) -> None:
    """Somebody cancels: the younger and the nearer the more likely."""
    live = book[LIVE]
    if live == 0:
        return
    order = 0
    reference = flow[REFERENCE]
    for _ in range(PICKS):
        age = uniform(book, flow) ** flow[RECENCY]
        order = book[book[LIVE_FROM] + live - 1 - int(age * live)]
        distance = abs(book[order + TICK] - reference) - flow[HALF_SPREAD] * flow[WIDTH]
        if uniform(book, flow) < 1.0 / (1.0 + max(distance, 0.0) / (flow[FAR_TICKS] * flow[WIDTH])):
            break
    remove(book, now_ns, order)


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
    rest(
        book,
        now_ns,
        side,
        tick,
        max(int(draw_size(book, flow) * flow[MAKER_SIZE] * flow[SIZE_FACTOR]), 1),
        BACKGROUND,
        0,
    )


@jit
def draw_tick(book: Ints, flow: Floats, side: int) -> int:
    """Where a new order of *side* rests."""
    bid, ask = book[BEST_BID], book[BEST_ASK]
    half = flow[HALF_SPREAD] * flow[WIDTH] * flow[SPREAD_FACTOR]
    near = flow[NEAR_SHARE]
    if bid and ask:
        usual = 2 * (half + flow[NEAR_TICKS] * flow[WIDTH])
        near = 1.0 - (1.0 - near) * min(usual / (ask - bid), 1.0) ** flow[SPREAD_TILT]
    if uniform(book, flow) < near:
        distance = flow[NEAR_TICKS] * flow[WIDTH] * exponential(book, flow)
    else:
        distance = flow[FAR_TICKS] * flow[WIDTH] * ((1.0 - uniform(book, flow)) ** (-1.0 / flow[FAR_ALPHA]) - 1.0)
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
def replan(book: Ints, flow: Floats, now_ns: int) -> None:
    """The rates have changed: the pending arrival is drawn anew from *now_ns* on."""
    fade(book, flow, now_ns)
    plan_next(book, flow)


@jit
def answer(book: Ints, flow: Floats, now_ns: int, side: int, qty: int) -> None:
    """Somebody known has taken *qty* shares: what an aggressive order of the background brings about."""
    fade(book, flow, max(now_ns, book[NOW_NS]))
    impact(book, flow, side, qty, 1.0)
    excite(flow, True)
    plan_next(book, flow)


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
