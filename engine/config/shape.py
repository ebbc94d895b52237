"""The shape of a document's values, read once from the type hints of its dataclass.

Schema, binding and merging all walk shapes, so that they cannot disagree about what a type hint means.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeAlias, Union

from engine.base.keys import Key, key_of, yaml_name


@dataclass(frozen=True, slots=True)
class Plain:
    """A text, number or truth value; *words* are the only ones allowed, if not None."""

    types: frozenset[str]
    words: tuple[Any, ...] | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of one shape."""

    item: Shape


@dataclass(frozen=True, slots=True)
class Mapped:
    """A mapping from any name to one shape."""

    value: Shape


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with the keys of a dataclass."""

    cls: type


@dataclass(frozen=True, slots=True)
class Tagged:
    """A mapping whose keys depend on a word: inside it (*beside* False) or beside it."""

    tag: str
    beside: bool
    variants: Callable[[], Mapping[str, type]]


@dataclass(frozen=True, slots=True)
class Either:
    """One of several shapes, told apart by what YAML calls them: scalar, list or mapping."""

    plain: Plain | None
    listed: Listed | None
    mapping: Record | Mapped | None


@dataclass(frozen=True, slots=True)
class Anything:
    """Any plain value."""


Shape: TypeAlias = Plain | Listed | Mapped | Record | Tagged | Either | Anything


@dataclass(frozen=True, slots=True)
class Field:
    """One key of a document: its YAML and Python names, its meaning, its shape, and whether it must be written."""

    name: str
    attribute: str
    key: Key
    shape: Shape
    required: bool
    default: Any


_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean"}


@cache
def fields_of(cls: type) -> tuple[Field, ...]:
    """The keys of the document *cls*, in its order. Raise TypeError if a field is not one a document can have."""
    if not dataclasses.is_dataclass(cls):
        raise TypeError(f"a document must be a dataclass, was {cls!r}")
    hints = typing.get_type_hints(cls)
    found = []
    for field in dataclasses.fields(cls):
        meaning = key_of(field)
        if not meaning.late:
            found.append(_field(cls, field, meaning, hints[field.name]))
    return tuple(found)


def field_named(cls: type, name: str) -> Field | None:
    """The field of *cls* whose YAML key is *name*, or None."""
    return next((field for field in fields_of(cls) if field.name == name), None)


def variant_of(shape: Tagged, word: object) -> type | None:
    """The dataclass that *word* stands for, or None."""
    return shape.variants().get(word) if isinstance(word, str) else None


def _field(cls: type, field: dataclasses.Field[Any], meaning: Key, hint: Any) -> Field:
    default: Any = dataclasses.MISSING
    if field.default is not dataclasses.MISSING:
        default = field.default
    elif field.default_factory is not dataclasses.MISSING:
        default = field.default_factory()
    try:
        shape = _tagged(meaning, hint) or _shape(hint)
    except TypeError as error:
        raise TypeError(f"{cls.__qualname__}.{field.name}: {error}") from None
    return Field(yaml_name(field), field.name, meaning, shape, default is dataclasses.MISSING, default)


def _tagged(meaning: Key, hint: Any) -> Tagged | Listed | None:
    """The union that a key with a tag holds, or a list of such (``tuple[Any, ...]``)."""
    tag = meaning.tag or meaning.tag_beside
    if tag is None:
        return None
    if meaning.variants is None:
        raise TypeError("a key with a tag needs variants")
    union = Tagged(tag, meaning.tag is None, meaning.variants)
    if typing.get_origin(hint) is not tuple:
        return union
    if union.beside:
        raise TypeError("in a list the word stands inside each item: make the key with tag, not tag_beside")
    return Listed(union)


def _shape(hint: Any) -> Shape:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return Anything()
    if hint in _PLAIN:
        return Plain(frozenset({_PLAIN[hint]}))
    if origin is Literal:
        return Plain(frozenset(_PLAIN[type(word)] for word in arguments), tuple(arguments))
    if origin is tuple and len(arguments) == 2 and arguments[1] is ...:
        return Listed(_shape(arguments[0]))
    if origin is dict and arguments[0] is str:
        return Mapped(_shape(arguments[1]))
    if origin in (Union, types.UnionType):
        return _union([_shape(part) for part in arguments if part is not type(None)])
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return Record(hint)
    raise TypeError(f"a document cannot hold {hint!r}; see engine.base.keys for what it can")


def _union(parts: list[Shape]) -> Shape:
    if len(parts) == 1:
        return parts[0]
    plains = [part for part in parts if isinstance(part, Plain)]
    listed = [part for part in parts if isinstance(part, Listed)]
    mappings = [part for part in parts if isinstance(part, Record | Mapped)]
    if len(listed) > 1 or len(mappings) > 1 or len(plains) + len(listed) + len(mappings) != len(parts):
        raise TypeError("a union may hold scalars, one list and one mapping; several mappings need a tag")
    words = [word for plain in plains for word in plain.words or ()]
    if words and any(plain.words is None for plain in plains):
        raise TypeError("a union of Literal and a free scalar is ambiguous")
    plain = Plain(frozenset().union(*(plain.types for plain in plains)), tuple(words) or None) if plains else None
    if plain and not listed and not mappings:
        return plain
    return Either(plain, listed[0] if listed else None, mappings[0] if mappings else None)
