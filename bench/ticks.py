"""What a quote, a timer and a record cost on their way through the desk, and what every metric costs after it.

The shipped flash crash with a market that moves a hundred times a second, up to its first fault. The market and its
venue are played without a desk, then with one; what the desk's ticks cost is the difference, less the timers, which a
desk with nothing to hold and without a market shows by themselves.

    python bench/ticks.py [--quick]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from common import Case, Figure, Work, amount, asked_quick, cpu_s, heading, measured, rounds, same, table

from engine.base.units import NS_PER_S
from engine.domain.records import Record, VenueQuote, VenueTrade
from engine.kernel.event_log import EventLog
from engine.kernel.world import World
from engine.market.venue import Venue
from engine.metrics import metrics
from engine.metrics.evidence import Evidence
from engine.runs.assess import evidence_of
from engine.runs.build import build
from engine.runs.documents import open_library
from engine.runs.plan import Plan, plan_run
from engine.runs.play import play
from engine.trading.desk import TIMER_NS
from engine.trading.directional import DirectionalDocument

STEP_MS, NO_STEP_MS = 10.0, 1e9
PLAYS_S, QUICK_PLAYS_S = 300, 60
"""Simulated seconds, all before the first fault."""
DEAREST = 12
"""So many metrics are listed by themselves."""
WATCHER = DirectionalDocument(side="long", target_shares=1, order_qty_shares=1, orders_per_s=0.001)
"""A strategy that looks at every quote and hardly ever asks for anything."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What the stretch holds: ticks are quotes and trades."""

    quotes: list[VenueQuote]
    ticks: int
    timers: int


def main() -> None:
    """Measure and print."""
    quick = asked_quick("Cost of a tick, a timer, a record and a metric.")
    until_ns = (QUICK_PLAYS_S if quick else PLAYS_S) * NS_PER_S
    shipped = plan_run(open_library(None), "broker_failure", {}, None)
    plan = replace_parts(shipped, STEP_MS, strategy=WATCHER)
    calm = replace_parts(shipped, NO_STEP_MS, strategy=WATCHER, inventory={})
    counted = count(plan, until_ns)
    cases = (
        Case("a bare Python loop of calls (yardstick)", same(partial(turn, counted.ticks)), counted.ticks, "turn"),
        Case("market and venue without a desk", partial(market_alone, plan, until_ns), counted.ticks, "tick"),
        Case("market, venue and desk", partial(played, plan, until_ns), counted.ticks, "tick"),
        Case("desk without a market", partial(played, calm, until_ns), counted.timers, "timer"),
        Case("event log: a quote's record", same(partial(log_of, counted.quotes)), len(counted.quotes), "record"),
    )
    figures = measured(cases, quick=quick)
    print(heading("Ticks, timers, records, metrics", clock="CPU time of this process", quick=quick))
    print(table(figures))
    print(f"\n{desk_ticks(figures, counted)}\n")
    print(metric_passes(replace_parts(shipped, STEP_MS), until_ns, quick=quick))


def replace_parts(plan: Plan, step_ms: float, **desk: Any) -> Plan:
    """*plan* with a market of another pace, and other parts of its desk."""
    scenario: Any = plan.scenario  # its market is one of several documents; this one has a step
    market = replace(scenario.market, step_ms=step_ms)
    return replace(plan, scenario=replace(scenario, market=market, desk=replace(scenario.desk, **desk)))


def count(plan: Plan, until_ns: int) -> Counted:
    """What market, venue and desk make of the stretch."""
    world = build(plan).site.world
    world.run(until_ns)
    quotes = world.log.of(VenueQuote)
    return Counted(quotes, len(quotes) + len(world.log.of(VenueTrade)), until_ns // TIMER_NS)


def turn(times: int) -> None:
    """Call a function that does nothing."""
    for number in range(times):
        _nothing(number)


def _nothing(_number: int) -> None:
    """Nothing."""


def market_alone(plan: Plan, until_ns: int) -> Work:
    """A venue to which nobody listens."""
    world = World(plan.seed)
    model = plan.scenario.market.build(world, open_s=0.0, find=Path)
    venue = Venue(world, model, plan.venue.fees, plan.day, cancel_on_disconnect=plan.venue.cancel_on_disconnect)
    venue.start()
    return partial(world.run, until_ns)


def played(plan: Plan, until_ns: int) -> Work:
    """The whole world of *plan*, without its faults."""
    return partial(build(plan).site.world.run, until_ns)


def log_of(records: Sequence[Record]) -> EventLog:
    """An event log of *records*, with its fingerprint taken."""
    log = EventLog()
    for record in records:
        log.append(record)
    log.fingerprint()
    return log


def desk_ticks(figures: Sequence[Figure], counted: Counted) -> str:
    """What the desk costs at each tick: everything, less the market and the desk's timers."""
    alone, everything, timer = (figure.median_s for figure in figures[1:4])
    desk_s = everything - alone - timer * counted.timers / counted.ticks
    return (
        f"{counted.ticks:,} ticks, {len(counted.quotes):,} of them quotes: "
        f"{amount(desk_s)} for a tick at the desk, {amount(timer)} for a timer"
    )


def metric_passes(plan: Plan, until_ns: int, *, quick: bool) -> str:
    """Every metric over the log of a run with the scenario's own strategy, and what the first pass of all costs.

    The first pass of each metric makes what several share; the others are of the metric alone.
    """
    evidence = evidence_of(play(plan, look=lambda t_ns: t_ns < until_ns))
    passes = [_one_pass(evidence) for _ in range(rounds(quick=quick) + 1)]
    quotes = len(evidence.log.of(VenueQuote))
    alone = {name: median(each[name] for each in passes[1:]) for name in passes[0]}
    dearest = sorted(alone, key=lambda name: -alone[name])[:DEAREST]
    first_s, again_s = sum(passes[0].values()), sum(alone.values())
    width = max(map(len, dearest))
    return "\n".join(
        (
            f"{len(alone)} metrics over {len(evidence.log):,} records with {quotes:,} quotes: "
            f"{amount(first_s)} for the first pass of all, {amount(again_s)} for each further one",
            *(f"{name:<{width}}  {amount(alone[name]):>9}  {amount(alone[name] / quotes)} a quote" for name in dearest),
        )
    )


def _one_pass(evidence: Evidence) -> dict[str, float]:
    """CPU seconds of each metric, one after the other."""
    return {name: cpu_s(partial(metric.measure, evidence)) for name, metric in metrics}


if __name__ == "__main__":
    main()
