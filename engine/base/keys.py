"""How a document's field says what it is: the one site of a YAML key's meaning, range, unit and example.

A document is a frozen keyword-only dataclass; each field is made by :func:`key`. From it the JSON Schema, the loader's
checks, the editor's help and the reference pages are generated. A Python keyword gets a trailing underscore, which
the YAML key does not have (``with_`` is ``with``).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

METADATA = "key"


@dataclass(frozen=True, slots=True)
class Key:
    """What is known of one YAML key beside its type."""

    doc: str
    min: float | None = None
    max: float | None = None
    above: float | None = None
    below: float | None = None
    pattern: str | None = None
    pattern_help: str = ""
    example: Any = None
    choices: Callable[[], Iterable[str]] | None = None
    """The words allowed, looked up late (a registry's names)."""
    tag: str | None = None
    """The value is one of several mappings; this key *inside* it says which (``kind``, ``model``)."""
    tag_beside: str | None = None
    """The value is one of several mappings; this key *beside* it says which (``fault`` for ``with``)."""
    variants: Callable[[], Mapping[str, type]] | None = None
    """With ``tag`` or ``tag_beside``: the dataclass of each word."""
    by_id: str | None = None
    """A list whose items merge by this key when documents extend each other."""
    grows: bool = False
    """A list that a document can only add to; taking away needs ``without``."""
    late: bool = False
    """Filled by the program, not a YAML key."""
    document: str | None = None
    """The value names a document of this kind; of a fault, the run puts it into the late field ``<name>_document``."""


def key(
    doc: str,
    *,
    default: Any = dataclasses.MISSING,
    min: float | None = None,
    max: float | None = None,
    above: float | None = None,
    below: float | None = None,
    pattern: str | None = None,
    pattern_help: str = "",
    example: Any = None,
    choices: Callable[[], Iterable[str]] | None = None,
    tag: str | None = None,
    tag_beside: str | None = None,
    variants: Callable[[], Mapping[str, type]] | None = None,
    by_id: str | None = None,
    grows: bool = False,
    late: bool = False,
    document: str | None = None,
) -> Any:
    """A dataclass field with its meaning; a mutable *default* is copied for each instance."""
    meaning = Key(
        doc,
        min,
        max,
        above,
        below,
        pattern,
        pattern_help,
        example,
        choices,
        tag,
        tag_beside,
        variants,
        by_id,
        grows,
        late,
        document,
    )
    metadata = {METADATA: meaning}
    if isinstance(default, dict | list):
        return dataclasses.field(default_factory=default.copy, metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


def key_of(field: dataclasses.Field[Any]) -> Key:
    """The :class:`Key` of a document's field. Raise TypeError if the field was not made by :func:`key`."""
    meaning = field.metadata.get(METADATA)
    if not isinstance(meaning, Key):
        raise TypeError(f"the document field '{field.name}' was not made by key()")
    return meaning


def yaml_name(field: dataclasses.Field[Any]) -> str:
    """The YAML key of a field."""
    return field.name.rstrip("_")
