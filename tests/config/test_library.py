"""Loading documents by kind and name."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.base.keys import key
from engine.config.kinds import DocKind
from engine.config.library import Library
from engine.config.mark import Mark
from engine.config.problems import DocumentError
from engine.config.workspace import SETTINGS, Workspace

from .documents import CAKE, RECIPE, problems_of, whole, workspace


def test_a_document_is_loaded_with_all_that_is_known_of_it(tmp_path: Path) -> None:
    """Value, name, file, hash, data, and the place of everything."""
    library = workspace(tmp_path)
    loaded = library.load(RECIPE, "cake")
    assert loaded is not None

    assert (loaded.value.recipe, loaded.name) == ("cake", "cake")
    assert loaded.path == "recipes.d/cake.yaml"
    assert loaded.sha256 == hashlib.sha256(CAKE.encode()).hexdigest()
    assert str(loaded.mark("steps", 0, "with", "grams")) == "recipes.d/cake.yaml:8:19"
    assert str(loaded.mark("steps", 0, "fill")) == "recipes.d/base/plain.yaml:8:11"
    assert str(loaded.mark("steps", 0, "with", "nothing")) == "recipes.d/cake.yaml:8:5"


def test_the_effective_document_stands_for_itself(tmp_path: Path) -> None:
    """Kind first, nothing left for the loader to do."""
    loaded = workspace(tmp_path).load(RECIPE, "cake")
    assert loaded is not None

    assert next(iter(loaded.data)) == "recipe"
    assert not {"extends", "without", "params", "dough"} & set(loaded.data)


def test_a_document_is_read_once_and_kept(tmp_path: Path) -> None:
    """The same question has the same answer, also after the file has changed."""
    library = workspace(tmp_path)
    first = library.load(RECIPE, "cake")
    (tmp_path / "recipes.d/cake.yaml").write_text("recipe: other\n")

    assert library.load(RECIPE, "cake") is first
    assert library.load(RECIPE, "cake", sets={"grams": "5"}) is not first


def test_inputs_are_every_file_once_by_name(tmp_path: Path) -> None:
    """Never by an absolute path."""
    library = workspace(tmp_path, whole=whole())
    for name in ("cake", "whole", "cake"):
        library.load(RECIPE, name)

    assert [entry.name for entry in library.inputs] == [
        "recipes.d/base/plain.yaml",
        "recipes.d/cake.yaml",
        "recipes.d/whole.yaml",
    ]


def test_names_are_those_of_the_kind(tmp_path: Path) -> None:
    """Bases stand apart, other kinds are passed over."""
    library = workspace(tmp_path, sweets__tart=whole(recipe="recipe: tart"), other="limits: x\n", broken="{")

    assert library.names(RECIPE) == ("cake", "sweets/tart")
    assert library.base_names(RECIPE) == ("base/plain",)
    assert (library.title(RECIPE, "cake"), library.title(RECIPE, "sweets/tart"), library.title(RECIPE, "no")) == (
        "A cake",
        "",
        "",
    )
    assert len(library.problems) == 0


def test_the_first_key_names_the_kind(tmp_path: Path) -> None:
    """A misspelt one is offered the nearest, a late one is to be moved."""
    library = workspace(
        tmp_path, near="recpie: x\n", late="title: x\nrecipe: late\n", far="zzz: 1\n", base__b="dough: b\n"
    )

    assert library.kind_of("cake") is RECIPE
    assert library.kind_of("base/b") is RECIPE
    assert (library.is_base("base/b"), library.is_base("cake"), library.is_base("nowhere")) == (True, False, False)
    assert [library.kind_of(name) for name in ("near", "late", "far")] == [None, None, None]
    found = {problem.code: problem.help for problem in library.problems.all}
    assert found["R305"] == "move 'recipe:' to the top"
    assert {"did you mean 'recipe'?", "the first key is one of dough, recipe"} <= {
        problem.help for problem in library.problems.all if problem.code == "R304"
    }


def test_a_base_is_loaded_without_a_value(tmp_path: Path) -> None:
    """It may be incomplete, but not wrong."""
    library = workspace(tmp_path, base__bad="dough: bad\nclock: {run_for_s: 0}\n")
    good, bad = library.load_any("base/plain"), library.load_any("base/bad")

    assert good is not None
    assert (good.value, good.data["tags"]) == (None, ["base"])
    assert bad is None
    assert [problem.code for problem in library.problems.all] == ["S205"]


def test_a_base_alone_may_leave_parameters_to_who_extends_it(tmp_path: Path) -> None:
    """They are declared there."""
    library = workspace(
        tmp_path,
        base__open='dough: open\nclock: {start: "09:30", run_for_s: "${long_s}"}\noven: {kind: grill}\n',
        shut="recipe: shut\nextends: base/open\nparams: {long_s: {default: 9}}\n",
    )
    assert library.load_any("base/open") is not None
    shut = library.load(RECIPE, "shut")

    assert shut is not None
    assert shut.value.clock.run_for_s == 9.0


def test_another_kind_than_asked_for_is_refused(tmp_path: Path) -> None:
    """With both words."""

    @dataclass(frozen=True, kw_only=True)
    class Menu:
        """A menu."""

        menu: str = key("Its name")

    menu: DocKind[Menu] = DocKind("menu", Menu, "recipes.d")
    workspace(tmp_path, lunch="menu: lunch\n")
    library = Library(Workspace.find(tmp_path), [RECIPE, menu])

    assert library.load(menu, "lunch") is not None
    assert problems_of(library, "lunch") == [
        ("R306", "a recipe or dough document was expected, this is a menu document")
    ]


def test_a_name_in_a_document_is_blamed_where_it_stands(tmp_path: Path) -> None:
    """Not where it points."""
    library = workspace(tmp_path)
    at = Mark("recipes.d/x.yaml", 3, 5, 9)

    assert library.load(RECIPE, "caek", asked_at=at) is None
    problem = library.problems.all[0]
    assert (problem.code, problem.mark, problem.help) == ("R310", at, "did you mean 'cake'?")


def test_problems_end_in_one_error_with_all_of_them(tmp_path: Path) -> None:
    """Warnings alone do not."""
    library = workspace(tmp_path, warned=whole(recipe="recipe: warned", more="title: a #b"), bad="recipe: bad\n")
    assert library.load(RECIPE, "warned") is not None
    library.raise_problems()
    library.load(RECIPE, "bad")

    with pytest.raises(DocumentError, match="2 errors, 1 warning in 2 files"):
        library.raise_problems()


def test_a_document_with_two_names_is_warned_of(tmp_path: Path) -> None:
    """Only where others could use it by its file's name."""
    (tmp_path / "mine.yaml").write_text(whole())
    library = workspace(tmp_path, copy=whole())

    assert library.load(RECIPE, str(tmp_path / "mine.yaml")) is not None
    assert problems_of(library, "copy") == [("W602", "the file is called 'copy', the document 'whole'")]


def test_a_file_outside_is_recorded_by_its_last_part(tmp_path: Path) -> None:
    """No machine's paths in a result."""
    outside = tmp_path / "elsewhere"
    outside.mkdir()
    (outside / "whole.yaml").write_text(whole())
    library = workspace(tmp_path / "kitchen")
    loaded = library.load(RECIPE, outside / "whole.yaml")
    assert loaded is not None

    assert (loaded.path, library.inputs[0].name) == ("../elsewhere/whole.yaml", "whole.yaml")


def test_a_kind_whose_class_lacks_a_field_is_a_mistake_of_ours() -> None:
    """Told when the library is made."""

    @dataclass(frozen=True, kw_only=True)
    class Bare:
        """A document."""

        bare: str = key("Its name")

    with pytest.raises(TypeError, match="needs a field 'params'"):
        DocKind("bare", Bare, "x.d", has_params=True).check()


def test_a_kind_without_parameters_refuses_them(tmp_path: Path) -> None:
    """An unfilled ${x} would be a silent mistake."""
    (tmp_path / "stress.yaml").write_text("settings: kitchen\nresults: ${home}\n")
    (tmp_path / "other.yaml").write_text("settings: kitchen\nresults: ${home}\n")
    (tmp_path / "stress.yaml").write_text("settings: kitchen\n")
    library = Library(Workspace.find(tmp_path), [SETTINGS])
    library.load(SETTINGS, tmp_path / "other.yaml")

    assert [(problem.code, problem.help) for problem in library.problems.all] == [
        ("P401", "this kind of document has no parameters; write the value")
    ]
    assert library.load(SETTINGS, "stress.yaml") is not None
