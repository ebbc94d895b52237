"""Where a key belongs that stands at the wrong place."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from engine.base.keys import key
from engine.config.belongs import keys_of_kinds, where_it_belongs
from engine.config.kinds import DocKind
from engine.config.node import Path
from engine.config.problems import Problems
from engine.config.reader import read_text

from .documents import RECIPE, Recipe

TEXT = """recipe: cake
clock: {start: "09:30"}
oven: {kind: oven}
steps:
  - id: a
    fill: fruit
    with: {grams: 5}
"""


@pytest.mark.parametrize(
    ("name", "path", "place"),
    [
        ("run_for_s", (), "it belongs under 'clock', indented deeper"),
        ("sort", ("steps", 0), "it belongs under 'with', indented deeper"),
        ("fill", (), "it belongs under the items of 'steps', indented deeper"),
        ("at_s", ("steps", 0, "with"), "it belongs to step 'a'"),
        ("title", ("clock",), "it belongs to the recipe itself, at the left margin"),
        ("grams", ("steps", 0, "with"), "it belongs to fill 'sugar'"),
        ("bars", ("oven",), "it belongs to kind 'grill'"),
        ("start", ("oven",), "it belongs under 'clock'"),
        ("nonsense", ("clock",), ""),
    ],
)
def test_a_key_is_sent_to_its_place(name: str, path: Path, place: str) -> None:
    """Deeper, further out, to another variant, or nowhere."""
    top = read_text(TEXT, "cake.yaml", Problems())
    assert top is not None
    assert where_it_belongs(name, Recipe, top, path, "recipe") == place


@dataclass(frozen=True, kw_only=True)
class Menu:
    """Another kind of document."""

    menu: str = key("Its name")
    title: str = key("What it is", default="")


def test_a_key_of_one_kind_only_tells_that_kind() -> None:
    """A key that two kinds have tells nothing."""
    found = keys_of_kinds([RECIPE, DocKind("menu", Menu, "menus.d")])

    assert (found["run_for_s"], found["menu"]) == ("recipe", "menu")
    assert "title" not in found
