"""Keys: the one site that says what a YAML key means."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import pytest

from engine.base.keys import Key, key, key_of, yaml_name


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A document of the test's own."""

    add_ms: float = key("How much later", min=0, max=60_000, example=200)
    with_: Any = key("Its parameters", default=None, tag_beside="fault", variants=dict)
    tags: list[str] = key("Words", default=[], grows=True)
    inventory: dict[str, int] = key("Shares by symbol", default={"SPY": 1})


FIELDS = {field.name: field for field in dataclasses.fields(Sample)}


def test_a_field_carries_its_meaning() -> None:
    """What was said to key() is found again, field by field; what was not said is not there."""
    assert key_of(FIELDS["add_ms"]) == Key("How much later", min=0, max=60_000, example=200)
    assert key_of(FIELDS["with_"]) == Key("Its parameters", tag_beside="fault", variants=dict)
    assert key_of(FIELDS["tags"]) == Key("Words", grows=True)


def test_every_argument_reaches_the_field_of_its_name() -> None:
    """None is swapped with its neighbour."""
    said: dict[str, Any] = {
        "min": 1.0,
        "max": 2.0,
        "above": 3.0,
        "below": 4.0,
        "pattern": "p",
        "pattern_help": "ph",
        "example": "e",
        "choices": tuple,
        "tag": "t",
        "tag_beside": "tb",
        "variants": dict,
        "by_id": "id",
        "grows": True,
        "late": True,
        "document": "arrivals",
    }

    meaning = key_of(key("doc", **said))

    assert {name: getattr(meaning, name) for name in said} == said
    assert {field.name for field in dataclasses.fields(Key)} == {"doc", *said}


def test_a_field_without_default_is_required() -> None:
    """A document that lacks it cannot be made."""
    with pytest.raises(TypeError, match="add_ms"):
        Sample()


def test_each_document_gets_its_own_mutable_default() -> None:
    """Changing one document's list or mapping leaves the next one's alone."""
    first, second = Sample(add_ms=1), Sample(add_ms=1)
    first.tags.append("x")
    first.inventory["SPY"] = 2

    assert (second.tags, second.inventory) == ([], {"SPY": 1})
    assert Sample(add_ms=1) == second


def test_none_is_a_default_like_any_other() -> None:
    """It is not taken for a missing one."""
    assert Sample(add_ms=1).with_ is None


def test_the_yaml_name_has_no_trailing_underscore() -> None:
    """``with_`` is ``with`` in YAML; inner underscores stay."""
    assert [yaml_name(field) for field in FIELDS.values()] == ["add_ms", "with", "tags", "inventory"]


def test_a_field_that_was_not_made_by_key_is_refused() -> None:
    """A document's field without a meaning is a mistake of ours, found at once."""

    @dataclass(frozen=True)
    class Plain:
        size: int = 1

    with pytest.raises(TypeError, match="'size' was not made by key"):
        key_of(dataclasses.fields(Plain)[0])
