"""Laying a tape's orders in the book, compiled: at which price, in which place, and what they trade on the way."""

from __future__ import annotations

from math import ceil, floor

from engine.market import book_arrays as b
from engine.market import replay_arrays as at
from engine.market.book_kernel import level_of, match, next_level, rest, unlink
from engine.market.jit import jit
from engine.market.replay_arrays import Floats, Ints
from engine.market.replay_slots_kernel import free_slot, touch

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


# ---- trading


@jit
def sweep(
    book: Ints, tape: Ints, told: Ints, t_ns: int, side: int, qty: int, limit_tick: int, named: int, budget: int
) -> tuple[int, int]:
    """Match *qty* shares that come in against the book, by price and time: shares left, and budget left.

    *named* is the slot that the tape says was executed: before it only the desk's orders have a right to trade, and
    those that the tape knows no more. Of what the tape's orders lose, *budget* shares are for good.
    """
    while qty > 0:
        order = next_maker(book, tape, side, limit_tick, named)
        if not order:
            break
        part = min(qty, abs(book[order + b.SIGNED_QTY]))
        qty -= part
        budget -= trade(book, tape, told, t_ns, order, part, side, min(part, budget))
    return qty, budget


@jit
def next_maker(book: Ints, tape: Ints, side: int, limit_tick: int, named: int) -> int:
    """The resting order that an aggressor of *side* meets now; 0 if there is none at its limit."""
    tick: int = book[b.BEST_ASK if side > 0 else b.BEST_BID]
    if tick == 0 or side * (tick - limit_tick) > 0:
        return 0
    order: int = book[level_of(book, tick) + b.HEAD]
    until = tape[named + at.ORDER] if named else 0
    while until and order != until and not goes_first(book, tape, order):
        order = book[order + b.NEXT]
        if not order:
            tick = next_level(book, level_of(book, tick), side)
            order = book[level_of(book, tick) + b.HEAD]
    return order


@jit
def goes_first(book: Ints, tape: Ints, order: int) -> bool:
    """Whether an order keeps its turn before one that the tape executed: it is not the tape's, or no more."""
    return bool(book[order + b.OWNER] != b.BACKGROUND or tape[at.ON_TAPE - book[order + b.ORDER_ID]] == 0)


@jit
def trade(book: Ints, tape: Ints, told: Ints, t_ns: int, order: int, qty: int, aggressor: int, for_good: int) -> int:
    """Trade with a resting order, of which *for_good* shares stay gone if it is the tape's: these."""
    tick, left = book[order + b.TICK], abs(book[order + b.SIGNED_QTY]) - qty
    slot = -book[order + b.ORDER_ID]
    if book[order + b.OWNER] != b.BACKGROUND:
        match(book, t_ns, order, qty, aggressor, b.BACKGROUND, 0)
        tell(tape, told, at.FILL, t_ns, book[order + b.ORDER_ID], -aggressor, qty, tick, left)
        tape[at.DESK_FILLED] += qty
        for_good, slot = 0, 0
    else:
        tell_print(tape, told, t_ns, tick * tape[at.TICK_MICROS], qty, aggressor)
        tape[slot + at.SHARES] -= qty
        tape[slot + at.SHIFT] -= for_good
        if for_good < qty:
            touch(tape, slot)
    if left:
        book[order + b.SIGNED_QTY] += aggressor * qty
        book[level_of(book, tick) + b.LEVEL_QTY] -= qty
    else:
        unlink(book, order)
        if slot:
            tape[slot + at.ORDER] = 0
            if tape[slot + at.ON_TAPE] == 0 and tape[slot + at.SHIFT] == 0 and not tape[slot + at.IS_TOUCHED]:
                free_slot(tape, slot)
    return for_good


# ---- telling


@jit
def tell(tape: Ints, told: Ints, kind: int, t_ns: int, one: int, two: int, three: int, four: int, five: int) -> None:
    """Write down what happened."""
    row = tape[at.TOLD]
    told[row, at.TOLD_KIND] = kind
    told[row, at.TOLD_NS] = t_ns
    told[row, 2] = one
    told[row, 3] = two
    told[row, 4] = three
    told[row, 5] = four
    told[row, 6] = five
    tape[at.TOLD] = row + 1


@jit
def tell_print(tape: Ints, told: Ints, t_ns: int, price_micros: int, qty: int, aggressor: int) -> None:
    """Write down what others traded, together with what the same message has traded at the same price."""
    for row in range(tape[at.PRINT_FROM], tape[at.TOLD]):
        if told[row, at.TOLD_KIND] == at.PRINT and told[row, 2] == price_micros and told[row, 4] == aggressor:
            told[row, 3] += qty
            return
    tell(tape, told, at.PRINT, t_ns, price_micros, qty, aggressor, 0, 0)


# ---- laying


@jit
def settle(book: Ints, tape: Ints, levers: Floats, told: Ints, t_ns: int) -> None:
    """Bring every touched slot up to date in the book: first out what must go, then in what comes, the oldest first."""
    start, count = tape[at.TOUCHED_FROM], tape[at.TOUCHED]
    if count > 1:
        sort_by_age(tape, start, start + count)
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
def sort_by_age(tape: Ints, start: int, end: int) -> None:
    """Put the touched slots in the order of their age."""
    for cell in range(start + 1, end):
        slot, before = tape[cell], cell - 1
        while before >= start and tape[tape[before] + at.AGE] > tape[slot + at.AGE]:
            tape[before + 1] = tape[before]
            before -= 1
        tape[before + 1] = slot


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
