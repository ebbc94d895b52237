"""What documents there are, told by a glance at each: nothing is checked."""

from __future__ import annotations

from typing import Any

from engine.config.kinds import DocKind
from engine.config.problems import Problems
from engine.config.source import read_file
from engine.config.workspace import Workspace


def names_of(workspace: Workspace, kind: DocKind[Any], word: str) -> tuple[str, ...]:
    """The name of every document in the folder of *kind* whose first key is *word*, sorted."""
    return tuple(name for name in workspace.names(kind.folder) if _first_key(workspace, kind, name) == word)


def title_of(workspace: Workspace, kind: DocKind[Any], name: str) -> str:
    """The ``title`` (else the ``summary``) that the document *name* states itself, or nothing."""
    path = workspace.resolve(kind.folder, name, None, Problems())
    node = read_file(path, name, Problems()).node if path is not None else None
    for word in ("title", "summary"):
        found = node.entries().get(word) if node is not None else None
        if found is not None and isinstance(found.value, str):
            return found.value
    return ""


def _first_key(workspace: Workspace, kind: DocKind[Any], name: str) -> str:
    """The first key of a document, from its first line that is no comment."""
    path = workspace.resolve(kind.folder, name, None, Problems())
    if path is None or not path.is_file():
        return ""
    with path.open(encoding="utf-8", errors="replace") as lines:
        first = next((line for line in lines if line.strip() and not line.lstrip().startswith(("#", "---"))), "")
    return first.partition(":")[0].strip().strip("'\"")
