"""What is wrong with a document, in the words of who wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from engine.config.node import plain
from engine.config.problems import Problem, Problems
from engine.config.reader import read_text
from engine.config.schema import schema_of
from engine.config.validator import errors_of, resolved

from .documents import RECIPE, whole, workspace


def only(folder: Path, **changes: str) -> Problem:
    """The one problem of a recipe with these entries."""
    library = workspace(folder, whole=whole(**changes))
    library.load(RECIPE, "whole")
    assert len(library.problems) == 1, library.problems.render()
    return library.problems.all[0]


@pytest.mark.parametrize(
    ("entry", "code", "place", "message", "help"),
    [
        ("titel: x", "S201", "4:1", "unknown field 'titel' in recipe 'whole'", "did you mean 'title'?"),
        (
            "steps: [{id: a, fill: fruit, with: {srot: plum}}]",
            "S201",
            "4:37",
            "unknown field 'srot' in fill 'fruit' (step 'a')",
            "did you mean 'sort'? (required here, and missing)",
        ),
        (
            "steps: [{id: a, fill: sugar, with: {grams: 5, zzz: 1}}]",
            "S201",
            "4:47",
            "unknown field 'zzz' in fill 'sugar' (step 'a')",
            "it has grams",
        ),
        (
            "steps: [{id: a, fill: sugar, with: {grams:5}}]",
            "S201",
            "4:37",
            "unknown field 'grams:5' in fill 'sugar' (step 'a')",
            "did you mean 'grams'? (required here, and missing)",
        ),
        (
            "steps: [{id: a, fill: fruit, with: {}}]",
            "S202",
            "4:30",
            "'sort' is missing in fill 'fruit' (step 'a')",
            "sort: which fruit",
        ),
        (
            "steps: [{id: a, fill: fruit}]",
            "S202",
            "4:9",
            "'with' is missing in step 'a'",
            "with: what the filling needs; its keys are sort",
        ),
        (
            "steps: [{fill: fruit, with: {sort: plum}}]",
            "S202",
            "4:9",
            "'id' is missing in an item of 'steps'",
            "id: its name",
        ),
        (
            'steps: [{id: a, at_s: "15", fill: fruit, with: {sort: plum}}]',
            "S203",
            "4:23",
            "'at_s' in step 'a': a number was expected, was the text '15'",
            "remove the quotes",
        ),
        (
            "steps: [{id: a, at_s: 5 s, fill: fruit, with: {sort: plum}}]",
            "S203",
            "4:23",
            "'at_s' in step 'a': a number was expected, was the text '5 s'",
            "write 5; 'at_s' is in seconds",
        ),
        (
            "steps: [{id: a, at_s: 1_000, fill: fruit, with: {sort: plum}}]",
            "S203",
            "4:23",
            "'at_s' in step 'a': a number was expected, was the text '1_000'",
            "write 1000",
        ),
        (
            "steps: [{id: a, at_s: true, fill: fruit, with: {sort: plum}}]",
            "S203",
            "4:23",
            "'at_s' in step 'a': a number was expected, was true",
            "write a number, in seconds",
        ),
        (
            "steps: [{id: a, fill: fruit, with: {sort: plum, pieces: 3.5}}]",
            "S203",
            "4:57",
            "'pieces' in fill 'fruit' (step 'a'): a whole number was expected, was the number 3.5",
            "write it without decimals",
        ),
        (
            "title: 15",
            "S203",
            "4:8",
            "'title' in recipe 'whole': a text was expected, was the number 15",
            'write "15" in quotes',
        ),
        (
            "ready: yes",
            "S203",
            "4:8",
            "'ready' in recipe 'whole': true or false was expected, was the text 'yes'",
            "write true or false",
        ),
        (
            "tags: one",
            "S203",
            "4:7",
            "'tags' in recipe 'whole': a list was expected, was the text 'one'",
            "write [one], or '- ...' lines below the key",
        ),
        (
            "gates: [7]",
            "S203",
            "4:9",
            "an item of 'gates': a text or a mapping ('key: value' lines) was expected, was the number 7",
            "",
        ),
        (
            "title:",
            "S204",
            "4:7",
            "'title' in recipe 'whole' has no value; a text was expected",
            "write the value, or take the line out",
        ),
        (
            "steps: [{id: a, at_s: -1, fill: fruit, with: {sort: plum}}]",
            "S205",
            "4:23",
            "'at_s' in step 'a' must be at least 0 s, was -1",
            "",
        ),
        (
            "steps: [{id: a, fill: sugar, with: {grams: 0}}]",
            "S205",
            "4:44",
            "'grams' in fill 'sugar' (step 'a') must be above 0, was 0",
            "",
        ),
        (
            "limits: {EGG: {heat_pct: 400}}",
            "S205",
            "4:26",
            "'heat_pct' in limit 'EGG' must be at most 100 %, was 400",
            "",
        ),
        (
            "steps: [{id: a, fill: friut, with: {sort: plum}}]",
            "S206",
            "4:23",
            "'fill' in step 'a' cannot be 'friut'",
            "did you mean 'fruit'?",
        ),
        (
            "steps: [{id: a, fill: stone, with: {x: 1}}]",
            "S206",
            "4:23",
            "'fill' in step 'a' cannot be 'stone'",
            "it may be fruit, sugar",
        ),
        (
            "gates: [{gate: Not-This}]",
            "S207",
            "4:16",
            "'gate' in gate 'Not-This' must be small letters, digits and _, was 'Not-This'",
            "write not_this",
        ),
        (
            "limits: {egg: {heat_pct: 4}}",
            "S207",
            "4:10",
            "the name 'egg' in 'limits' must be capital letters, was 'egg'",
            "",
        ),
        ("approved_by: [a]", "S208", "4:1", "'approved_by' in recipe 'whole' needs at least 2 items, has 1", ""),
        (
            "key_of_door: {secret: hunter2}",
            "S207",
            "4:23",
            "'secret' in 'key_of_door' must be the name of an environment variable, "
            "such as STRESS_DATABASE_PASSWORD, was ***",
            "",
        ),
        (
            "stock: {EGG: 1.5}",
            "S203",
            "4:14",
            "'EGG' in 'stock': a whole number was expected, was the number 1.5",
            "write it without decimals",
        ),
    ],
)
def test_each_mistake_has_its_place_its_words_and_its_mend(
    tmp_path: Path, entry: str, code: str, place: str, message: str, help: str
) -> None:
    """One mistake is one problem."""
    problem = only(tmp_path, more=entry)

    assert (problem.code, str(problem.mark).partition(":")[2], problem.message, problem.help) == (
        code,
        place,
        message,
        help,
    )


def test_a_tag_s_word_is_offered_and_its_keys_are_not_blamed(tmp_path: Path) -> None:
    """With an unknown kind nothing can be said of the rest."""
    problem = only(tmp_path, oven="oven: {kind: grlil, bars: 3}")

    assert (problem.code, problem.help) == ("S206", "did you mean 'grill'?")


def test_a_tag_that_is_missing_is_asked_for(tmp_path: Path) -> None:
    """It decides what else may stand there."""
    problem = only(tmp_path, oven="oven: {heat_pct: 3}")

    assert (problem.code, problem.message) == ("S202", "'kind' is missing in 'oven'")


def test_the_keys_of_another_variant_are_unknown(tmp_path: Path) -> None:
    """The tag says which keys there are."""
    problem = only(tmp_path, oven="oven: {kind: grill, heat_pct: 3}")

    assert (problem.code, problem.message) == ("S201", "unknown field 'heat_pct' in oven 'grill'")


def test_a_whole_entry_that_is_missing_is_told_at_the_top(tmp_path: Path) -> None:
    """At the document's first line."""
    problem = only(tmp_path, clock="")

    assert (problem.code, problem.message, problem.mark and problem.mark.line) == (
        "S202",
        "'clock' is missing in recipe 'whole'",
        1,
    )


def test_all_mistakes_come_in_one_pass(tmp_path: Path) -> None:
    """Nobody wants to run it five times."""
    text = whole(clock="clock: {start: 9, run_for_s: x}", oven="oven: {kind: oven, heat_pct: 101}", more="tilte: 3")
    library = workspace(tmp_path, whole=text)
    library.load(RECIPE, "whole")

    assert [problem.code for problem in library.problems.all] == ["S203", "S203", "S205", "S201"]


def test_a_secret_is_never_in_a_message(tmp_path: Path) -> None:
    """Nor in the source line below it."""
    library = workspace(tmp_path, whole=whole(more="key_of_door: {secret: hunter2}"))
    library.load(RECIPE, "whole")

    assert "hunter2" not in library.problems.render()


def test_words_of_jsonschema_never_reach_a_person(tmp_path: Path) -> None:
    """'is not of type' is no sentence."""
    text = "recipe: 1\nclock: [1]\noven: x\nsteps: {a: 1}\ngates: 3\nlimits: []\nready: 1\nstock: {a: b}\n"
    library = workspace(tmp_path, whole=text)
    library.load(RECIPE, "whole")

    assert "is not of type" not in library.problems.render()
    assert "is a required property" not in library.problems.render()


@pytest.mark.parametrize(
    "text",
    [
        whole(),
        whole(more="steps: [{id: a, fill: fruit, with: {sort: 3, x: 1}}, {id: b, with: {}}, {fill: sugar}]"),
        whole(more="gates: [1, a, {gate: b, x: 1}, [a]]", oven="oven: {kind: 3}"),
        whole(more="limits: {a: {heat_pct: -1}}\nstock: {a: x}\ntags: [1]", clock="clock: 5"),
    ],
)
def test_the_quick_validator_finds_what_the_plain_one_finds(text: str) -> None:
    """References put in place and words compared change nothing but the time."""
    problems = Problems()
    node = read_text(text, "f.yaml", problems)
    assert node is not None
    schema = schema_of(RECIPE, "effective")
    slow = Draft202012Validator(schema).iter_errors(plain(node))
    quick = errors_of(resolved(schema), plain(node))

    assert sorted((error.message, list(error.absolute_path)) for error in quick) == sorted(
        (error.message, list(error.absolute_path)) for error in slow
    )
