"""``stress run`` of a suite: its scenarios side by side, each in a process of its own, and what they say together."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.base.errors import ExitCode
from engine.cli.ctrl_c import CtrlC
from engine.cli.playing import clocks, run_id
from engine.cli.run_scenario import Asked, write_asked
from engine.cli.suite_progress import COMPILING, suite_progress
from engine.cli.suite_summary import suite_summary
from engine.cli.suite_worker import COMPILES, Assignment, play_job
from engine.cli.terminal import say
from engine.config.writer import write_json
from engine.gates.verdict import Verdict
from engine.reports.junit import junit_suite_xml
from engine.runs import pool_events as happened
from engine.runs.documents import CONTROLS
from engine.runs.pool import Pool, Task
from engine.runs.result import Result
from engine.runs.save import plain
from engine.runs.suite_choice import SUITE_FILE, failed_last, having
from engine.runs.suite_outcome import played, suite_result, unplayed
from engine.runs.suite_plan import SuiteJob, SuitePlan, plan_suite
from engine.runs.suite_result import SuiteRun
from engine.stores.run_folder import write_run_folder

if TYPE_CHECKING:
    from engine.config.library import Library
    from engine.gates.controls import Controls


@dataclass(frozen=True)
class Choice:
    """What the command line says of a suite alone."""

    workers: int | None = None
    having: str | None = None
    last_failed: bool = False
    maxfail: int | None = None
    coverage: bool = False

    def words(self) -> list[str]:
        """As it was typed, without what changes no result."""
        return [
            *(["-k", self.having] if self.having else []),
            *(["--lf"] if self.last_failed else []),
            *(["--maxfail", str(self.maxfail)] if self.maxfail else []),
        ]


def run_suite(library: Library, name: str, asked: Asked, choice: Choice) -> int:
    """The exit code of a suite that was played, judged, saved and told."""
    plan = plan_suite(library, name, asked.sets, asked.seed)
    controls = _controls(library)
    results = asked.folder(library)
    jobs = _chosen(plan, choice, results)
    timing = clocks()
    play = _Playing(jobs, choice, asked)
    play.play(results)
    seed = [] if asked.seed is None else ["--seed", str(asked.seed)]
    result = suite_result(
        plan,
        play.runs(),
        [play.results[number] for number in sorted(play.results)],
        controls,
        run_id=run_id(plan.suite.suite),
        changed=[*plan.changed, *_left_out(plan, jobs, choice)],
        interrupted=play.interrupted,
        timing=timing() | {"workers": play.workers},
        reproduce=shlex.join(["stress", "run", plan.path, *_words(plan.changed), *choice.words()]),
    )
    text = write_json(plain(result))
    folder = write_run_folder(results, result.run_id, {SUITE_FILE: lambda path: write_asked(path, text)})
    if asked.junit:
        by_id = {each.run_id: each for each in play.results.values()}
        write_asked(asked.junit, junit_suite_xml(result, by_id))
    again = asked.again(*seed, *choice.words())
    say(text.rstrip() if asked.json else suite_summary(result, folder, again, all_controls=choice.coverage))
    return result.exit_code


def _words(changed: Sequence[str]) -> list[str]:
    """``--seed 7`` as the words of a command."""
    return [word for said in changed for word in said.split(" ", 1)]


def _controls(library: Library) -> Controls:
    loaded = library.load(CONTROLS, "controls")
    library.raise_problems()
    assert loaded is not None, "a document that did not load has a problem"
    return loaded.value


def _chosen(plan: SuitePlan, choice: Choice, results: Path) -> tuple[SuiteJob, ...]:
    jobs = plan.jobs if choice.having is None else having(plan.jobs, choice.having)
    return failed_last(jobs, results, plan.suite.suite) if choice.last_failed else jobs


def _left_out(plan: SuitePlan, jobs: Sequence[SuiteJob], choice: Choice) -> list[str]:
    """What was not asked for, said so that nobody takes a part for the whole."""
    if len(jobs) == len(plan.jobs):
        return []
    words = " ".join([*(["-k", choice.having] if choice.having else []), *(["--lf"] if choice.last_failed else [])])
    return [f"{words}: {len(jobs)} of {len(plan.jobs)} runs"]


class _Playing:
    """The runs of a suite as they are played: what came of each, told as it comes."""

    def __init__(self, jobs: Sequence[SuiteJob], choice: Choice, asked: Asked) -> None:
        self.jobs = jobs
        self.workers = min(choice.workers or _cores(), len(jobs))
        self.results: dict[int, Result] = {}
        self.interrupted = False
        self._maxfail = choice.maxfail
        self._asked = asked
        self._runs: dict[int, SuiteRun] = {}
        self._notes: dict[int, list[str]] = {number: [] for number in range(len(jobs))}
        self._now: dict[int, str] = {}

    def runs(self) -> list[SuiteRun]:
        """A row for every job, in their order; what was not played says why."""
        why = (
            (Verdict.ABORTED, "not played: the suite was ended")
            if self.interrupted
            else (Verdict.NO_EVIDENCE, f"not played: --maxfail {self._maxfail} was reached")
        )
        return [self._runs.get(number) or unplayed(job, "not_played", *why) for number, job in enumerate(self.jobs)]

    def play(self, results: Path) -> None:
        """Play them all, or until somebody ends it."""
        cwd, asked = Path.cwd(), self._asked
        tasks = [
            Task(
                number,
                Assignment(job, cwd, asked.workspace, results.absolute(), asked.beside),
                "compiled" if job.compiled else "",
            )
            for number, job in enumerate(self.jobs)
        ]
        pool = Pool(play_job, self.workers)
        ctrl_c = CtrlC("the suite", pool.end)
        self._shown = suite_progress(len(tasks), quiet=asked.quiet)
        try:
            for event in pool.play(tasks):
                self.interrupted = ctrl_c.pressed
                self._heard(event)
                if self._maxfail and self._failures() >= self._maxfail:
                    pool.begin_no_more()
        finally:
            self._shown.close()
        self.interrupted = ctrl_c.pressed

    def _failures(self) -> int:
        return sum(run.verdict not in (Verdict.PASS, Verdict.WARN) for run in self._runs.values())

    def _heard(self, event: happened.Event) -> None:
        job, notes = self.jobs[event.number], self._notes[event.number]
        match event:
            case happened.Began(number, _):
                self._now[number] = job.name
            case happened.Said(_, text):
                self._shown.say(COMPILING if text == COMPILES else f"{job.name}: {text}")
            case happened.Answered(number, result, _):
                self.results[number] = result
                self._over(number, played(job, result, notes))
            case happened.Refused(number, error):
                state = "not_ready" if error.exit_code is ExitCode.NOT_READY else "refused"
                why = " ".join(part for part in (error.reason, error.instruction) if part).replace("\n", " ")
                self._over(number, unplayed(job, state, Verdict.INVALID, why, notes))
            case happened.Broke(number, error, traceback):
                self._shown.say(traceback)
                self._over(number, unplayed(job, "bug", Verdict.INVALID, f"a bug of stress: {error}", notes))
            case happened.Died(number, how, attempt, again):
                self._died(number, how, attempt, again=again)
        self._shown.playing(self._now.values())

    def _died(self, number: int, how: str, attempt: int, *, again: bool) -> None:
        """A process ended without an answer: said at once, and in the row."""
        job, notes = self.jobs[number], self._notes[number]
        if self.interrupted:
            self._over(number, unplayed(job, "not_played", Verdict.ABORTED, "the suite was ended", notes))
            return
        notes.append(f"attempt {attempt}: its process was lost ({how})")
        if again:
            self._shown.say(f"{job.name}: its process was lost ({how}); it is begun once more")
            return
        times = "twice " if attempt > 1 else ""
        why = f"its process was lost {times}({how}) and left no result: something in the run ends the process"
        self._over(number, unplayed(job, "died", Verdict.INVALID, why, notes))

    def _over(self, number: int, run: SuiteRun) -> None:
        self._now.pop(number, None)
        self._runs[number] = run
        self._shown.over(run)


def _cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
