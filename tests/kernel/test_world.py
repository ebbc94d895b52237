"""The world: integer time, a fixed order of events, and looks from outside that change nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.base.units import NS_PER_S
from engine.domain.records import DeskTick, Finding, PhaseStarted
from engine.kernel.event_log import Checkpoint
from engine.kernel.world import EVENTS_PER_LOOK, Process, World

# ---- time


def test_a_world_begins_at_nought() -> None:
    """With an empty log, nothing done, and its seed."""
    world = World(42)

    assert (world.now_ns, len(world.log), world.events_done, world.seed) == (0, 0, 0, 42)


def test_time_is_whole_nanoseconds_over_a_long_day() -> None:
    """One nanosecond after a day is not lost in a float."""
    world = World(1)
    day_ns = 86_400 * NS_PER_S
    seen: list[int] = []
    world.at(day_ns + 1, lambda: seen.append(world.now_ns))

    assert world.run(day_ns + 2)
    assert seen == [day_ns + 1]
    assert (world.now_ns, type(world.now_ns)) == (day_ns + 2, int)


def test_a_run_includes_its_last_instant() -> None:
    """What happens at the end happens; what comes a nanosecond later does not."""
    world = World(1)
    seen: list[str] = []
    world.at(10, lambda: seen.append("end"))
    world.at(11, lambda: seen.append("after"))

    world.run(10)

    assert (seen, world.now_ns) == (["end"], 10)


def test_what_the_last_instant_starts_for_itself_still_happens() -> None:
    """An event at the end may cause another one at the end."""
    world = World(1)
    seen: list[int] = []
    world.at(10, lambda: world.at(10, lambda: seen.append(world.now_ns)))

    world.run(10)

    assert seen == [10]


def test_a_world_without_events_still_gets_there() -> None:
    """Time passes in an empty world; a run to a time that has passed does nothing."""
    world = World(1)

    assert world.run(5)
    assert world.run(5)
    assert world.run(3)
    assert (world.now_ns, world.events_done) == (5, 0)


# ---- order


def test_at_comes_after_what_was_planned_for_that_instant() -> None:
    """First planned, first done; a time that has passed is now."""
    world = World(1)
    seen: list[str] = []
    world.at(10, lambda: seen.append("first"))
    world.at(5, lambda: world.at(10, lambda: seen.append("third")))
    world.at(10, lambda: seen.append("second"))
    world.at(20, lambda: world.at(3, lambda: seen.append(f"late at {world.now_ns}")))
    world.at(20, lambda: seen.append("fourth"))

    world.run(30)

    assert seen == ["first", "second", "third", "fourth", "late at 20"]


def test_a_process_waits_and_goes_on() -> None:
    """For a while, until a time, until a time that has passed, and for somebody's event with its value."""
    world = World(1)
    bell = world.event()
    seen: list[tuple[int, object]] = []

    def sleeper() -> Process:
        yield world.wait_ns(7)
        seen.append((world.now_ns, "waited"))
        yield world.wait_until(20)
        seen.append((world.now_ns, "until"))
        yield world.wait_until(3)
        seen.append((world.now_ns, "passed"))
        value = yield bell
        seen.append((world.now_ns, value))

    world.start(sleeper())

    def ring() -> None:
        bell.succeed("ding")

    world.at(50, ring)
    world.run(100)

    assert seen == [(7, "waited"), (20, "until"), (20, "passed"), (50, "ding")]


def test_waiting_backwards_is_refused() -> None:
    """A negative delay is a mistake of ours and says so."""
    with pytest.raises(ValueError, match="-1"):
        World(1).wait_ns(-1)


def test_an_error_in_a_process_ends_the_run() -> None:
    """Nothing is swallowed."""
    world = World(1)

    def broken() -> Process:
        yield world.wait_ns(1)
        raise ZeroDivisionError("of the process")

    world.start(broken())
    with pytest.raises(ZeroDivisionError, match="of the process"):
        world.run(10)


def test_a_record_goes_to_the_log() -> None:
    """The world's memory is its log."""
    world = World(1)
    world.record(PhaseStarted(0, "warmup"))

    assert list(world.log) == [PhaseStarted(0, "warmup")]


# ---- looking from outside


def busy(world: World, every_ns: int = 1) -> Process:
    """Wakes up forever."""
    while True:
        yield world.wait_ns(every_ns)


def test_a_look_comes_every_few_thousand_events() -> None:
    """With the simulated time, which it cannot change."""
    world = World(1)
    world.start(busy(world))
    looks: list[int] = []

    def look(t_ns: int) -> bool:
        looks.append(t_ns)
        return True

    assert world.run(3 * EVENTS_PER_LOOK, look)
    assert len(looks) == 3
    assert looks == sorted(looks)
    assert looks[0] == EVENTS_PER_LOOK - 1  # the process's own start is an event too
    assert world.events_done == 3 * EVENTS_PER_LOOK + 1


def test_a_look_that_says_no_ends_the_run_where_it_stands() -> None:
    """The run did not arrive, and can be taken up again to the same end."""
    world = World(1)
    world.start(busy(world))

    assert not world.run(10 * EVENTS_PER_LOOK, lambda _t_ns: False)
    stopped_ns = world.now_ns
    assert stopped_ns == EVENTS_PER_LOOK - 1
    assert world.run(10 * EVENTS_PER_LOOK)
    assert world.now_ns == 10 * EVENTS_PER_LOOK
    assert world.events_done == 10 * EVENTS_PER_LOOK + 1


def test_a_short_run_is_not_looked_at() -> None:
    """Fewer events than one look's worth: it is over anyway."""
    world = World(1)
    world.start(busy(world))

    assert world.run(EVENTS_PER_LOOK - 2, lambda _t_ns: False)


# ---- random worlds


@dataclass(frozen=True)
class Life:
    """One random process: how often it acts, how long it waits at most, how often it starts another."""

    acts: int
    most_wait_ns: int
    spawns: int


LIVES = st.lists(st.builds(Life, st.integers(1, 20), st.integers(0, 40 * NS_PER_S), st.integers(0, 2)), max_size=6)
END_NS = 200 * NS_PER_S


def lively(seed: int, lives: list[Life]) -> World:
    """A world of processes that wait, record, call each other at exact times and start others, by chance."""
    world = World(seed)

    def live(name: str, life: Life) -> Process:
        chance = world.stream(name)
        for act in range(life.acts):
            yield world.wait_ns(int(chance.integers(0, life.most_wait_ns + 1)))
            world.record(DeskTick(world.now_ns, name, act))
            at_ns = world.now_ns + int(chance.integers(-5, 5))
            world.at(at_ns, lambda: world.record(Finding(world.now_ns, name, f"{chance.random():.6f}")))
            if act < life.spawns:
                world.start(live(f"{name}.{act}", Life(life.acts // 2, life.most_wait_ns, life.spawns - 1)))

    for place, life in enumerate(lives):
        world.start(live(str(place), life))
    return world


def outcome(world: World) -> tuple[str, int, int, int, list[Checkpoint]]:
    """Everything that must not depend on how a run was driven."""
    return world.log.fingerprint(), len(world.log), world.now_ns, world.events_done, world.log.checkpoints


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**63 - 1), LIVES, st.lists(st.integers(0, END_NS), max_size=8))
def test_a_run_in_slices_is_the_run_at_once(seed: int, lives: list[Life], cuts: list[int]) -> None:
    """Same fingerprint, length, time, count and checkpoints, wherever it was cut, also in the middle of an instant."""
    whole, sliced = lively(seed, lives), lively(seed, lives)
    whole.run(END_NS)
    for cut_ns in sorted(cuts):
        assert sliced.run(cut_ns)
        assert sliced.now_ns == cut_ns
    sliced.run(END_NS)

    assert outcome(sliced) == outcome(whole)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**63 - 1), LIVES, st.integers(1, 5))
def test_a_run_that_is_looked_at_is_the_run_unseen(seed: int, lives: list[Life], looks_before_no: int) -> None:
    """Also when somebody ends it, again and again, and it is taken up again."""

    def with_crowd() -> World:
        world = lively(seed, lives)
        world.start(busy(world, END_NS // (3 * EVENTS_PER_LOOK)))
        return world

    unseen, seen = with_crowd(), with_crowd()
    unseen.run(END_NS)
    looks = 0

    def look(_t_ns: int) -> bool:
        nonlocal looks
        looks += 1
        return looks % looks_before_no != 0

    while not seen.run(END_NS, look):
        assert seen.now_ns <= END_NS

    assert looks >= 3 // looks_before_no
    assert outcome(seen) == outcome(unseen)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 2**63 - 1), min_size=2, max_size=2, unique=True))
def test_another_seed_is_another_run(seeds: list[int]) -> None:
    """The same processes with other chances leave another fingerprint; with the same chances the same one."""
    lives = [Life(5, NS_PER_S, 1)]
    prints: list[Callable[[], str]] = []
    for seed in (*seeds, seeds[0]):
        world = lively(seed, lives)
        world.run(END_NS)
        prints.append(world.log.fingerprint)

    assert prints[0]() == prints[2]()
    assert prints[0]() != prints[1]()
