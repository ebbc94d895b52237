"""How problems look."""

from __future__ import annotations

import pickle

import pytest

from engine.base.errors import ExitCode
from engine.config.excerpt import echo, is_secretive
from engine.config.problems import DocumentError, Mark, Problem, Problems


def test_a_problem_shows_place_source_help_and_where_to_read_more() -> None:
    """The format of the design, line by line."""
    problems = Problems()
    problems.remember("f.yaml", "a: 1\n" * 8 + "    drop_pc: 15\n")
    what = "unknown field 'drop_pc' in fault 'price_shock' (timeline item 'crash')"
    problems.error("S201", what, Mark("f.yaml", 9, 5, 12), "did you mean 'drop_pct'? (required here, and missing)")

    assert (
        problems.render()
        == """\
f.yaml:9:5: error[S201]: unknown field 'drop_pc' in fault 'price_shock' (timeline item 'crash')
  |
9 |     drop_pc: 15
  |     ^^^^^^^
  = help: did you mean 'drop_pct'? (required here, and missing)
  = more: stress explain S201
1 error in 1 file"""
    )


def test_the_gutter_is_as_wide_as_the_line_number() -> None:
    """Carets stay below what they mean."""
    problems = Problems()
    problems.remember("f.yaml", "\n" * 99 + "a: 1\n")
    problems.error("S201", "no", Mark("f.yaml", 100, 1, 2))

    assert problems.render().splitlines()[1:5] == [
        "    |",
        "100 | a: 1",
        "    | ^",
        "    = more: stress explain S201",
    ]


def test_a_red_gate_has_notes() -> None:
    """The same renderer tells value, window and the command to reproduce it."""
    problems = Problems()
    problems.remember("g.yaml", "gate: x\n")
    problems.add(Problem("G901", "red", Mark("g.yaml", 1, 1, 5), "look", notes=("value 17 %", "seed 42")))

    assert problems.render().splitlines()[4:7] == ["  = value 17 %", "  = seed 42", "  = help: look"]


def test_a_problem_without_a_place_has_one_line_and_stands_last() -> None:
    """And no file is counted for it."""
    problems = Problems()
    problems.error("R301", "there is no document 'x'")
    problems.error("S201", "no", Mark("f.yaml", 1, 1, 2))

    assert [problem.code for problem in problems.all] == ["S201", "R301"]
    assert problems.render().splitlines()[-3:] == [
        "error[R301]: there is no document 'x'",
        "  = more: stress explain R301",
        "2 errors in 1 file",
    ]


def test_a_pseudo_file_stands_for_the_command_line() -> None:
    """It is no file."""
    problems = Problems()
    problems.error("P404", "no", Mark("<--set drop_pct=abc>"))

    assert problems.render().splitlines()[0] == "<--set drop_pct=abc>: error[P404]: no"
    assert problems.render().splitlines()[-1] == "1 error"


def test_problems_are_sorted_by_file_line_and_column() -> None:
    """As an editor lists them."""
    places = [("b", 1, 1), ("a", 2, 5), ("a", 2, 1), ("a", 10, 1)]
    problems = Problems()
    for file, line, col in places:
        problems.error("S201", "no", Mark(file, line, col, col + 1))

    assert [str(problem.mark) for problem in problems.all] == ["a:2:1", "a:2:5", "a:10:1", "b:1:1"]


def test_the_same_problem_counts_once() -> None:
    """A base that many extend is wrong once."""
    problems = Problems()
    for _ in range(3):
        problems.error("S201", "no", Mark("f", 1, 1, 2))

    assert len(problems) == 1


def test_twenty_problems_are_shown_and_all_are_counted() -> None:
    """The first mends often mend the rest."""
    problems = Problems()
    for line in range(1, 24):
        problems.error("S201", f"no {line}", Mark("f", line, 1, 2))
    problems.warn("W601", "perhaps", Mark("g", 1, 1, 2))
    lines = problems.render().splitlines()

    assert sum("error[" in line for line in lines) == 20
    assert lines[-2:] == ["... and 4 more", "23 errors, 1 warning in 2 files"]


def test_a_document_error_ends_in_exit_3_and_holds_its_problems() -> None:
    """The command line prints it as it is."""
    problems = Problems()
    problems.error("S201", "no")
    error = DocumentError(problems)

    assert (error.exit_code, str(error), error.problems) == (
        ExitCode.INVALID_DOCUMENT,
        problems.render(),
        problems,
    )


def test_a_problem_as_data_has_its_place() -> None:
    """For --json."""
    assert Problem("S201", "no", Mark("f", 3, 4, 5), "help", "clock").as_dict() == {
        "code": "S201",
        "severity": "error",
        "message": "no",
        "file": "f",
        "line": 3,
        "col": 4,
        "item": "clock",
        "help": "help",
        "notes": [],
    }


@pytest.mark.parametrize(
    "name", ["password", "db_password", "api_key", "apikey", "token", "redis_token", "SECRET", "client_secret"]
)
def test_keys_that_may_hold_secrets_are_known(name: str) -> None:
    """By their names."""
    assert is_secretive(name)


@pytest.mark.parametrize("name", ["key", "tokens_per_s", "monkey", "secretary", "passed", "symbol"])
def test_other_keys_are_no_secrets(name: str) -> None:
    """A message without its value helps nobody."""
    assert not is_secretive(name)


@pytest.mark.parametrize(
    "line",
    [
        "  password: hunter2",
        "api_key: 'hunter2'",
        "{token: hunter2, a: 1}",
        'url: "postgres://me:hunter2@host/db"',
        "db_password:   hunter2 # mine",
        "secret: hunter2",
    ],
)
def test_a_secret_in_a_source_line_is_never_shown(line: str) -> None:
    """Whatever the problem is about."""
    problems = Problems()
    problems.remember("f", line)
    problems.error("S201", "no", Mark("f", 1, 3, 9))
    problems.error("S201", "late", Mark("f", 1, len(line), len(line) + 1))

    assert "hunter2" not in problems.render()


def test_values_are_echoed_short_and_on_one_line() -> None:
    """At most 40 characters, and nothing that moves a cursor."""
    assert echo("x" * 100) == f"'{'x' * 37}...'"
    assert echo("a\n\x1b[31mb") == "'a ·[31mb'"
    assert [echo(value) for value in (None, True, 15, 1.5, {"a": 1}, [1])] == [
        "nothing",
        "true",
        "15",
        "1.5",
        "a mapping",
        "a list",
    ]
    assert echo("hunter2", "password") == "***"


def test_a_long_line_is_cut_around_its_problem() -> None:
    """A one-line file of a megabyte does not flood the terminal."""
    problems = Problems()
    problems.remember("f", "x" * 5_000 + "HERE" + "y" * 5_000)
    problems.error("S201", "no", Mark("f", 1, 5_001, 5_005))
    shown, carets = problems.render().splitlines()[2:4]

    assert len(shown) < 130
    assert shown[carets.index("^") : carets.rindex("^") + 1] == "HERE"


def test_carets_stand_below_wide_characters() -> None:
    """A Chinese character takes two columns."""
    problems = Problems()
    problems.remember("f", "t: 市场 x")
    problems.error("S201", "no", Mark("f", 1, 7, 8))

    assert problems.render().splitlines()[3] == "  | " + " " * 8 + "^"


def test_a_document_error_comes_whole_from_another_process() -> None:
    """With its problems and the lines that they point at, so that it can be shown there."""
    problems = Problems()
    problems.remember("f.yaml", "seed: x")
    problems.error("S203", "a number was expected", Mark("f.yaml", 1, 7), "write a number")
    error = pickle.loads(pickle.dumps(DocumentError(problems)))  # noqa: S301 - our own

    assert isinstance(error, DocumentError)
    assert error.problems.all == problems.all
    assert str(error) == problems.render()
