"""Parameters and --set."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.config.library import Loaded

from .documents import RECIPE, Recipe, problems_of, whole, workspace

PARAMS = "params: {grams: {default: 30, min: 0, max: 400, no_effect_at: 0}, name: {default: plain}}\n"
USES = "title: a ${name} cake of ${grams} g\nsteps: [{id: a, fill: sugar, with: {grams: '${grams}'}}]\n"


def loaded(folder: Path, text: str = PARAMS + USES, **sets: str) -> Loaded[Recipe]:
    """The recipe with these parameters."""
    library = workspace(folder, whole=whole(more=text))
    found = library.load(RECIPE, "whole", sets=sets)
    assert found is not None, library.problems.render()
    return found


def test_defaults_are_filled_in_typed_or_into_text(tmp_path: Path) -> None:
    """A whole scalar takes the value's type, a part of a text becomes text."""
    found = loaded(tmp_path)

    assert found.data["steps"][0]["with"] == {"grams": 30}
    assert found.value.title == "a plain cake of 30 g"
    assert (found.params, found.changed_by_set) == ({"grams": 30, "name": "plain"}, False)


def test_every_use_is_known_by_its_path(tmp_path: Path) -> None:
    """A fault whose parameter stands at no_effect_at is skipped."""
    assert loaded(tmp_path).param_uses == {"name": [("title",)], "grams": [("title",), ("steps", 0, "with", "grams")]}


def test_set_changes_values_and_says_so(tmp_path: Path) -> None:
    """Numbers by the rules of the documents, texts as they are."""
    found = loaded(tmp_path, grams="1.5e2", name="017")

    assert (found.params, found.changed_by_set) == ({"grams": 150.0, "name": "017"}, True)


def test_set_to_the_default_changes_nothing(tmp_path: Path) -> None:
    """The document is what it was."""
    assert not loaded(tmp_path, grams="30").changed_by_set


def test_the_effective_document_has_no_parameters_left(tmp_path: Path) -> None:
    """It stands for itself; the bound one keeps what was declared."""
    found = loaded(tmp_path)

    assert "params" not in found.data
    assert found.value.params["grams"].no_effect_at == 0.0


@pytest.mark.parametrize(
    ("sets", "problem"),
    [
        ({"gram": "5"}, ("P403", "the document has no parameter 'gram'")),
        ({"grams": "abc"}, ("P404", "a number was expected for 'grams', was 'abc'")),
        ({"grams": "true"}, ("P404", "a number was expected for 'grams', was 'true'")),
        ({"grams": ""}, ("P404", "a number was expected for 'grams', was ''")),
        ({"grams": ".nan"}, ("P404", "a number was expected for 'grams', was '.nan'")),
        ({"grams": "5 g"}, ("P404", "a number was expected for 'grams', was '5 g'")),
        ({"grams": "401"}, ("P404", "'grams' must be at most 400, was 401")),
        ({"grams": "-1"}, ("P404", "'grams' must be at least 0, was -1")),
    ],
)
def test_a_wrong_set_is_a_problem_of_the_command_line(
    tmp_path: Path, sets: dict[str, str], problem: tuple[str, str]
) -> None:
    """Shown with what was typed."""
    library = workspace(tmp_path, whole=whole(more=PARAMS + USES))

    assert problems_of(library, "whole", **sets) == [problem]
    name, value = next(iter(sets.items()))
    assert str(library.problems.all[0].mark) == f"<--set {name}={value}>"


def test_the_limits_of_a_parameter_are_met_exactly(tmp_path: Path) -> None:
    """At the limit is inside."""
    assert loaded(tmp_path, PARAMS + USES.replace("steps", "tags").split("\n")[0], grams="400").params["grams"] == 400


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "title: ${gramm}\nparams: {grams: {default: 1}}\ntags: ['${grams} g']",
            ("P401", "there is no parameter 'gramm'"),
        ),
        ("title: ${Grams}", ("P401", "there is no parameter 'Grams'")),
        ("title: a ${grams", ("P401", "${ is not closed by }")),
        ("title: ${}", ("P401", "there is no parameter ''")),
        ("params: {grams: {default: 1}}", ("P402", "the parameter 'grams' is never used")),
        (
            "params: {grams: {default: 5, max: 4}}\ntags: ['${grams} g']",
            ("P405", "the default of 'grams' must be at most 4, was 5"),
        ),
        (
            "params: {g: {default: x, max: 4}}\ntags: ['${g}']",
            ("P405", "the parameter 'g' is a text; min, max and no_effect_at need a number"),
        ),
        ("params: {Bad: {default: 5}}\ntags: ['${Bad} g']", ("P406", "'Bad' is not a parameter's name")),
        ("params: {g: {min: 5}}\ntitle: ${g}", ("S202", "'default' is missing in param 'g'")),
        (
            "params: {g: {default: [1]}}\ntitle: ${g}",
            ("S203", "'default' in param 'g': a number or a text was expected, was a list"),
        ),
        (
            "params: {g: 5}\ntitle: ${g}",
            ("S203", "'g' in 'params': a mapping ('key: value' lines) was expected, was the number 5"),
        ),
    ],
)
def test_each_mistake_with_a_parameter_is_one_problem(tmp_path: Path, text: str, problem: tuple[str, str]) -> None:
    """What it stands for is not blamed as well."""
    assert problems_of(workspace(tmp_path, whole=whole(more=text)), "whole") == [problem]


def test_a_value_that_a_parameter_gave_is_blamed_with_its_parameter(tmp_path: Path) -> None:
    """The source line shows only ${grams}."""
    library = workspace(
        tmp_path,
        whole=whole(
            more="params: {g: {default: 501}}\nsteps:\n  - id: a\n    fill: sugar\n    with:\n      grams: ${g}"
        ),
    )
    library.load(RECIPE, "whole")
    problem = library.problems.all[0]

    assert (problem.code, problem.mark and problem.mark.line, problem.notes) == (
        "S205",
        9,
        ("${g} is 501, its default in line 4",),
    )


def test_a_parameter_of_the_base_may_be_changed_by_who_extends_it(tmp_path: Path) -> None:
    """Params merge like everything else."""
    library = workspace(tmp_path, sweet="recipe: sweet\nextends: cake\nparams: {grams: {default: 90}}\n")
    found = library.load(RECIPE, "sweet")
    assert found is not None

    assert (found.params, found.value.params["grams"].max) == ({"grams": 90}, 400)


def test_a_dollar_without_a_brace_is_a_dollar(tmp_path: Path) -> None:
    """Prices stay prices."""
    assert loaded(tmp_path, "title: 5 $ or $grams\n").value.title == "5 $ or $grams"
