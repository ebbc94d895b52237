"""Events per second of the kernel's world, and of a whole scenario in it.

The kernel's cases do nothing but pass time and keep records; ``flash_crash`` is the shipped scenario with market,
venue, desk and governor, played but not judged (with ``--quick`` its first 300 simulated seconds).

    python bench/world.py [--quick]
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import simpy
from common import Case, Figure, Work, asked_quick, heading, measured, same, table

from engine.base.units import NS_PER_S, NS_PER_US
from engine.domain.records import Decided, DeskTick, Intent, Record, Sent, VenueQuote, VenueTrade
from engine.kernel.event_log import EventLog
from engine.kernel.streams import Uniforms
from engine.kernel.world import Process, World
from engine.runs.documents import open_library
from engine.runs.plan import Plan, plan_run
from engine.runs.play import play

EVENTS, QUICK_EVENTS = 100_000, 20_000
PROCESSES = 100
QUICK_PLAYS_S = 300
SEED = 42


def main() -> None:
    """Measure and print."""
    quick = asked_quick("Events per second of the world.")
    count = QUICK_EVENTS if quick else EVENTS
    records = typical_records(count)
    plan = plan_run(open_library(None), "flash_crash", {}, None)
    until_ns = (QUICK_PLAYS_S if quick else plan.scenario.clock.run_for_s) * NS_PER_S
    world = play(plan, look=lambda t_ns: t_ns < until_ns).built.site.world
    with TemporaryDirectory(prefix="stress-bench-") as folder:
        log = log_of(records)
        cases = (
            Case("a bare Python loop of calls (yardstick)", same(partial(turn, count)), count, "turn"),
            Case("simpy alone: 100 processes wait", partial(waiting_in_simpy, count), count, "event"),
            Case("world: callbacks at a time", partial(calling_back, count), count, "event"),
            Case("world: 100 processes wait", partial(waiting, count), count, "event"),
            Case("world: 100 processes with streams", partial(waiting_by_chance, count), count, "event"),
            Case("event log: append and fingerprint", same(partial(log_of, records)), count, "record"),
            Case("event log: write, compressed", same(partial(log.write, Path(folder) / "events")), count, "record"),
            Case("flash_crash: events of the world", partial(playing, plan, until_ns), world.events_done, "event"),
        )
        figures = measured(cases, quick=quick)
    print(heading("The world", clock="CPU time of this process", quick=quick))
    print(table(figures))
    print(f"\n{whole(figures[-1], world)}")


def whole(figure: Figure, world: World) -> str:
    """The scenario's figure once more, in its own measures."""
    spent_s = figure.median_s * world.events_done
    played_s = world.now_ns / NS_PER_S
    return (
        f"flash_crash: {played_s:,.0f} simulated seconds, {len(world.log):,} records in {spent_s:.2f} s of CPU time: "
        f"{len(world.log) / spent_s:,.0f} records per s, {played_s / spent_s:,.0f} simulated s per s"
    )


def turn(count: int) -> None:
    """Call a function that does nothing *count* times."""
    for number in range(count):
        _nothing(number)


def _nothing(_number: int) -> None:
    """Nothing."""


def waiting_in_simpy(count: int) -> Work:
    """What the clock itself costs: processes that wait, in SimPy without a world."""
    env = simpy.Environment(0)

    def waiter(number: int) -> Process:
        for _ in range(count // PROCESSES):
            yield env.timeout(NS_PER_US + number)

    for number in range(PROCESSES):
        env.process(waiter(number))
    return env.run


def calling_back(count: int) -> Work:
    """A callback that plans the next one, as stages and links do."""
    world = World(SEED)
    left = count

    def again() -> None:
        nonlocal left
        left -= 1
        if left > 0:
            world.at(world.now_ns + NS_PER_US, again)

    world.at(NS_PER_US, again)
    return partial(world.run, count * NS_PER_US)


def waiting(count: int) -> Work:
    """Processes that wait, each at a pace of its own."""
    return _all_waiting(count, lambda _world, number: lambda: NS_PER_US + number)


def waiting_by_chance(count: int) -> Work:
    """Processes that wait as long as their own named stream says."""

    def pace(world: World, number: int) -> Callable[[], int]:
        draw = Uniforms(world.stream(f"process_{number}"), block=count // PROCESSES).draw
        return lambda: int(draw() * NS_PER_US) + 1

    return _all_waiting(count, pace)


def _all_waiting(count: int, pace: Callable[[World, int], Callable[[], int]]) -> Work:
    world = World(SEED)

    def waiter(delay_ns: Callable[[], int]) -> Process:
        for _ in range(count // PROCESSES):
            yield world.wait_ns(delay_ns())

    for number in range(PROCESSES):
        world.start(waiter(pace(world, number)))
    return partial(world.run, NS_PER_S)


def typical_records(count: int) -> list[Record]:
    """Records in the mix of a desk that quotes: ticks, trades, intents, decisions, sends."""
    records: list[Record] = []
    for t_ns in range(0, count * NS_PER_US, 6 * NS_PER_US):
        records += (
            VenueQuote(t_ns, "SPY", 539_990_000, 800, 540_010_000, 900),
            DeskTick(t_ns + 1_000, "SPY", t_ns),
            VenueTrade(t_ns + 2_000, "SPY", 540_010_000, 100, 1),
            Intent(
                t_ns + 3_000, t_ns, 0, "new", "SPY", 1, 100, 539_990_000, "day", "strategy", t_ns, 540_000_000, True, 0
            ),
            Decided(t_ns + 4_000, t_ns, True, "", 0.0, 0.0, "", t_ns + 3_000, t_ns, True),
            Sent(t_ns + 5_000, t_ns, 0, "new", "strategy"),
        )
    return records[:count]


def log_of(records: list[Record]) -> EventLog:
    """An event log of *records*, with its fingerprint taken."""
    log = EventLog()
    for record in records:
        log.append(record)
    log.fingerprint()
    return log


def playing(plan: Plan, until_ns: float) -> Work:
    """A round of the scenario up to *until_ns*."""
    return lambda: play(plan, look=lambda t_ns: t_ns < until_ns)


if __name__ == "__main__":
    main()
