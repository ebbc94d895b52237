"""The likeliest mend of a value that is of the wrong type or form."""

from __future__ import annotations

import re
from typing import Any

from engine.base.words import listing
from engine.config.excerpt import echo
from engine.config.scalars import scalar
from engine.config.schema_words import Schema
from engine.config.unit_words import converted, is_unit, spelt, unit_of

_THOUSANDS = re.compile(
    r"[-+]?\d{1,3}(?:(?:,\d{3})+(?:\.\d+)?|(?:\.\d{3})+(?:,\d+)?|(?:[ '_\u2019\u202f]\d{3})+(?:[.,]\d+)?)"
)
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")
_WITH_WORD = re.compile(r"([$\u20ac\u00a3]?)\s*([-+]?\d[\d.,_' ]*?)\s*([^\d\s.,_'][^\d]*|)")
_SHELL_PARAM = re.compile(r"\$([a-z][a-z0-9_]*)")
_SMART_QUOTES = "\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb"


def mend(value: Any, types: list[str], key: str, schema: Schema) -> str:
    """What to write instead of *value* under *key*, where one of the JSON *types* was expected; may be nothing."""
    if isinstance(value, str) and (found := _SHELL_PARAM.fullmatch(value)):
        return f"a parameter is written ${{{found[1]}}}"
    if set(types) & {"number", "integer"}:
        return _number_help(value, key, types)
    if "array" in types and not isinstance(value, list):
        return _list_help(value, key, schema)
    if "object" in types and "string" in types:
        return "give each entry a line of its own: '- name'" if isinstance(value, list) else ""
    if "object" in types:
        return _mapping_help(value, schema)
    if "boolean" in types:
        return "remove the quotes" if value in ("true", "false") else "write true or false"
    return _text_help(value, schema)


def mend_form(value: object, pattern: str) -> str:
    """A text like *value* that has the form *pattern*, as an advice; may be nothing."""
    if not isinstance(value, str):
        return ""
    bare = value.strip(_SMART_QUOTES + " ")
    day = re.sub(r"^(\d\d)\.(\d\d)\.(\d{4})$", r"\3-\2-\1", bare)
    name = re.sub(r"[^a-z0-9]+", "_", bare.lower()).strip("_")
    for form in (bare, f"{bare}:00", f"0{bare}", f"0{bare}:00", day, name):
        if form and re.search(pattern, form):
            return f"write {form}" if form == name else f'write "{form}"'
    return ""


def _number_help(value: Any, key: str, types: list[str]) -> str:
    if isinstance(value, float) and "number" not in types:
        return "write it without decimals"
    unit = unit_of(key)
    if isinstance(value, dict | list | bool) or value is None:
        return f"write a number, in {spelt(unit)}" if unit else "write a number"
    bare = value.strip() if isinstance(value, str) else ""
    if _is_number(bare):
        return "remove the quotes"
    if plain := _figure(bare):
        return f"write {plain}"
    found = _WITH_WORD.fullmatch(bare)
    figure = _figure(found[2]) or found[2] if found else ""
    if not found or not _is_number(figure):
        return f"write a number, in {spelt(unit)}" if unit else "write a number"
    word = (found[3] or found[1]).strip()
    number = converted(float(figure), word, unit)
    if number is not None:
        return f"write {number:.15g}" + (f"; '{key}' is in {spelt(unit)}" if unit else "")
    if not unit and is_unit(word):
        return f"write {figure}"
    return f"write the number in {spelt(unit)}" if unit else "write the number alone"


def _figure(text: str) -> str:
    """The number that a person means by ``1,000``, ``1.000.000``, ``2 000`` or ``0,5``; nothing if it is none."""
    if _THOUSANDS.fullmatch(text):
        mark = next(char for char in text if not char.isdigit() and char not in "+-")
        decimal = "." if mark == "," else ","
        whole, _, rest = text.replace(mark, "").replace(decimal, ".", 1).partition(".")
        return f"{whole}.{rest}" if rest else whole
    return text.replace(",", ".") if _DECIMAL_COMMA.fullmatch(text) else ""


def _list_help(value: Any, key: str, schema: Schema) -> str:
    if isinstance(value, str) and value.startswith("-"):
        return f"write a space after each dash: '- {echo(value.lstrip('- '), key).strip(chr(39))}'"
    if isinstance(value, dict) and value:
        first = _first_key(schema)
        if first in value:
            return f"begin each item with a dash: '- {first}: ...'"
        name = str(next(iter(value)))[:40]
        return (
            f"begin each item with a dash: '- {first}: {name}'" if first else f"begin each item with a dash: '- {name}'"
        )
    return f"write [{echo(value, key).strip(chr(39))}], or '- ...' lines below the key"


def _first_key(schema: Schema) -> str:
    """The first key of a list's items, if they are mappings only."""
    items = schema.get("items", {})
    return str(next(iter(items.get("properties", {})), "")) if items.get("type") == "object" else ""


def _mapping_help(value: Any, schema: Schema) -> str:
    keys = _keys(schema)
    dashes = ", without dashes" if isinstance(value, list) else ""
    if not keys:
        example: dict[str, Any] = next(iter(schema.get("examples", ())), {})
        line = next((f"{name}: {shown}" for name, shown in example.items()), "name: value")
        return f"write lines such as '{line}' below it{dashes}"
    required = [name for name in schema.get("required", ()) if name in keys]
    if len(required) == 1 and not isinstance(value, dict | list):
        return f"write it below the key: '{required[0]}: {echo(value).strip(chr(39))}'"
    return f"write its keys below it{dashes}: {listing(required or keys)}"


def _keys(schema: Schema) -> list[str]:
    """The keys of a mapping; of one of several things, of the mapping among them."""
    for part in (schema, *(part.get("then", {}) for part in schema.get("allOf", ()))):
        if part.get("type") == "object" and part.get("properties"):
            return list(part["properties"])
    return []


def _text_help(value: Any, schema: Schema) -> str:
    if isinstance(value, dict | list):
        example = next(iter(schema.get("examples", ())), "")
        words = schema.get("enum", ())
        return f"write a name such as {example}" if example else f"write one of {listing(words)}" if words else ""
    return f'write "{echo(value)}" in quotes'


def _is_number(text: str) -> bool:
    value = scalar(text)
    return isinstance(value, int | float) and not isinstance(value, bool)
