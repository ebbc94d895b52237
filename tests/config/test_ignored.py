"""Documents beside the one that was asked for, which differ from those in force."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.config.ignored import ignored_documents
from engine.config.workspace import Workspace, share

FOLDERS = ("scenarios.d", "gates.d")
READ = [share("scenarios.d") / "flash_crash.yaml", share("gates.d") / "flatten_core.yaml"]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with two shipped documents as they are, and no stress.yaml."""
    for path in READ:
        copy = tmp_path / path.parent.name / path.name
        copy.parent.mkdir()
        copy.write_bytes(path.read_bytes())
    return tmp_path


def ignored(folder: Path, home: Path, read: list[Path] = READ) -> str:
    """What is said in *folder* of the scenario below *home*."""
    asked = home / "scenarios.d/flash_crash.yaml"
    return ignored_documents(Workspace.find(folder), asked, [asked, *read[1:]], FOLDERS)


def test_an_unchanged_clone_is_as_good_as_the_shipped_documents(clone: Path) -> None:
    """Nothing is said: the first command of the README stays quiet."""
    assert ignored(clone, clone) == ""


def test_a_changed_document_beside_the_scenario_is_told(clone: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whoever edits it must not believe that it counts; from wherever the scenario is played."""
    (clone / "gates.d/flatten_core.yaml").write_text("gate_set: flatten_core\n")

    assert ignored(clone, clone) == (
        "gates.d/flatten_core.yaml in this folder differs and is not used: the shipped ones come first; "
        "to use documents of your own, make a workspace with 'stress init' and copy them there"
    )
    assert "gates.d/flatten_core.yaml in ../" in ignored(tmp_path_factory.mktemp("elsewhere"), clone)


def test_the_scenario_itself_is_used_as_it_lies_there(clone: Path) -> None:
    """It was named by its path."""
    (clone / "scenarios.d/flash_crash.yaml").write_text("scenario: flash_crash\n")

    assert ignored(clone, clone) == ""


def test_in_a_workspace_its_own_documents_come_first(clone: Path) -> None:
    """There is nothing to tell."""
    (clone / "gates.d/flatten_core.yaml").write_text("gate_set: flatten_core\n")
    (clone / "stress.yaml").write_text("settings: desk\n")

    assert ignored(clone, clone, [READ[0], clone / "gates.d/flatten_core.yaml"]) == ""


def test_of_another_workspace_the_documents_in_force_are_named(clone: Path, tmp_path: Path) -> None:
    """The one around the current folder counts, not the one that the scenario lies in."""
    (clone / "gates.d/flatten_core.yaml").write_text("gate_set: flatten_core\n")
    desk = tmp_path / "desk"
    (desk / "gates.d").mkdir(parents=True)
    (desk / "stress.yaml").write_text("settings: desk\n")
    (desk / "gates.d/flatten_core.yaml").write_text("gate_set: mine\n")

    said = ignored(desk, clone, [READ[0], desk / "gates.d/flatten_core.yaml"])

    assert said.startswith("gates.d/flatten_core.yaml in .. differs and is not used: those of the workspace come ")


def test_a_scenario_outside_of_a_folder_of_documents_has_none_beside_it(clone: Path) -> None:
    """Only documents that look as if they belonged to it are meant."""
    (clone / "gates.d/flatten_core.yaml").write_text("gate_set: flatten_core\n")

    assert ignored_documents(Workspace.find(clone), clone / "mine.yaml", READ, FOLDERS) == ""
