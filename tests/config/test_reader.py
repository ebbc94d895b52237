"""Reading YAML: values, places, and every trap refused by name."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.config.mark import Mark
from engine.config.node import Node, find, nearest_mark, plain, scalars
from engine.config.problems import Problems
from engine.config.reader import MOST_NODES, read_text


def read(text: str) -> Node:
    """The document in *text*, which must be without errors."""
    problems = Problems()
    node = read_text(text, "f.yaml", problems)
    assert node is not None, problems.render()
    return node


def codes(text: str) -> list[str]:
    """The codes of the problems in *text*."""
    problems = Problems()
    read_text(text, "f.yaml", problems)
    return [problem.code for problem in problems.all]


def first(text: str) -> tuple[str, str]:
    """Code and place of the first problem in *text*."""
    problems = Problems()
    read_text(text, "f.yaml", problems)
    return problems.all[0].code, str(problems.all[0].mark)


def test_values_are_typed_and_nested() -> None:
    """A document becomes dicts, lists and scalars, keys in their order."""
    node = read("b: 1\na:\n  - x: 1.5\n    y: [on, '1', null]\n  - {}\nc: >-\n  two\n  lines\n")

    assert plain(node) == {"b": 1, "a": [{"x": 1.5, "y": ["on", "1", None]}, {}], "c": "two lines"}
    assert list(plain(node)) == ["b", "a", "c"]


def test_every_key_and_value_knows_its_place() -> None:
    """Lines and columns count from 1, ends are one past."""
    node = read("a:\n  bc: [10, 'x']\n")

    assert node.key_mark("a") == Mark("f.yaml", 1, 1, 2)
    assert find(node, ("a",)) is not None
    assert nearest_mark(node, ("a", "bc", 0)) == Mark("f.yaml", 2, 8, 10)
    assert nearest_mark(node, ("a", "bc", 1)) == Mark("f.yaml", 2, 12, 15)
    assert nearest_mark(node, ("a", "bc")) == Mark("f.yaml", 2, 3, 5)


def test_a_place_that_is_not_there_is_the_nearest_around_it() -> None:
    """A missing value is shown at the key of what should hold it."""
    node = read("a:\n  b: 1\nc: [1]\n")

    assert nearest_mark(node, ("a", "missing", "x")) == node.key_mark("a")
    assert nearest_mark(node, ("c", 7)) == node.key_mark("c")
    assert nearest_mark(node, ("nowhere",)) == node.mark


def test_a_text_over_several_lines_is_marked_to_its_line_s_end() -> None:
    """A mark never leaves its line."""
    node = read("a: 'one\n  two'\nb: 1\n")

    assert nearest_mark(node, ("a",)) == Mark("f.yaml", 1, 4, 8)


def test_an_alias_repeats_what_its_anchor_marked() -> None:
    """Anchors are allowed; the values are counted in full."""
    assert plain(read("a: &x {b: [1]}\nc: *x\nd: &y text\ne: *y\n")) == {
        "a": {"b": [1]},
        "c": {"b": [1]},
        "d": "text",
        "e": "text",
    }


def test_an_anchor_may_be_given_again() -> None:
    """The nearest one above counts."""
    assert plain(read("a: &x 1\nb: &x 2\nc: *x\n"))["c"] == 2


def test_an_alias_may_be_a_key_if_it_is_a_text() -> None:
    """Rare, and plain enough."""
    assert plain(read("a: &x name\n*x : 1\n")) == {"a": "name", "name": 1}


def test_dates_and_times_stay_text() -> None:
    """Nothing is guessed."""
    assert plain(read("a: 16:00\nb: 2025-08-05\nc: NO\non: yes\n")) == {
        "a": "16:00",
        "b": "2025-08-05",
        "c": "NO",
        "on": "yes",
    }


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("", "Y101", "f.yaml"),
        ("# only\n", "Y101", "f.yaml"),
        ("---\n", "Y101", "f.yaml"),
        ("a: \x01", "Y104", "f.yaml:1:4"),
        ("a: 1\nb: '\x1f'", "Y104", "f.yaml:2:5"),
        ("a: 1\n---\nb: 2\n", "Y105", "f.yaml:2:1"),
        ("- a\n", "Y106", "f.yaml:1:1"),
        ("text\n", "Y106", "f.yaml:1:1"),
        ("a:\n  b: 017\n", "Y111", "f.yaml:2:6"),
        ("a: [.nan]", "Y112", "f.yaml:1:5"),
        ("a:\n\tb: 1\n", "Y114", "f.yaml:2:1"),
        ("a:\n  \tb: 1\n", "Y114", "f.yaml:2:3"),
        ("a:\u00a05\nb: 1\n", "Y115", "f.yaml:1:3"),
        ("b: 1\n\u00a0a: 5\n", "Y115", "f.yaml:2:1"),
        ("7203: 1\n", "Y121", "f.yaml:1:1"),
        ("a: {b: {{x}}}", "Y121", "f.yaml:1:9"),
        ("? [a]\n: 1\n", "Y121", "f.yaml:1:3"),
        ("a: &x [1]\n*x : 2\n", "Y121", "f.yaml:2:1"),
        (": 1\n", "Y148", "f.yaml:1:1"),
        ("a: 1\nb: 2\na: 3\n", "Y122", "f.yaml:3:1"),
        ("a: 1\n'a': 3\n", "Y122", "f.yaml:2:1"),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", "Y123", "f.yaml:3:3"),
        ("a: !x 5", "Y124", "f.yaml:1:4"),
        ("a: !!python/object:os.system {}", "Y124", "f.yaml:1:4"),
        ("a: ! 5", "Y124", "f.yaml:1:4"),
        ("a: !=5", "Y124", "f.yaml:1:4"),
        ("a: *x", "Y125", "f.yaml:1:4"),
        ("a: &x [*x]", "Y126", "f.yaml:1:8"),
        ("a: " + "[" * 60, "Y131", "f.yaml:1:43"),
        ("t: Crash: two", "Y141", "f.yaml:1:9"),
        ("a: {b: ${x}}", "Y142", "f.yaml:1:8"),
        ("a: [${x}]", "Y142", "f.yaml:1:5"),
        ("a: @x", "Y143", "f.yaml:1:4"),
        ("a: > 15", "Y143", "f.yaml:1:4"),
        ("b: 1\na: 'x\nc: 2\n", "Y144", "f.yaml:2:4"),
        ('a: "C:\\path"', "Y145", "f.yaml:1:7"),
        ("a: [1, 2\nb: 3\n", "Y146", "f.yaml:2:2"),
        ("a:1\nb: 2\n", "Y147", "f.yaml:1:2"),
        ("a: 5\n  c: 6", "Y148", "f.yaml:2:3"),
        ("a:\n  - 1\n - 2\n", "Y148", "f.yaml:3:2"),
        ("a: }", "Y149", "f.yaml:1:4"),
        ("%YAML 9.9\n---\na: 1", "Y149", "f.yaml:1:1"),
    ],
)
def test_each_trap_has_its_code_and_place(text: str, code: str, place: str) -> None:
    """The message names what a person would look for."""
    assert first(text) == (code, place)


def test_a_duplicate_key_names_both_lines() -> None:
    """The first value must not be lost silently."""
    problems = Problems()
    read_text("a: 1\nb: 2\na: 3\n", "f.yaml", problems)

    assert problems.all[0].message == "'a' stands twice: in line 1 and in line 3"


def test_all_problems_of_a_readable_file_come_at_once() -> None:
    """Only what the parser cannot read past stops it."""
    assert codes("a: 017\na: 2\n<<: 1\nb: !x 1\nc: .inf\n") == ["Y111", "Y122", "Y123", "Y124", "Y112"]


def test_an_alias_bomb_is_refused_before_it_is_built() -> None:
    """330 bytes would be 58 MB of JSON."""
    bomb = "a0: &a0 [1, 1]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30))

    assert codes(bomb) == ["Y132"]


def test_the_budget_is_met_exactly() -> None:
    """As many values as allowed are read, one more is refused."""
    fits = "a: [" + ", ".join(["1"] * (MOST_NODES - 3)) + "]"

    assert (codes(fits), codes(fits.replace("[1,", "[1, 1,"))) == ([], ["Y132"])


def test_a_million_brackets_do_not_overflow_the_stack() -> None:
    """PyYAML's composer dies of this with a segmentation fault."""
    assert codes("a: " + "[" * 900_000) == ["Y131"]


def test_depth_is_counted_through_aliases() -> None:
    """Forty levels cannot be hidden behind an anchor."""
    deep = "[" * 25 + "]" * 25

    assert codes(f"a: &x {deep}\nb: " + "[" * 20 + "*x" + "]" * 20) == ["Y131"]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("t: Crash #2", True),
        ("t: #2", True),
        ("t: a #b c", True),
        ("t: [a #b\n ]", True),
        ("t: Crash # 2", False),
        ("t: Crash  #2", False),
        ("t: 'Crash' #2", False),
        ("t: 15 #2", False),
        ("t: Crash#2", False),
        ("t: Crash #", False),
        ("t: Crash   # a comment", False),
        ("t: #", False),
    ],
)
def test_a_text_cut_by_a_hash_is_warned_of_and_a_comment_is_not(text: str, cut: bool) -> None:
    """One space before and none after looks like part of the text."""
    assert codes(text) == (["W601"] if cut else [])


def test_scalars_are_listed_with_their_paths() -> None:
    """Parameters are filled in along them."""
    assert [(path, node.value) for path, node in scalars(read("a: [1, {b: x}]\nc: 2\n"))] == [
        (("a", 0), 1),
        (("a", 1, "b"), "x"),
        (("c",), 2),
    ]


@settings(max_examples=300)
@given(st.text(alphabet=st.sampled_from("ab:-#{}[]&*!|>'\"%@`,?$ \n\t\r\\01.\u00a0\u2028\x85\ufeff~<"), max_size=60))
def test_no_text_raises(text: str) -> None:
    """Whatever stands in a file, there is a document or a problem, and the problem can be shown."""
    problems = Problems()
    node = read_text(text, "f.yaml", problems)

    assert (node is None) == bool(problems.errors)
    assert problems.render()


@given(st.text(max_size=40))
def test_no_unicode_raises(text: str) -> None:
    """Surrogates, controls and all planes included."""
    problems = Problems()
    node = read_text(f"a: {text}", "f.yaml", problems)

    assert (node is None) == bool(problems.errors)
    assert problems.render()
