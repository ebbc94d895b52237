"""Orders per second of the order book: its flow alone, from Python, in a whole world, over a whole day.

``busy market`` is 600 simulated seconds (with ``--quick`` 60) of 2,000 background orders a second, fifty reacting
agents that wake once a second, and one desk; ``a day of AMZN`` is 6.5 hours (with ``--quick`` ten minutes) at the
rates of AMZN with one desk that moves its quotes at most once a second. Both are played, not judged; each with every
change of the top of book published, and with one publication in 100 ms. Their documents lie in ``bench/scenarios``.

    python bench/market.py [--quick]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from cProfile import Profile
from dataclasses import replace
from functools import partial
from pathlib import Path
from pstats import Stats
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from common import Case, Figure, Work, amount, asked_quick, heading, measured, rounds, same, table
from market_flow import flowing, orders_in, resting, taking
from process import BUDGET_MB

from engine.market.flow_arrays import ARRIVALS
from engine.market.order_book_market import OrderBookMarket
from engine.runs.documents import open_library
from engine.runs.plan import Plan, plan_run
from engine.runs.play import Played, play

HERE = Path(__file__).parent
BUSY, DAY = HERE / "scenarios" / "busy_market.yaml", HERE / "scenarios" / "amzn_day.yaml"
FEEDS = {0: "every change", 100: "every 100 ms"}
"""How often the top of book is published, in milliseconds, and how the table calls it."""
FLOW_S, QUICK_FLOW_S = 500, 100
"""Simulated seconds of the flow alone."""
BUSY_S, QUICK_BUSY_S = 600, 60
DAY_S, QUICK_DAY_S = 23_400, 600
TURNS, PAIRS, QUICK_PAIRS = 200_000, 100_000, 20_000
FLOW_BUDGET_S, WORLD_BUDGET_S, DAY_BUDGET_S, START_BUDGET_S = 1 / 5e6, 1 / 1e6, 5.0, 1.0
"""Of one order of the flow alone, of one background order in a world, of a day, of a start (design, part 13)."""
WHOLE_DAY = (
    "from engine.runs.documents import open_library\n"
    "from engine.runs.plan import plan_run\n"
    "from engine.runs.play import play\n"
    f"play(plan_run(open_library(None), {str(DAY)!r}, {{}}, None))\n"
)
FIRST_SECOND = WHOLE_DAY.replace("None))", "None), look=lambda t_ns: t_ns < 10**9)")
"""Programs of processes that are measured from outside."""
SHARES = {
    "flow_kernel.py": "flow kernel",
    "engine/market/agents/": "agents",
    "engine/market/": "book, market, venue",
    "engine/trading/": "desk and governor",
    "engine/kernel/": "clock and event log",
    "simpy": "clock and event log",
}
"""Whose time the profile's files are."""


def main() -> None:
    """Measure and print."""
    quick = asked_quick("Orders per second of the order book.")
    flow_s = QUICK_FLOW_S if quick else FLOW_S
    pairs = QUICK_PAIRS if quick else PAIRS
    cases = [
        Case("a bare Python loop of calls (yardstick)", same(partial(turn, TURNS)), TURNS, "turn"),
        Case("flow only: an order", partial(flowing, flow_s), orders_in(flow_s), "order", FLOW_BUDGET_S),
        Case("flow, trades handed over: an order", partial(flowing, flow_s, told=True), orders_in(flow_s), "order"),
        Case("book from Python: rest and cancel", partial(resting, pairs), pairs, "pair"),
        Case("book from Python: rest and be taken", partial(taking, pairs), pairs, "pair"),
    ]
    for feed_ms, name in FEEDS.items():
        plan = planned(BUSY, feed_ms, QUICK_BUSY_S if quick else BUSY_S)
        count = background_orders(play(plan))
        cases.append(Case(f"busy market, {name}: an order", partial(playing, plan), count, "order", WORLD_BUDGET_S))
    for feed_ms, name in FEEDS.items():
        plan = planned(DAY, feed_ms, QUICK_DAY_S if quick else DAY_S)
        cases.append(Case(f"a day of AMZN, {name}", partial(playing, plan), 1, "day", DAY_BUDGET_S))
    figures = measured(cases, quick=quick)
    print(heading("The order book", clock="CPU time of this process", quick=quick))
    print(table(figures))
    print(f"\n{plain_python(figures[1], quick=quick)}")
    print(f"\n{whole_processes(quick=quick)}")
    for feed_ms, name in FEEDS.items():
        print(f"\nwhere the time of the busy market goes, {name} (cProfile, which is dearer for small functions):")
        print(shares(planned(BUSY, feed_ms, QUICK_BUSY_S)))


def turn(count: int) -> None:
    """Call a function that does nothing *count* times."""
    for number in range(count):
        _nothing(number)


def _nothing(_number: int) -> None:
    """Nothing."""


# ---- the flow alone


def plain_python(compiled: Figure, *, quick: bool) -> str:
    """The same source without the compiler, in a process of its own, as a ratio to *compiled*."""
    program = (
        f"import sys; sys.path.insert(0, {str(HERE)!r}); import market_flow; "
        f"print(market_flow.seconds_per_order({rounds(quick=quick)}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    plain_s = float(done.stdout)
    return (
        f"flow only, the same source as plain Python: {amount(plain_s)} per order, {1 / plain_s:,.0f} per s; "
        f"compiled it is {plain_s / compiled.median_s:,.0f} times as fast"
    )


# ---- worlds


def planned(path: Path, feed_ms: int, for_s: float) -> Plan:
    """The plan of a scenario of this folder, with this feed, for so many simulated seconds."""
    plan = plan_run(open_library(None), str(path), {"feed_ms": str(feed_ms)}, None)
    clock = replace(plan.scenario.clock, run_for_s=for_s)
    return replace(plan, scenario=replace(plan.scenario, clock=clock))


def playing(plan: Plan) -> Work:
    """A round of the scenario."""
    return partial(play, plan)


def background_orders(played: Played) -> int:
    """How many messages the background sent in a run."""
    model = played.built.site.venue.model
    if not isinstance(model, OrderBookMarket):
        raise TypeError(f"an order book was expected, was {type(model).__name__}")
    return sum(int(model.book(each.symbol).book.memory[ARRIVALS]) for each in model.instruments)


def shares(plan: Plan) -> str:
    """What share of a run's time is whose, by a profiler; what the interpreter does itself is its caller's."""
    profile = Profile()
    profile.runcall(play, plan)
    spent: Counter[str] = Counter()
    stats: dict[Any, Any] = Stats(profile).stats  # type: ignore[attr-defined]
    for place, (_, _, own_s, _, callers) in stats.items():
        if place[0] != "~":
            spent[_owner(place[0])] += own_s
            continue
        for caller, (_, _, part_s, _) in callers.items():
            spent[_owner(caller[0])] += part_s
    whole_s = sum(spent.values())
    return "\n".join(f"  {name:<22} {100 * own_s / whole_s:>4.0f} %" for name, own_s in spent.most_common())


def _owner(file: str) -> str:
    return next((name for part, name in SHARES.items() if part in file), "the rest")


# ---- whole processes

LIGHT = (
    "import json, sys; from pathlib import Path; sys.path.insert(0, sys.argv[1]); from process import Command, run; "
    "used = run(Command('', tuple(json.loads(sys.argv[2])), may_exit=(0, 1, 5)), Path(sys.argv[3])); "
    "print(json.dumps([used.wall_s, used.cpu_s, used.peak_mb]))"
)
"""The system counts the memory of a process that starts another one in; so a small one starts it."""


def whole_processes(*, quick: bool) -> str:
    """Wall time, CPU time and peak memory of a start and of a whole day, as processes of their own."""
    lines = [_process_line("start: to the first second of a book", FIRST_SECOND, rounds(quick=quick), START_BUDGET_S)]
    if not quick:
        lines.append(_process_line("a day of AMZN, every change, played", WHOLE_DAY, 1, None))
    return "whole processes: wall time and CPU time (medians), peak memory\n" + "\n".join(lines)


def _process_line(name: str, program: str, times: int, budget_s: float | None) -> str:
    walls_s, cpus_s, peaks_mb = zip(*[_used(program) for _ in range(times + 1)][1:], strict=True)
    wall_s, peak_mb = median(walls_s), max(peaks_mb)
    kept = "kept" if peak_mb < BUDGET_MB else "MISSED"
    line = f"{name:<37} {amount(wall_s):>8} {amount(median(cpus_s)):>8}  {peak_mb:6.1f} MB, < {BUDGET_MB} MB: {kept}"
    if budget_s is None:
        return line
    return f"{line}; < {amount(budget_s)}: {'kept' if wall_s < budget_s else 'MISSED'}"


def _used(program: str) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak MB of a process that runs *program*."""
    with TemporaryDirectory(prefix="stress-bench-") as folder:
        words = json.dumps([sys.executable, "-c", program])
        done = subprocess.run(
            [sys.executable, "-c", LIGHT, str(HERE), words, folder], capture_output=True, text=True, check=True
        )
    wall_s, cpu_s, peak_mb = json.loads(done.stdout)
    return wall_s, cpu_s, peak_mb


if __name__ == "__main__":
    main()
