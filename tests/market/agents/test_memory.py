"""What agents remember of the price."""

from __future__ import annotations

from itertools import pairwise

import pytest

from engine.base.units import NS_PER_S
from engine.market.agents.memory import LEAST_LOOKS, Memory, Turmoil


def test_the_memory_goes_back_a_window_and_no_further() -> None:
    """The earliest look within the window, its edge included."""
    memory = Memory()

    assert memory.before(0, 100, 10) == 100
    assert memory.before(4 * NS_PER_S, 101, 10) == 100
    assert memory.before(10 * NS_PER_S, 102, 10) == 100
    assert memory.before(10 * NS_PER_S + 1, 103, 10) == 101
    assert memory.before(100 * NS_PER_S, 104, 10) == 104


def test_a_shorter_window_forgets_more() -> None:
    """A fault may change the window while the agent lives."""
    memory = Memory()
    for t_s in range(20):
        memory.before(t_s * NS_PER_S, t_s, 100)

    assert memory.before(20 * NS_PER_S, 20, 5) == 15


def calm(turmoil: Turmoil, looks: int, *, step: float = 3.0) -> int:
    """Let the price go up and down by *step* once a second; the time of the last look, in nanoseconds."""
    for look in range(looks):
        turmoil.times(look * NS_PER_S, 1_000 + step * (look % 2), 1, 4)
    return (looks - 1) * NS_PER_S


def test_nothing_is_unusual_while_little_is_known() -> None:
    """A jump at the very beginning is judged by nothing, and is one."""
    turmoil = Turmoil()
    now_ns = calm(turmoil, LEAST_LOOKS - 1)

    assert turmoil.times(now_ns + NS_PER_S, 2_000, 1, 4) == 1


def test_a_move_is_measured_in_multiples_of_the_usual_one() -> None:
    """Of a price that goes 3 ticks a second, 30 in a second is ten times the usual, and 3 is the usual."""
    turmoil = Turmoil()
    now_ns = calm(turmoil, 200)

    assert turmoil.times(now_ns + NS_PER_S, 1_000, 1, 4) == pytest.approx(1, abs=0.02)
    assert turmoil.times(now_ns + 2 * NS_PER_S, 1_030, 1, 4) == pytest.approx(10, rel=0.02)


def test_what_is_unusual_does_not_become_usual() -> None:
    """A long crash stays one: its moves are not taken into what is usual."""
    turmoil = Turmoil()
    now_ns = calm(turmoil, 200)
    prices = [1_000 - 30 * step for step in range(1, 200)]
    times = [turmoil.times(now_ns + step * NS_PER_S, price, 1, 4) for step, price in enumerate(prices, start=1)]

    assert min(times[1:]) == pytest.approx(max(times[1:])) == pytest.approx(10, rel=0.02)


def test_a_livelier_market_becomes_usual_in_time() -> None:
    """Moves of three times the usual, not unusual enough to run from, are the new usual after a while."""
    turmoil = Turmoil()
    now_ns = calm(turmoil, 200)
    times = [turmoil.times(now_ns + look * NS_PER_S, 1_000 + 9 * (look % 2), 1, 4) for look in range(1, 3_000)]

    assert times[1] == pytest.approx(3, rel=0.05)
    assert times[-1] == pytest.approx(1, abs=0.1)
    assert all(later <= earlier for earlier, later in pairwise(times[1:]))


def test_a_price_that_stood_still_may_move_by_a_tick() -> None:
    """One tick after a long silence is no turmoil, five are."""
    turmoil = Turmoil()
    now_ns = calm(turmoil, 200, step=0)

    assert turmoil.times(now_ns + NS_PER_S, 1_001, 1, 4) == 1
    assert turmoil.times(now_ns + 2 * NS_PER_S, 1_006, 1, 4) == pytest.approx(5, rel=0.01)
