"""``stress init``: make a workspace. It never overwrites a file."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from engine.base.errors import NotReadyError
from engine.base.words import counted

FOLDERS = ("scenarios.d", "gates.d", "runbooks.d", "templates", "monitoring", "schemas")

SETTINGS = """\
# yaml-language-server: $schema=schemas/settings.schema.json
# This file makes the folder a workspace of stress.
settings: {name}
environment: demo             # demo, test or production
data_dirs: []                 # folders outside of this one that scenarios may read, such as tapes
results: results              # where run folders go
"""


def init(
    folder: Annotated[Path, typer.Argument(help="The folder to make a workspace of; it is made if it is not there.")],
) -> None:
    """Make a workspace, never overwriting. It gets a copy of every shipped document, and stress.yaml."""
    from engine.config.workspace import share

    made: list[Path] = []
    kept: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for source, target in _copies(folder, share):
            _copy(source, target, made, kept)
        settings = folder / "stress.yaml"
        if settings.exists():
            kept.append(settings)
        else:
            settings.write_text(SETTINGS.format(name=_name(folder)), encoding="utf-8")
            made.append(settings)
    except OSError as error:
        raise NotReadyError(
            f"{folder} cannot be made a workspace: {error.strerror}", "name a folder that you may write to"
        ) from error
    there = f", {counted(len(kept), 'file')} there already and left alone" if kept else ""
    print(f"{folder}: {counted(len(made), 'file')} written{there}")
    print(f"next: cd {folder} && stress run scenarios.d/flash_crash.yaml")


def _copies(folder: Path, share: Callable[[str], Path]) -> list[tuple[Path, Path]]:
    """Every shipped file with the place it is copied to."""
    return [
        (source, folder / name / source.relative_to(share(name)))
        for name in FOLDERS
        for source in sorted(share(name).rglob("*"))
        if source.is_file()
    ]


def _copy(source: Path, target: Path, made: list[Path], kept: list[Path]) -> None:
    if target.exists():
        kept.append(target)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    made.append(target)


def _name(folder: Path) -> str:
    """A document name made of the folder's."""
    word = "".join(char if char.isalnum() else "_" for char in folder.resolve().name.lower()).strip("_")
    return word if word[:1].isalpha() else f"desk_{word}".rstrip("_")
