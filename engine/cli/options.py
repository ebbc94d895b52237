"""Options that several verbs share, said once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.base.errors import UsageError

Workspace = Annotated[
    Path | None,
    typer.Option(
        "--workspace",
        help="The workspace folder; without it the one around the current folder, else the shipped documents.",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output, and nothing else.")]
Sets = Annotated[
    list[str] | None, typer.Option("--set", help="Change a parameter of the scenario: --set drop_pct=20. Repeatable.")
]


def parse_sets(sets: list[str] | None) -> dict[str, str]:
    """``["drop_pct=20"]`` as a mapping. Raise UsageError if one is not ``name=value`` or a name comes twice."""
    parsed: dict[str, str] = {}
    for word in sets or []:
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise UsageError(f"--set {word}: a parameter and its value were expected", "write it as --set drop_pct=20")
        if name in parsed:
            raise UsageError(f"--set {name} is given twice", "give each parameter once")
        parsed[name] = value
    return parsed
