"""Tests of the memory of a tape in play."""

from __future__ import annotations

import numpy as np

from engine.market import replay_arrays as at
from engine.market.replay_slots_kernel import change_level, free_slot, new_slot, on_tape

MESSAGES = np.array([[1, 7, 10, 100, 1], [1, 9, 20, 110, -1], [3, 7, 10, 100, 1], [4, 5, 30, 90, 1]], np.int64)


def test_slots_are_given_and_taken_back() -> None:
    """The last one freed is the next one given."""
    tape = at.new_tape(10_000, slots=2)
    one, two = new_slot(tape, 1, 100, 10, 7, 1), new_slot(tape, -1, 110, 10, 8, 2)
    full = int(tape[at.FREE_SLOTS])
    free_slot(tape, one)

    assert (full, one != two, new_slot(tape, 1, 90, 10, 9, 3)) == (0, True, one)


def test_a_tape_with_more_room_is_the_same() -> None:
    """Slots keep their names and levels their shares."""
    tape = at.new_tape(10_000, slots=2, levels=2)
    slot = new_slot(tape, 1, 100, 10, 7, 1)
    for side, price in ((1, 100), (1, 90), (-1, 110), (-1, 120)):
        change_level(tape, side, price, price)
    larger = at.with_more_room(tape)

    assert larger[slot : slot + at.SLOT_COLUMNS].tolist() == tape[slot : slot + at.SLOT_COLUMNS].tolist()
    assert [on_tape(larger, side, price) for side, price in ((1, 100), (1, 90), (-1, 110), (-1, 120))] == [
        100,
        90,
        110,
        120,
    ]
    assert (larger[at.SLOTS], larger[at.FREE_SLOTS], larger[at.LEVELS_MOST]) == (4, 3, 4)
    names = [new_slot(larger, 1, 80, 10, number, number) for number in range(3)]
    assert len({slot, *names}) == 4


def test_levels_stand_from_the_touch_outwards() -> None:
    """A level without shares is none."""
    tape = at.new_tape(10_000)
    for price, qty in ((100, 5), (120, 6), (110, 7), (120, -6), (100, -2)):
        change_level(tape, -1, price, qty)
    start = int(tape[at.ASKS_FROM])

    assert tape[at.ASKS] == 2
    assert tape[start : start + 4].tolist() == [100, 3, 110, 7]
    assert on_tape(tape, -1, 120) == 0


def test_a_chunk_knows_the_orders_that_are_there() -> None:
    """By their number on the tape; each other one is none, the same in all its messages."""
    tape = at.new_tape(10_000)
    new_slot(tape, 1, 100, 10, 3, 1)
    slot = new_slot(tape, 1, 90, 30, 5, 2)
    new_slot(tape, 1, 80, 30, 0, 3)
    feed, known = at.fed(MESSAGES, np.arange(4) * 1_000, [True, True, False, True], tape)
    slots = known[feed[:, at.PLACE]]

    assert slots.tolist() == [0, 0, 0, slot]
    assert feed[0, at.PLACE] == feed[2, at.PLACE] != feed[1, at.PLACE]
    assert feed[2, [at.AT_NS, at.KIND, at.ID, at.QTY, at.PRICE_MICROS, at.WAY, at.SOUND]].tolist() == [
        2_000,
        3,
        7,
        10,
        100,
        1,
        0,
    ]


def test_the_first_message_is_in_the_first_book() -> None:
    """It is only printed, if it is an execution."""
    feed, _ = at.fed(MESSAGES, np.arange(4), [True] * 4, at.new_tape(10_000))
    at.shown_already(feed, 0)
    at.shown_already(feed, 3)

    assert feed[:, at.KIND].tolist() == [0, 1, 3, 5]
