"""Trading in a tape's order book, compiled: who meets whom, and what is told of it."""

from __future__ import annotations

from engine.market import book_arrays as b
from engine.market import replay_arrays as at
from engine.market.book_kernel import level_of, match, next_level, unlink
from engine.market.jit import jit
from engine.market.replay_arrays import Ints
from engine.market.replay_slots_kernel import free_slot, touch


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
