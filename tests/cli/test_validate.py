"""``stress validate``: everything that is wrong, in one pass, on standard error."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.command import Stress
from tests.runs.small import LATENCY, Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A workspace in the folder in which ``stress`` runs."""
    return Desk(tmp_path)


def broken(desk: Desk) -> str:
    """The small scenario with two mistakes."""
    path = desk.write()
    text = (desk.folder / path).read_text(encoding="utf-8")
    text = text.replace("fault: feed_delay", "fault: feed_dely").replace("warmup_s: 20", "warmup_s: lots")
    (desk.folder / path).write_text(text, encoding="utf-8")
    return path


def test_the_shipped_documents_are_valid(stress: Stress) -> None:
    """Without a workspace and without words: everything that is shipped."""
    done = stress("validate")

    assert (done.code, done.err) == (0, "")
    assert re.fullmatch(r"\d+ documents are valid\n", done.out)


def test_one_valid_document_is_said_in_the_singular(stress: Stress, desk: Desk) -> None:
    """On standard output."""
    done = stress("validate", desk.write())

    assert (done.code, done.out, done.err) == (0, "1 document is valid\n", "")


def test_every_problem_is_told_at_once_with_its_place(stress: Stress, desk: Desk) -> None:
    """Exit 3; nothing on standard output; the nearest right word."""
    done = stress("validate", broken(desk))

    assert (done.code, done.out) == (3, "")
    assert len(re.findall(r"^scenarios\.d/small\.yaml:\d+:\d+: error\[\w\d+\]: ", done.err, re.M)) == 2
    assert "feed_delay" in done.err
    assert done.err.splitlines()[-1] == "2 errors in 1 file"


def test_a_folder_is_every_document_below_it(stress: Stress, desk: Desk) -> None:
    """Valid ones are counted, broken ones told."""
    desk.write()
    good = stress("validate", "gates.d", "scenarios.d")
    broken(desk)
    bad = stress("validate", "scenarios.d")

    assert (good.code, good.out) == (0, "2 documents are valid\n")
    assert (bad.code, bad.out) == (3, "")


def test_json_is_one_document_with_every_problem(stress: Stress, desk: Desk) -> None:
    """For editors and CI; nothing on standard error."""
    done = stress("validate", broken(desk), "--json")

    assert (done.code, done.err) == (3, "")
    assert (done.json["schema"], done.json["files"], done.json["valid"]) == ("stress.validate/1", 1, False)
    assert {problem["file"] for problem in done.json["problems"]} == {"scenarios.d/small.yaml"}
    assert all(problem["line"] > 0 and problem["col"] > 0 for problem in done.json["problems"])


def test_json_of_valid_documents_has_no_problems(stress: Stress, desk: Desk) -> None:
    """Exit 0."""
    done = stress("validate", desk.write(), "--json")

    assert (done.code, done.json["valid"], done.json["problems"]) == (0, True, [])


def test_a_gate_that_makes_no_sense_is_found_in_its_own_file(stress: Stress, desk: Desk) -> None:
    """What a schema cannot see is checked too."""
    desk.write(LATENCY | {"warn_from": 20})
    done = stress("validate", "gates.d/small.yaml")

    assert done.code == 3
    assert "error[G504]" in done.err


@pytest.mark.parametrize("path", ["nowhere.yaml", "no/such/folder"])
def test_what_is_not_there_is_exit_3(stress: Stress, path: str) -> None:
    """With one clear sentence."""
    done = stress("validate", path)

    assert (done.code, done.out) == (3, "")
    assert "there is no document" in done.err


def test_a_folder_without_documents_is_not_called_valid(stress: Stress) -> None:
    """Nothing was checked."""
    (stress.folder / "empty").mkdir()
    done = stress("validate", "empty")

    assert done.code in (2, 3)
    assert "valid" not in done.out
    assert "Traceback" not in done.err
    assert "bug" not in done.err
