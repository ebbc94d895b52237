"""Checks a document against its schema and says what is wrong in the words of the person who wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from engine.base.words import listing, nearest
from engine.config.at import At
from engine.config.check_keys import has_misplaced, missing_keys, needs_word, unknown_keys
from engine.config.excerpt import echo
from engine.config.mend import mend, mend_form
from engine.config.node import Node, plain
from engine.config.place import records_at
from engine.config.problems import Problem
from engine.config.schema_words import Schema
from engine.config.shape import Plain, fields_of
from engine.config.unit_words import unit_of, with_unit
from engine.config.validator import errors_of

_NOWHERE: Mapping[str, str] = MappingProxyType({})


def check(cls: type, top: Node, schema: Schema, kind: str, elsewhere: Mapping[str, str] = _NOWHERE) -> list[Problem]:
    """Every way in which the document *top* breaks *schema*, the resolved one of *cls*; its first key is *kind*.

    *elsewhere* names keys that only another kind of document has, with that kind's word.
    """
    ats = [At(cls, top, tuple(error.absolute_path), kind, error, elsewhere) for error in errors_of(schema, plain(top))]
    worded = {at.path for at in ats if _asks_for_word(at) and not isinstance(at.error.instance, dict | list | None)}
    mistyped = {at.path for at in ats if at.error.validator == "type"} - worded
    kept = {at.path: at for at in ats if at.error.validator == "type"}  # the last one knows the keys of a variant
    return [
        problem
        for at in ats
        if not (at.error.validator == "type" and kept[at.path] is not at)
        and not (at.error.validator == "type" and at.path in worded)
        and not (_asks_for_word(at) and at.path in mistyped)
        for problem in _problems(at)
    ]


def _asks_for_word(at: At) -> bool:
    return at.error.validator in {"enum", "const"}


def _problems(at: At) -> Iterator[Problem]:
    """The problems that one schema error stands for."""
    error = at.error
    match error.validator:
        case "additionalProperties":
            yield from unknown_keys(at)
        case "required":
            yield from missing_keys(at)
        case "type":
            if error.instance is not None or not at.path or not has_misplaced(at):
                yield at.problem(*_type(at, error.validator_value))
        case "enum" | "const":
            yield at.problem("S206", *_word(at))
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum":
            yield at.problem("S205", _range(at))
        case "pattern":
            yield at.problem(*_pattern(at))
        case "minItems" | "maxItems" | "minProperties" | "maxProperties":
            yield at.problem("S208", _size(at))
        case "dependentRequired":
            yield from needs_word(at)
        case _:
            yield at.problem("S203", f"{at.subject} is not what was expected here, was {echo(error.instance, at.key)}")


_EXPECTED = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping ('key: value' lines)",
}


def _type(at: At, wanted: str | list[str]) -> tuple[str, str, str]:
    """The code, what was expected and what stands there, and the likeliest mend."""
    types = [wanted] if isinstance(wanted, str) else list(wanted)
    if "pattern" in at.error.schema and set(types) & {"number", "integer"}:
        types = [name for name in types if name != "string"]  # the text is ${param}
    if "number" in types and "integer" in types:
        types.remove("integer")
    value, expected = at.error.instance, " or ".join(_EXPECTED[name] for name in types)
    if value is None:
        help = "write the value, or take the line out"
        if at.path == (at.kind,):
            help = "write the name"
        elif "object" in types:
            help = "indent what belongs to it, two spaces deeper; or take the line out"
        return "S204", f"{at.subject} has no value; {expected} was expected", help
    message = f"{at.subject}: {expected} was expected, was {_was(value, at.key)}"
    return "S203", message, _sibling(value, at) or mend(value, types, at.key, at.error.schema)


def _sibling(value: Any, at: At) -> str:
    """The key beside this one that takes such a text (``at_time`` for 09:35:00 under ``at_s``), if there is one."""
    if not isinstance(value, str) or len(at.path) < 1 or isinstance(at.path[-1], int):
        return ""
    for field in fields_of(records_at(at.cls, at.top, at.path[:-1])[-1][1]):
        pattern = field.key.pattern if isinstance(field.shape, Plain) else None
        if pattern and any(char.isdigit() for char in value) and re.search(pattern, value) and field.name != at.key:
            return f"such a text goes into '{field.name}': {field.name}: \"{value}\""
    return ""


def _was(value: Any, key: str) -> str:
    shown = echo(value, key)
    return (
        f"the text {shown}"
        if isinstance(value, str)
        else f"the number {shown}"
        if not isinstance(value, bool | dict | list)
        else shown
    )


def _word(at: At) -> tuple[str, str]:
    words = at.error.validator_value if at.error.validator == "enum" else [at.error.validator_value]
    value = at.error.instance
    close = nearest(str(value), [word for word in words if isinstance(word, str)])
    known = listing([echo(word).strip("'") for word in words], 24)
    if not words:
        help = "there is none to choose from"
    elif close:
        help = f"did you mean '{close}'?"
    else:
        help = f"it may be {known}"
    return f"{at.subject} cannot be {echo(value, at.key)}", help


def _range(at: At) -> str:
    words = {"minimum": "at least", "maximum": "at most", "exclusiveMinimum": "above", "exclusiveMaximum": "below"}
    unit = unit_of(at.key)
    bound = with_unit(at.error.validator_value, unit)
    return f"{at.subject} must be {words[at.error.validator]} {bound}, was {echo(at.error.instance, at.key)}"


def _pattern(at: At) -> tuple[str, str, str]:
    """The code, the form that was expected and what stands there, and the likeliest mend."""
    types = at.error.schema.get("type", ())
    if isinstance(types, list) and set(types) & {"number", "integer"}:
        return _type(at, types)  # the only text is ${param}
    wanted, was = at.error.schema.get("x-pattern-help"), echo(at.error.instance, at.key)
    form = f"must be {wanted}, was {was}" if wanted else f"must match {at.error.validator_value}, was {was}"
    return "S207", f"{at.subject} {form}", mend_form(at.error.instance, at.error.validator_value)


def _size(at: At) -> str:
    name, bound, size = at.error.validator, at.error.validator_value, len(at.error.instance)
    least = "at least" if name.startswith("min") else "at most"
    noun = "item" if name.endswith("Items") else "entry"
    plural = {"item": "items", "entry": "entries"}[noun]
    return f"{at.subject} needs {least} {bound} {noun if bound == 1 else plural}, has {size}"
