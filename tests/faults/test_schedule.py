"""The schedule: as many as the rates say, in order, at times that depend on nothing but the stream."""

from __future__ import annotations

from itertools import islice, takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.base.units import NS_PER_MS, NS_PER_S
from engine.faults.schedule import Schedule
from engine.kernel.streams import stream

STEP_NS = 100 * NS_PER_MS


def due(schedule: Schedule, length_ns: int, t0_ns: int = 0, seed: int = 1) -> list[int]:
    """What is due in the first *length_ns*."""
    times = schedule.due_ns(t0_ns, stream(seed, "schedule"))
    return list(takewhile(lambda t_ns: t_ns < t0_ns + length_ns, times))


def test_an_even_rate_is_even_to_the_step() -> None:
    """1,000 a second are 100 in every 100 ms."""
    times = due(Schedule((1000,), STEP_NS), 60 * NS_PER_S)
    per_step = [sum(1 for t_ns in times if t_ns // STEP_NS == step) for step in range(20)]

    assert len(times) == 60_000
    assert per_step == [100] * 20


def test_a_slow_rate_carries_over() -> None:
    """One every two seconds comes in every twentieth step."""
    assert [t_ns // STEP_NS for t_ns in due(Schedule((0.5,), STEP_NS), 10 * NS_PER_S)] == [19, 39, 59, 79, 99]


def test_the_rates_are_played_over_again() -> None:
    """A burst comes back in every round, and silence is silence."""
    times = due(Schedule((0, 500, 0), STEP_NS), 900 * NS_PER_MS, t0_ns=7)

    assert [(t_ns - 7) // STEP_NS for t_ns in times] == [1] * 50 + [4] * 50 + [7] * 50


@given(st.lists(st.floats(0, 500), min_size=1, max_size=20).filter(lambda rates: sum(rates) > 1), st.integers(1, 30))
def test_the_number_is_that_of_the_mean_rate(rates: list[float], steps: int) -> None:
    """After any number of steps, to one; in order, and never before the beginning."""
    schedule, length_ns = Schedule(tuple(rates), STEP_NS), steps * STEP_NS
    times = due(schedule, length_ns, t0_ns=5)

    assert abs(len(times) - schedule.mean_per_s(length_ns) * length_ns / NS_PER_S) <= 1
    assert times == sorted(times)
    assert all(t_ns >= 5 for t_ns in times)


@pytest.mark.parametrize(
    ("length_s", "mean_per_s"), [(0.1, 10), (0.05, 10), (0.2, 20), (0.3, 10 * 4 / 3), (2, 20), (0, 0)]
)
def test_the_mean_rate_is_that_of_what_is_played(length_s: float, mean_per_s: float) -> None:
    """Part of a round, whole rounds, and more."""
    schedule = Schedule((10, 30), STEP_NS)

    assert schedule.mean_per_s(round(length_s * NS_PER_S)) == pytest.approx(mean_per_s if length_s != 0.3 else 50 / 3)


def test_the_times_come_from_the_stream() -> None:
    """The same stream, the same times; another, others."""
    schedule = Schedule((1000,), STEP_NS)

    assert due(schedule, NS_PER_S) == due(schedule, NS_PER_S) != due(schedule, NS_PER_S, seed=2)
    assert len(set(islice(schedule.due_ns(0, stream(1, "x")), 100))) > 95
