"""Checks a document against its schema and says what is wrong in the words of the person who wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.base.words import listing, nearest
from engine.config.excerpt import echo
from engine.config.mark import Mark
from engine.config.mend import mend
from engine.config.node import Node, Path, find, nearest_mark, plain
from engine.config.place import Place, place_of
from engine.config.problems import Problem
from engine.config.schema_words import Schema
from engine.config.unit_words import unit_of, with_unit
from engine.config.validator import errors_of


def check(cls: type, top: Node, schema: Schema, kind: str) -> list[Problem]:
    """Every way in which the document *top* breaks *schema*, the resolved one of *cls*; its first key is *kind*."""
    return [problem for error in errors_of(schema, plain(top)) for problem in _problems(error, cls, top, kind)]


def _problems(error: Any, cls: type, top: Node, kind: str) -> Iterator[Problem]:
    """The problems that one schema error stands for."""
    path: Path = tuple(error.absolute_path)
    at = _At(cls, top, path, kind, error)
    match error.validator:
        case "additionalProperties":
            yield from _unknown(at)
        case "required":
            yield from _missing(at)
        case "type":
            yield at.problem(*_type(at))
        case "enum" | "const":
            yield at.problem("S206", *_word(at))
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum":
            yield at.problem("S205", _range(at))
        case "pattern":
            yield at.problem("S207", f"{at.subject} {_pattern(at)}")
        case "minItems" | "maxItems" | "minProperties" | "maxProperties":
            yield at.problem("S208", _size(at))
        case "dependentRequired":
            yield from _dependent(at)
        case _:
            yield at.problem("S203", f"{at.subject} is not what was expected here, was {echo(error.instance, at.key)}")


@dataclass(slots=True)
class _At:
    """A schema error with its place in the document."""

    cls: type
    top: Node
    path: Path
    kind: str
    error: Any

    @property
    def place(self) -> Place:
        return place_of(self.cls, self.top, self.path, self.kind)

    @property
    def key(self) -> str:
        """The key whose value is wrong; for a list's item, the list's."""
        return next((step for step in reversed(self.path) if isinstance(step, str)), "")

    @property
    def node(self) -> Node:
        return find(self.top, self.path) or self.top

    @property
    def in_name(self) -> bool:
        """Whether the name of a mapping's key is wrong, not a value."""
        return "propertyNames" in self.error.absolute_schema_path

    @property
    def mark(self) -> Mark:
        return self.node.key_mark(str(self.error.instance)) if self.in_name else nearest_mark(self.top, self.path)

    @property
    def subject(self) -> str:
        """``'drop_pct' in fault 'price_shock' (timeline item 'crash')``."""
        if self.in_name:
            return f"the name '{str(self.error.instance)[:40]}' in '{self.key}'"
        if not self.path:
            return f"the {self.kind}"
        item, last = self.place.around, self.path[-1]
        if isinstance(last, int):
            return f"an item of {item}"
        return f"'{last}' in {item}" if item else f"'{last}'"

    def problem(self, code: str, message: str, help: str = "", mark: Mark | None = None) -> Problem:
        return Problem(code, message, mark or self.mark, help, self.place.around or self.place.inside)


def _unknown(at: _At) -> Iterator[Problem]:
    """One problem per unknown key, pointing at the key."""
    known = list(at.error.schema.get("properties", {}))
    written = list(at.error.instance)
    missing = [name for name in at.error.schema.get("required", ()) if name not in written]
    for name in written:
        if name in known:
            continue
        close = nearest(name, missing) or nearest(name, [word for word in known if word not in written])
        help = f"it has {listing(known)}" if known else "it has no keys"
        if close:
            help = f"did you mean '{close}'?" + (" (required here, and missing)" if close in missing else "")
        elif nearest(name, known):
            help = f"did you mean '{nearest(name, known)}'? (it stands here already)"
        elif ":" in name:
            help = "write a space after the colon"
        yield at.problem("S201", f"unknown field '{name[:40]}' in {at.place.inside}", help, at.node.key_mark(name))


def _missing(at: _At) -> Iterator[Problem]:
    """One problem per missing key, unless a misspelt key is already offered it."""
    schema, written = at.error.schema, at.error.instance
    properties = schema.get("properties", {})
    closed = schema.get("additionalProperties") is False
    unknown = [name for name in written if name not in properties] if closed else []
    absent = [name for name in at.error.validator_value if name not in written]
    paired = {nearest(name, absent) for name in unknown}
    name = at.error.message.split("'")[1]
    if name in paired:
        return
    meaning = properties.get(name, {}).get("description", "")
    yield at.problem(
        "S202", f"'{name}' is missing in {at.place.inside}", f"{name}: {_lower_first(meaning)}" if meaning else ""
    )


def _dependent(at: _At) -> Iterator[Problem]:
    for name, needed in at.error.validator_value.items():
        if name in at.error.instance and needed[0] not in at.error.instance:
            if needed[0] in at.error.schema.get("required", ()):
                return  # reported as missing
            mark = at.node.key_mark(name)
            yield at.problem(
                "S210",
                f"'{name}' in {at.place.inside} needs '{needed[0]}' beside it",
                f"say which {needed[0]} it belongs to",
                mark,
            )
            return


_EXPECTED = {
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping ('key: value' lines)",
}


def _type(at: _At) -> tuple[str, str, str]:
    """The code, what was expected and what stands there, and the likeliest mend."""
    wanted = at.error.validator_value
    types = [wanted] if isinstance(wanted, str) else list(wanted)
    if "pattern" in at.error.schema and set(types) & {"number", "integer"}:
        types = [name for name in types if name != "string"]  # the text is ${param}
    if "number" in types and "integer" in types:
        types.remove("integer")
    value, expected = at.error.instance, " or ".join(_EXPECTED[name] for name in types)
    if value is None:
        return "S204", f"{at.subject} has no value; {expected} was expected", "write the value, or take the line out"
    message = f"{at.subject}: {expected} was expected, was {_was(value, at.key)}"
    return "S203", message, mend(value, types, at.key)


def _was(value: Any, key: str) -> str:
    shown = echo(value, key)
    return (
        f"the text {shown}"
        if isinstance(value, str)
        else f"the number {shown}"
        if not isinstance(value, bool | dict | list)
        else shown
    )


def _word(at: _At) -> tuple[str, str]:
    words = at.error.validator_value if at.error.validator == "enum" else [at.error.validator_value]
    value = at.error.instance
    close = nearest(value, [word for word in words if isinstance(word, str)]) if isinstance(value, str) else None
    known = listing([echo(word).strip("'") for word in words])
    if not words:
        help = "there is none to choose from"
    elif close:
        help = f"did you mean '{close}'?"
    else:
        help = f"it may be {known}"
    return f"{at.subject} cannot be {echo(value, at.key)}", help


def _range(at: _At) -> str:
    words = {"minimum": "at least", "maximum": "at most", "exclusiveMinimum": "above", "exclusiveMaximum": "below"}
    unit = unit_of(at.key)
    bound = with_unit(at.error.validator_value, unit)
    return f"{at.subject} must be {words[at.error.validator]} {bound}, was {echo(at.error.instance, at.key)}"


def _pattern(at: _At) -> str:
    wanted = at.error.schema.get("x-pattern-help")
    was = echo(at.error.instance, at.key)
    types = at.error.schema.get("type", ())
    if isinstance(types, list) and set(types) & {"number", "integer"}:
        return f"must be a number or ${{param}}, was {was}"
    return f"must be {wanted}, was {was}" if wanted else f"must match {at.error.validator_value}, was {was}"


def _size(at: _At) -> str:
    name, bound, size = at.error.validator, at.error.validator_value, len(at.error.instance)
    least = "at least" if name.startswith("min") else "at most"
    noun = "item" if name.endswith("Items") else "entry"
    plural = {"item": "items", "entry": "entries"}[noun]
    return f"{at.subject} needs {least} {bound} {noun if bound == 1 else plural}, has {size}"


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text
