"""The memory of a tape in play: flat arrays, so that compiled code can own it.

The tape's orders are kept apart from the book in which they stand, because the two may differ: what the desk took is
missing in the book and not on the tape, and what the tape traded with an order behind the desk's is left in the book.
Each order of the tape has a *slot*, named by where its row begins; 0 is none. The array holds, one after the other::

    registers   single numbers
    slots       a row for each order of the tape that is in sight
    touched     the slots that the message in play has changed
    bids, asks  the levels as the tape has them, from the touch outwards: price and shares

Prices of the tape are micro-dollars, those of the book ticks.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.market.tape_rows import CUT, DELETED, HIDDEN, NEW, VISIBLE

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

# ---- registers

SLOTS = 0
FREE = 1
FREE_SLOTS = 2
"""How many slots there are; the first free one, linked by PRICE; how many are free."""
TOUCHED = 3
"""How many slots are touched."""
BIDS = 4
ASKS = 5
"""How many levels each side has."""
BIDS_KEPT = 6
ASKS_KEPT = 7
"""How many of them are out of sight and kept, because of the desk."""
TOUCHED_FROM = 8
BIDS_FROM = 9
ASKS_FROM = 10
LEVELS_MOST = 11
"""Where each part begins, and how many levels it can hold."""
TICK_MICROS = 12
HALTED = 13
"""1 while the tape is in a halt: nothing shows."""
STOPPED = 14
"""1 while the venue has stopped trading: the tape runs on beneath the last quote."""
IN_BOOK = 15
"""1 while the orders of the tape stand in the book: neither halted nor stopped."""
NEXT_AGE = 16
"""The age of the next order that is older than all before it; below 0 and falling."""
ROW_ASK = 17
ROW_BID = 18
"""The tape's first level in the last sound row, in micro-dollars."""
QUOTE_BID = 19
QUOTE_BID_QTY = 20
QUOTE_ASK = 21
QUOTE_ASK_QTY = 22
"""The last quote told: ticks and shares."""
TOLD = 23
"""How many rows of ``told`` are filled."""
PRINT_FROM = 24
"""The first of them that belongs to the message in play."""
DESK_FILLED = 25
"""Shares of the desk that traded in the message in play."""
SLOTS_USED = 26
"""How many slots have ever been taken: those behind them are free."""
SLOTS_FROM = 32
"""Where the slots begin, always: so that their names stay when the array grows."""

# ---- columns of a slot

SIDE = 0
"""1 bids, -1 offers; 0 while the slot is free."""
PRICE = 1
NUMBER = 2
"""Its number on the tape; 0 for shares that came in without a message."""
ON_TAPE = 3
"""Shares that it has on the tape."""
SHIFT = 4
"""Shares that it has more (less: below 0) in the book than on the tape, because of the desk."""
SHARES = 5
TICK = 6
"""Shares and price that it shows; 0 and 0 if it shows nothing."""
ORDER = 7
"""Where its order stands in the book; 0 if it does not."""
AGE = 8
"""What it is sorted by in a queue: lower is earlier."""
IS_TOUCHED = 9
AIM = 10
"""Shares that it ought to show, while the book is brought up to date."""
SLOT_COLUMNS = 11

LEVEL_COLUMNS = 2
"""Price in micro-dollars, shares."""

# ---- levers: wanted, then as they are laid over the book

PRICE_FACTOR, SPREAD_FACTOR, DEPTH_FACTOR, VOLUME_FACTOR, LOWER, UPPER = range(6)
LAID_PRICE, LAID_WIDEN, LAID_DEPTH, LAID_LOWER, LAID_UPPER = range(6, 11)
"""Bands in ticks, 0 if there are none; by how many micro-dollars each side is moved outwards."""
LEVERS = 11

# ---- columns of a row of messages to be played

AT_NS = 0
KIND = 1
ID = 2
PLACE = 3
"""Where its order's slot stands in ``known``."""
QTY = 4
PRICE_MICROS = 5
WAY = 6
SOUND = 7
"""Whether the tape's book after it can be looked at: it is crossed or locked, it can, or there is none."""
NOT_SOUND, IS_SOUND, NO_ROW = 0, 1, 2
FEED_COLUMNS = 8

# ---- columns of what is told

TOLD_KIND = 0
TOLD_NS = 1
QUOTE, PRINT, FILL = 1, 2, 3
"""A quote: bid, its shares, ask, its shares, in ticks. A print: micro-dollars, shares, aggressor. A fill of the desk's
resting order: its number, side, shares, tick, shares left."""
TOLD_COLUMNS = 7

FIRST_SLOTS = 256
FIRST_LEVELS = 256
TOLD_ROWS = 8192


def new_tape(tick_micros: int, *, slots: int = FIRST_SLOTS, levels: int = FIRST_LEVELS) -> Ints:
    """An empty tape."""
    tape = _laid(np.zeros(SLOTS_FROM, np.int64), slots, levels)
    tape[TICK_MICROS], tape[NEXT_AGE], tape[IN_BOOK] = tick_micros, -1, 1
    _free(tape, 0)
    return tape


def neutral_levers() -> Floats:
    """The levers of an undisturbed market, laid as wanted."""
    levers = np.zeros(LEVERS, np.float64)
    levers[[PRICE_FACTOR, SPREAD_FACTOR, DEPTH_FACTOR, VOLUME_FACTOR, LAID_PRICE, LAID_DEPTH]] = 1.0
    return levers


def with_more_room(tape: Ints) -> Ints:
    """The same tape with twice the slots and twice the levels. Every slot keeps its name."""
    old, most = int(tape[SLOTS]), int(tape[LEVELS_MOST])
    larger = _laid(tape[:SLOTS_FROM], 2 * old, 2 * most)
    larger[SLOTS_FROM : SLOTS_FROM + SLOT_COLUMNS * old] = tape[SLOTS_FROM : SLOTS_FROM + SLOT_COLUMNS * old]
    for start in (BIDS_FROM, ASKS_FROM):
        new, before = int(larger[start]), int(tape[start])
        larger[new : new + LEVEL_COLUMNS * most] = tape[before : before + LEVEL_COLUMNS * most]
    assert not tape[TOUCHED]
    _free(larger, old)
    return larger


def slots(tape: Ints) -> Ints:
    """The slots as rows, free and taken: a view."""
    return tape[SLOTS_FROM : SLOTS_FROM + SLOT_COLUMNS * int(tape[SLOTS])].reshape(-1, SLOT_COLUMNS)


def fed(messages: Ints, run_ns: Ints, sound: list[bool], tape: Ints) -> tuple[Ints, Ints]:
    """The messages of a chunk (type, order, shares, price, direction) as rows to be played, and ``known``.

    ``known`` has the slot of each order that the chunk names, 0 for one that is not there.
    """
    numbers, places = np.unique(messages[:, 1], return_inverse=True)
    known = np.zeros(len(numbers), np.int64)
    taken = slots(tape)
    held = np.flatnonzero((taken[:, SIDE] != 0) & (taken[:, NUMBER] != 0))
    at = np.searchsorted(numbers, taken[held, NUMBER])
    found = at < len(numbers)
    held, at = held[found], at[found]
    same = numbers[at] == taken[held, NUMBER]
    known[at[same]] = SLOTS_FROM + SLOT_COLUMNS * held[same]
    feed = np.empty((len(messages), FEED_COLUMNS), np.int64)
    feed[:, AT_NS] = run_ns
    feed[:, KIND] = messages[:, 0]
    feed[:, ID] = messages[:, 1]
    feed[:, PLACE] = places.reshape(-1)
    feed[:, [QTY, PRICE_MICROS, WAY]] = messages[:, 2:5]
    feed[:, SOUND] = sound
    return feed, known


def shown_already(feed: Ints, place: int) -> None:
    """Let a message only be printed, because the opening book has it in."""
    if feed[place, KIND] in (NEW, CUT, DELETED):
        feed[place, KIND] = 0
    elif feed[place, KIND] == VISIBLE:
        feed[place, KIND] = HIDDEN


def _laid(registers: Ints, count: int, most: int) -> Ints:
    touched = SLOTS_FROM + SLOT_COLUMNS * count
    bids = touched + count
    asks = bids + LEVEL_COLUMNS * most
    tape = np.zeros(asks + LEVEL_COLUMNS * most, np.int64)
    tape[:SLOTS_FROM] = registers
    tape[SLOTS] = count
    tape[[TOUCHED_FROM, BIDS_FROM, ASKS_FROM, LEVELS_MOST]] = touched, bids, asks, most
    return tape


def _free(tape: Ints, first: int) -> None:
    """Put every slot from the number *first* on before the free ones."""
    names = SLOTS_FROM + SLOT_COLUMNS * np.arange(first, int(tape[SLOTS]))
    tape[names[:-1] + PRICE] = names[1:]
    tape[names[-1] + PRICE] = tape[FREE]
    tape[FREE] = names[0]
    tape[FREE_SLOTS] += len(names)
