"""Documents of the tests' own: the loader knows no noun of trading."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from engine.base.keys import key
from engine.config.kinds import DocKind
from engine.config.library import Library
from engine.config.merge import Without
from engine.config.params import Param
from engine.config.secret import Secret
from engine.config.workspace import Workspace

NAME = r"^[a-z][a-z0-9_]*$"


@dataclass(frozen=True, kw_only=True)
class Sugar:
    """A sweet filling."""

    grams: float = key("How much", above=0, max=500)


@dataclass(frozen=True, kw_only=True)
class Fruit:
    """A filling of fruit."""

    sort: Literal["apple", "plum"] = key("Which fruit")
    pieces: int = key("How many", default=3, min=1)


@dataclass(frozen=True, kw_only=True)
class Oven:
    """An oven that is told by its kind."""

    heat_pct: float = key("How hot", min=0, max=100)


@dataclass(frozen=True, kw_only=True)
class Grill:
    """A grill."""

    bars: int = key("How many bars", default=2)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule written out."""

    gate: str = key("Its name", pattern=NAME, pattern_help="small letters, digits and _")
    fail_from: float | None = key("Where it fails", default=None)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the recipe."""

    id: str = key("Its name")
    at_s: float = key("When, in seconds", default=0, min=0)
    fill: str = key("The filling", choices=lambda: ("fruit", "sugar"))
    with_: Any = key(
        "What the filling needs", tag_beside="fill", variants=lambda: {"fruit": Fruit, "sugar": Sugar}, default=None
    )


@dataclass(frozen=True, kw_only=True)
class Clock:
    """When it is baked."""

    start: str = key("When", pattern=r"^\d\d:\d\d$", pattern_help='a time in quotes such as "09:30"')
    run_for_s: float = key("How long, in seconds", above=0)


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A cake, as a person writes it down."""

    recipe: str = key("Its name", pattern=NAME, pattern_help="small letters, digits and _")
    title: str = key("What it is", default="")
    extends: str | None = key("What it builds on", default=None)
    params: dict[str, Param] = key("What may be changed", default={})
    clock: Clock = key("When")
    oven: Any = key("The oven", tag="kind", variants=lambda: {"oven": Oven, "grill": Grill})
    steps: tuple[Step, ...] = key("What is done", by_id="id", default=())
    gates: tuple[str | Rule, ...] = key("Who judges", grows=True, default=())
    must_happen: tuple[str, ...] = key("What must happen", grows=True, default=())
    without: tuple[Without, ...] = key("What is taken out", default=())
    tags: tuple[str, ...] = key("Words", default=())
    stock: dict[str, int] = key("Pieces in stock", default={})
    limits: dict[str, Oven] = key("Limits by symbol", default={}, pattern=r"^[A-Z]+$", pattern_help="capital letters")
    ready: bool = key("Whether it is ready", default=False)
    key_of_door: str | Secret | None = key("How the door is opened", default=None)
    approved_by: tuple[str, ...] = key("Two people", default=("a", "b"), min=2, max=3)


RECIPE: DocKind[Recipe] = DocKind("recipe", Recipe, "recipes.d", has_params=True, base_word="dough")

BASE = """\
dough: plain
clock: {start: "09:30", run_for_s: 600}
oven:
  kind: oven
  heat_pct: 80
steps:
  - id: first
    fill: sugar
    with: {grams: 20}
  - id: second
    fill: fruit
    with: {sort: plum}
gates: [taste, crust]
must_happen: [rises]
tags: [base]
stock: {EGG: 6}
"""

CAKE = """\
recipe: cake
title: A cake
extends: base/plain
params:
  grams: {default: 30, min: 0, max: 400, no_effect_at: 0}
steps:
  - id: first
    with: {grams: "${grams}"}
gates: [look]
"""


def workspace(folder: Path, **files: str) -> Library:
    """A library over a workspace in *folder* with the base, the cake, and *files* (``__`` is a slash)."""
    written = {"stress.yaml": "settings: kitchen\n", "recipes.d/base/plain.yaml": BASE, "recipes.d/cake.yaml": CAKE}
    written |= {f"recipes.d/{name.replace('__', '/')}.yaml": text for name, text in files.items()}
    for name, text in written.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Library(Workspace.find(folder), [RECIPE])


def whole(**changes: str) -> str:
    """A complete recipe called ``whole``, with whole entries replaced or (empty) taken out."""
    entries = {
        "recipe": "recipe: whole",
        "clock": 'clock: {start: "09:30", run_for_s: 600}',
        "oven": "oven: {kind: oven, heat_pct: 80}",
    }
    return "\n".join(text for text in (entries | changes).values() if text) + "\n"


def problems_of(library: Library, name: str, **sets: str) -> list[tuple[str, str]]:
    """Code and message of each problem of the recipe *name*."""
    library.load(RECIPE, name, sets=sets)
    return [(problem.code, problem.message) for problem in library.problems.all]
