"""Turns checked data into the frozen dataclasses that the engine works with."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar, cast

from engine.base.errors import ExitCode, StressError
from engine.config.shape import (
    Either,
    Field,
    Listed,
    Mapped,
    Plain,
    Record,
    Shape,
    Tagged,
    fields_of,
    variant_of,
)

T = TypeVar("T")


def bind(cls: type[T], data: dict[str, Any]) -> T:
    """An instance of *cls* from *data*, which the schema has accepted.

    Raise BindError if the class itself refuses its values, with their place.
    """
    values = {field.attribute: _field(field, data) for field in fields_of(cast(type, cls)) if field.name in data}
    try:
        return cls(**values)
    except StressError as refused:
        raise BindError(refused) from refused


class BindError(StressError):
    """Values that are right one by one and do not fit each other; *path* leads to the mapping that holds them.

    A refusal that has a path ``at`` of its own, below that mapping, is led to there.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.INVALID_DOCUMENT

    def __init__(self, refused: StressError) -> None:
        super().__init__(refused.reason, refused.instruction)
        self.path: tuple[str | int, ...] = getattr(refused, "at", ())

    def under(self, step: str | int) -> BindError:
        """The same, seen from one level further out."""
        self.path = (step, *self.path)
        return self


def _field(field: Field, data: dict[str, Any]) -> Any:
    try:
        return _field_value(field, data)
    except BindError as refused:
        raise refused.under(field.name) from None


def _field_value(field: Field, data: dict[str, Any]) -> Any:
    value = data[field.name]
    shape = field.shape
    if isinstance(shape, Tagged):
        word = data.get(shape.tag) if shape.beside else value.get(shape.tag)
        return _variant(shape, word, value)
    return _value(shape, value)


def _variant(shape: Tagged, word: Any, value: dict[str, Any]) -> Any:
    cls = variant_of(shape, word)
    if cls is None:
        raise TypeError(f"the schema let an unknown {shape.tag} pass: {word!r}")
    return bind(cls, value)


def _value(shape: Shape, value: Any) -> Any:
    match shape:
        case Plain():
            return _scalar(shape, value)
        case Listed(item):
            return tuple(_inner(item, inner, place) for place, inner in enumerate(value))
        case Mapped(inner_shape):
            return {name: _inner(inner_shape, inner, name) for name, inner in value.items()}
        case Record(cls):
            return bind(cls, value)
        case Tagged(tag):
            return _variant(shape, value.get(tag), value)
        case Either():
            part = (
                shape.mapping if isinstance(value, dict) else shape.listed if isinstance(value, list) else shape.plain
            )
            return _value(part, value) if part is not None else value
    return value


def _inner(shape: Shape, value: Any, step: str | int) -> Any:
    try:
        return _value(shape, value)
    except BindError as refused:
        raise refused.under(step) from None


def _scalar(shape: Plain, value: Any) -> Any:
    """A whole number where a float is meant becomes one; 3.0 where a whole number is meant becomes 3."""
    if isinstance(value, bool) or not isinstance(value, int | float) or shape.words is not None:
        return value
    if "number" in shape.types:
        return float(value)
    if "integer" in shape.types:
        return int(value)
    return value
