"""``stress schema``: write the JSON Schemas that editors and the loader use, or check that they are up to date."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.base.errors import ExitCode, NotReadyError


def schema(
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit 1 if a file differs.")] = False,
    folder: Annotated[Path | None, typer.Option("--folder", help="Where they are; schemas/ by default.")] = None,
) -> None:
    """Write schemas/*.json from the code, or check each byte."""
    from engine.runs.schemas import schema_files

    where = folder or Path("schemas")
    if not where.is_dir():
        raise NotReadyError(f"there is no folder {where}", "name it with --folder, or run this where schemas/ lies")
    wanted = schema_files()
    stale = [name for name, text in wanted.items() if _text(where / name) != text]
    extra = sorted(path.name for path in where.glob("*.json") if path.name not in wanted)
    if check:
        for name in [*stale, *extra]:
            print(f"{where / name} is not what the code says; run stress schema")
        raise typer.Exit(ExitCode.FAIL if stale or extra else ExitCode.PASS)
    for name in stale:
        (where / name).write_text(wanted[name], encoding="utf-8")
        print(f"wrote {where / name}")
    for name in extra:
        (where / name).unlink()
        print(f"removed {where / name}")
    if not stale and not extra:
        print(f"{len(wanted)} schemas are up to date")


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None
