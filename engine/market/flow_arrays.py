"""The memory of one symbol's background flow: what it is told (dials), what it remembers, and its pre-drawn chance.

Real numbers stand in one flat array, for the same reason as in book_arrays.py::

    dials, memories     single numbers
    uniforms, exponentials, normals     blocks of draws
    shapes              the day's shape of the activity by the minute, then that of the width

Whole numbers stand among the registers of the book that the flow trades in.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from engine.market.book_arrays import FLOW_REGISTERS, Floats, Ints

# ---- dials: what the flow is told; faults turn the factors

RATE = 0
"""Messages a second that nothing excites, at activity 1."""
FAST_BRANCHING = 1
FAST_DECAY = 2
SLOW_BRANCHING = 3
SLOW_DECAY = 4
"""Hawkes kernels: messages that each message causes, and how fast that fades, per second."""
TRADE_KICK = 5
"""How many times more an aggressive order excites than another message."""
TRADE_SHARE = 6
"""Share of the messages that are aggressive orders."""
ORDERS = 7
"""Resting orders of the background that the book tends to."""
RECENCY = 8
"""How much younger orders are cancelled first; 1 is not at all."""
HALF_SPREAD = 9
"""Least distance from the reference price at which others rest, in ticks."""
NEAR_SHARE = 10
NEAR_TICKS = 11
"""Share of the new orders that come near the touch, and the mean of their distance."""
FAR_TICKS = 12
FAR_ALPHA = 13
"""Scale and exponent of the Pareto distances of the rest."""
LOT = 14
"""The round size of an order, in shares."""
LOT_SHARE = 15
ODD_SHARE = 16
"""Shares of the orders of exactly one lot, and of fewer shares."""
THETA = 17
"""Ticks by which a wholly surprising aggressive order of one lot moves the reference price."""
SIZE_POWER = 18
"""How that grows with the order's size."""
MEMORIES = 6
"""How many averages of past signed sizes there are."""
GAIN_1 = 19
WEIGHT_1 = GAIN_1 + MEMORIES
"""The averages of past signed sizes: the gain of each, and its weight in the prediction, a row for each."""
META_ALPHA = 31
META_NOISE = 32
"""Exponent of the lengths of metaorders; share of aggressive orders that belong to none."""
NEWS_TICKS = 33
"""Scale of the reference price's own move at each unexcited message, in ticks: its standard deviation over sqrt(2)."""
ANCHOR = 34
"""Share of the gap between reference price and mid that each message closes."""
ACTIVITY_SD = 35
ACTIVITY_DECAY = 36
"""The logarithm of the activity: standard deviation, and its decay per second (Ornstein–Uhlenbeck)."""
STALE = 37
"""Quotes closer to the reference price than this share of HALF_SPREAD are stale."""
PICK_SHARE = 38
"""Share of the reactions to a stale quote beyond the reference price that trade with it; the others cancel it."""
SWEEP_SHARE = 39
SWEEP_TICKS = 40
"""Share of the aggressive orders that may trade beyond the best price, and how far."""
VOLUME_FACTOR = 41
REFILL_FACTOR = 42
CANCEL_FACTOR = 43
SIZE_FACTOR = 44
SPREAD_FACTOR = 45
"""The levers; 1 is undisturbed."""
SPREAD_TILT = 46
"""How much a wide spread draws new orders towards the touch."""
BALANCE = 47
"""How much the side with fewer orders is refilled first."""
SLOW_ACTIVITY_SD = 48
SLOW_ACTIVITY_DECAY = 49
REACTION = 50
"""Reactions a second while a quote is stale or a side lags."""
LAG_TICKS = 51
"""A side whose best price is farther than this beyond HALF_SPREAD from the reference price lags."""
META_MOST = 52
"""The most orders that a metaorder has."""
MAKER_SIZE = 53
"""How many times larger orders that rest are than those that take."""
THIN_SHARE = 54
THIN_POWER = 55
"""Share of the usual orders below which the book is thin, and how the impact grows below it."""
WIDTH_SD = 56
WIDTH_DECAY = 57
"""The logarithm of the width of everything that is measured in ticks: the same for it."""
THIN_PATIENCE = 58
"""How much of THIN_POWER counts for the background's own aggressive orders."""
DIALS = 59

# ---- what it remembers, as real numbers

LAMBDA_FAST = DIALS
LAMBDA_SLOW = DIALS + 1
"""Excited messages a second at NOW_NS."""
REFERENCE = DIALS + 2
"""What the others believe the price to be, in ticks."""
LOG_ACTIVITY = DIALS + 3
SLOW_LOG_ACTIVITY = DIALS + 4
ACTIVITY = DIALS + 5
"""Activity times the day's shape, as of the last step."""
LOG_WIDTH = DIALS + 6
WIDTH = DIALS + 7
"""Width times its shape over the day, as of the last step: a factor on distances and on moves of the reference."""
MEMORY_1 = DIALS + 8
"""The averages of past signed sizes."""
QUOTED = DIALS + 8 + MEMORIES
QUOTED_SHARES = QUOTED + 1
QUOTED_SQUARES = QUOTED + 2
NEAR = QUOTED + 3
NEAR_DISTANCE = QUOTED + 4
NEAR_SQUARES = QUOTED + 5
"""Orders that came to rest so far, whatever brought them; their shares, and the squares of these, summed. The same for
the new orders that were to come near the touch, and their distances in widths. Nothing that follows depends on them."""

BLOCK = 1 << 16
"""Draws taken at a time."""
SPARE = 32
"""Draws of each kind that no message exceeds."""
UNIFORMS_FROM = 80
EXPONENTIALS_FROM = UNIFORMS_FROM + BLOCK
NORMALS_FROM = EXPONENTIALS_FROM + BLOCK
SHAPE_FROM = NORMALS_FROM + BLOCK
"""Where the draws and the shapes begin."""

# ---- what it remembers, as whole numbers: registers of the book

NOW_NS = FLOW_REGISTERS
NEXT_NS = FLOW_REGISTERS + 1
NEXT_KIND = FLOW_REGISTERS + 2
"""The pending arrival: it is kept whatever reads the book, so that slices change nothing."""
META_LEFT = FLOW_REGISTERS + 3
META_SIGN = FLOW_REGISTERS + 4
"""Aggressive orders that the present metaorder still has, and its sign."""
STEP = FLOW_REGISTERS + 5
"""Number of the next step of the activity clock."""
UNIFORM_AT = FLOW_REGISTERS + 6
EXPONENTIAL_AT = FLOW_REGISTERS + 7
NORMAL_AT = FLOW_REGISTERS + 8
"""Draws used of each block."""
HALTED = FLOW_REGISTERS + 9
"""1 while nobody may trade."""
ARRIVALS = FLOW_REGISTERS + 10
AGGRESSIVE = FLOW_REGISTERS + 11
"""Messages, and aggressive orders of the background, so far."""
LOW_TRIGGER = FLOW_REGISTERS + 12
HIGH_TRIGGER = FLOW_REGISTERS + 13
"""Twice the mids, in ticks, at which to stop; 0 is none."""
LOWER_BAND = FLOW_REGISTERS + 14
UPPER_BAND = FLOW_REGISTERS + 15
"""Nobody offers below, bids above or trades outside, in ticks; 0 is none."""

IMMIGRANT = 0
CHILD = 1
CLOCK = 2
REACTED = 3
"""Kinds of pending arrival: unexcited, excited, a step of the activity clock, a reaction to a stale quote or side."""

STEP_NS = 1_000_000_000
"""The activity clock ticks once a second."""
SHAPE_STEP_NS = 60_000_000_000
"""The day's shape is given for each minute."""


def new_flow(book: Ints, dials: Floats, shapes: tuple[Floats, Floats], reference_tick: float) -> Floats:
    """A flow into *book* at time 0 around *reference_tick*, with nothing drawn yet.

    The two *shapes*, of activity and width, are equally long: two minutes or more.
    """
    minutes = len(shapes[0])
    flow = np.zeros(SHAPE_FROM + 2 * minutes)
    flow[WIDTH] = shapes[1][0]
    flow[:DIALS] = dials
    flow[REFERENCE] = reference_tick
    flow[SHAPE_FROM : SHAPE_FROM + minutes], flow[SHAPE_FROM + minutes :] = shapes
    book[[UNIFORM_AT, EXPONENTIAL_AT, NORMAL_AT]] = BLOCK
    book[NEXT_KIND] = CLOCK
    return flow


def draw(book: Ints, flow: Floats, uniform: Generator, exponential: Generator, normal: Generator) -> None:
    """Fill the blocks that are used up. What was left of them is dropped: that depends on messages alone."""
    if book[UNIFORM_AT] > BLOCK - SPARE:
        uniform.random(out=flow[UNIFORMS_FROM:EXPONENTIALS_FROM])
        book[UNIFORM_AT] = 0
    if book[EXPONENTIAL_AT] > BLOCK - SPARE:
        exponential.standard_exponential(out=flow[EXPONENTIALS_FROM:NORMALS_FROM])
        book[EXPONENTIAL_AT] = 0
    if book[NORMAL_AT] > BLOCK - SPARE:
        normal.standard_normal(out=flow[NORMALS_FROM:SHAPE_FROM])
        book[NORMAL_AT] = 0
