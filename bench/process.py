"""What a person waits for: whole processes of ``stress``, measured from outside.

Each command is a fresh interpreter in an empty folder, with the shipped documents. The system's own account of the
child (``wait4``) gives CPU time of user and system together and the peak of its memory; every command runs once
before it counts, so that files and byte code are warm.

    python bench/process.py [--quick]
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from common import Figure, asked_quick, heading, rounds, table

STRESS = (sys.executable, "-c", "from engine.cli import main; main()")
"""What the ``stress`` script does, whether or not its folder is on the path."""
DECIDED = (0, 1, 5)
"""Exit codes of a run that came to its end: pass, fail, no verdict."""
BUDGET_MB = 300


@dataclass(frozen=True, slots=True)
class Command:
    """A command, its budget of wall time in seconds if it has one, and the exit codes that it may end in."""

    name: str
    words: tuple[str, ...]
    budget_s: float | None = None
    may_exit: tuple[int, ...] = (0,)


@dataclass(frozen=True, slots=True)
class Usage:
    """What one process used; memory is the peak of resident memory, in MB."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    exit_code: int


COMMANDS = (
    Command("an empty Python (yardstick)", (sys.executable, "-c", "pass")),
    Command("stress --help", (*STRESS, "--help"), 0.15),
    Command("stress validate flash_crash", (*STRESS, "validate", "flash_crash")),
    Command("stress validate, every document", (*STRESS, "validate")),
    Command("stress run flash_crash", (*STRESS, "run", "flash_crash", "--quiet"), 3.0, DECIDED),
)
"""The budgets are those of the design, part 13."""


def main() -> None:
    """Measure and print."""
    quick = asked_quick("Whole-process time of stress commands.")
    used: dict[str, list[Usage]] = {command.name: [] for command in COMMANDS}
    with TemporaryDirectory(prefix="stress-bench-") as folder:
        for round_ in range(rounds(quick=quick) + 1):
            for command in COMMANDS:
                usage = run(command, Path(folder))
                if round_:
                    used[command.name].append(usage)
    print(heading("Whole processes", clock="time of each process, from start to end", quick=quick))
    print("wall time\n" + table(figures(used, "wall_s")))
    print("\nCPU time, user and system\n" + table(figures(used, "cpu_s")))
    print("\npeak memory\n" + memory(used))
    print(f"\nstress run flash_crash ended with exit code {used[COMMANDS[-1].name][-1].exit_code}")


def memory(used: dict[str, list[Usage]]) -> str:
    """One line per command of ours; the system counts the starting process in, so an empty one would say nothing."""
    width = max(map(len, used))
    lines = []
    for command in COMMANDS[1:]:
        peak_mb = max(usage.peak_mb for usage in used[command.name])
        kept = "kept" if peak_mb < BUDGET_MB else "MISSED"
        lines.append(f"{command.name:<{width}}  {peak_mb:>6.1f} MB  < {BUDGET_MB} MB: {kept}")
    return "\n".join(lines)


def figures(used: dict[str, list[Usage]], clock: str) -> Sequence[Figure]:
    """One figure per command, by *clock*: ``wall_s`` or ``cpu_s``. Budgets are of wall time."""
    return [
        Figure(
            command.name,
            "process",
            tuple(getattr(usage, clock) for usage in used[command.name]),
            command.budget_s if clock == "wall_s" else None,
        )
        for command in COMMANDS
    ]


def run(command: Command, folder: Path) -> Usage:
    """Run *command* in *folder* and say what it used. Raise RuntimeError if it ends as it must not."""
    with (folder / "output.txt").open("w+", encoding="utf-8") as output:
        began_s = time.perf_counter()
        process = subprocess.Popen(command.words, cwd=folder, stdout=output, stderr=output)
        _, status, used = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - began_s
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        if process.returncode not in command.may_exit:
            raise RuntimeError(f"{command.name} ended with exit code {process.returncode}:\n{output.read()}")
    # Linux counts in KiB, macOS in bytes (getrusage(2)).
    peak_mb = used.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    return Usage(wall_s, used.ru_utime + used.ru_stime, peak_mb, process.returncode)


if __name__ == "__main__":
    main()
