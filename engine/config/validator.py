"""jsonschema, imported when the first document is checked, and made quick for our schemas.

References are replaced by what they name before validating (a lookup for each would dominate the time), and an
``if`` that asks for a tag's word is answered by comparing the word.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from engine.config.schema_words import Schema


def errors_of(schema: Schema, data: Any) -> list[Any]:
    """jsonschema's errors for *data*; *schema* is one that :func:`resolved` made."""
    return list(_validator_class()(schema).iter_errors(data))


def resolved(schema: Schema) -> Schema:
    """*schema* with every ``$ref`` replaced by the schema that it names; what stands beside it only describes."""
    done: dict[str, Schema] = {}

    def walk(part: Any) -> Any:
        if isinstance(part, list):
            return [walk(item) for item in part]
        if not isinstance(part, dict):
            return part
        if "$ref" not in part:
            return {name: walk(value) for name, value in part.items()}
        name = str(part["$ref"]).removeprefix("#/$defs/")
        if name not in done:
            done[name] = {}
            done[name].update(walk(schema["$defs"][name]))
        return done[name]

    return {name: walk(value) for name, value in schema.items() if name not in ("$defs", "$schema", "$id")}


@cache
def _validator_class() -> Any:
    from jsonschema import Draft202012Validator, validators  # half of the start-up time

    return validators.extend(Draft202012Validator, {"allOf": _all_of})  # type: ignore[no-untyped-call]


def _all_of(validator: Any, parts: list[Schema], instance: Any, schema: Schema) -> Iterator[Any]:
    """``allOf``; an ``if/then`` on a tag whose word is another is passed over without a look inside."""
    for index, part in enumerate(parts):
        if not _is_other_word(part, instance):
            yield from validator.descend(instance, part, schema_path=index)


def _is_other_word(part: Schema, instance: Any) -> bool:
    condition = part.get("if")
    if condition is None or not isinstance(instance, dict):
        return False
    properties = condition.get("properties")
    if not properties or len(properties) != 1 or "else" in part:
        return False
    tag, asked = next(iter(properties.items()))
    return "const" in asked and condition.get("required") == [tag] and instance.get(tag) != asked["const"]
