"""The tape's own book beside its messages, compiled: what no message has said is made good."""

from __future__ import annotations

from engine.market import book_arrays as b
from engine.market import replay_arrays as at
from engine.market.book_kernel import level_of
from engine.market.jit import jit
from engine.market.replay_arrays import Floats, Ints
from engine.market.replay_lay_kernel import shown_tick, withdraw
from engine.market.replay_slots_kernel import (
    change_level,
    cut_slot,
    free_slot,
    latest,
    level_at,
    new_slot,
    on_tape,
    touch,
    without_number,
)


@jit
def see(book: Ints, tape: Ints, levers: Floats, row: Ints) -> None:
    """Compare both sides with the tape's row, and make good what no message has said."""
    tape[at.ROW_ASK] = row[0]
    tape[at.ROW_BID] = row[2]
    for side in (1, -1):
        if not agrees(tape, side, row):
            put_right(book, tape, levers, side, row)


@jit
def agrees(tape: Ints, side: int, row: Ints) -> bool:
    """Whether a side has the row's levels, and beyond them only what is kept because of the desk."""
    cell, count = (2 if side > 0 else 0), 0
    while cell < len(row):
        if row[cell + 1]:
            level = level_at(tape, side, count)
            if tape[level] != row[cell] or tape[level + 1] != row[cell + 1]:
                return False
            count += 1
        cell += 4
    here: int = tape[at.BIDS if side > 0 else at.ASKS]
    kept: int = tape[at.BIDS_KEPT if side > 0 else at.ASKS_KEPT]
    return here == count + kept


@jit
def put_right(book: Ints, tape: Ints, levers: Floats, side: int, row: Ints) -> None:
    """Give every level of the row its shares, drop what the row would show, and forget what is out of its sight.

    Fewer shares are fewer of the latest orders, more come in without a number. Where an order of the desk rests, or the
    desk has changed something, a level that is out of sight is kept as it was last seen.
    """
    count_at = at.BIDS if side > 0 else at.ASKS
    start = 2 if side > 0 else 0
    worst, shown = 0, 0
    for cell in range(start, len(row), 4):
        if row[cell + 1]:
            worst = row[cell]
            shown += 1
    full = 4 * shown == len(row)
    for place in range(tape[count_at] - 1, -1, -1):
        level = level_at(tape, side, place)
        price_micros = tape[level]
        if full and side * (worst - price_micros) > 0:
            if is_undisturbed(book, tape, levers, side, price_micros):
                forget(book, tape, side, price_micros)
        else:
            drop(tape, side, price_micros, tape[level + 1] - in_row(row, side, price_micros))
    for cell in range(start, len(row), 4):
        if row[cell + 1]:
            add(tape, side, row[cell], row[cell + 1] - on_tape(tape, side, row[cell]))
    if full:
        forget_executed(book, tape, levers, side, worst)
    tape[at.BIDS_KEPT if side > 0 else at.ASKS_KEPT] = tape[count_at] - shown


@jit
def in_row(row: Ints, side: int, price_micros: int) -> int:
    """Shares that the row has at a price."""
    qty = 0
    for cell in range(2 if side > 0 else 0, len(row), 4):
        if row[cell] == price_micros:
            qty = row[cell + 1]
    return qty


@jit
def add(tape: Ints, side: int, price_micros: int, qty: int) -> None:
    """Let shares come in that no message has told: without a number, and before all that are there."""
    if qty <= 0:
        return
    slot = without_number(tape, side, price_micros)
    if not slot:
        slot = new_slot(tape, side, price_micros, 0, 0, tape[at.NEXT_AGE])
        tape[at.NEXT_AGE] -= 1
    tape[slot + at.ON_TAPE] += qty
    change_level(tape, side, price_micros, qty)
    touch(tape, slot)


@jit
def drop(tape: Ints, side: int, price_micros: int, qty: int) -> None:
    """Take shares off a level that the tape has dropped without a message: those of the latest orders."""
    while qty > 0:
        slot = latest(tape, side, price_micros)
        if not slot:
            return
        part = min(qty, tape[slot + at.ON_TAPE])
        qty -= part
        change_level(tape, side, price_micros, -part)
        cut_slot(tape, slot, part)


@jit
def is_undisturbed(book: Ints, tape: Ints, levers: Floats, side: int, price_micros: int) -> bool:
    """Whether a level is just as the tape has it, without an order of the desk among its own."""
    for row in range(tape[at.SLOTS_USED]):
        slot = at.SLOTS_FROM + at.SLOT_COLUMNS * row
        if tape[slot + at.SIDE] == side and tape[slot + at.PRICE] == price_micros and tape[slot + at.SHIFT] != 0:
            return False
    return not desk_rests(book, tape, levers, side, price_micros)


@jit
def desk_rests(book: Ints, tape: Ints, levers: Floats, side: int, price_micros: int) -> bool:
    """Whether an order of the desk rests where a price of the tape shows."""
    tick = shown_tick(tape, levers, side, price_micros)
    if not 0 <= tick - book[b.BASE] < book[b.WINDOW]:
        return False
    order = book[level_of(book, tick) + b.HEAD]
    while order:
        if book[order + b.OWNER] != b.BACKGROUND:
            return True
        order = book[order + b.NEXT]
    return False


@jit
def forget(book: Ints, tape: Ints, side: int, price_micros: int) -> None:
    """Forget a level and its orders: when it comes back, its shares come in without a number."""
    change_level(tape, side, price_micros, -on_tape(tape, side, price_micros))
    for row in range(tape[at.SLOTS_USED]):
        slot = at.SLOTS_FROM + at.SLOT_COLUMNS * row
        if tape[slot + at.SIDE] == side and tape[slot + at.PRICE] == price_micros:
            withdraw(book, tape, slot)
            if tape[slot + at.IS_TOUCHED]:  # it is freed when it is its turn
                tape[slot + at.ON_TAPE] = 0
            else:
                free_slot(tape, slot)


@jit
def forget_executed(book: Ints, tape: Ints, levers: Floats, side: int, worst_micros: int) -> None:
    """Forget orders that the tape has executed and the book has not, once they are out of sight."""
    for row in range(tape[at.SLOTS_USED]):
        slot = at.SLOTS_FROM + at.SLOT_COLUMNS * row
        beyond = tape[slot + at.SIDE] == side and side * (worst_micros - tape[slot + at.PRICE]) > 0
        if beyond and tape[slot + at.ON_TAPE] == 0 and not desk_rests(book, tape, levers, side, tape[slot + at.PRICE]):
            tape[slot + at.SHIFT] = 0
            touch(tape, slot)
