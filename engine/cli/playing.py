"""Playing one plan to the end: played, assessed, saved, under a run id, with the wall-clock figures beside it."""

from __future__ import annotations

import secrets
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.runs.beside import When
    from engine.runs.plan import Plan
    from engine.runs.play import Look, Observer
    from engine.runs.result import Result


def run_id(what: str, seed: int | None = None) -> str:
    """A new name for a run: when (UTC), what, which seed, and four digits against collisions."""
    with_seed = what if seed is None else f"{what}-s{seed}"
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{with_seed}-{secrets.token_hex(2)}"


def clocks() -> Callable[[], dict[str, object]]:
    """What gives the wall-clock figures from now on: when it began, seconds passed, seconds of processor time."""
    began_s, began_cpu_s, began = time.monotonic(), time.process_time(), datetime.now(UTC)

    def timing() -> dict[str, object]:
        return {
            "began": began.isoformat(timespec="seconds"),
            "wall_s": round(time.monotonic() - began_s, 3),
            "cpu_s": round(time.process_time() - began_cpu_s, 3),
        }

    return timing


def play_and_save(
    plan: Plan,
    results: Path,
    look: Look,
    *,
    when: When,
    observers: Iterable[Observer] = (),
    done: Callable[[], None] = lambda: None,
) -> tuple[Path, Result]:
    """Play, assess and save; the run's folder and its result.

    *when* says whether the same seed is played without the faults too; *done* is called when all playing is over.
    """
    from engine.runs.assess import assess
    from engine.runs.beside import beside
    from engine.runs.outcome import result_of
    from engine.runs.play import play
    from engine.runs.save import save

    timing = clocks()
    try:
        with redirect_stdout(sys.stderr):  # what a governor of somebody's own prints is no result
            played = play(plan, observers=observers, look=look)
            assessment = assess(played)
            calm = beside(played, assessment, when, look)
    finally:
        done()
    result = result_of(played, assessment, run_id(plan.scenario.scenario, plan.seed), timing(), calm)
    return save(results, played, assessment, result), result
