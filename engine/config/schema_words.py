"""The keywords of a JSON Schema that come from a key: range, size, words, pattern, default."""

from __future__ import annotations

import dataclasses
import re
from typing import Any, TypeAlias

from engine.base.keys import Key
from engine.config.shape import Either, Field, Listed, Mapped, Plain, Shape, Tagged, fields_of

Schema: TypeAlias = dict[str, Any]

PARAM_PATTERN = r"^\$\{[a-z][a-z0-9_]*\}$"
_TEXT_WITH_PARAM = r"\$\{[a-z][a-z0-9_]*\}"


def types(schema: Schema) -> list[str]:
    """The JSON types that *schema* of a scalar names."""
    return [schema["type"]] if isinstance(schema["type"], str) else list(schema["type"])


def when(types: list[str], then: Schema) -> Schema:
    """*then*, for values of *types*."""
    return {"if": {"type": types[0] if len(types) == 1 else types}, "then": then}


def branch(tag: str, word: str, then: Schema) -> Schema:
    """*then*, for mappings in which *tag* is *word*."""
    return {"if": {"properties": {tag: {"const": word}}, "required": [tag]}, "then": then}


def dependent(fields: tuple[Field, ...]) -> Schema:
    """What stands beside an optional word needs that word."""
    tags = {item.name: [item.shape.tag] for item in fields if isinstance(item.shape, Tagged) and item.shape.beside}
    return {"dependentRequired": tags} if tags else {}


def titled(cls: type) -> Schema:
    """Title and description from the name and docstring of *cls*."""
    doc = (cls.__doc__ or "").strip()
    if doc.startswith(f"{cls.__name__}("):
        doc = ""  # what the dataclass decorator writes when there is no docstring
    title = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", cls.__name__).capitalize()
    return {"title": title} | ({"description": re.sub(r"\s*\n\s*", " ", doc)} if doc else {})


def choices(key: Key) -> list[str] | None:
    """The words that the key allows, if it names any; looked up now."""
    if key.choices is not None:
        return list(key.choices())
    return None


def number_range(key: Key) -> Schema:
    """The key's range as keywords of a number."""
    names = {"minimum": key.min, "maximum": key.max, "exclusiveMinimum": key.above, "exclusiveMaximum": key.below}
    return {name: bound for name, bound in names.items() if bound is not None}


def takes_range(shape: Shape) -> bool:
    """Whether numbers at the bottom of *shape* take the key's range (else a list's or mapping's size does)."""
    match shape:
        case Plain(types):
            return bool(types & {"number", "integer"})
        case Listed(inner) | Mapped(inner):
            return takes_range(inner)
    return False


def takes_pattern(shape: Shape) -> bool:
    """Whether texts at the bottom of *shape* take the key's pattern and choices (else a mapping's names do)."""
    match shape:
        case Plain(types):
            return "string" in types
        case Listed(inner) | Mapped(inner):
            return takes_pattern(inner)
        case Either(plain):
            return plain is not None and takes_pattern(plain)
    return False


def inner(key: Key, shape: Shape) -> Key:
    """*key* as it holds for what is inside: without a range that the outside has taken."""
    if takes_range(shape):
        return key
    return dataclasses.replace(key, min=None, max=None, above=None, below=None)


def sizes(key: Key, inner: Shape, noun: str) -> Schema:
    """The key's range as the size of a list or mapping, unless the numbers inside take it."""
    if takes_range(inner):
        return {}
    bounds = {f"min{noun}": key.min, f"max{noun}": key.max}
    return {name: int(bound) for name, bound in bounds.items() if bound is not None}


def or_param(schema: Schema) -> Schema:
    """*schema* of a scalar, or a text with ``${param}`` in its place."""
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if "string" not in types:
        return schema | {"type": [*types, "string"], "pattern": PARAM_PATTERN} | either_word(schema)
    strict = {name: schema.pop(name) for name in ("enum", "pattern", "x-pattern-help") if name in schema}
    if strict:
        has_param = {"type": "string", "pattern": _TEXT_WITH_PARAM}
        schema |= {"if": has_param, "else": strict}
    return schema


def either_word(schema: Schema) -> Schema:
    """The words of *schema* of a number, taken out of it, as what holds unless ``${param}`` stands there."""
    if "enum" not in schema:
        return {}
    words = schema.pop("enum")
    return {"if": {"type": "string"}, "else": {"enum": words}}


def jsonable(value: Any) -> Any:
    """A default as JSON."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: jsonable(getattr(value, item.attribute)) for item in fields_of(type(value))}
    if isinstance(value, tuple | list):
        return [jsonable(item) for item in value]
    if isinstance(value, dict):
        return {name: jsonable(item) for name, item in value.items()}
    return value
