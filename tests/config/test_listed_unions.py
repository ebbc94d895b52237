"""A list whose items are each one of several mappings, told by a word inside."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine.base.errors import StressError
from engine.base.keys import key
from engine.config.kinds import DocKind
from engine.config.library import Library
from engine.config.shape import Listed, Tagged, fields_of
from engine.config.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Dish:
    """One dish of a menu."""

    dish: str = key("Its name")
    grams: int = key("How much", default=100, min=1)


@dataclass(frozen=True, kw_only=True)
class Buffet:
    """Dishes to choose from."""

    dishes: tuple[Dish, ...] = key("The dishes", by_id="dish")

    def __post_init__(self) -> None:
        """Raise TooMuchError at the first dish that is too much."""
        for place, each in enumerate(self.dishes):
            if each.grams > 1_000:
                raise TooMuchError(place)


class TooMuchError(StressError):
    """A dish that nobody eats."""

    def __init__(self, place: int) -> None:
        super().__init__("it is too much", "take less")
        self.at = ("dishes", place, "grams")


@dataclass(frozen=True, kw_only=True)
class Drink:
    """Something to drink."""

    litres: float = key("How much", above=0)


@dataclass(frozen=True, kw_only=True)
class Menu:
    """A menu of several courses."""

    menu: str = key("Its name")
    extends: str | None = key("The menu that it builds on", default=None)
    courses: tuple[Any, ...] = key(
        "The courses", tag="course", variants=lambda: {"buffet": Buffet, "drink": Drink}, min=1, grows=True
    )


KIND = DocKind("menu", Menu, "menus")


def load(folder: Path, text: str, **others: str) -> tuple[Library, Any]:
    """The menu of *text* beside *others*, and what its loading said."""
    (folder / "menus").mkdir(exist_ok=True)
    (folder / "stress.yaml").write_text("settings: tests\n", encoding="utf-8")
    for name, words in {"it": text, **others}.items():
        (folder / "menus" / f"{name}.yaml").write_text(words, encoding="utf-8")
    library = Library(Workspace.find(folder), [KIND])
    loaded = library.load(KIND, "it")
    return library, loaded.value if loaded else None


def problems(folder: Path, courses: str) -> list[tuple[str, str, int, int]]:
    """Code, message and place of everything wrong with these courses."""
    library, _ = load(folder, f"menu: it\ncourses:\n{courses}")
    return [(each.code, each.message, each.mark.line, each.mark.col) for each in library.problems.all if each.mark]


def test_each_item_is_bound_by_its_own_word(tmp_path: Path) -> None:
    """In the order of the list."""
    _, menu = load(
        tmp_path,
        "menu: it\ncourses:\n  - {course: drink, litres: 1}\n  - course: buffet\n    dishes:\n      - dish: soup\n",
    )

    assert menu.courses == (Drink(litres=1.0), Buffet(dishes=(Dish(dish="soup"),)))


def test_a_child_adds_items(tmp_path: Path) -> None:
    """Behind those that it inherits, as in any list that grows."""
    _, menu = load(
        tmp_path,
        "menu: it\nextends: first\ncourses:\n  - {course: drink, litres: 2}\n",
        first="menu: first\ncourses:\n  - {course: drink, litres: 1}\n",
    )

    assert menu.courses == (Drink(litres=1.0), Drink(litres=2.0))


@pytest.mark.parametrize(
    ("courses", "expected"),
    [
        (
            "  - {course: drink, litre: 1}\n",
            [("S201", "unknown field 'litre' in course 'drink'", 3, 21)],
        ),
        ("  - {course: drnk}\n", [("S206", "'course' in an item of 'courses' cannot be 'drnk'", 3, 14)]),
        ("  - {litres: 1}\n", [("S202", "'course' is missing in an item of 'courses'", 3, 5)]),
        (
            "  - course: buffet\n    dishes: [{dish: a}, {dish: a}]\n",
            [("S211", "two items of 'dishes' have the dish 'a': the other is in line 4", 4, 32)],
        ),
        (
            "  - {course: drink, litres: 1}\n  - course: buffet\n    dishes: [{dish: a}, {dish: b, grams: 1001}]\n",
            [("S212", "it is too much", 5, 42)],
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_place(
    tmp_path: Path, courses: str, expected: list[tuple[str, str, int, int]]
) -> None:
    """Named by the item's own word; a class that refuses its values may point below itself."""
    assert problems(tmp_path, courses) == expected


def test_the_word_must_stand_inside_the_items() -> None:
    """A word beside a list could not tell its items apart."""

    @dataclass(frozen=True, kw_only=True)
    class Wrong:
        """Its word stands beside the list."""

        word: str = key("The word")
        items: tuple[Any, ...] = key("The items", tag_beside="word", variants=lambda: {"drink": Drink})

    with pytest.raises(TypeError, match="the word stands inside each item"):
        fields_of(Wrong)
    shape = fields_of(Menu)[2].shape
    assert isinstance(shape, Listed)
    assert isinstance(shape.item, Tagged)
