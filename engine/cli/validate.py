"""``stress validate``: check documents, and say everything that is wrong with them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.base.errors import ExitCode, UsageError
from engine.cli.options import Json, Workspace

if TYPE_CHECKING:
    from engine.config.library import Library


def validate(
    paths: Annotated[
        list[str] | None, typer.Argument(help="Documents or folders; without one, everything in the workspace.")
    ] = None,
    json_: Json = False,
    workspace: Workspace = None,
) -> None:
    """Check documents and everything they name. Exit 0 valid, 3 not."""
    from engine.cli.terminal import say
    from engine.config.writer import write_json
    from engine.runs.check import check_document
    from engine.runs.documents import open_library

    library = open_library(workspace)
    files = _files(paths, library)
    if not files:
        raise UsageError("there is no YAML document here", "name one, or run it in a workspace")
    for file in files:
        check_document(library, str(file))
    problems = library.problems
    if json_:
        found = {
            "schema": "stress.validate/1",
            "files": len(files),
            "valid": not problems.errors,
            "problems": [problem.as_dict() for problem in problems.all],
        }
        say(write_json(found).rstrip())
    elif len(problems):
        print(problems.render(), file=sys.stderr)
    if not json_ and not problems.errors:
        say(f"{len(files)} document{'s are' if len(files) != 1 else ' is'} valid")
    raise typer.Exit(ExitCode.INVALID_DOCUMENT if problems.errors else ExitCode.PASS)


def _files(paths: list[str] | None, library: Library) -> list[Path | str]:
    """What is to be checked: files as they are, folders with every YAML file below them."""
    if not paths:
        roots = [library.workspace.folder(name) for name in ("scenarios.d", "gates.d", "runbooks.d")]
        return [file for root in roots for file in sorted(root.rglob("*.yaml"))]
    found: list[Path | str] = []
    for path in paths:
        below = sorted(Path(path).rglob("*.yaml")) if Path(path).is_dir() else []
        found += below or [path]
    return found
