"""When the next message comes, compiled: the Hawkes process, the clocks of activity and width, the reactions."""

from __future__ import annotations

from math import exp, log, sqrt

from engine.market.book_arrays import Floats, Ints
from engine.market.flow_arrays import (
    ACTIVITY,
    ACTIVITY_DECAY,
    ACTIVITY_SD,
    CANCEL_FACTOR,
    CHILD,
    CLOCK,
    FAST_BRANCHING,
    FAST_DECAY,
    IMMIGRANT,
    LAMBDA_FAST,
    LAMBDA_SLOW,
    LOG_ACTIVITY,
    LOG_WIDTH,
    NEXT_KIND,
    NEXT_NS,
    NOW_NS,
    RATE,
    REACTED,
    REACTION,
    REFILL_FACTOR,
    SHAPE_FROM,
    SHAPE_STEP_NS,
    SLOW_ACTIVITY_DECAY,
    SLOW_ACTIVITY_SD,
    SLOW_BRANCHING,
    SLOW_DECAY,
    SLOW_LOG_ACTIVITY,
    STEP,
    STEP_NS,
    TRADE_KICK,
    TRADE_SHARE,
    VOLUME_FACTOR,
    WIDTH,
    WIDTH_DECAY,
    WIDTH_SD,
)
from engine.market.flow_chance_kernel import exponential, normal
from engine.market.flow_reactions_kernel import LEAST_REFILL, STALE_BID, reason
from engine.market.jit import jit


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
    more: float = trades + quotes * flow[REFILL_FACTOR] + quotes * flow[CANCEL_FACTOR]
    return more
