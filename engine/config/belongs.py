"""Where a key belongs that stands at the wrong place: one level deeper, further out, in another variant or document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from engine.config.kinds import DocKind
from engine.config.node import Node, Path, find
from engine.config.place import records_at
from engine.config.shape import Either, Field, Listed, Mapped, Record, Shape, Tagged, field_named, fields_of, variant_of


def where_it_belongs(name: str, cls: type, top: Node, path: Path, kind: str) -> str:
    """The place of a document of *cls* that has the key *name*, which the mapping at *path* has not; may be nothing."""
    records = records_at(cls, top, path)
    mapping = find(top, path)
    below = holder_of(name, records[-1][1], mapping)
    if below is not None:
        of = f"the items of '{below.name}'" if isinstance(below.shape, Listed) else f"'{below.name}'"
        return f"it belongs under {of}, indented deeper"
    if other := _other_variant(name, records, path):
        return f"it belongs to {other}"
    for said, record in reversed(records[:-1]):
        if field_named(record, name) is not None:
            return f"it belongs to {said}" if said else f"it belongs to the {kind} itself, at the left margin"
        beside = holder_of(name, record, None)
        if beside is not None:
            return f"it belongs under '{beside.name}'"
    return ""


def holder_of(name: str, cls: type, mapping: Node | None) -> Field | None:
    """The field of *cls* under which the key *name* may stand; *mapping* tells which variant a field holds."""
    for field in fields_of(cls):
        if name in _names_below(field.shape, mapping, field.name):
            return field
    return None


def keys_of_kinds(kinds: Iterable[DocKind[Any]]) -> dict[str, str]:
    """Every key that documents of one kind only have, with that kind's word."""
    found: dict[str, set[str]] = {}
    for kind in kinds:
        for name in _all_names(Record(kind.cls), set()):
            found.setdefault(name, set()).add(kind.word)
    return {name: next(iter(words)) for name, words in found.items() if len(words) == 1}


def _other_variant(name: str, records: list[tuple[str, type]], path: Path) -> str:
    """The other word of the mapping at *path* that would allow *name*, such as ``fault 'depth_collapse'``."""
    if len(records) < 2 or not isinstance(path[-1], str):
        return ""
    field = field_named(records[-2][1], path[-1])
    if field is None or not isinstance(field.shape, Tagged):
        return ""
    words = [f"'{word}'" for word, cls in sorted(field.shape.variants().items()) if field_named(cls, name)]
    return f"{field.shape.tag} {' or '.join(words[:3])}" if words else ""


def _names_below(shape: Shape, mapping: Node | None, field: str) -> list[str]:
    """The keys of the mapping (or of each item of the list) that *shape* is."""
    match shape:
        case Record(cls):
            return [inner.name for inner in fields_of(cls)]
        case Listed(item):
            return _names_below(item, None, field)
        case Either(mapping=Record() as record):
            return _names_below(record, mapping, field)
        case Tagged():
            holder = mapping if shape.beside else mapping.entries().get(field) if mapping is not None else None
            word = holder.entries().get(shape.tag) if holder is not None else None
            variant = variant_of(shape, word.value) if word is not None else None
            return [inner.name for inner in fields_of(variant)] if variant is not None else []
    return []


def _all_names(shape: Shape, seen: set[type]) -> Iterator[str]:
    match shape:
        case Record(cls) if cls not in seen:
            seen.add(cls)
            for field in fields_of(cls):
                yield field.name
                yield from _all_names(field.shape, seen)
        case Listed(inner) | Mapped(inner):
            yield from _all_names(inner, seen)
        case Either(_, listed, mapping):
            for part in (listed, mapping):
                if part is not None:
                    yield from _all_names(part, seen)
        case Tagged():
            for cls in shape.variants().values():
                yield from _all_names(Record(cls), seen)
