"""``stress run``: play a scenario, judge it, and say what came of it. Never writes a certificate."""

from __future__ import annotations

import secrets
import shlex
import signal
import sys
import time
from contextlib import redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from engine.base.errors import ExitCode, NotReadyError
from engine.cli.options import Json, Sets, Workspace, parse_sets

if TYPE_CHECKING:
    from engine.cli.progress import Progress
    from engine.runs.plan import Plan
    from engine.runs.result import Result


def run(
    path: Annotated[str, typer.Argument(help="A scenario: scenarios.d/flash_crash.yaml, or its name.")],
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="Another seed than the scenario's own.")] = None,
    sets: Sets = None,
    json_: Json = False,
    junit: Annotated[Path | None, typer.Option("--junit", help="Also write a JUnit file, one case per gate.")] = None,
    results: Annotated[
        Path | None, typer.Option("--results", help="Where run folders go; ./results by default.")
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on standard error.")] = False,
    workspace: Workspace = None,
) -> None:
    """Play a scenario and judge it.

    Exit 0 pass, 1 a gate failed, 2 usage, 3 invalid YAML, 4 something is missing, 5 no verdict, 130 Ctrl-C.
    """
    chosen = parse_sets(sets)
    from engine.cli.progress import compiling_shown, progress
    from engine.cli.summary import summary
    from engine.cli.supervise import supervised
    from engine.cli.terminal import say
    from engine.config.writer import write_json
    from engine.kernel.garbage import rarely_collected
    from engine.reports.junit import junit_xml
    from engine.runs.documents import open_library
    from engine.runs.plan import plan_run
    from engine.runs.save import plain
    from engine.trading.governor_documents import PythonGovernorDocument

    if junit and not junit.absolute().parent.is_dir():
        raise NotReadyError(f"there is no folder {junit.parent} for {junit.name}", "make it first, or name another one")
    library = open_library(workspace)
    plan = plan_run(library, path, chosen, seed)

    def work() -> int:
        shown = progress(plan.scenario.scenario, plan.scenario.clock.run_for_s, quiet=quiet)
        with rarely_collected(), compiling_shown(quiet=quiet):
            folder, result = _play(plan, shown, CtrlC(), results or library.workspace.results)
        if junit:
            _write(junit, junit_xml(result))
        again = _again(path, sets, plan.seed, workspace)
        ended = any(found.code == "aborted" for found in result.findings)
        code = ExitCode.INTERRUPTED if ended else result.exit_code
        say(write_json(plain(result)).rstrip() if json_ else summary(result, folder, again, code))
        return code

    foreign = isinstance(plan.scenario.desk.governor, PythonGovernorDocument)
    raise typer.Exit(supervised(work) if foreign else work())


def _again(path: str, sets: list[str] | None, seed: int, workspace: Path | None) -> str:
    """The command that plays this run again from here, as it was typed: with every path in full."""
    words = ["stress", "run", path, *(word for said in sets or [] for word in ("--set", said)), "--seed", str(seed)]
    return shlex.join(words if workspace is None else [*words, "--workspace", str(workspace)])


def _write(path: Path, text: str) -> None:
    """Write a file that a person asked for. Raise NotReadyError if it cannot be written."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise NotReadyError(
            f"{path} cannot be written: {error.strerror}", "name a file in a folder that you may write to"
        ) from error


class CtrlC:
    """Turns the first Ctrl-C (or SIGTERM) into a wish to end; the second one ends the process."""

    def __init__(self) -> None:
        self.pressed = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._press)

    def _press(self, _signal: int, _frame: FrameType | None) -> None:
        if self.pressed:
            raise KeyboardInterrupt
        self.pressed = True
        print("\nstress: ending the run; Ctrl-C again to quit at once", file=sys.stderr)


def run_id(scenario: str, seed: int) -> str:
    """A new name for a run: when (UTC), what, which seed, and four digits against collisions."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{scenario}-s{seed}-{secrets.token_hex(2)}"


def _play(plan: Plan, shown: Progress, ctrl_c: CtrlC, results: Path) -> tuple[Path, Result]:
    """Play, assess and save; the run's folder and its result."""
    from engine.runs.assess import assess
    from engine.runs.outcome import result_of
    from engine.runs.play import play
    from engine.runs.save import save

    def look(t_ns: int) -> bool:
        shown.reached(t_ns)
        return not ctrl_c.pressed

    began_s, began_cpu_s = time.monotonic(), time.process_time()
    began = datetime.now(UTC)
    try:
        with redirect_stdout(sys.stderr):  # what a governor of somebody's own prints is no result
            played = play(plan, observers=(shown.saw,), look=look)
    finally:
        shown.close()
    assessment = assess(played)
    timing = {
        "began": began.isoformat(timespec="seconds"),
        "wall_s": round(time.monotonic() - began_s, 3),
        "cpu_s": round(time.process_time() - began_cpu_s, 3),
    }
    result = result_of(played, assessment, run_id(plan.scenario.scenario, plan.seed), timing)
    return save(results, played, assessment, result), result
