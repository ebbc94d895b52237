"""The memory of one order book: a single flat array of whole numbers, so that compiled code can own it.

One array and not several: each array that compiled code takes out of a tuple is counted in and out, which made the
flow five times slower. The array holds, one after the other::

    registers   single numbers of the book and of its flow
    orders      a row of eight numbers (one cache line) for each order
    live        where the orders of the background stand, to pick one at random
    matches     what traded
    messages    what happened to the book, while it is recorded
    levels      a row for each price of a window that moves along with the market

An order is named by where its row begins; 0 is none. Prices are whole ticks, quantities shares.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# ---- registers

BASE = 0
"""The price of the first level of the window, in ticks."""
BEST_BID = 1
BEST_ASK = 2
"""The best price of each side, in ticks; 0 while the side is empty."""
BID_ORDERS = 3
ASK_ORDERS = 4
"""How many orders rest on each side, whoever owns them."""
FREE = 5
"""The first free row of the orders; free rows are linked by NEXT."""
FREE_ROWS = 6
LIVE = 7
"""How many orders of the background rest."""
NEXT_SEQ = 8
"""The number that the next resting order gets: its age among all."""
MATCHES = 9
MESSAGES = 10
"""How many rows of each are filled."""
RECORDING = 11
"""1 while each change of the book is written to the messages."""
ROWS = 12
MATCH_ROWS = 13
MESSAGE_ROWS = 14
WINDOW = 15
"""How many rows there are: orders, matches, messages, levels."""
LIVE_FROM = 16
MATCHES_FROM = 17
MESSAGES_FROM = 18
LEVELS_FROM = 19
"""Where each part begins."""
ADDED = 20
CANCELLED = 21
TURNS = 22
MET = 23
"""What the background did of itself: orders added, orders cancelled, its turns, and how many of its orders rested at
each turn, summed. Turns are its messages without the additional ones that pulled levers bring: they tell how busy it
is. Nothing that follows depends on these counts."""
FLOW_REGISTERS = 24
"""From here on stand the registers of the flow (flow_arrays.py)."""
ORDERS_FROM = 64
"""Where the orders begin, always: so that their names stay when the array grows."""

# ---- columns of an order

NEXT = 0
PREV = 1
TICK = 2
SIGNED_QTY = 3
"""Shares left, negative for a sell."""
OWNER = 4
ORDER_ID = 5
SEQ = 6
PLACE = 7
"""Where it stands among the live; 0 for an order of somebody known."""
ORDER_COLUMNS = 8

# ---- columns of a match

AT_NS = 0
MATCH_TICK = 1
MATCH_QTY = 2
AGGRESSOR = 3
MAKER_OWNER = 4
MAKER_ID = 5
MAKER_LEFT = 6
TAKER_OWNER = 7
TAKER_ID = 8
MATCH_COLUMNS = 9

# ---- columns of a message: LOBSTER's, then the top of the book after it

MESSAGE_NS = 0
KIND = 1
MESSAGE_SEQ = 2
MESSAGE_SIDE = 3
MESSAGE_QTY = 4
MESSAGE_TICK = 5
MESSAGE_BID = 6
MESSAGE_BID_QTY = 7
MESSAGE_ASK = 8
MESSAGE_ASK_QTY = 9
MESSAGE_COLUMNS = 10

# ---- columns of a level

HEAD = 0
TAIL = 1
"""First and last order of the queue."""
LEVEL_QTY = 2
LEVEL_COLUMNS = 3

ADD = 1
CUT = 2
DELETE = 3
EXECUTE = 4
"""The kinds of message, with LOBSTER's numbers; CUT is its partial cancel."""

BACKGROUND = 0
DESK = 1
"""Owners; reacting agents are numbered from 2."""

FIRST_ROWS = 4096
FIRST_MESSAGES = 4096
FIRST_WINDOW = 4096
MOST_WINDOW = 2**20
"""Prices that the window covers at first and at most; an order farther away is refused."""
MOST = 2**40
"""No quantity and no price may be larger, so that sums of either stay far from the end of 64 bits."""
EDGE = 512
"""The window is moved when the market comes this close to its end, in ticks."""


def new_book(centre_tick: int, *, rows: int = FIRST_ROWS, messages: int = 0) -> Ints:
    """An empty book whose window is centred on *centre_tick*, with room for *rows* resting orders.

    Raise ValueError if the price is below one tick or there is no row.
    """
    if not 1 <= centre_tick <= MOST:
        raise ValueError(f"a price of 1 to {MOST} ticks was expected in the middle of the book, was {centre_tick}")
    if rows < 1:
        raise ValueError(f"room for at least one order was expected, was {rows}")
    registers = np.zeros(ORDERS_FROM, np.int64)
    registers[BASE] = max(centre_tick - FIRST_WINDOW // 2, 0)
    book = _laid(registers, rows, messages, FIRST_WINDOW)
    _free(book, 0)
    return book


def with_more_rows(book: Ints) -> Ints:
    """The same book with room for twice as many orders. Every order keeps its name."""
    old = int(book[ROWS])
    larger = _copied(book, 2 * old, int(book[MESSAGE_ROWS]), int(book[WINDOW]))
    levels(larger)[:] = levels(book)
    _free(larger, old)
    return larger


def with_messages(book: Ints, messages: int) -> Ints:
    """The same book with room for *messages* messages."""
    other = _copied(book, int(book[ROWS]), messages, int(book[WINDOW]))
    levels(other)[:] = levels(book)
    return other


def with_space_for_messages(book: Ints, count: int) -> Ints:
    """The same book with room for *count* more messages: itself, or at least twice the room."""
    needed, there = int(book[MESSAGES]) + count, int(book[MESSAGE_ROWS])
    return book if needed <= there else with_messages(book, max(needed, 2 * there, FIRST_MESSAGES))


def covering(book: Ints, lowest_tick: int, highest_tick: int) -> Ints | None:
    """The same book with a window that covers its orders and both prices; None if it would be too wide."""
    base = int(book[BASE])
    held = np.flatnonzero(levels(book)[:, HEAD])
    if len(held):
        lowest_tick = min(lowest_tick, base + int(held[0]))
        highest_tick = max(highest_tick, base + int(held[-1]))
    window = int(book[WINDOW])
    while highest_tick - lowest_tick + 1 + 2 * EDGE > window:
        window *= 2
    if window > MOST_WINDOW:
        return None
    other = _copied(book, int(book[ROWS]), int(book[MESSAGE_ROWS]), window)
    other[BASE] = max((lowest_tick + highest_tick - window) // 2, 0)
    levels(other)[held + (base - int(other[BASE]))] = levels(book)[held]
    return other


def levels(book: Ints) -> Ints:
    """The levels as rows, the lowest price first: a view."""
    start = int(book[LEVELS_FROM])
    return book[start : start + LEVEL_COLUMNS * int(book[WINDOW])].reshape(-1, LEVEL_COLUMNS)


def orders(book: Ints) -> Ints:
    """The orders as rows, resting and free: a view."""
    return book[ORDERS_FROM : ORDERS_FROM + ORDER_COLUMNS * int(book[ROWS])].reshape(-1, ORDER_COLUMNS)


def background(book: Ints) -> Ints:
    """The orders of the background, in the order in which the flow finds them: a view."""
    start = int(book[LIVE_FROM])
    return book[start : start + int(book[LIVE])]


def line(book: Ints, tick: int) -> list[int]:
    """The orders in the queue at a price, the first in line first."""
    level = tick - int(book[BASE])
    queue: list[int] = []
    order = int(levels(book)[level, HEAD]) if 0 <= level < book[WINDOW] else 0
    while order:
        queue.append(order)
        order = int(book[order + NEXT])
    return queue


def matches(book: Ints) -> Ints:
    """What traded since it was last handed over, as rows: a view."""
    start = int(book[MATCHES_FROM])
    return book[start : start + MATCH_COLUMNS * int(book[MATCHES])].reshape(-1, MATCH_COLUMNS)


def messages(book: Ints) -> Ints:
    """What was recorded since it was last handed over, as rows: a view."""
    start = int(book[MESSAGES_FROM])
    return book[start : start + MESSAGE_COLUMNS * int(book[MESSAGES])].reshape(-1, MESSAGE_COLUMNS)


def _laid(registers: Ints, rows: int, message_rows: int, window: int) -> Ints:
    """An array with these registers and empty parts. There are two matches for each order that can rest."""
    live = ORDERS_FROM + ORDER_COLUMNS * rows
    match_start = live + rows
    message_start = match_start + MATCH_COLUMNS * 2 * rows
    level_start = message_start + MESSAGE_COLUMNS * message_rows
    book = np.zeros(level_start + LEVEL_COLUMNS * window, np.int64)
    book[:ORDERS_FROM] = registers
    sizes = (rows, 2 * rows, message_rows, window, live, match_start, message_start, level_start)
    book[ROWS : LEVELS_FROM + 1] = sizes
    return book


def _copied(book: Ints, rows: int, message_rows: int, window: int) -> Ints:
    """A book of these sizes with everything but the levels, which may stand elsewhere in its window."""
    other = _laid(book[:ORDERS_FROM], rows, message_rows, window)
    cells = ORDER_COLUMNS * int(book[ROWS])
    other[ORDERS_FROM : ORDERS_FROM + cells] = book[ORDERS_FROM : ORDERS_FROM + cells]
    live, old_live, count = int(other[LIVE_FROM]), int(book[LIVE_FROM]), int(book[LIVE])
    other[live : live + count] = book[old_live : old_live + count]
    other[other[live : live + count] + PLACE] = np.arange(live, live + count)
    matches(other)[:] = matches(book)
    messages(other)[:] = messages(book)
    return other


def _free(book: Ints, first_row: int) -> None:
    """Put every row from *first_row* on before the free ones."""
    rows = int(book[ROWS])
    names = ORDERS_FROM + ORDER_COLUMNS * np.arange(first_row, rows)
    book[names[:-1] + NEXT] = names[1:]
    book[names[-1] + NEXT] = book[FREE]
    book[FREE] = names[0]
    book[FREE_ROWS] += rows - first_row
