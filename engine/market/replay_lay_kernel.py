"""Laying a tape's orders in the book, compiled: at which price and in which place."""

from __future__ import annotations

from math import ceil, floor

from engine.market import book_arrays as b
from engine.market import replay_arrays as at
from engine.market.book_kernel import level_of, rest, unlink
from engine.market.jit import jit
from engine.market.replay_arrays import Floats, Ints
from engine.market.replay_slots_kernel import free_slot
from engine.market.replay_trade_kernel import sweep

GRAIN = 1e-7
"""Ticks by which a price may lie off the grid without being another one: what is lost by floating point."""


# ---- prices


@jit
def levered_tick(tape: Ints, levers: Floats, side: int, price_micros: int) -> int:
    """A price of the tape under the levers, on the grid, outwards: so bid and ask never meet."""
    tick_micros = tape[at.TICK_MICROS]
    ticks = (price_micros * levers[at.LAID_PRICE] - side * levers[at.LAID_WIDEN]) / tick_micros
    lowest = 2 if side < 0 and price_micros > tick_micros else 1
    tick: int = max(floor(ticks + GRAIN) if side > 0 else ceil(ticks - GRAIN), lowest)
    return tick


@jit
def shown_tick(tape: Ints, levers: Floats, side: int, price_micros: int) -> int:
    """A price of the tape under the levers, or the band that it lies beyond."""
    tick = levered_tick(tape, levers, side, price_micros)
    if levers[at.LAID_UPPER] == 0:
        return tick
    return min(tick, int(levers[at.LAID_UPPER])) if side > 0 else max(tick, int(levers[at.LAID_LOWER]))


@jit
def scaled(levers: Floats, qty: int) -> int:
    """Shares of the tape as the depth lever shows them."""
    return int(qty * levers[at.LAID_DEPTH])


# ---- laying


@jit
def settle(book: Ints, tape: Ints, levers: Floats, told: Ints, t_ns: int) -> None:
    """Bring every touched slot up to date in the book: first out what must go, then in what comes, the best first."""
    start, count = tape[at.TOUCHED_FROM], tape[at.TOUCHED]
    if count > 1:
        sort(tape, start, start + count)
    for cell in range(start, start + count):
        slot = tape[cell]
        aim(tape, levers, start, cell)
        tick = shown_tick(tape, levers, tape[slot + at.SIDE], tape[slot + at.PRICE])
        stays = tick == tape[slot + at.TICK] and tape[slot + at.AIM] + tape[slot + at.SHIFT] > 0
        if not (stays and tape[at.IN_BOOK]):
            withdraw(book, tape, slot)
    for cell in range(start, start + count):
        slot = tape[cell]
        lay(book, tape, levers, told, t_ns, slot)
        tape[slot + at.IS_TOUCHED] = 0
        if tape[slot + at.ON_TAPE] == 0 and tape[slot + at.SHIFT] == 0:
            withdraw(book, tape, slot)
            free_slot(tape, slot)
    tape[at.TOUCHED] = 0


@jit
def sort(tape: Ints, start: int, end: int) -> None:
    """Put the touched slots in the order of their side, their price on the tape and their age."""
    for cell in range(start + 1, end):
        slot, before = tape[cell], cell - 1
        while before >= start and comes_before(tape, slot, tape[before]):
            tape[before + 1] = tape[before]
            before -= 1
        tape[before + 1] = slot


@jit
def comes_before(tape: Ints, slot: int, other: int) -> bool:
    """Whether a slot has priority over another; the sides have none over each other, but an order."""
    side = tape[slot + at.SIDE]
    if side != tape[other + at.SIDE]:
        return bool(side > 0)
    better = side * (tape[slot + at.PRICE] - tape[other + at.PRICE])
    return bool(better > 0 or (better == 0 and tape[slot + at.AGE] < tape[other + at.AGE]))


@jit
def aim(tape: Ints, levers: Floats, start: int, cell: int) -> None:
    """Find what a slot ought to show of what it has on the tape.

    The depth lever acts on whole levels: an order shows what it adds to its level's scaled sum.
    """
    slot = tape[cell]
    shares = tape[slot + at.ON_TAPE]
    if levers[at.LAID_DEPTH] == 1.0:
        tape[slot + at.AIM] = shares
        return
    before = 0
    for earlier in range(start, cell):
        other = tape[earlier]
        if tape[other + at.SIDE] == tape[slot + at.SIDE] and tape[other + at.PRICE] == tape[slot + at.PRICE]:
            before += tape[other + at.ON_TAPE]
    tape[slot + at.AIM] = scaled(levers, before + shares) - scaled(levers, before)


@jit
def withdraw(book: Ints, tape: Ints, slot: int) -> None:
    """Take a slot's order out of the book, if it stands there."""
    if tape[slot + at.ORDER]:
        unlink(book, tape[slot + at.ORDER])
        tape[slot + at.ORDER] = 0


@jit
def lay(book: Ints, tape: Ints, levers: Floats, told: Ints, t_ns: int, slot: int) -> None:
    """Let a slot show what it ought to show: in its place if it stays at its price, else as one that comes in."""
    side = tape[slot + at.SIDE]
    tick = shown_tick(tape, levers, side, tape[slot + at.PRICE])
    shares = max(tape[slot + at.AIM] + tape[slot + at.SHIFT], 0)
    if tick != tape[slot + at.TICK]:
        if tape[slot + at.TICK]:  # it comes from another price, and so after all that are there
            tape[slot + at.AGE] = book[b.NEXT_SEQ]
            book[b.NEXT_SEQ] += 1
        tape[slot + at.TICK] = tick
    order = tape[slot + at.ORDER]
    if order:
        change = shares - abs(book[order + b.SIGNED_QTY])
        book[order + b.SIGNED_QTY] += side * change
        book[level_of(book, tick) + b.LEVEL_QTY] += change
    elif shares and tape[at.IN_BOOK] and 0 < tick - book[b.BASE] < book[b.WINDOW] - 1:
        left, _ = sweep(book, tape, told, t_ns, side, shares, tick, 0, shares)
        tape[slot + at.SHIFT] -= shares - left
        shares = left
        if left:
            order = rest(book, t_ns, side, tick, left, b.BACKGROUND, -slot)
            tape[slot + at.ORDER] = order
            take_place(book, order, tape[slot + at.AGE])
    tape[slot + at.SHARES] = shares


@jit
def take_place(book: Ints, order: int, age: int) -> None:
    """Move an order from the end of its queue to where its age belongs."""
    book[order + b.SEQ] = age
    last = book[order + b.PREV]
    before, after = last, 0
    while before and book[before + b.SEQ] > age:
        before, after = book[before + b.PREV], before
    if not after:
        return
    level = level_of(book, book[order + b.TICK])
    book[last + b.NEXT] = 0
    book[level + b.TAIL] = last
    book[order + b.PREV] = before
    book[order + b.NEXT] = after
    book[after + b.PREV] = order
    if before:
        book[before + b.NEXT] = order
    else:
        book[level + b.HEAD] = order
