"""``stress run``: play a scenario or a suite, judge it, and say what came of it. Never writes a certificate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from engine.base.errors import NotReadyError, UsageError
from engine.cli.options import Json, Sets, Workspace, parse_sets
from engine.cli.run_scenario import Asked, run_scenario

if TYPE_CHECKING:
    from engine.runs.beside import When


def run(
    path: Annotated[
        str, typer.Argument(metavar="FILE|SUITE", help="A scenario or a suite: its file, or its name (daily).")
    ],
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="Another seed than the scenario's own.")] = None,
    sets: Sets = None,
    json_: Json = False,
    junit: Annotated[Path | None, typer.Option("--junit", help="Also write a JUnit file, one case per gate.")] = None,
    results: Annotated[
        Path | None, typer.Option("--results", help="Where run folders go; ./results by default.")
    ] = None,
    beside: Annotated[
        str,
        typer.Option(
            "--beside", metavar="WHEN", help="Also play the seed without the faults: auto (FAIL, WARN), always, never."
        ),
    ] = "auto",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on standard error.")] = False,
    workers: Annotated[
        int | None, typer.Option("--workers", "-w", min=1, max=256, help="Of a suite: runs at a time; one per core.")
    ] = None,
    having: Annotated[
        str | None, typer.Option("-k", metavar="EXPR", help="Of a suite: only runs with this in their name.")
    ] = None,
    last_failed: Annotated[bool, typer.Option("--lf", help="Of a suite: only what failed the last time.")] = False,
    maxfail: Annotated[
        int | None, typer.Option("--maxfail", min=1, help="Of a suite: begin nothing more after so many that failed.")
    ] = None,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Of a suite: every control, and what was seen of it.")
    ] = False,
    workspace: Workspace = None,
) -> None:
    """Play a scenario, or all of a suite side by side, and judge it.

    Exit 0 pass, 1 a gate failed, 2 usage, 3 invalid YAML, 4 something is missing, 5 no verdict, 130 Ctrl-C.
    """
    if beside not in ("auto", "always", "never"):
        raise UsageError(f"--beside {beside}: auto, always or never was expected")
    when = cast("When", beside)
    asked = Asked(path, seed, parse_sets(sets), json_, junit, results, when, quiet, workspace)
    if junit and not junit.absolute().parent.is_dir():
        raise NotReadyError(f"there is no folder {junit.parent} for {junit.name}", "make it first, or name another one")
    from engine.runs.documents import open_library
    from engine.runs.suite_plan import suite_named

    library = open_library(workspace)
    suite = suite_named(library, path)
    if suite is not None:
        from engine.cli.run_suite import Choice, run_suite

        raise typer.Exit(run_suite(library, suite, asked, Choice(workers, having, last_failed, maxfail, coverage)))
    if workers or having or last_failed or maxfail or coverage:
        raise UsageError(f"-w, -k, --lf, --maxfail and --coverage are for suites; {path} is a scenario")
    raise typer.Exit(run_scenario(library, asked))
