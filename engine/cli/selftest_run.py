"""The self-test's runs, side by side, each in a process of its own."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from engine.base.errors import NotReadyError
from engine.cli.ctrl_c import CtrlC
from engine.runs import pool_events as happened
from engine.runs.plan import plan_run
from engine.runs.pool import Pool, Task
from engine.runs.selftest_play import Job, Seen, SelfTestWork, look
from engine.runs.suite_plan import is_compiled

if TYPE_CHECKING:
    from engine.config.library import Library


class Playing:
    """The jobs of a self-test as they are played. Raise DocumentError if a scenario is not valid."""

    def __init__(
        self, library: Library, jobs: Sequence[Job], workers: int | None, workspace: Path | None, *, quiet: bool
    ) -> None:
        self.jobs = jobs
        self.workers = min(workers or _cores(), len(jobs))
        self.interrupted = False
        self.wall_s = 0.0
        self._workspace = workspace
        self._quiet = quiet
        compiled = {name: is_compiled(plan_run(library, name, {}, None)) for name in {job.scenario for job in jobs}}
        self._groups = ["compiled" if compiled[job.scenario] else "" for job in jobs]

    def play(self) -> dict[Job, Seen | str]:
        """What came of each job; a text says what it needs that is not there."""
        began, cwd = time.monotonic(), Path.cwd()
        tasks = [
            Task(number, SelfTestWork(job, cwd, self._workspace), group)
            for number, (job, group) in enumerate(zip(self.jobs, self._groups, strict=True))
        ]
        pool = Pool(look, self.workers)
        ctrl_c = CtrlC("the self-test", pool.end)
        seen: dict[Job, Seen | str] = {}
        for event in pool.play(tasks):
            self._heard(event, seen)
        self.interrupted = ctrl_c.pressed
        self.wall_s = time.monotonic() - began
        return seen

    def _heard(self, event: happened.Event, seen: dict[Job, Seen | str]) -> None:
        job = self.jobs[event.number]
        match event:
            case happened.Answered(_, answer, _):
                seen[job] = answer
                if not self._quiet:
                    line = f"[{len(seen):>{len(str(len(self.jobs)))}}/{len(self.jobs)}] {answer.verdict.value:<12}"
                    print(line + job.name, file=sys.stderr, flush=True)
            case happened.Refused(_, NotReadyError() as error):
                seen[job] = error.reason
            case happened.Refused(_, error):
                raise error
            case happened.Broke(_, error, traceback):
                raise RuntimeError(f"{job.name}: {error}\n{traceback}")
            case happened.Died(_, how, _, False):
                raise RuntimeError(f"{job.name}: its process was lost twice ({how})")


def _cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
