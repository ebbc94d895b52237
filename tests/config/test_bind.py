"""Checked data becomes frozen dataclasses."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from engine.config.bind import bind
from engine.config.secret import Secret

from .documents import RECIPE, Clock, Fruit, Grill, Oven, Recipe, Rule, Step, Sugar, whole, workspace


def test_nested_parts_unions_and_variants_are_bound() -> None:
    """Lists become tuples, mappings dicts, and each variant its own class."""
    data = {
        "recipe": "cake",
        "clock": {"start": "09:30", "run_for_s": 600},
        "oven": {"kind": "grill"},
        "steps": [
            {"id": "a", "fill": "fruit", "with": {"sort": "plum", "pieces": 2.0}},
            {"id": "b", "fill": "sugar", "with": {"grams": 3}},
        ],
        "gates": ["taste", {"gate": "look", "fail_from": 3}],
        "key_of_door": {"secret": "DOOR"},
        "limits": {"EGG": {"heat_pct": 5}},
    }

    assert bind(Recipe, data) == Recipe(
        recipe="cake",
        clock=Clock(start="09:30", run_for_s=600.0),
        oven=Grill(),
        steps=(
            Step(id="a", fill="fruit", with_=Fruit(sort="plum", pieces=2)),
            Step(id="b", fill="sugar", with_=Sugar(grams=3.0)),
        ),
        gates=("taste", Rule(gate="look", fail_from=3.0)),
        key_of_door=Secret(secret="DOOR"),  # noqa: S106  (a name, not its value)
        limits={"EGG": Oven(heat_pct=5.0)},
    )


def test_whole_numbers_become_floats_where_floats_are_meant() -> None:
    """And 2.0 a whole number where that is meant; the hash of a result must not depend on the spelling."""
    fruit = bind(Fruit, {"sort": "apple", "pieces": 2.0})
    clock = bind(Clock, {"start": "09:30", "run_for_s": 600})

    assert (type(fruit.pieces), type(clock.run_for_s)) == (int, float)


def test_what_is_left_out_is_the_default(tmp_path: Path) -> None:
    """Each document has its own copy of a mutable one."""
    library = workspace(tmp_path, whole=whole(), other=whole(recipe="recipe: other"))
    one, two = library.load(RECIPE, "whole"), library.load(RECIPE, "other")
    assert one is not None
    assert two is not None

    assert (one.value.title, one.value.key_of_door, one.value.stock) == ("", None, {})
    assert one.value.stock is not two.value.stock


def test_a_document_cannot_be_changed() -> None:
    """It is what was said."""
    fruit = bind(Fruit, {"sort": "apple"})

    with pytest.raises(dataclasses.FrozenInstanceError):
        fruit.pieces = 5  # type: ignore[misc]
