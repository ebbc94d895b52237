"""Documents that extend others: deep merge by key, lists by id, growing lists, and what is taken out again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.base.keys import key
from engine.base.words import nearest
from engine.config.mark import Mark
from engine.config.node import Node, plain
from engine.config.problems import Problems
from engine.config.shape import Either, Field, Listed, Mapped, Record, Shape, Tagged, field_named, fields_of, variant_of


@dataclass(frozen=True, kw_only=True)
class Without:
    """Something inherited that is taken out: exactly one of gate, must_happen, control, and the reason."""

    gate: str | None = key("An inherited gate or gate set that does not judge this document", default=None)
    must_happen: str | None = key("An inherited event that need not happen", default=None)
    control: str | None = key("An inherited control that is not exercised", default=None)
    reason: str = key("Why, in one sentence; it is printed in the report and on the certificate")


REMOVES = {"gate": "gates", "must_happen": "must_happen", "control": "controls"}
"""The word of a ``without`` item and the growing list that it takes from."""


def merge(cls: type, parent: Node, child: Node) -> Node:
    """*child* laid over *parent*: both documents of *cls*, keys in its order. Marks stay with their values."""
    merged = _records(cls, parent, child)
    entries = merged.entries()
    order = [field.name for field in fields_of(cls) if field.name in entries]
    order += [name for name in entries if name not in order]
    return Node({name: entries[name] for name in order}, merged.mark, merged.keys)


def take_out(cls: type, parent: Node, child: Node, problems: Problems) -> Node:
    """*parent* without what *child* names under ``without``."""
    removals = child.entries().get("without")
    entries = dict(parent.entries())
    for item in removals.items() if removals is not None else []:
        named = [word for word in REMOVES if word in item.entries()]
        if len(named) != 1:
            was = " and ".join(named) or "none of them"
            problems.error(
                "R322",
                f"one of gate, must_happen, control was expected, was {was}",
                item.mark,
                "write one item for each",
            )
            continue
        _take_one(cls, named[0], item, entries, problems)
    return Node(entries, parent.mark, parent.keys)


def _take_one(cls: type, word: str, item: Node, entries: dict[str, Node], problems: Problems) -> None:
    name, wanted = REMOVES[word], item.entries()[word]
    field = field_named(cls, name)
    inherited = entries.get(name)
    if field is None or not field.key.grows:
        problems.error("R321", f"this kind of document has no '{name}' to take out of", item.key_mark(word))
        return
    items = inherited.items() if inherited is not None else []
    kept = [entry for entry in items if _name(entry, word) != wanted.value]
    if inherited is not None and len(kept) < len(items):
        entries[name] = Node(kept, inherited.mark)
    elif not _may_be_inside(field, items):
        known = [str(_name(entry, word)) for entry in items]
        close = nearest(str(wanted.value), known)
        hint = f"did you mean '{close}'?" if close else "take the item out; there is nothing to remove"
        what = "event" if word == "must_happen" else word
        problems.error("R320", f"no {what} '{str(wanted.value)[:40]}' is inherited", wanted.mark, hint)


def _may_be_inside(field: Field, items: list[Node]) -> bool:
    """Whether an item may be the name of a set whose members are not seen here (the owner of the kind checks those)."""
    item = field.shape.item if isinstance(field.shape, Listed) else None
    return isinstance(item, Either) and any(isinstance(entry.value, str) for entry in items)


def _name(entry: Node, word: str) -> object:
    inner = entry.entries().get(word)
    return inner.value if inner is not None else entry.value


def _records(cls: type, parent: Node, child: Node, tag: str | None = None) -> Node:
    fields = {field.name: field for field in fields_of(cls)}
    entries, keys = dict(parent.entries()), dict(parent.keys or {})
    for name, value in child.entries().items():
        field = fields.get(name)
        if name == "without" and name in entries:
            value = Node([*entries[name].items(), *value.items()], value.mark)
        elif name in entries and field is not None and not _other_variant(field, parent, child):
            value = _merge(field.shape, field, entries[name], value)
        entries[name] = value
        keys[name] = child.key_mark(name)
    for field in fields.values():
        if field.name not in child.entries() and field.name in entries and _other_variant(field, parent, child):
            del entries[field.name], keys[field.name]
    return Node(entries, child.mark, keys)


def _other_variant(field: Field, parent: Node, child: Node) -> bool:
    """Whether the word beside *field* has changed, so that the parent's keys no longer fit."""
    shape = field.shape
    if not isinstance(shape, Tagged) or not shape.beside:
        return False
    old, new = parent.entries().get(shape.tag), child.entries().get(shape.tag)
    return old is not None and new is not None and old.value != new.value


def _merge(shape: Shape, field: Field, parent: Node, child: Node) -> Node:
    if isinstance(parent.value, list) and isinstance(child.value, list):
        return _lists(shape, field, parent, child)
    if not (isinstance(parent.value, dict) and isinstance(child.value, dict)):
        return child
    match shape:
        case Record(cls):
            return _records(cls, parent, child)
        case Mapped(value):
            return _mappings(value, field, parent, child)
        case Tagged():
            return _variants(shape, parent, child)
        case Either(mapping=mapping) if mapping is not None:
            return _merge(mapping, field, parent, child)
    return _free(parent, child)


def _variants(shape: Tagged, parent: Node, child: Node) -> Node:
    """The same variant merges; another one replaces."""
    old, new = parent.entries().get(shape.tag), child.entries().get(shape.tag)
    if not shape.beside and old is not None and new is not None and old.value != new.value:
        return child
    cls = variant_of(shape, (new or old).value if (new or old) is not None else None) if not shape.beside else None  # type: ignore[union-attr]
    return _records(cls, parent, child) if cls is not None else _free(parent, child)


def _free(parent: Node, child: Node) -> Node:
    """Mappings whose shape is not known here merge key by key."""
    entries, keys = dict(parent.entries()), dict(parent.keys or {})
    for name, value in child.entries().items():
        old = entries.get(name)
        both = old is not None and isinstance(old.value, dict) and isinstance(value.value, dict)
        entries[name] = _free(old, value) if both and old is not None else value
        keys[name] = child.key_mark(name)
    return Node(entries, child.mark, keys)


def _mappings(value_shape: Shape, field: Field, parent: Node, child: Node) -> Node:
    entries, keys = dict(parent.entries()), dict(parent.keys or {})
    for name, value in child.entries().items():
        entries[name] = _merge(value_shape, field, entries[name], value) if name in entries else value
        keys[name] = child.key_mark(name)
    return Node(entries, child.mark, keys)


def _lists(shape: Shape, field: Field, parent: Node, child: Node) -> Node:
    item_shape = shape.item if isinstance(shape, Listed) else None
    if field.key.by_id is not None and item_shape is not None:
        return _by_id(field.key.by_id, item_shape, field, parent, child)
    if field.key.grows:
        return Node(_union([*parent.items(), *child.items()]), child.mark)
    return child


def _by_id(id_key: str, shape: Shape, field: Field, parent: Node, child: Node) -> Node:
    """Items of the same id merge in the parent's place; the child's new ones follow."""
    waiting = list(child.items())
    merged: list[Node] = []
    for old in parent.items():
        new = next((item for item in waiting if _id(item, id_key) == _id(old, id_key) is not None), None)
        if new is not None:
            waiting = [item for item in waiting if item is not new]
        merged.append(old if new is None else _merge(shape, field, old, new))
    return Node([*merged, *waiting], child.mark)


def _id(item: Node, id_key: str) -> object:
    found = item.entries().get(id_key)
    return found.value if found is not None else item.value if isinstance(item.value, str) else None


def _union(items: Iterable[Node]) -> list[Node]:
    """*items* without repetitions, in their order."""
    kept: list[Node] = []
    seen: list[object] = []
    for item in items:
        value = plain(item)
        if value not in seen:
            seen.append(value)
            kept.append(item)
    return kept


def find_duplicate_ids(cls: type, top: Node, problems: Problems) -> None:
    """Add a problem for each item of a list by id whose id another item of that list has."""
    for field in fields_of(cls):
        node = top.entries().get(field.name)
        shape = field.shape
        if node is None:
            continue
        if (inner := _class_of(shape, node)) is not None:
            find_duplicate_ids(inner, node, problems)
        elif isinstance(shape, Listed):
            if field.key.by_id is not None:
                _duplicates(field.name, field.key.by_id, node, problems)
            for item in node.items():
                of_item = _class_of(shape.item, item)
                if of_item is not None:
                    find_duplicate_ids(of_item, item, problems)


def _class_of(shape: Shape, node: Node) -> type | None:
    """The dataclass of the mapping *node*, if *shape* or the word inside the mapping says it."""
    if isinstance(shape, Record):
        return shape.cls
    if not isinstance(shape, Tagged) or shape.beside:
        return None
    tag = node.entries().get(shape.tag)
    return variant_of(shape, tag.value) if tag is not None else None


def _duplicates(name: str, id_key: str, node: Node, problems: Problems) -> None:
    first: dict[object, Mark] = {}
    for item in node.items():
        found = item.entries().get(id_key)
        if found is None or not isinstance(found.value, str):
            continue
        if found.value in first:
            other = first[found.value]
            where = f"line {other.line}" if other.file == found.mark.file else str(other)
            problems.error(
                "S211",
                f"two items of '{name}' have the {id_key} '{found.value[:40]}': the other is in {where}",
                found.mark,
                f"give one of them another {'name' if id_key in ('id', name[:-1]) else id_key}",
            )
        else:
            first[found.value] = found.mark
