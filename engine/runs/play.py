"""Playing a plan: warm-up, before faults, timeline, heal, converge, end.

The player plans every fault from the timeline, lets the world run, and writes the phases. Progress and
cancellation look from outside and never touch simulated time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from engine.base.units import ns_from_s
from engine.domain.records import FaultHealed, FaultSkipped, FaultStarted, PhaseStarted, Record
from engine.faults.site import Site
from engine.kernel.world import Event, Process
from engine.runs.build import Built, build
from engine.runs.plan import Plan
from engine.runs.timeline import Injection

Observer = Callable[[Record], None]
Look = Callable[[int], bool]
"""Called with the simulated time every few thousand events; False ends the run."""


@dataclass(frozen=True)
class Played:
    """A run that was played: its world and desk, how far it came, and whether somebody ended it."""

    plan: Plan
    built: Built
    end_ns: int
    aborted: bool


def play(plan: Plan, *, observers: Iterable[Observer] = (), look: Look | None = None) -> Played:
    """Play *plan* from beginning to end, or until *look* says False."""
    built = build(plan)
    world = built.site.world
    world.log.observers.extend(observers)
    for record in world.log:  # what building wrote: nobody could watch yet
        for observe in world.log.observers:
            observe(record)
    end_ns = min(ns_from_s(plan.scenario.clock.run_for_s), built.market_end_ns)
    _phases(plan, built.site)
    heals = [world.event() for _ in plan.injections]
    for injection, heal in zip(plan.injections, heals, strict=True):
        world.at(injection.heal_ns, heal.succeed)
    planned = zip(plan.injections, heals, strict=True)
    injected = [world.start(_inject(injection, built.site, heal)) for injection, heal in planned]
    world.start(_converge(built.site, injected))
    arrived = world.run(end_ns, look)
    built.site.desk.books.check()
    world.record(PhaseStarted(world.now_ns, "end"))
    return Played(plan, built, world.now_ns, aborted=not arrived)


def _phases(plan: Plan, site: Site) -> None:
    """Plan to write where a phase begins, ahead of everything else at that instant."""
    world = site.world
    starts = [(0, "warmup"), (ns_from_s(plan.scenario.clock.warmup_s), "before_faults")]
    starts += [(injection.t0_ns, "timeline") for injection in plan.injections[:1]]
    for t_ns, phase in starts:
        world.at(t_ns, lambda phase=phase: world.record(PhaseStarted(world.now_ns, phase)))  # type: ignore[misc]


def _converge(site: Site, injected: Sequence[Event]) -> Process:
    """Write that the desk is on its own again, when the last fault has healed."""
    yield from injected
    if injected:
        site.world.record(PhaseStarted(site.world.now_ns, "converge"))


def _inject(injection: Injection, site: Site, heal: Event) -> Process:
    """Wait for the item's time, inject its fault, and let it heal when its time is over."""
    world, item = site.world, injection.item
    yield world.wait_until(injection.t0_ns)
    yield world.wait_ns(0)  # what heals in this instant heals first, so that the same fault may begin again
    if injection.skip:
        world.record(FaultSkipped(world.now_ns, item.id, item.fault, injection.skip))
        return
    world.record(FaultStarted(world.now_ns, item.id, item.fault))
    yield from injection.fault.play(site, heal)
    world.record(FaultHealed(world.now_ns, item.id, item.fault))
