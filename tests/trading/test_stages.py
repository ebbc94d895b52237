"""Tests of stages and links."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernel.streams import stream
from engine.kernel.world import World
from engine.trading.profile import ServiceTime
from engine.trading.stages import Link, ServiceTimes, Stage

from .desk_world import fixed, run_ms

TAILED = ServiceTime(p50_us=100, p99_us=1_000, p999_us=5_000, max_us=10_000)


def _nothing() -> None:
    pass


def test_service_times_pass_through_the_points_of_the_document() -> None:
    """The quantile curve meets a quarter of the median, the median, P99, P99.9 and the maximum."""
    times = ServiceTimes(TAILED, stream(1, "x"))

    assert times.at_ns(np.array([0.0, 0.5, 0.99, 0.999, 1.0])) == [25_000, 100_000, 1_000_000, 5_000_000, 10_000_000]


def test_between_two_points_the_logarithm_grows_linearly() -> None:
    """Halfway between median and P99 lies their geometric mean."""
    times = ServiceTimes(TAILED, stream(1, "x"))

    assert times.at_ns(np.array([(0.5 + 0.99) / 2])) == [round((100_000 * 1_000_000) ** 0.5)]


def test_drawn_service_times_have_the_asked_percentiles() -> None:
    """100,000 draws reproduce median and P99 to 3 %, and stay inside the curve."""
    times = ServiceTimes(TAILED, stream(7, "desk/governor"))
    drawn = sorted(times.draw_ns() for _ in range(100_000))

    assert drawn[50_000] == pytest.approx(100_000, rel=0.03)
    assert drawn[99_000] == pytest.approx(1_000_000, rel=0.03)
    assert (drawn[0] >= 25_000, drawn[-1] <= 10_000_000) == (True, True)


def test_draws_do_not_depend_on_the_block_they_were_taken_in() -> None:
    """The n-th draw is the n-th uniform of the stream, through the curve."""
    times = ServiceTimes(TAILED, stream(7, "a"))
    drawn = [times.draw_ns() for _ in range(3_000)]

    assert drawn == times.at_ns(stream(7, "a").random(3_000))


def test_an_idle_stage_serves_at_once() -> None:
    """Nothing waits in front of an idle server."""
    world, done = World(1), []
    stage = Stage(world, "governor", fixed(100))

    due_ns = stage.through(lambda: done.append(world.now_ns))
    run_ms(world, 1)

    assert done == [due_ns]
    assert 25_000 <= due_ns <= 100_000


def test_a_burst_waits_longer_and_longer() -> None:
    """Of 100 things at once the last waits for all the others, and they leave in the order they came."""
    world = World(1)
    done: list[tuple[int, int]] = []
    stage = Stage(world, "governor", TAILED)

    def finish(number: int) -> None:
        done.append((number, world.now_ns))

    due = [stage.through(partial(finish, number)) for number in range(100)]
    waiting = stage.pending
    world.run(due[-1])

    assert waiting == 100
    assert done == list(enumerate(due))
    assert due == sorted(due)
    assert due[-1] > 20 * due[0]
    assert stage.pending == 0


def test_a_stage_that_was_idle_forgets_its_past() -> None:
    """What comes after a pause does not wait for what was served before it."""
    world = World(1)
    stage = Stage(world, "governor", fixed(100))
    stage.through(lambda: None)
    run_ms(world, 10)

    assert stage.through(lambda: None) - world.now_ns <= 100_000


def test_a_thing_still_counts_as_pending_until_it_is_done() -> None:
    """The backlog counts what waits and what is being served, and not what calls back."""
    world, seen = World(1), []
    stage = Stage(world, "governor", fixed(100))
    stage.through(lambda: seen.append(stage.pending))
    stage.through(lambda: seen.append(stage.pending))
    run_ms(world, 1)

    assert seen == [1, 0]


def test_a_link_does_not_queue() -> None:
    """Messages sent together travel together: a link delays and does not serve."""
    world = World(1)
    link = Link(world, "feed_link", fixed(100))

    assert max(link.carry(lambda: None) for _ in range(100)) <= 100_000


@given(st.lists(st.tuples(st.integers(0, 5_000_000), st.integers(0, 50_000_000)), min_size=1, max_size=60))
def test_no_message_overtakes_another(sends: list[tuple[int, int]]) -> None:
    """Whatever extra delay is added and taken away, messages arrive in order and none before its own delay."""
    world = World(3)
    link = Link(world, "feed_link", TAILED)
    sent: list[tuple[int, int]] = []
    arrived: list[int] = []

    def send(number: int, extra_ns: int) -> Callable[[], None]:
        def do() -> None:
            link.extra_delay_ns = extra_ns
            sent.append((world.now_ns + extra_ns, link.carry(lambda: arrived.append(number))))

        return do

    t_ns = 0
    for number, (gap_ns, extra_ns) in enumerate(sends):
        t_ns += gap_ns
        world.at(t_ns, send(number, extra_ns))
    world.run(10**9)

    assert arrived == list(range(len(sends)))
    assert all(arrival_ns > least_ns for least_ns, arrival_ns in sent)


def test_messages_behind_a_late_one_wait_for_it_when_the_delay_is_taken_away() -> None:
    """The first message after a heal arrives with the last delayed one, not before it."""
    world, arrived = World(1), []
    link = Link(world, "feed_link", fixed(100))
    link.extra_delay_ns = 200_000_000
    late_ns = link.carry(lambda: arrived.append("late"))
    link.extra_delay_ns = 0
    next_ns = link.carry(lambda: arrived.append("next"))
    world.run(late_ns)

    assert next_ns == late_ns
    assert arrived == ["late", "next"]


def test_stages_draw_from_streams_of_their_own() -> None:
    """A stage more does not move the times of another."""
    alone, world = World(9), World(9)
    Stage(world, "gateway", TAILED).through(lambda: None)

    assert Stage(world, "governor", TAILED).through(_nothing) == Stage(alone, "governor", TAILED).through(_nothing)
