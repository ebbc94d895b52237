"""Documents that extend others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.config.merge import merge
from engine.config.node import Node, plain
from engine.config.problems import Problems
from engine.config.reader import read_text
from engine.config.writer import write_yaml

from .documents import RECIPE, Recipe, problems_of, whole, workspace


def node(text: str, file: str = "f.yaml") -> Node:
    """The document in *text*."""
    problems = Problems()
    read = read_text(text, file, problems)
    assert read is not None, problems.render()
    return read


def merged(parent: str, child: str) -> Any:
    """The data of *child* over *parent*."""
    return plain(merge(Recipe, node(parent), node(child)))


def test_mappings_merge_key_by_key_and_scalars_replace() -> None:
    """Deeply."""
    assert merged("clock: {start: a, run_for_s: 1}\ntitle: x\n", "clock: {run_for_s: 2}\ntitle: y\n") == {
        "title": "y",
        "clock": {"start": "a", "run_for_s": 2},
    }


def test_items_of_one_id_merge_in_place_and_new_ones_follow() -> None:
    """A timeline is changed item by item."""
    parent = "steps: [{id: a, at_s: 1, fill: sugar}, {id: b, at_s: 2}]\n"

    assert merged(parent, "steps: [{id: c}, {id: a, at_s: 9}]\n") == {
        "steps": [{"id": "a", "at_s": 9, "fill": "sugar"}, {"id": "b", "at_s": 2}, {"id": "c"}]
    }


def test_items_without_an_id_are_kept_for_the_schema_to_refuse() -> None:
    """Nothing is lost on the way to a problem."""
    assert merged("steps: [{at_s: 1}]\n", "steps: [{at_s: 2}, 5]\n") == {"steps": [{"at_s": 1}, {"at_s": 2}, 5]}


def test_growing_lists_are_united_base_first() -> None:
    """Without repetitions; inline items too."""
    assert merged("gates: [a, b, {gate: x}]\n", "gates: [c, a, {gate: x}, {gate: y}]\n") == {
        "gates": ["a", "b", {"gate": "x"}, "c", {"gate": "y"}]
    }


def test_other_lists_are_replaced() -> None:
    """The child says the whole list."""
    assert merged("tags: [a, b]\n", "tags: [c]\n") == {"tags": ["c"]}


def test_another_variant_replaces_the_whole_part() -> None:
    """The keys of the old one would be unknown in the new one."""
    assert merged("oven: {kind: oven, heat_pct: 80}\n", "oven: {kind: grill}\n") == {"oven": {"kind": "grill"}}


def test_the_same_variant_merges() -> None:
    """With or without naming it again."""
    both = {"oven": {"kind": "grill", "bars": 3}}

    assert merged("oven: {kind: grill, bars: 2}\n", "oven: {bars: 3}\n") == both
    assert merged("oven: {kind: grill, bars: 2}\n", "oven: {kind: grill, bars: 3}\n") == both


def test_another_word_beside_drops_the_old_parameters() -> None:
    """Those of fruit are none of sugar's."""
    parent = "steps: [{id: a, fill: fruit, with: {sort: plum}}]\n"

    assert merged(parent, "steps: [{id: a, fill: sugar, with: {grams: 3}}]\n") == {
        "steps": [{"id": "a", "fill": "sugar", "with": {"grams": 3}}]
    }
    assert merged(parent, "steps: [{id: a, fill: sugar}]\n") == {"steps": [{"id": "a", "fill": "sugar"}]}


def test_mappings_by_name_merge_their_entries() -> None:
    """Limits of one symbol do not lose the others."""
    assert merged("limits: {A: {heat_pct: 1}, B: {heat_pct: 2}}\n", "limits: {B: {heat_pct: 3}}\n") == {
        "limits": {"A": {"heat_pct": 1}, "B": {"heat_pct": 3}}
    }


def test_marks_stay_with_their_files() -> None:
    """A mistake in the base is shown in the base."""
    top = merge(Recipe, node("title: x\nclock: {start: a}\n", "base.yaml"), node("title: y\n", "child.yaml"))

    assert (str(top.entries()["title"].mark), str(top.key_mark("clock"))) == ("child.yaml:1:8", "base.yaml:2:1")


TREES = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["x", "y"]),
        "clock": st.dictionaries(st.sampled_from(["start", "run_for_s"]), st.integers(0, 3), max_size=2),
        "gates": st.lists(st.sampled_from(["a", "b", "c"]), max_size=3, unique=True),
        "tags": st.lists(st.sampled_from(["a", "b"]), max_size=2),
        "stock": st.dictionaries(st.sampled_from(["A", "B"]), st.integers(0, 3), max_size=2),
        "steps": st.lists(
            st.fixed_dictionaries({"id": st.sampled_from(["p", "q", "r"])}, optional={"at_s": st.integers(0, 3)}),
            max_size=3,
            unique_by=lambda item: item["id"],  # type: ignore[index]
        ),
    },
)


def tree(data: dict[str, Any]) -> Node:
    """A document of *data*."""
    return node(write_yaml({"recipe": "x", **data}))


@given(TREES, TREES, TREES)
def test_merging_is_associative(one: Any, two: Any, three: Any) -> None:
    """A chain gives the same document from either end."""
    a, b, c = tree(one), tree(two), tree(three)
    left = merge(Recipe, merge(Recipe, a, b), c)
    right = merge(Recipe, a, merge(Recipe, b, c))

    assert plain(left) == plain(right)


@given(TREES)
def test_a_document_over_itself_is_itself(data: Any) -> None:
    """Merging the same twice adds nothing."""
    assert plain(merge(Recipe, tree(data), tree(data))) == plain(tree(data))


def test_a_whole_chain_is_loaded(tmp_path: Path) -> None:
    """Base, recipe, and a recipe over it."""
    library = workspace(tmp_path, grandchild="recipe: grandchild\nextends: cake\ngates: [smell]\n")
    loaded = library.load(RECIPE, "grandchild")
    assert loaded is not None, library.problems.render()

    assert loaded.value.gates == ("taste", "crust", "look", "smell")
    assert (loaded.value.recipe, loaded.params) == ("grandchild", {"grams": 30})
    assert [entry.name for entry in library.inputs] == [
        "recipes.d/base/plain.yaml",
        "recipes.d/cake.yaml",
        "recipes.d/grandchild.yaml",
    ]


def test_what_a_parent_says_of_itself_is_not_inherited(tmp_path: Path) -> None:
    """The title of a base does not say what a scenario over it is about."""
    loaded = workspace(tmp_path, grandchild="recipe: grandchild\nextends: cake\n").load(RECIPE, "grandchild")
    assert loaded is not None

    assert loaded.value.title == ""


def test_what_is_taken_out_is_gone_and_kept_on_record(tmp_path: Path) -> None:
    """With its reason, for the report."""
    text = (
        "recipe: plainer\nextends: cake\nwithout:\n  - {gate: crust, reason: it has none}\n"
        "  - {must_happen: rises, reason: flat on purpose}\n"
    )
    loaded = workspace(tmp_path, plainer=text).load(RECIPE, "plainer")
    assert loaded is not None

    assert (loaded.value.gates, loaded.value.must_happen) == (("taste", "look"), ())
    assert loaded.removed == (
        {"gate": "crust", "reason": "it has none"},
        {"must_happen": "rises", "reason": "flat on purpose"},
    )
    assert [item.reason for item in loaded.value.without] == ["it has none", "flat on purpose"]


def test_what_a_parent_took_out_stays_on_record(tmp_path: Path) -> None:
    """A grandchild cannot forget it."""
    library = workspace(
        tmp_path,
        a="recipe: a\nextends: base/plain\nwithout: [{gate: crust, reason: one}]\n",
        b="recipe: b\nextends: a\nwithout: [{must_happen: rises, reason: two}]\n",
    )
    loaded = library.load(RECIPE, "b")
    assert loaded is not None

    assert [item["reason"] for item in loaded.removed] == ["one", "two"]
    assert loaded.value.gates == ("taste",)


@pytest.mark.parametrize(
    ("without", "problem"),
    [
        ("{must_happen: risse, reason: x}", ("R320", "no event 'risse' is inherited")),
        ("{must_happen: rises}", ("S202", "'reason' is missing in an item of 'without'")),
        ("{reason: x}", ("R322", "one of gate, must_happen, control was expected, was none of them")),
        (
            "{gate: a, control: b, reason: x}",
            ("R322", "one of gate, must_happen, control was expected, was gate and control"),
        ),
        ("{control: b, reason: x}", ("R321", "this kind of document has no 'controls' to take out of")),
    ],
)
def test_taking_out_wrongly_is_refused(tmp_path: Path, without: str, problem: tuple[str, str]) -> None:
    """Each with its code."""
    library = workspace(tmp_path, x=f"recipe: x\nextends: base/plain\nwithout:\n  - {without}\n")

    assert problems_of(library, "x") == [problem]


def test_a_gate_of_a_named_set_is_left_to_the_owner_of_sets(tmp_path: Path) -> None:
    """The loader does not see what is in 'taste'."""
    loaded = workspace(tmp_path, x="recipe: x\nextends: base/plain\nwithout: [{gate: salt, reason: sweet}]\n").load(
        RECIPE, "x"
    )
    assert loaded is not None

    assert (loaded.value.gates, loaded.removed[0]["gate"]) == (("taste", "crust"), "salt")


def test_without_needs_something_to_extend(tmp_path: Path) -> None:
    """Else nothing is inherited."""
    library = workspace(tmp_path, whole=whole(more="without: [{gate: a, reason: b}]"))

    assert [code for code, _ in problems_of(library, "whole")] == ["R323"]


def test_a_circle_is_named(tmp_path: Path) -> None:
    """From where it begins to where it closes."""
    library = workspace(
        tmp_path,
        a="recipe: a\nextends: b\n",
        b="recipe: b\nextends: c\n",
        c="recipe: c\nextends: a\n",
        me="recipe: me\nextends: me\n",
    )
    circle = " -> ".join(f"recipes.d/{name}.yaml" for name in "abca")

    assert problems_of(library, "a") == [("R313", f"documents extend each other in a circle: {circle}")]
    assert [code for code, _ in problems_of(library, "me")] == ["R313", "R313"]


def test_a_chain_has_an_end(tmp_path: Path) -> None:
    """Ten parents, no more."""
    chain = {f"r{n}": f"recipe: r{n}\nextends: r{n + 1}\n" for n in range(11)} | {"r11": whole(recipe="recipe: r11")}
    library = workspace(tmp_path, **chain)

    assert library.load(RECIPE, "r1") is not None
    assert [code for code, _ in problems_of(library, "r0")] == ["R314"]


def test_a_mistake_in_a_base_is_told_once_in_the_base(tmp_path: Path) -> None:
    """However many extend it."""
    library = workspace(
        tmp_path,
        base__bad="dough: bad\nclock: {start: 9:5, run_for_s: 0}\noven: {kind: oven, heat_pct: 3}\ntitel: x\n",
        a="recipe: a\nextends: base/bad\n",
        b="recipe: b\nextends: base/bad\ntitle: 5\n",
    )
    library.load(RECIPE, "a")
    library.load(RECIPE, "b")

    assert [(problem.code, str(problem.mark).rpartition("/")[2]) for problem in library.problems.all] == [
        ("S203", "b.yaml:3:8"),
        ("S207", "bad.yaml:2:16"),
        ("S205", "bad.yaml:2:32"),
        ("S201", "bad.yaml:4:1"),
    ]


def test_an_id_given_twice_names_the_other_place(tmp_path: Path) -> None:
    """In whichever file it is."""
    library = workspace(
        tmp_path,
        whole=whole(
            more="steps:\n  - {id: a, fill: sugar, with: {grams: 1}}\n  - {id: a, fill: sugar, with: {grams: 1}}"
        ),
    )

    assert problems_of(library, "whole") == [("S211", "two items of 'steps' have the id 'a': the other is in line 5")]
