"""A document as read: plain values that know their place in a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from engine.config.mark import Mark

Path: TypeAlias = tuple[str | int, ...]
"""Where a value stands in a document: keys and list positions from the top."""

Scalar: TypeAlias = str | int | float | bool | None


@dataclass(slots=True)
class Node:
    """A value and its mark; a mapping also has the marks of its keys. Nodes are shared, never changed."""

    value: Scalar | dict[str, Node] | list[Node]
    mark: Mark
    keys: dict[str, Mark] | None = None
    plain: bool = False
    """A scalar written without quotes."""

    def entries(self) -> dict[str, Node]:
        """The entries of a mapping, none of anything else."""
        return self.value if isinstance(self.value, dict) else {}

    def items(self) -> list[Node]:
        """The items of a list, none of anything else."""
        return self.value if isinstance(self.value, list) else []

    def key_mark(self, name: str) -> Mark:
        """The mark of the key *name*, or of the mapping if it has none."""
        return (self.keys or {}).get(name, self.mark)


def plain(node: Node) -> Any:
    """The node's value as dicts, lists and scalars."""
    value = node.value
    if isinstance(value, dict):
        return {name: plain(child) for name, child in value.items()}
    if isinstance(value, list):
        return [plain(child) for child in value]
    return value


def find(node: Node, path: Path) -> Node | None:
    """The node at *path*, or None."""
    for step in path:
        inner = _step(node, step)
        if inner is None:
            return None
        node = inner
    return node


def nearest_mark(node: Node, path: Path) -> Mark:
    """The mark of the value at *path*, else of the nearest thing around it (a key before its mapping)."""
    for length in range(len(path), 0, -1):
        parent = find(node, path[: length - 1])
        found = find(node, path[:length])
        if parent is None or found is None:
            continue
        last = path[length - 1]
        at_key = isinstance(last, str) and (length < len(path) or not _is_scalar(found))
        return parent.key_mark(str(last)) if at_key else found.mark
    return node.mark


def scalars(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """Every scalar below *node* with its path, in the document's order."""
    if isinstance(node.value, dict):
        for name, child in node.value.items():
            yield from scalars(child, (*path, name))
    elif isinstance(node.value, list):
        for place, child in enumerate(node.value):
            yield from scalars(child, (*path, place))
    else:
        yield path, node


def _step(node: Node, step: str | int) -> Node | None:
    if isinstance(step, str):
        return node.entries().get(step)
    items = node.items()
    return items[step] if 0 <= step < len(items) else None


def _is_scalar(node: Node) -> bool:
    return not isinstance(node.value, dict | list)
