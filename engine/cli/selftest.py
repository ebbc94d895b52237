"""``stress selftest``: broken governors against the gates that have to catch them: who tests the tester?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from engine.base.errors import ExitCode
from engine.cli.options import Json, Workspace

if TYPE_CHECKING:
    from engine.runs.selftest import Matrix, Row


def selftest(
    having: Annotated[
        str | None, typer.Option("-k", metavar="EXPR", help="Only defects, scenarios or gates with this in their name.")
    ] = None,
    matrix: Annotated[
        bool, typer.Option("--matrix", help="Every defect on every scenario, by gate (half an hour).")
    ] = False,
    workers: Annotated[
        int | None, typer.Option("--workers", "-w", min=1, max=256, help="Runs at a time; one per core.")
    ] = None,
    json_: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on standard error.")] = False,
    workspace: Workspace = None,
) -> None:
    """Play broken governors: each has to turn its gate red.

    Exit 0 if each is caught by its gate for the right reason and the reference governor passes there too, 1 if not.
    """
    from engine.cli.selftest_run import Playing
    from engine.cli.terminal import say
    from engine.config.writer import write_json
    from engine.runs.documents import SCENARIO, open_library
    from engine.runs.selftest import holds, jobs, judged, plants, whole_matrix
    from engine.runs.selftest import matrix as by_gate

    library = open_library(workspace)
    chosen = plants(having)
    todo = whole_matrix(sorted(library.names(SCENARIO)), chosen) if matrix else jobs(chosen)
    playing = Playing(library, todo, workers, workspace, quiet=quiet)
    seen = playing.play()
    if playing.interrupted:
        raise typer.Exit(ExitCode.INTERRUPTED)
    if matrix:
        found = by_gate(seen)
        ok = not found.uncaught and set(found.reference.values()) == {"PASS"}
        say(write_json(_matrix_json(found, ok=ok)).rstrip() if json_ else _matrix_text(found))
    else:
        rows = [judged(plant, seen) for plant in chosen]
        ok = holds(rows)
        took = f"{playing.wall_s:.1f} s with {playing.workers} workers"
        say(write_json(_rows_json(rows, ok=ok)).rstrip() if json_ else _rows_text(rows, took))
    raise typer.Exit(ExitCode.PASS if ok else ExitCode.FAIL)


def _rows_json(rows: list[Row], *, ok: bool) -> dict[str, object]:
    plants = [
        {
            "defect": row.plant.defect,
            "scenario": row.plant.scenario,
            "gate": row.plant.gate,
            "status": row.status.value,
            "why": row.why,
        }
        for row in rows
    ]
    return {"schema": "stress.selftest/1", "ok": ok, "plants": plants}


def _rows_text(rows: list[Row], took: str) -> str:
    """A line for each plant, and what they come to."""
    table = [(row.status.value, row.plant.defect, row.plant.scenario, row.plant.gate, row.why) for row in rows]
    counts = {status: sum(line[0] == status for line in table) for status in dict.fromkeys(line[0] for line in table)}
    said = ", ".join(f"{count} {status}" for status, count in counts.items())
    return f"{_columns([('', 'defect', 'scenario', 'gate', 'why'), *table])}\n\n{said} — simulated, {took}"


def _columns(table: list[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = ("  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)) for line in table)
    return "\n".join(line.rstrip() for line in lines)


def _matrix_json(found: Matrix, *, ok: bool) -> dict[str, object]:
    return {
        "schema": "stress.selftest_matrix/1",
        "ok": ok,
        "red": {defect: {gate: list(where) for gate, where in gates.items()} for defect, gates in found.red.items()},
        "reference": {scenario: verdict.value for scenario, verdict in found.reference.items()},
        "uncaught": list(found.uncaught),
        "idle": list(found.idle),
        "not_played": found.not_played,
    }


def _matrix_text(found: Matrix) -> str:
    """Defect by gate: on how many scenarios the gate was red for the defect and not for the reference governor."""
    shown = [gate for gate in found.gates if gate not in found.idle]
    numbers = [str(number) for number in range(1, len(shown) + 1)]
    table = [("", *numbers)]
    table += [(name, *(str(len(gates.get(gate, ())) or "·") for gate in shown)) for name, gates in found.red.items()]
    legend = "\n".join(f"{number:>2} {gate}" for number, gate in zip(numbers, shown, strict=True))
    failing = [f"{scenario} ({verdict.value})" for scenario, verdict in found.reference.items() if verdict != "PASS"]
    said = [
        f"nothing catches  {', '.join(found.uncaught) or 'no defect is left'}",
        f"catch nothing    {', '.join(found.idle) or 'no gate is left'}",
        f"reference        {', '.join(failing) or f'passes all {len(found.reference)} scenarios'}",
        *(f"not played       {scenario}: {why}" for scenario, why in found.not_played.items()),
    ]
    return "\n\n".join((_columns(table), legend, "\n".join(said)))
