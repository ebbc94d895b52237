"""Writes YAML that re-reads identically under our rules and under other readers', and canonical JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from engine.config.scalars import is_plain_safe

_PLAIN_TEXT = re.compile(r"[A-Za-z0-9_/.$][A-Za-z0-9_/.,$%()+=<>^~;'&*!?@ -]*")
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


def write_json(value: Any, *, sort_keys: bool = False) -> str:
    """*value* as JSON text, two spaces deep, with a newline at the end. Raise ValueError for NaN or infinity."""
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False, sort_keys=sort_keys) + "\n"


def write_yaml(document: Mapping[str, Any]) -> str:
    """*document* as block-style YAML, keys in their order. Raise ValueError for NaN or infinity."""
    return "\n".join(_mapping(document, "")) + "\n" if document else "{}\n"


def _mapping(value: Mapping[str, Any], indent: str) -> Iterator[str]:
    for name, inner in value.items():
        if not isinstance(name, str):
            raise TypeError(f"a key must be a text, was {name!r}")
        yield from _entry(f"{indent}{_key(name)}:", inner, indent)


def _entry(head: str, value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, Mapping) and value:
        yield head
        yield from _mapping(value, indent + "  ")
    elif isinstance(value, list | tuple) and value:
        yield head
        yield from _list(value, indent + "  ")
    else:
        yield f"{head} {_leaf(value)}"


def _list(value: list[Any] | tuple[Any, ...], indent: str) -> Iterator[str]:
    for inner in value:
        if isinstance(inner, Mapping) and inner:
            lines = list(_mapping(inner, indent + "  "))
            yield f"{indent}- {lines[0].lstrip(' ')}"
            yield from lines[1:]
        elif isinstance(inner, list | tuple) and inner:
            yield f"{indent}-"
            yield from _list(inner, indent + "  ")
        else:
            yield f"{indent}- {_leaf(inner)}"


def _leaf(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{}"
    if isinstance(value, list | tuple):
        return "[]"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _text(value)
    raise TypeError(f"a plain value was expected, was {type(value).__name__}")


def _float(value: float) -> str:
    """A float that other readers take for a number too: YAML 1.1 wants a dot and a signed exponent."""
    if value - value != 0:
        raise ValueError(f"a finite number was expected, was {value}")
    text = repr(value)
    mantissa, e, exponent = text.partition("e")
    if not e:
        return text
    return f"{mantissa if '.' in mantissa else mantissa + '.0'}e{exponent}"


def _key(name: str) -> str:
    return name if _PLAIN_KEY.fullmatch(name) and is_plain_safe(name) else _quoted(name)


def _text(text: str) -> str:
    """Unquoted only where every reader sees the same text."""
    plain = _PLAIN_TEXT.fullmatch(text) and not text.endswith(" ") and is_plain_safe(text)
    return text if plain else _quoted(text)


def _quoted(text: str) -> str:
    """In double quotes, as JSON writes it, plus the characters that YAML will not take as they are."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(char if _is_shown(char) else _escaped(char) for char in quoted)


def _is_shown(char: str) -> bool:
    return (
        " " <= char <= "~"
        or ("\xa1" <= char <= "\ud7ff" and char not in "\u2028\u2029")
        or "\ue000" <= char <= "\ufefe"
        or "\uff00" <= char <= "\ufffd"
        or char > "\uffff"
    )


def _escaped(char: str) -> str:
    number = ord(char)
    return f"\\u{number:04x}"
