"""The page of a document class: what it is, and each of its keys with meaning, range and default."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from engine.config.shape import Anything, Either, Field, Listed, Record, Shape, Tagged, fields_of

_INDENT = "  "


def page(head: str, document: type) -> str:
    """*head*, what *document* is, and its keys; those of a block inside it stand below the block's own."""
    return "\n".join([head, "", inspect.getdoc(document) or "", "", *_keys(document, _INDENT)]).rstrip()


def _keys(document: type, indent: str) -> Iterator[str]:
    for field in fields_of(document):
        yield f"{indent}{field.name}: {field.key.doc}{_range(field)}"
        inner = _inside(field.shape)
        if isinstance(inner, Record):
            yield from _keys(inner.cls, indent + _INDENT)
        elif isinstance(inner, Tagged):
            yield f"{indent}{_INDENT}{inner.tag}: {', '.join(inner.variants())} (stress explain has a page of each)"


def _inside(shape: Shape) -> Shape:
    """The block that a value of *shape* is, or is a list of; else its plain shape."""
    if isinstance(shape, Listed):
        return _inside(shape.item)
    if isinstance(shape, Either):
        return _inside(shape.mapping or shape.listed or Anything())
    return shape


def _range(field: Field) -> str:
    """What values a key takes, in brackets: ``(at least 0, at most 95; 50 unless given)``."""
    meaning = field.key
    bounds = (
        ("more than", meaning.above),
        ("at least", meaning.min),
        ("at most", meaning.max),
        ("less than", meaning.below),
    )
    said = ", ".join(f"{word} {number:,.10g}" for word, number in bounds if number is not None)
    if isinstance(field.default, int | float | str) and field.default != "":
        unless = f"{field.default:,.10g}" if isinstance(field.default, int | float) else field.default
        said = f"{said}; {unless} unless given" if said else f"{unless} unless given"
    return f" ({said})" if said else ""
