"""``stress limits``: what limits documents say, compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.options import Json, Workspace

if TYPE_CHECKING:
    from engine.config.library import Library, Loaded
    from engine.trading.limits import Limits
    from engine.trading.limits_diff import Difference

app = typer.Typer(help="Limits documents.", no_args_is_help=True, rich_markup_mode=None)

LIMITS_DIFF_SCHEMA = "stress.limits_diff/1"


@app.callback()
def _limits() -> None:
    """Limits documents."""


@app.command("diff")
def diff(
    old: Annotated[str, typer.Argument(help="A limits document: its file or its name.")],
    new: Annotated[str, typer.Argument(help="The one to compare it with.")],
    json_: Json = False,
    workspace: Workspace = None,
) -> None:
    """Say of each limit what it was, what it is, and whether it was tightened, loosened, added or removed.

    Exit 0 if there is no difference, 1 if there is one.
    """
    from engine.cli.terminal import say
    from engine.config.writer import write_json
    from engine.runs.documents import open_library
    from engine.trading.limits_diff import limits_diff
    from engine.trading.limits_sha import limits_sha

    library = open_library(workspace)
    before, after = _load(library, old), _load(library, new)
    library.raise_problems()
    found = limits_diff(before.value, after.value)
    if json_:
        report = {
            "schema": LIMITS_DIFF_SCHEMA,
            "old": {"limits": before.value.limits, "sha256": limits_sha(before.value)},
            "new": {"limits": after.value.limits, "sha256": limits_sha(after.value)},
            "differences": [
                {name: value for name, value in one._asdict().items() if value is not None} for one in found
            ],
        }
        say(write_json(report).rstrip())
    else:
        say("\n".join(_rows(found)) if found else "no difference")
    if found:
        raise typer.Exit(1)


def _load(library: Library, name: str) -> Loaded[Limits]:
    """The limits document at the file *name*, or of that name. Raise DocumentError with every problem found."""
    from pathlib import Path

    from engine.runs.documents import LIMITS
    from engine.runs.limits_logic import report_limits

    path = Path(name)
    shown = name if "/" in name or path.suffix or path.is_file() else f"limits/{name}"
    loaded = library.load(LIMITS, shown)
    if loaded is None:
        library.raise_problems()
        raise AssertionError("a document that did not load has a problem")
    report_limits(library, loaded)
    return loaded


def _rows(found: tuple[Difference, ...]) -> list[str]:
    width = max(len(one.limit) for one in found)
    return [f"{one.change.value:<9}  {one.limit:<{width}}  {_said(one.old)} -> {_said(one.new)}" for one in found]


def _said(value: float | str | None) -> str:
    if value is None:
        return "none"
    return value if isinstance(value, str) else f"{value:,.10g}"
