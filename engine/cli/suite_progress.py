"""Progress of a suite, on standard error: a bar for a person, one plain line per run for everything else."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Protocol

from engine.cli.terminal import watched
from engine.market.compiling import USUAL_S
from engine.runs.suite_result import SuiteRun


class SuiteProgress(Protocol):
    """Somebody who is told how a suite goes."""

    def say(self, line: str) -> None:
        """Something out of the ordinary happened."""
        ...

    def playing(self, names: Iterable[str]) -> None:
        """These runs are being played now."""
        ...

    def over(self, run: SuiteRun) -> None:
        """One run is over."""
        ...

    def close(self) -> None:
        """The suite is over."""
        ...


COMPILING = f"compiling the order book, once (about {USUAL_S} s) …"


def suite_progress(total: int, *, quiet: bool) -> SuiteProgress:
    """A bar if a person watches, plain lines if not, nothing but troubles if *quiet*."""
    if quiet:
        return Quiet()
    return SuiteBar(total) if watched() else SuiteLines(total)


def told(run: SuiteRun) -> str:
    """A run that is over, in a line."""
    took = f"  {run.wall_s:.1f} s" if run.wall_s is not None else ""
    return f"{run.verdict:<12}{run.scenario} s{run.seed}{took}"


class Quiet:
    """Says only what a person has to know."""

    def say(self, line: str) -> None:
        """Print it."""
        print(line, file=sys.stderr, flush=True)

    def playing(self, names: Iterable[str]) -> None:
        """Nothing."""

    def over(self, run: SuiteRun) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


class SuiteLines(Quiet):
    """One plain line for each run that is over."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0

    def over(self, run: SuiteRun) -> None:
        """Print it, with how many of how many."""
        self._done += 1
        self.say(f"[{self._done:>{len(str(self._total))}}/{self._total}] {told(run)}")


class SuiteBar:
    """A progress bar over the runs, with those being played; each run that is over is a line above it."""

    def __init__(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        self._bar = Progress(
            TextColumn("{task.completed}/{task.total}"),
            BarColumn(bar_width=30),
            TextColumn("{task.fields[now]}"),
            console=Console(stderr=True, highlight=False, markup=False),
            transient=True,
        )
        self._task = self._bar.add_task("", total=total, now="")
        self._bar.start()

    def say(self, line: str) -> None:
        """Print it above the bar."""
        self._bar.console.print(line)

    def playing(self, names: Iterable[str]) -> None:
        """Show who is at work."""
        self._bar.update(self._task, now=", ".join(names))

    def over(self, run: SuiteRun) -> None:
        """Move the bar."""
        self._bar.update(self._task, advance=1)
        self.say(told(run))

    def close(self) -> None:
        """Take the bar away."""
        self._bar.stop()
