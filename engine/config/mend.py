"""The likeliest mend of a value that is of the wrong type."""

from __future__ import annotations

from typing import Any

from engine.config.excerpt import echo
from engine.config.scalars import scalar
from engine.config.unit_words import unit_of, unit_words


def mend(value: Any, types: list[str], key: str) -> str:
    """What to write instead of *value* under *key*, where one of the JSON *types* was expected; may be nothing."""
    wants_number = bool(set(types) & {"number", "integer"})
    if isinstance(value, str) and wants_number:
        return _number_help(value, key)
    if isinstance(value, str) and "boolean" in types:
        return (
            "write true or false"
            if value.lower() in {"yes", "no", "on", "off", "y", "n"}
            else "remove the quotes"
            if value in {"true", "false"}
            else ""
        )
    if isinstance(value, str) and "array" in types:
        return f"write [{echo(value, key).strip(chr(39))}], or '- ...' lines below the key"
    if types == ["string"] and not isinstance(value, dict | list):
        return f'write "{echo(value, key)}" in quotes'
    if types == ["integer"] and isinstance(value, float):
        return "write it without decimals"
    return ""


def _number_help(text: str, key: str) -> str:
    bare = text.strip()
    if _is_number(bare):
        return "remove the quotes"
    if _is_number(bare.replace(",", "").replace("_", "")):
        return f"write {bare.replace(',', '').replace('_', '')}"
    figure = bare.rstrip("%$ abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZµ/").strip("$ ")
    word = bare[bare.find(figure) + len(figure) :].strip().lower() if figure else ""
    if figure and _is_number(figure) and (word in unit_words() or bare.startswith("$")):
        unit = unit_of(key)
        own = f"'{key}' is in {unit} already; write the number alone" if unit else "write the number alone"
        return f"units go into the key: {own}"
    return ""


def _is_number(text: str) -> bool:
    value = scalar(text)
    return isinstance(value, int | float) and not isinstance(value, bool)
