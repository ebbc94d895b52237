"""Documents that lie where a person may take them for those in force, and are not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from engine.base.words import listing
from engine.config.workspace import Workspace


def ignored_documents(workspace: Workspace, asked: Path, read: Iterable[Path], folders: Sequence[str]) -> str:
    """One sentence on documents beside the file *asked* that differ from those that were *read* instead; or nothing.

    The file lies in one of *folders* (``scenarios.d``) of a home that is not the workspace: a clone without
    ``stress.yaml``, for instance. A document there that is as the one in force, byte for byte, is no matter.
    """
    home = _home(asked.absolute(), folders)
    if home is None or (workspace.has_settings and home.resolve() == workspace.root.resolve()):
        return ""
    ignored = sorted(name for path in read if (name := _name(path, workspace, folders)) and _differs(home / name, path))
    if not ignored:
        return ""
    here = workspace.shown(home)
    where = "those of the workspace" if workspace.has_settings else "the shipped ones"
    verb = "differs and is" if len(ignored) == 1 else "differ and are"
    return (
        f"{listing(ignored)} in {'this folder' if here == '.' else here} {verb} not used: {where} come first; to use "
        f"documents of your own, make a workspace with 'stress init' and copy them there"
    )


def _home(asked: Path, folders: Sequence[str]) -> Path | None:
    return next((parent.parent for parent in asked.parents if parent.name in folders), None)


def _name(path: Path, workspace: Workspace, folders: Sequence[str]) -> str:
    """The document at *path* by its place in the workspace or among the shipped ones; nothing if it lies elsewhere."""
    for folder in folders:
        for root in workspace.folders(folder):
            if path.is_relative_to(root):
                return f"{folder}/{path.relative_to(root).as_posix()}"
    return ""


def _differs(own: Path, used: Path) -> bool:
    return own.is_file() and own.resolve() != used.resolve() and own.read_bytes() != used.read_bytes()
