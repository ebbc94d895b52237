"""The garbage collector during a run: rarely at work, never off, and as before afterwards."""

from __future__ import annotations

import gc
import weakref

import pytest

from engine.kernel.garbage import RARELY, rarely_collected


class Circle:
    """Something that refers to itself, so that no reference count ever ends it."""

    def __init__(self) -> None:
        self.itself = self


def test_the_collector_works_rarely_within_and_as_before_after_it() -> None:
    """Its thresholds are ours within, and what they were afterwards."""
    habits = gc.get_threshold()

    with rarely_collected():
        within = gc.get_threshold(), gc.isenabled()

    assert (within, gc.get_threshold()) == ((RARELY, True), habits)


def test_the_old_habits_come_back_after_an_error() -> None:
    """A run that fails leaves the process as it was."""
    habits = gc.get_threshold()

    with pytest.raises(ZeroDivisionError), rarely_collected():
        _ = 1 / 0

    assert (gc.get_threshold(), gc.get_freeze_count()) == (habits, 0)


def test_circles_are_found_after_so_many_new_things_at_the_latest() -> None:
    """Rarely is not never: memory is bounded."""
    with rarely_collected():
        gone = weakref.ref(Circle())
        kept = [[number] for number in range(2 * RARELY[0])]

    assert len(kept) == 2 * RARELY[0]
    assert gone() is None
