"""The calendar: plain calls and SimPy's events in one order, as if every call were a timeout."""

from __future__ import annotations

from collections.abc import Callable

import simpy
from hypothesis import given
from hypothesis import strategies as st

from engine.kernel.calendar import Calendar


class Clock:
    """The time, and what was looked ahead to."""

    def __init__(self) -> None:
        self.now_ns = 0
        self.look_ahead: Callable[[int], object] | None = None


def as_timeout(env: simpy.Environment, t_ns: int, do: Callable[[], object]) -> None:
    """What a call would be in SimPy."""

    def call(_event: simpy.Event) -> None:
        do()

    env.timeout(max(t_ns - int(env.now), 0)).callbacks.append(call)


Plan = list[tuple[int, int | None, bool]]
PLANS: st.SearchStrategy[Plan] = st.lists(
    st.tuples(st.integers(0, 6), st.none() | st.integers(0, 6), st.booleans()), max_size=15
)


def played(plan: Plan, *, with_calls: bool) -> list[tuple[int, int]]:
    """When each thing of *plan* happened: (time, number), those that a thing plans in turn numbered from 100 on."""
    calendar, clock, seen = Calendar(0), Clock(), list[tuple[int, int]]()

    def add(t_ns: int, do: Callable[[], object], *, event: bool) -> None:
        if event or not with_calls:
            as_timeout(calendar, t_ns, do)
        else:
            calendar.call_at(t_ns, do)

    def happen(number: int, then_ns: int | None, *, event: bool) -> Callable[[], None]:
        def do() -> None:
            seen.append((int(calendar.now), number))
            if then_ns is not None:
                add(then_ns, lambda: seen.append((int(calendar.now), 100 + number)), event=event)

        return do

    for number, (t_ns, then_ns, event) in enumerate(plan):
        add(t_ns, happen(number, then_ns, event=not event), event=event)
    while calendar.work_off(clock, 10, 3):
        pass
    return seen


@given(PLANS)
def test_calls_stand_where_timeouts_would(plan: Plan) -> None:
    """Mixed with events, at the same instants, planned by each other, in the past: the order is SimPy's."""
    assert played(plan, with_calls=True) == played(plan, with_calls=False)


def test_work_ends_at_its_time_or_at_its_number() -> None:
    """Up to and including the time, and never more things than were asked for."""
    calendar, clock, seen = Calendar(0), Clock(), list[int]()
    for t_ns in (1, 2, 3, 4):
        calendar.call_at(t_ns, lambda t_ns=t_ns: seen.append(t_ns))  # type: ignore[misc]

    assert (calendar.work_off(clock, 3, 2), list(seen), clock.now_ns) == (2, [1, 2], 2)
    assert (calendar.work_off(clock, 3, 2), list(seen), clock.now_ns) == (1, [1, 2, 3], 3)
    assert calendar.work_off(clock, 3, 2) == 0


def test_whoever_looks_ahead_may_plan_something_earlier() -> None:
    """It is told the time of the next thing, or the end, and what it plans comes in its turn."""
    calendar, clock, seen = Calendar(0), Clock(), list[str]()
    asked: list[int] = []

    def look_ahead(limit_ns: int) -> None:
        asked.append(limit_ns)
        if limit_ns == 10:
            calendar.call_at(7, lambda: seen.append("found at 7"))

    clock.look_ahead = look_ahead
    calendar.call_at(5, lambda: seen.append("planned at 5"))
    calendar.work_off(clock, 10, 2)

    assert (seen, asked, clock.now_ns) == (["planned at 5", "found at 7"], [5, 10], 7)


def test_time_may_pass_without_anything_happening() -> None:
    """What is planned afterwards is planned from then on."""
    calendar, clock, seen = Calendar(0), Clock(), list[int]()
    calendar.pass_time(50)
    calendar.timeout(5).callbacks.append(lambda _event: seen.append(int(calendar.now)))
    calendar.call_at(10, lambda: seen.append(int(calendar.now)))
    calendar.work_off(clock, 100, 10)

    assert seen == [50, 55]
