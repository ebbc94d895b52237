"""Progress of a run, on standard error: a bar for a person, one plain line per change for everything else."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Protocol

from engine.base.units import s_from_ns
from engine.cli.terminal import watched
from engine.domain.governance import Level
from engine.domain.records import FaultHealed, FaultSkipped, FaultStarted, GovernorState, PhaseStarted, Record
from engine.market.compiling import USUAL_S, told_of_compiling


class Progress(Protocol):
    """Somebody who is told how a run goes. Never touches simulated time."""

    def saw(self, record: Record) -> None:
        """A record was written."""
        ...

    def reached(self, t_ns: int) -> None:
        """Simulated time stands at *t_ns*."""
        ...

    def close(self) -> None:
        """The run is over."""
        ...


@contextmanager
def compiling_shown(*, quiet: bool) -> Iterator[None]:
    """Say on standard error that the order book is compiled, if it has to be within this block; nothing if *quiet*."""

    def tell() -> None:
        print(f"compiling the order book, once (about {USUAL_S} s) …", file=sys.stderr, flush=True)

    with nullcontext() if quiet else told_of_compiling(tell):
        yield


_TOLD = frozenset({PhaseStarted, FaultStarted, FaultHealed, FaultSkipped, GovernorState})
"""What may be worth a line: asked first, since hardly any record is."""


def progress(name: str, run_for_s: float, *, quiet: bool) -> Progress:
    """A bar if a person watches, plain lines if not, nothing if *quiet*."""
    if quiet:
        return Silent()
    return Bar(name, run_for_s) if watched() else Lines()


def told(record: Record) -> str | None:
    """A record as one line, if it is worth one."""
    if type(record) not in _TOLD:
        return None
    match record:
        case PhaseStarted(_, phase):
            return f"phase {phase}"
        case FaultStarted(_, item, fault):
            return f"fault {item} ({fault}) begins"
        case FaultHealed(_, item, fault):
            return f"fault {item} ({fault}) is over"
        case FaultSkipped(_, item, fault, why):
            return f"fault {item} ({fault}) is skipped: {why}"
        case GovernorState(_, scope, level, reason, _):
            return f"governor {Level(level).name} for {scope} ({reason})"
    return None


class Silent:
    """Says nothing."""

    def saw(self, record: Record) -> None:
        """Nothing."""

    def reached(self, t_ns: int) -> None:
        """Nothing."""

    def close(self) -> None:
        """Nothing."""


class Lines:
    """One plain line per phase, fault and governor state."""

    def saw(self, record: Record) -> None:
        """Print the record, if it is worth a line."""
        line = told(record)
        if line:
            print(f"t={s_from_ns(record.t_ns):>8.1f} s  {line}", file=sys.stderr)

    def reached(self, t_ns: int) -> None:
        """Nothing: time passing is not news."""

    def close(self) -> None:
        """Nothing."""


class Bar:
    """A progress bar over simulated time, with what happened last."""

    def __init__(self, name: str, run_for_s: float) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as RichProgress

        self._bar = RichProgress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            TextColumn("t={task.completed:.0f}/{task.total:.0f} s  {task.fields[speed]}  {task.fields[news]}"),
            TimeRemainingColumn(),
            console=Console(stderr=True, highlight=False, markup=False),
            transient=True,
        )
        self._task = self._bar.add_task(name, total=run_for_s, news="", speed="")
        self._began_s = time.monotonic()
        self._bar.start()

    def saw(self, record: Record) -> None:
        """Show the record as the latest news, if it is worth a line."""
        line = told(record)
        if line:
            self._bar.update(self._task, news=line)

    def reached(self, t_ns: int) -> None:
        """Move the bar."""
        passed_s = max(time.monotonic() - self._began_s, 1e-3)
        at_s = s_from_ns(t_ns)
        self._bar.update(self._task, completed=at_s, speed=f"{at_s / passed_s:,.0f}x")

    def close(self) -> None:
        """Take the bar away."""
        self._bar.stop()
