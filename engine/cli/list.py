"""``stress list``: what there is of a kind."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from engine.base.errors import UsageError
from engine.base.words import nearest
from engine.cli.options import Json, Workspace

if TYPE_CHECKING:
    from engine.config.library import Library

KINDS = (
    "scenarios",
    "bases",
    "suites",
    "gates",
    "limits",
    "venues",
    "profiles",
    "arrivals",
    "controls",
    "realism",
    "faults",
    "metrics",
    "models",
    "agents",
    "defects",
    "events",
    "codes",
)


def list_kind(
    kind: Annotated[str, typer.Argument(help=f"One of: {', '.join(KINDS)}.")],
    json_: Json = False,
    workspace: Workspace = None,
) -> None:
    """List everything of a kind, each with one line of what it is."""
    from engine.cli.terminal import say
    from engine.config.writer import write_json
    from engine.runs.catalogue import catalogue
    from engine.runs.documents import open_library

    asked = kind if kind in KINDS else f"{kind}s"
    if asked not in KINDS:
        close = nearest(kind, KINDS)
        raise UsageError(
            f"there is no kind '{kind}'", f"did you mean {close}?" if close else f"one of: {', '.join(KINDS)}"
        )
    library: Library = open_library(workspace)
    entries = catalogue(asked, library)
    if json_:
        listed = [{"name": name, "title": title} for name, title in entries]
        say(write_json({"schema": "stress.list/1", "kind": asked, "entries": listed}).rstrip())
    elif entries:
        width = max(len(name) for name, _ in entries)
        say("\n".join(f"{name:<{width}}  {title}".rstrip() for name, title in entries))
    else:
        print(f"there are no {asked}", file=sys.stderr)
