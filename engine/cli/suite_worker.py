"""One scenario of a suite, played in a process of its own."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType

from engine.cli.playing import play_and_save
from engine.kernel.garbage import rarely_collected
from engine.market.compiling import told_of_compiling
from engine.runs.assess import assess as assess  # what a run needs, imported before the server of processes forks
from engine.runs.beside import When
from engine.runs.documents import open_library
from engine.runs.outcome import result_of as result_of
from engine.runs.plan import plan_run
from engine.runs.play import play as play
from engine.runs.pool import OPEN, Tell
from engine.runs.result import Result
from engine.runs.save import save as save
from engine.runs.suite_plan import SuiteJob

COMPILES = "compiles"
"""What a worker tells when the compiler begins."""


@dataclass(frozen=True)
class Assignment:
    """What one process is to do, and where."""

    job: SuiteJob
    cwd: Path
    workspace: Path | None
    results: Path
    beside: When = "auto"


def play_job(assigned: Assignment, tell: Tell) -> Result:
    """Play, judge and save one run; its result without the series, which stand in its folder.

    A SIGTERM ends the run early, with a result that says so.
    """
    ended = False

    def end(_signal: int, _frame: FrameType | None) -> None:
        nonlocal ended
        ended = True

    signal.signal(signal.SIGTERM, end)
    os.chdir(assigned.cwd)
    job = assigned.job
    plan = plan_run(open_library(assigned.workspace), job.path, dict(job.sets), job.seed if job.asked else None)
    plan = replace(plan, seed=job.seed)  # a seed of the suite's own changes nothing that was certified
    if job.compiled:
        _let_others_begin(tell)
    with rarely_collected(), told_of_compiling(lambda: tell(COMPILES)):
        _, result = play_and_save(plan, assigned.results, lambda _t_ns: not ended, when=assigned.beside)
    return replace(result, series={})


def _let_others_begin(tell: Tell) -> None:
    """Where machine code is on disk already, nobody needs to wait for this run to compile it."""
    from engine.market.jit import has_machine_code

    if has_machine_code():
        tell(OPEN)
