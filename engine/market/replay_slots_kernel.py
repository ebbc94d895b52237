"""The orders of a tape and its levels, compiled: what the tape says, before any of it is laid in the book."""

from __future__ import annotations

from engine.market import replay_arrays as at
from engine.market.jit import jit
from engine.market.replay_arrays import Ints

# ---- slots


@jit
def new_slot(tape: Ints, side: int, price_micros: int, qty: int, number: int, age: int) -> int:
    """Give an order of the tape a slot."""
    slot: int = tape[at.FREE]
    tape[at.FREE] = tape[slot + at.PRICE]
    tape[at.FREE_SLOTS] -= 1
    tape[at.SLOTS_USED] = max(tape[at.SLOTS_USED], (slot - at.SLOTS_FROM) // at.SLOT_COLUMNS + 1)
    tape[slot + at.SIDE] = side
    tape[slot + at.PRICE] = price_micros
    tape[slot + at.NUMBER] = number
    tape[slot + at.ON_TAPE] = qty
    tape[slot + at.SHIFT] = 0
    tape[slot + at.SHARES] = 0
    tape[slot + at.TICK] = 0
    tape[slot + at.ORDER] = 0
    tape[slot + at.AGE] = age
    return slot


@jit
def free_slot(tape: Ints, slot: int) -> None:
    """Forget an order of the tape, which must not stand in the book."""
    tape[slot + at.SIDE] = 0
    tape[slot + at.NUMBER] = 0
    tape[slot + at.PRICE] = tape[at.FREE]
    tape[at.FREE] = slot
    tape[at.FREE_SLOTS] += 1


@jit
def touch(tape: Ints, slot: int) -> None:
    """Let a slot be brought up to date in the book when the message has been read."""
    if not tape[slot + at.IS_TOUCHED]:
        tape[slot + at.IS_TOUCHED] = 1
        tape[tape[at.TOUCHED_FROM] + tape[at.TOUCHED]] = slot
        tape[at.TOUCHED] += 1


@jit
def cut_slot(tape: Ints, slot: int, qty: int) -> None:
    """Take *qty* shares off an order on the tape: no more can be missing in the book than it has."""
    tape[slot + at.ON_TAPE] -= qty
    left = tape[slot + at.ON_TAPE]
    tape[slot + at.SHIFT] = max(tape[slot + at.SHIFT], -left)
    touch(tape, slot)


@jit
def latest(tape: Ints, side: int, price_micros: int) -> int:
    """The slot of the latest order that the tape has at a price; 0 if there is none."""
    found, age = 0, 0
    for row in range(tape[at.SLOTS_USED]):
        slot = at.SLOTS_FROM + at.SLOT_COLUMNS * row
        if (
            tape[slot + at.SIDE] == side
            and tape[slot + at.PRICE] == price_micros
            and tape[slot + at.ON_TAPE] > 0
            and (not found or tape[slot + at.AGE] > age)
        ):
            found, age = slot, tape[slot + at.AGE]
    return found


@jit
def without_number(tape: Ints, side: int, price_micros: int) -> int:
    """The slot of the shares at a price that came in without a message; 0 if there are none."""
    for row in range(tape[at.SLOTS_USED]):
        slot = at.SLOTS_FROM + at.SLOT_COLUMNS * row
        if (
            tape[slot + at.SIDE] == side
            and tape[slot + at.PRICE] == price_micros
            and tape[slot + at.NUMBER] == 0
            and tape[slot + at.ON_TAPE] > 0
        ):
            return slot
    return 0


# ---- levels


@jit
def level_at(tape: Ints, side: int, place: int) -> int:
    """Where a level of a side stands, counted from the touch."""
    start: int = tape[at.BIDS_FROM if side > 0 else at.ASKS_FROM] + at.LEVEL_COLUMNS * place
    return start


@jit
def place_of(tape: Ints, side: int, price_micros: int) -> int:
    """Which level of a side a price is, or would be."""
    count = tape[at.BIDS if side > 0 else at.ASKS]
    place = 0
    while place < count and side * (tape[level_at(tape, side, place)] - price_micros) > 0:
        place += 1
    return place


@jit
def on_tape(tape: Ints, side: int, price_micros: int) -> int:
    """Shares that the tape has at a price."""
    place = place_of(tape, side, price_micros)
    level = level_at(tape, side, place)
    there = place < tape[at.BIDS if side > 0 else at.ASKS] and tape[level] == price_micros
    qty: int = tape[level + 1] if there else 0
    return qty


@jit
def change_level(tape: Ints, side: int, price_micros: int, change: int) -> None:
    """Add shares to what the tape has at a price, or take them away; a level without shares is none."""
    count_at = at.BIDS if side > 0 else at.ASKS
    count, place = tape[count_at], place_of(tape, side, price_micros)
    level, end = level_at(tape, side, place), level_at(tape, side, count)
    if place < count and tape[level] == price_micros:
        tape[level + 1] += change
        if tape[level + 1] <= 0:
            for cell in range(level, end - at.LEVEL_COLUMNS):
                tape[cell] = tape[cell + at.LEVEL_COLUMNS]
            tape[count_at] -= 1
    elif change > 0:
        for cell in range(end - 1, level - 1, -1):
            tape[cell + at.LEVEL_COLUMNS] = tape[cell]
        tape[level] = price_micros
        tape[level + 1] = change
        tape[count_at] += 1
