"""What is wrong with the keys of a mapping: unknown, missing, or without the word that gives them a meaning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.base.words import listing, nearest
from engine.config.at import At
from engine.config.belongs import holder_of, where_it_belongs
from engine.config.place import records_at
from engine.config.problems import Problem
from engine.config.shape import Field, Record, Tagged, field_named, fields_of, variant_of
from engine.config.unit_words import spelt, unit_of

_MOST_ALONE = 2
"""More missing keys than this are one problem: the place is not filled in yet."""

_MOST_KEYS = 24


def unknown_keys(at: At) -> Iterator[Problem]:
    """One problem per unknown key, pointing at the key."""
    known = list(at.error.schema.get("properties", {}))
    whole = f"it has {listing(known, _MOST_KEYS)}" if known else "it has no keys"
    for name in at.error.instance:
        if name not in known:
            help = _key_help(at, name, known)
            if not help:
                help, whole = whole, ""  # once is enough
            yield at.problem("S201", f"unknown field '{name[:40]}' in {at.place.inside}", help, at.node.key_mark(name))


def missing_keys(at: At) -> Iterator[Problem]:
    """The missing keys, unless a misspelt key is already offered one, or what belongs under it stands beside it."""
    written = at.error.instance
    absent = [name for name in at.error.validator_value if name not in written]
    if at.error.message.split("'")[1] != absent[0]:
        return  # the schema has an error for each of them
    known = {*at.error.schema.get("properties", ()), *(field.name for field in fields_of(_record(at)))}
    unknown = [name for name in written if name not in known]
    paired = {nearest(name, absent) for name in unknown} | {_holder(at, name) for name in unknown}
    alone = [name for name in absent if name not in paired and not _stands_outside(at, name)]
    if len(alone) > _MOST_ALONE:
        names = ", ".join(f"'{name}'" for name in alone)
        yield at.problem("S202", f"{names} are missing in {at.place.inside}", _many_help(at))
        return
    for name in alone:
        yield at.problem("S202", f"'{name}' is missing in {at.place.inside}", _meaning(at, name))


def has_misplaced(at: At) -> bool:
    """Whether the value at this place is empty because what belongs under its key stands beside the key."""
    outer = At(at.cls, at.top, at.path[:-1], at.kind, at.error, at.elsewhere)
    fields = {field.name for field in fields_of(_record(outer))}
    names = outer.node.entries()
    return any(name not in fields and _holder(outer, name) == at.path[-1] for name in names)


def needs_word(at: At) -> Iterator[Problem]:
    """A key whose meaning depends on a word that is not there."""
    for name, needed in at.error.validator_value.items():
        if name in at.error.instance and needed[0] not in at.error.instance:
            if needed[0] in at.error.schema.get("required", ()):
                return  # reported as missing
            message = f"'{name}' in {at.place.inside} needs '{needed[0]}' beside it"
            yield at.problem("S210", message, f"say which {needed[0]} it belongs to", at.node.key_mark(name))
            return


def _stands_outside(at: At, name: str) -> bool:
    """Whether the missing key *name* stands one level too far out, where it is reported as unknown."""
    if not at.path:
        return False
    outer = At(at.cls, at.top, at.path[:-1], at.kind, at.error, at.elsewhere)
    return name in outer.node.entries() and field_named(_record(outer), name) is None


def _key_help(at: At, name: str, known: Sequence[str]) -> str:
    written = at.error.instance
    missing = [key for key in at.error.schema.get("required", ()) if key not in written]
    if close := nearest(name, missing):
        return f"did you mean '{close}'? ({_in_unit(close, name)}required here, and missing)"
    if place := where_it_belongs(name, at.cls, at.top, at.path, at.kind):
        return place
    if close := nearest(name, [key for key in known if not _stands_beside(at, key, name)]):
        unit = _in_unit(close, name).rstrip(", ")
        return f"did you mean '{close}'?" + (f" ({unit})" if unit else "")
    if close := nearest(name, known):
        return f"did you mean '{close}'? (it stands here already)"
    if ":" in name:
        return "write a space after the colon"
    if (kind := at.elsewhere.get(name)) and kind != at.kind:
        return f"it belongs into a {kind} document"
    return ""


def _stands_beside(at: At, key: str, name: str) -> bool:
    """Whether *key* was written in the mapping itself, as *name* was, and not inherited."""
    marks = at.node.keys or {}
    return key in marks and marks[key].file == at.node.key_mark(name).file


def _in_unit(close: str, name: str) -> str:
    """``in seconds, ``, if the right key has another unit than the one that was written."""
    unit = unit_of(close)
    return f"in {spelt(unit)}, " if unit and unit != unit_of(name) else ""


def _meaning(at: At, name: str) -> str:
    """What a missing key is, and what goes under it."""
    field = field_named(_record(at), name)
    meaning = field.key.doc if field is not None else at.error.schema["properties"][name].get("description", "")
    below = _keys_below(at, field) if field is not None else []
    keys = f"; its keys are {listing(below)}" if below else ""
    return f"{name}: {_lower_first(meaning)}{keys}" if meaning else ""


def _keys_below(at: At, field: Field) -> list[str]:
    """The keys of what *field* holds; of one of several variants, those that it must have."""
    shape = field.shape
    if isinstance(shape, Record):
        return [inner.name for inner in fields_of(shape.cls)]
    if isinstance(shape, Tagged) and shape.beside:
        word = at.node.entries().get(shape.tag)
        variant = variant_of(shape, word.value) if word is not None else None
        return [inner.name for inner in fields_of(variant) if inner.required] if variant is not None else []
    return []


def _many_help(at: At) -> str:
    if at.path:
        return ""
    if "extends" in at.error.instance:
        return f"write them here, or in '{str(at.error.instance['extends'])[:40]}'"
    if field_named(at.cls, "extends") is not None:
        return "build on a base ('extends: base/equity_day'), or write them; 'stress new' begins one for you"
    return f"'stress new {at.kind} NAME' begins one for you"


def _record(at: At) -> type:
    return records_at(at.cls, at.top, at.path)[-1][1]


def _holder(at: At, name: str) -> str | None:
    field = holder_of(name, _record(at), at.node)
    return field.name if field is not None else None


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text
