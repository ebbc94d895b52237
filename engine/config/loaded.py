"""What a document that was loaded is, and which files were read for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from engine.config.mark import Mark
from engine.config.node import Node, find, nearest_mark
from engine.config.node import Path as DocPath

T = TypeVar("T")


@dataclass(frozen=True, order=True)
class Input:
    """A file that was read: its name (never an absolute path) and the hash of its bytes."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Loaded(Generic[T]):
    """A valid document with everything known about it."""

    value: T
    """The document; of a base document, which may be incomplete, None."""
    name: str
    """Its name as other documents use it."""
    path: str
    """Its file as shown to the user."""
    sha256: str
    data: dict[str, Any]
    """The effective document: merged, filled in, without ``extends``, ``without`` and ``params``."""
    params: dict[str, Any]
    """The value of each parameter."""
    param_uses: dict[str, list[DocPath]]
    """Where the document uses each parameter."""
    removed: tuple[dict[str, Any], ...]
    """The ``without`` items, as written."""
    changed_by_set: bool
    """Whether ``--set`` gave a parameter another value than its default."""
    node: Node = field(repr=False)

    def mark(self, *path: str | int) -> Mark | None:
        """The place of the value at *path*, else of the nearest thing around it."""
        return nearest_mark(self.node, path)

    def key_mark(self, *path: str | int) -> Mark | None:
        """The place of the last key of *path*, where :meth:`mark` points at its value."""
        holder, last = find(self.node, path[:-1]), path[-1]
        return holder.key_mark(last) if holder is not None and isinstance(last, str) else self.mark(*path)
