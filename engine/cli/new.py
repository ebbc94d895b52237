"""``stress new``: a commented skeleton of a document, ready to be changed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from engine.base.errors import NotReadyError, UsageError
from engine.base.words import nearest
from engine.cli.options import Workspace

FOLDERS = {"scenario": "scenarios.d", "gate_set": "gates.d", "limits": "scenarios.d/limits"}
NAME = re.compile(r"[a-z][a-z0-9_]*")


def new(
    kind: Annotated[str, typer.Argument(help=f"One of: {', '.join(FOLDERS)}.")],
    name: Annotated[str, typer.Argument(help="Its name: small letters, digits and _.")],
    workspace: Workspace = None,
) -> None:
    """Write a commented skeleton that is valid as it stands. An existing file is never overwritten."""
    if kind not in FOLDERS:
        close = nearest(kind, FOLDERS)
        hint = f"did you mean {close}?" if close else f"one of: {', '.join(FOLDERS)}"
        raise UsageError(f"there is no skeleton of a '{kind}'", hint)
    if not NAME.fullmatch(name):
        raise UsageError(f"'{name}' is not a name", "small letters, digits and _, beginning with a letter: my_crash")
    from engine.config.workspace import share

    target = _folder(workspace, FOLDERS[kind]) / f"{name}.yaml"
    if target.exists():
        raise UsageError(f"{target} is there already", "choose another name; nothing was changed")
    text = (share("templates") / "new" / f"{kind}.yaml").read_text(encoding="utf-8").replace("@name@", name)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    except OSError as error:
        raise NotReadyError(
            f"{target} cannot be written: {error.strerror}", "run it in a folder that you may write to"
        ) from error
    print(f"wrote {target}")
    print(f"next: stress validate {target}" + (f" && stress run {target}" if kind == "scenario" else ""))


def _folder(workspace: Path | None, name: str) -> Path:
    """Where documents of the kind lie: in the workspace, else below the current folder."""
    from engine.cli.terminal import shown_path
    from engine.config.workspace import Workspace as Found

    found = Found.find(Path.cwd(), workspace)
    return Path(shown_path(found.root / name)) if found.has_settings else Path(name)
