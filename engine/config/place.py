"""The name of a place in a document: the thing a person would say it belongs to."""

from __future__ import annotations

from dataclasses import dataclass

from engine.config.node import Node, Path

_NAMES = ("id", "gate", "step", "name", "tag", "symbol", "metric", "control", "phase")
"""Keys that name an item of a list, in the order they are looked for."""

_TAGS = ("kind", "model")
_TAGS_BESIDE = {"with": ("fault", "do")}


@dataclass(frozen=True, slots=True)
class Place:
    """The mapping at a path (*inside*), and the mapping around the value there (*around*), each by name."""

    inside: str
    around: str


def place_of(top: Node, path: Path, kind: str) -> Place:
    """How to name the value at *path*, and what is around it."""
    names = _names(top, path, kind)
    return Place(names[-1], names[-2] if len(names) > 1 else "")


def _names(top: Node, path: Path, kind: str) -> list[str]:
    """A name for the document and for each step of *path*."""
    first = next(iter(top.entries().values()), None)
    names = [f"{kind} '{first.value[:40]}'" if first is not None and isinstance(first.value, str) else f"the {kind}"]
    item = ""
    node: Node | None = top
    for depth, step in enumerate(path):
        parent, node = node, _child(node, step)
        if isinstance(step, int):
            field = str(path[depth - 1]) if depth else "list"
            item = _item(field, step, node)
            names.append(item)
            continue
        said = _said(step, parent, node)
        names.append(f"{said} ({item})" if item and said else said or (f"'{step}' of {item}" if item else f"'{step}'"))
    return names


def _said(step: str, parent: Node | None, node: Node | None) -> str:
    """``fault 'price_shock'`` for its ``with``, ``strategy 'directional'`` for a mapping with a kind."""
    for word in _TAGS_BESIDE.get(step, ()):
        beside = parent.entries().get(word) if parent is not None else None
        if beside is not None and isinstance(beside.value, str):
            return f"{word} '{beside.value[:40]}'"
    for word in _TAGS:
        inside = node.entries().get(word) if node is not None else None
        if inside is not None and isinstance(inside.value, str):
            return f"{step} '{inside.value[:40]}'"
    return ""


def _item(field: str, place: int, node: Node | None) -> str:
    singular = field[:-1] if field.endswith("s") and not field.endswith("ss") else field
    for name in _NAMES:
        found = node.entries().get(name) if node is not None else None
        if found is not None and isinstance(found.value, str):
            noun = singular if singular == name or singular != field else f"{field} item"
            return f"{noun} '{found.value[:40]}'"
    return f"item {place + 1} of '{field}'"


def _child(node: Node | None, step: str | int) -> Node | None:
    if node is None:
        return None
    if isinstance(step, int):
        items = node.items()
        return items[step] if step < len(items) else None
    return node.entries().get(step)
