"""``stress new``, ``stress init`` and ``stress schema``: files that are written, and never written over."""

from __future__ import annotations

import pytest

from engine.cli.new import FOLDERS
from tests.cli.command import REPOSITORY, Stress


@pytest.mark.parametrize("kind", FOLDERS)
def test_a_new_document_is_valid_as_it_stands(stress: Stress, kind: str) -> None:
    """In a workspace, where it lands in its folder."""
    assert stress("init", ".").code == 0
    made = stress("new", kind, "my_own")
    path = f"{FOLDERS[kind]}/my_own.yaml"

    assert (made.code, made.out.splitlines()[0]) == (0, f"wrote {path}")
    assert f"next: stress validate {path}" in made.out
    assert stress("validate", path).out == "1 document is valid\n"


def test_a_new_scenario_runs_without_a_workspace(stress: Stress) -> None:
    """The skeleton is a scenario that one can play at once, to a verdict."""
    made = stress("new", "scenario", "my_crash")
    done = stress("run", "scenarios.d/my_crash.yaml", "-q")

    assert made.code == 0
    assert done.code in (0, 1, 5), done.err
    assert "my_crash" in done.out.splitlines()[0]


def test_new_never_overwrites(stress: Stress) -> None:
    """Exit 2, and the file is as it was."""
    stress("new", "limits", "mine")
    file = stress.folder / "scenarios.d/limits/mine.yaml"
    file.write_text("precious", encoding="utf-8")
    done = stress("new", "limits", "mine")

    assert (done.code, done.out, file.read_text(encoding="utf-8")) == (2, "", "precious")
    assert "is there already" in done.err


@pytest.mark.parametrize("name", ["My-Crash", "9lives", "../evil", "", "a b"])
def test_new_refuses_what_is_no_name(stress: Stress, name: str) -> None:
    """Nothing is written anywhere."""
    done = stress("new", "scenario", name)

    assert (done.code, done.out) == (2, "")
    assert "is not a name" in done.err
    assert list(stress.folder.rglob("*.yaml")) == []


def test_new_knows_its_kinds(stress: Stress) -> None:
    """A misspelt kind gets the nearest."""
    done = stress("new", "scenarioo", "x")

    assert done.code == 2
    assert "did you mean scenario?" in done.err


def test_new_where_nothing_can_be_written_is_exit_4(stress: Stress) -> None:
    """A file stands where the folder should be."""
    (stress.folder / "scenarios.d").write_text("in the way")
    done = stress("new", "scenario", "mine")

    assert (done.code, done.out) == (4, "")
    assert "cannot be written" in done.err


def test_init_makes_a_workspace_that_runs(stress: Stress) -> None:
    """What it prints as next is what one can type."""
    made = stress("init", "desk")
    desk = Stress(stress.folder / "desk")

    assert made.code == 0
    assert made.out.splitlines()[-1] == "next: cd desk && stress run scenarios.d/flash_crash.yaml"
    assert desk("validate").code == 0
    assert desk("run", "scenarios.d/flash_crash.yaml", "-q").code == 0
    assert len(desk.results()) == 1


def test_init_never_overwrites(stress: Stress) -> None:
    """A second time it writes only what is missing, and says how much it left alone."""
    stress("init", "desk")
    changed = stress.folder / "desk/scenarios.d/flash_crash.yaml"
    changed.write_text("mine", encoding="utf-8")
    (stress.folder / "desk/gates.d/capital_core.yaml").unlink()
    again = stress("init", "desk")

    assert again.code == 0
    assert changed.read_text(encoding="utf-8") == "mine"
    assert again.out.startswith("desk: 1 file written, ")
    assert "there already and left alone" in again.out


def test_init_where_a_file_stands_is_exit_4(stress: Stress) -> None:
    """It cannot be made a folder."""
    (stress.folder / "desk").write_text("in the way")
    done = stress("init", "desk")

    assert (done.code, done.out) == (4, "")
    assert "cannot be made a workspace" in done.err


@pytest.mark.parametrize("name", ["Desk 7", "1st", "été"])
def test_init_makes_a_valid_name_of_any_folder(stress: Stress, name: str) -> None:
    """The settings are valid whatever the folder is called."""

    assert stress("init", name).code == 0
    assert Stress(stress.folder / name)("validate").code == 0


def test_the_committed_schemas_are_what_the_code_says(stress: Stress) -> None:
    """Byte for byte."""
    done = stress("schema", "--check", "--folder", REPOSITORY / "schemas")

    assert (done.code, done.out) == (0, "")


def test_a_stale_schema_is_found_and_mended(stress: Stress) -> None:
    """--check says which and changes nothing; without it the file is written; what does not belong is removed."""
    assert stress("init", ".").code == 0
    assert stress("schema").code == 0
    stale, extra = stress.folder / "schemas/limits.schema.json", stress.folder / "schemas/old.schema.json"
    stale.write_text("{}", encoding="utf-8")
    extra.write_text("{}", encoding="utf-8")
    check = stress("schema", "--check")
    untouched = stale.read_text(encoding="utf-8")
    mended = stress("schema")

    assert (check.code, len(check.out.splitlines()), untouched) == (1, 2, "{}")
    assert mended.out == "wrote schemas/limits.schema.json\nremoved schemas/old.schema.json\n"
    assert stress("schema", "--check").code == 0


def test_schema_without_its_folder_is_exit_4(stress: Stress) -> None:
    """It never makes one where nobody asked."""
    done = stress("schema", "--check")

    assert done.code == 4
    assert "--folder" in done.err
