"""The name of a place in a document: the thing a person would say it belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.config.node import Node, Path
from engine.config.shape import Either, Listed, Mapped, Plain, Record, Shape, Tagged, field_named, fields_of, variant_of


@dataclass(frozen=True, slots=True)
class Place:
    """The mapping at a path (*inside*), and the mapping around the value there (*around*), each by name."""

    inside: str
    around: str


def place_of(cls: type, top: Node, path: Path, kind: str) -> Place:
    """How to name the value at *path* of a document of *cls*, and what is around it."""
    names = list(_names(cls, top, path, kind))
    return Place(names[-1], names[-2] if len(names) > 1 else "")


def records_at(cls: type, top: Node, path: Path) -> list[tuple[str, type]]:
    """The dataclass of each mapping on the way to *path*, itself included, with what it is called; outermost first."""
    inner = [(said, shape.cls) for said, _, shape in _walk(Record(cls), top, path) if isinstance(shape, Record)]
    return [("", cls), *inner]


def _names(cls: type, top: Node, path: Path, kind: str) -> Iterator[str]:
    """A name for the document and for each step of *path*: the item named last stands behind in brackets."""
    name = top.entries().get(kind)
    yield f"{kind} '{name.value[:40]}'" if name is not None and isinstance(name.value, str) else f"the {kind}"
    item = ""
    for said, is_item in _steps(Record(cls), top, path):
        yield said if not item or is_item else f"{said} ({item})" if " '" in said else f"{said} of {item}"
        item = said if is_item else item


def _steps(shape: Shape | None, node: Node | None, path: Path) -> Iterator[tuple[str, bool]]:
    """What each step of *path* is called, and whether it is an item of a list or mapping."""
    for said, is_item, _ in _walk(shape, node, path):
        yield said, is_item


def _walk(shape: Shape | None, node: Node | None, path: Path) -> Iterator[tuple[str, bool, Shape | None]]:
    """Each step of *path*: what it is called, whether it is an item, and its shape."""
    field = ""
    for step in path:
        parent = node
        node = _child(node, step)
        if isinstance(shape, Either):
            shape = shape.listed if isinstance(step, int) else shape.mapping
        match shape:
            case Listed(inner):
                shape, said, is_item = inner, _item(field, inner, node), True
            case Mapped(inner):
                shape, said, is_item = inner, f"{_singular(field)} '{str(step)[:40]}'", True
            case Record(cls):
                found = field_named(cls, str(step))
                shape, said, is_item = found.shape if found else None, f"'{step}'", False
            case _:
                shape, said, is_item = None, f"'{step}'", False
        if isinstance(shape, Tagged):
            word = _text((parent if shape.beside else node), shape.tag)
            variant = variant_of(shape, word)
            named = shape.tag if shape.beside else _singular(field) if is_item else step
            said = f"{named} '{word}'" if variant else said
            shape = Record(variant) if variant else shape
        field = str(step) if isinstance(step, str) else field
        yield said, is_item, _mapping_of(shape, node)


def _mapping_of(shape: Shape | None, node: Node | None) -> Shape | None:
    """Of a shape that may be several things, the mapping, if that is what was written."""
    is_mapping = node is not None and isinstance(node.value, dict)
    return shape.mapping if isinstance(shape, Either) and is_mapping else shape


def _item(field: str, shape: Shape, node: Node | None) -> str:
    """``gate 'max_drawdown'``, ``timeline item 'crash'``: an item's name is its first key, if that is a text."""
    mapping = shape.mapping if isinstance(shape, Either) else shape
    first = fields_of(mapping.cls)[0] if isinstance(mapping, Record) else None
    name = _text(node, first.name) if first is not None and isinstance(first.shape, Plain) else ""
    if not name or first is None:
        return f"an item of '{field}'"
    singular = _singular(field)
    return f"{singular if singular != field else f'{field} item'} '{name}'"


def _singular(field: str) -> str:
    if field.endswith("ies"):
        return f"{field[:-3]}y"
    return field[:-1] if field.endswith("s") and not field.endswith("ss") else field


def _text(node: Node | None, key: str) -> str:
    found = node.entries().get(key) if node is not None else None
    return found.value[:40] if found is not None and isinstance(found.value, str) else ""


def _child(node: Node | None, step: str | int) -> Node | None:
    if node is None:
        return None
    if isinstance(step, int):
        items = node.items()
        return items[step] if step < len(items) else None
    return node.entries().get(step)
