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

from engine.market.book_arrays import (
    ADDED,
    ASK_ORDERS,
    BASE,
    BEST_ASK,
    BEST_BID,
    BID_ORDERS,
    CANCELLED,
    DESK,
    EDGE,
    FREE_ROWS,
    LIVE,
    MAKER_OWNER,
    MATCH_COLUMNS,
    MATCH_ROWS,
    MATCHES,
    MATCHES_FROM,
    MESSAGE_ROWS,
    MESSAGES,
    MET,
    RECORDING,
    TURNS,
    WINDOW,
    Floats,
    Ints,
)
from engine.market.book_kernel import recentre, shares_at
from engine.market.flow_arrays import (
    ANCHOR,
    ARRIVALS,
    BLOCK,
    CANCEL_FACTOR,
    CLOCK,
    EXPONENTIAL_AT,
    HALTED,
    HIGH_TRIGGER,
    IMMIGRANT,
    LOW_TRIGGER,
    NEWS_TICKS,
    NEXT_KIND,
    NEXT_NS,
    NORMAL_AT,
    NOW_NS,
    ORDERS,
    REACTED,
    REFERENCE,
    REFILL_FACTOR,
    SPARE,
    TRADE_SHARE,
    UNIFORM_AT,
    VOLUME_FACTOR,
    WIDTH,
)
from engine.market.flow_chance_kernel import exponential, normal, uniform
from engine.market.flow_clock_kernel import excite, fade, plan_next, tick_clock, weight_sum
from engine.market.flow_orders_kernel import add, cancel
from engine.market.flow_reactions_kernel import react
from engine.market.flow_takers_kernel import impact, trade
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
    if which < 1.0:
        book[TURNS] += 1
        book[MET] += book[LIVE]
    if which < trades:
        return trade(book, flow, now_ns)
    if which < trades + cancels:
        book[CANCELLED] += 1
        cancel(book, flow, now_ns)
    elif which < trades + cancels + adds:
        book[ADDED] += 1
        add(book, flow, now_ns)
    return False


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
