"""What every benchmark shares: how rounds are taken, and the table that is printed.

A round runs every case once, one after the other, so that whatever else the machine does falls on all of them
alike; ratios to the yardstick, which is a case like any other, hold better from machine to machine than times.
Nothing here is imported that costs memory: ``process.py`` measures other processes by the side of its own.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from statistics import median

ROUNDS, QUICK_ROUNDS = 7, 3
PACKAGES = ("numpy", "simpy", "pyyaml", "jsonschema", "typer")

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Case:
    """Something to measure: *prepare* makes a round's work, untimed; the work does *count* units."""

    name: str
    prepare: Callable[[], Work]
    count: int = 1
    unit: str = "call"
    budget_s: float | None = None
    """The most that one unit may cost, in seconds (design, part 13); None if nothing is promised."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured: seconds per unit, one value per round."""

    name: str
    unit: str
    seconds: tuple[float, ...]
    budget_s: float | None = None

    @property
    def median_s(self) -> float:
        """The median over the rounds, in seconds per unit."""
        return median(self.seconds)


def asked_quick(description: str) -> bool:
    """Read the command line: whether ``--quick`` was given."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_ROUNDS} rounds instead of {ROUNDS}, less work")
    return bool(parser.parse_args().quick)


def same(work: Work) -> Callable[[], Work]:
    """A *prepare* that hands out the same work for every round: nothing has to be made anew."""
    return lambda: work


def rounds(*, quick: bool) -> int:
    """How many rounds count."""
    return QUICK_ROUNDS if quick else ROUNDS


def measured(cases: Sequence[Case], *, quick: bool) -> list[Figure]:
    """CPU seconds per unit of every case: one round to warm up, then the rounds that count."""
    taken: list[list[float]] = [[] for _ in cases]
    for round_ in range(rounds(quick=quick) + 1):
        for case, seconds in zip(cases, taken, strict=True):
            spent_s = cpu_s(case.prepare())
            if round_:
                seconds.append(spent_s / case.count)
    return [
        Figure(case.name, case.unit, tuple(seconds), case.budget_s) for case, seconds in zip(cases, taken, strict=True)
    ]


def cpu_s(work: Work) -> float:
    """The CPU seconds that this process spends on *work*; garbage of earlier work is swept away before."""
    gc.collect()
    began_s = time.process_time()
    work()
    return time.process_time() - began_s


def heading(title: str, *, clock: str, quick: bool) -> str:
    """What is measured how, by what, and how busy the machine is."""
    load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
    stands_on = "  ".join(f"{name} {_version(name)}" for name in PACKAGES)
    return (
        f"{title}\n"
        f"{clock}; median of {rounds(quick=quick)} rounds after one to warm up\n"
        f"stress {_version('stress')}  Python {platform.python_version()}  {stands_on}\n"
        f"{os.cpu_count()} cores, load average {load}\n"
    )


def table(figures: Sequence[Figure]) -> str:
    """One line per figure; the first is the yardstick of the ratios."""
    yardstick_s = figures[0].median_s
    width = max(len(figure.name) for figure in figures)
    lines = [f"{'':<{width}}  {'median':>9} {'min':>9} {'max':>9} {'per s':>11} {'x yardstick':>12}  budget"]
    lines += [
        f"{figure.name:<{width}}  {_numbers(figure, yardstick_s)}  {_budget(figure)}".rstrip() for figure in figures
    ]
    return "\n".join(lines)


def amount(seconds: float) -> str:
    """A time in the unit that reads best: ``18.3 µs``."""
    for unit, factor in (("ns", 1e9), ("µs", 1e6), ("ms", 1e3)):
        if seconds * factor < 999.5:
            return f"{seconds * factor:.3g} {unit}"
    return f"{seconds:.2f} s"


def _numbers(figure: Figure, yardstick_s: float) -> str:
    times = (figure.median_s, min(figure.seconds), max(figure.seconds))
    each = " ".join(f"{amount(seconds):>9}" for seconds in times)
    per_s = 1 / figure.median_s if figure.median_s else float("inf")
    ratio = figure.median_s / yardstick_s if yardstick_s else float("inf")
    return f"{each} {per_s:>11,.{0 if per_s >= 100 else 1}f} {ratio:>12,.{0 if ratio >= 100 else 1}f}"


def _budget(figure: Figure) -> str:
    """The promise and whether it was kept; else what one unit is."""
    if figure.budget_s is None:
        return f"per {figure.unit}"
    kept = "kept" if figure.median_s < figure.budget_s else "MISSED"
    return f"< {amount(figure.budget_s)} per {figure.unit}: {kept}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
