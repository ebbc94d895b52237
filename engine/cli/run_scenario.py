"""``stress run`` of one scenario: played here, judged, saved and told."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.base.errors import ExitCode, NotReadyError

if TYPE_CHECKING:
    from engine.config.library import Library
    from engine.runs.beside import When


@dataclass(frozen=True)
class Asked:
    """What the command line says that holds for scenarios and suites."""

    path: str
    seed: int | None
    sets: dict[str, str]
    json: bool
    junit: Path | None
    results: Path | None
    beside: When
    quiet: bool
    workspace: Path | None

    def folder(self, library: Library) -> Path:
        """Where run folders go."""
        return self.results or library.workspace.results

    def again(self, *words: str) -> str:
        """The command that plays it again from here, as it was typed: with every path in full."""
        said = ["stress", "run", self.path]
        said += [word for name, value in self.sets.items() for word in ("--set", f"{name}={value}")]
        return shlex.join([*said, *words, *(["--workspace", str(self.workspace)] if self.workspace else [])])


def run_scenario(library: Library, asked: Asked) -> int:
    """The exit code of a scenario that was played, judged, saved and told."""
    from engine.cli.ctrl_c import CtrlC
    from engine.cli.playing import play_and_save
    from engine.cli.progress import compiling_shown, progress
    from engine.cli.summary import summary
    from engine.cli.supervise import supervised
    from engine.cli.terminal import say
    from engine.config.writer import write_json
    from engine.kernel.garbage import rarely_collected
    from engine.reports.junit import junit_xml
    from engine.runs.plan import plan_run
    from engine.runs.save import plain
    from engine.trading.governor_documents import PythonGovernorDocument

    plan = plan_run(library, asked.path, asked.sets, asked.seed)

    if plan.ignored:
        print(f"note: {plan.ignored}", file=sys.stderr)

    def work() -> int:
        shown = progress(plan.scenario.scenario, plan.scenario.clock.run_for_s, quiet=asked.quiet)
        ctrl_c = CtrlC()

        def look(t_ns: int) -> bool:
            shown.reached(t_ns)
            return not ctrl_c.pressed

        with rarely_collected(), compiling_shown(quiet=asked.quiet):
            folder, result = play_and_save(
                plan, asked.folder(library), look, when=asked.beside, observers=(shown.saw,), done=shown.close
            )
        if asked.junit:
            write_asked(asked.junit, junit_xml(result))
        again = asked.again("--seed", str(plan.seed))
        ended = any(found.code == "aborted" for found in result.findings)
        code = ExitCode.INTERRUPTED if ended else result.exit_code
        say(write_json(plain(result)).rstrip() if asked.json else summary(result, folder, again, code))
        return code

    foreign = isinstance(plan.scenario.desk.governor, PythonGovernorDocument)
    return supervised(work) if foreign else work()


def write_asked(path: Path, text: str) -> None:
    """Write a file that a person asked for. Raise NotReadyError if it cannot be written."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise NotReadyError(
            f"{path} cannot be written: {error.strerror}", "name a file in a folder that you may write to"
        ) from error
