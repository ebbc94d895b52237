"""Where documents are looked for, and where not."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.base.errors import NotReadyError
from engine.config.mark import Mark
from engine.config.problems import DocumentError, Problems
from engine.config.workspace import Settings, Workspace, share

AT = Mark("f.yaml", 1, 1, 2)


@pytest.fixture
def kitchen(tmp_path: Path) -> Path:
    """A workspace with one document."""
    folder = tmp_path / "kitchen"
    (folder / "recipes.d/base").mkdir(parents=True)
    (folder / "stress.yaml").write_text("settings: kitchen\nenvironment: test\nresults: out\n")
    (folder / "recipes.d/base/plain.yaml").write_text("dough: plain\n")
    (folder / "recipes.d/cake.yaml").write_text("recipe: cake\n")
    (tmp_path / "secret.yaml").write_text("recipe: secret\n")
    return folder


def test_the_workspace_is_found_walking_up(kitchen: Path) -> None:
    """From anywhere below."""
    found = Workspace.find(kitchen / "recipes.d/base")

    assert (found.root, found.has_settings, found.results) == (kitchen, True, kitchen / "out")
    assert found.settings == Settings(settings="kitchen", environment="test", results="out")


def test_without_one_the_shipped_documents_are_used(tmp_path: Path) -> None:
    """And results go to the current folder."""
    found = Workspace.find(tmp_path)

    assert (found.has_settings, found.results, found.settings.environment) == (False, tmp_path / "results", "demo")
    assert found.folder("scenarios.d") == share("scenarios.d")
    assert share("scenarios.d").is_dir()


def test_an_explicit_folder_must_be_a_workspace(kitchen: Path, tmp_path: Path) -> None:
    """Else a typing mistake would silently use another."""
    assert Workspace.find(tmp_path, kitchen).root == kitchen
    with pytest.raises(NotReadyError, match=r"it has no stress\.yaml"):
        Workspace.find(kitchen, tmp_path)


def test_wrong_settings_are_told_like_any_document(kitchen: Path) -> None:
    """With place and help."""
    (kitchen / "stress.yaml").write_text("settings: kitchen\nenvironment: prod\nresult: x\n")

    with pytest.raises(DocumentError) as caught:
        Workspace.find(kitchen)
    assert [(problem.code, problem.help) for problem in caught.value.problems.all] == [
        ("S206", "it may be demo, test, production"),
        ("S201", "did you mean 'results'?"),
    ]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("/etc/passwd", "R311"),
        ("~/x", "R311"),
        ("C:\\x", "R311"),
        ("../secret", "R311"),
        ("base/../../secret", "R311"),
        ("..\\secret", "R311"),
        ("", "R311"),
        ("a\0b", "R311"),
        ("linked", "R311"),
        ("cake.yaml", "R312"),
        ("cak", "R310"),
        ("base", "R310"),
    ],
)
def test_a_document_names_only_what_stands_in_the_workspace(kitchen: Path, name: str, code: str) -> None:
    """Whatever it tries."""
    (kitchen / "recipes.d/linked.yaml").symlink_to(kitchen.parent / "secret.yaml")
    problems = Problems()

    assert Workspace.find(kitchen).resolve("recipes.d", name, AT, problems) is None
    assert [(problem.code, problem.mark) for problem in problems.all] == [(code, AT)]


def test_a_document_of_a_folder_below_is_offered_even_if_its_first_key_is_wrong(kitchen: Path) -> None:
    """Its own fault is told when it is named in full."""
    (kitchen / "recipes.d/base/thin.yaml").write_text("extends: base/plain\n")
    problems = Problems()

    Workspace.find(kitchen).resolve("recipes.d", "thin", AT, problems, lambda: ("cake",))
    assert [problem.help for problem in problems.all] == ["did you mean 'base/thin'?"]


def test_a_file_that_is_there_in_a_folder_that_is_no_workspace_says_so(kitchen: Path) -> None:
    """Not that it is absent."""
    (kitchen / "stress.yaml").unlink()
    problems = Problems()

    assert Workspace.find(kitchen).resolve("recipes.d", "cake", AT, problems) is None
    assert [(problem.code, problem.help) for problem in problems.all] == [
        ("R310", "the file is there, but this folder is no workspace; a stress.yaml with 'settings: desk' makes it one")
    ]


def test_a_name_is_relative_to_its_folder_without_extension(kitchen: Path) -> None:
    """Also below it."""
    found = Workspace.find(kitchen)

    assert found.resolve("recipes.d", "base/plain", AT, Problems()) == kitchen / "recipes.d/base/plain.yaml"
    assert found.names("recipes.d") == ("base/plain", "cake")


def test_a_name_that_the_workspace_lacks_is_a_shipped_one(kitchen: Path) -> None:
    """The workspace's own comes first."""
    found = Workspace.find(kitchen)
    shipped = found.names("scenarios.d")[0]

    assert found.resolve("scenarios.d", shipped, AT, Problems()) == share("scenarios.d") / f"{shipped}.yaml"
    own = kitchen / "scenarios.d" / f"{shipped}.yaml"
    own.parent.mkdir(parents=True)
    own.write_text("x: 1\n")
    assert found.resolve("scenarios.d", shipped, AT, Problems()) == own


@pytest.mark.parametrize("text", ["recipes.d/cake.yaml", "cake", "cake.yaml", "recipes.d/cake"])
def test_the_command_line_takes_a_file_or_a_name_from_anywhere(kitchen: Path, text: str) -> None:
    """Also from a folder below."""
    found = Workspace.find(kitchen / "recipes.d/base")

    assert found.on_command_line(("recipes.d",), text, Problems()) == kitchen / "recipes.d/cake.yaml"


def test_the_command_line_may_lie_outside(kitchen: Path) -> None:
    """A person may read what they like."""
    found = Workspace.find(kitchen)
    outside = kitchen.parent / "secret.yaml"

    assert found.on_command_line(("recipes.d",), str(outside), Problems()) == outside
    assert found.on_command_line(("recipes.d",), "../secret.yaml", Problems()) == kitchen / "../secret.yaml"


@pytest.mark.parametrize(
    ("text", "help"),
    [
        ("caek", "did you mean 'cake'?"),
        ("recipes.d/caek.yaml", "did you mean 'cake'?"),
        ("plian", "did you mean 'base/plain'?"),
        ("zzzzzz", "'stress list scenarios' shows what there is"),
        ("", "'stress list scenarios' shows what there is"),
        ("../../nothing", "'stress list scenarios' shows what there is"),
        ("a\0b", "'stress list scenarios' shows what there is"),
    ],
)
def test_what_is_not_there_is_offered_the_nearest(kitchen: Path, text: str, help: str) -> None:
    """By the last part of its name."""
    problems = Problems()

    assert Workspace.find(kitchen).on_command_line(("recipes.d",), text, problems) is None
    assert [(problem.code, problem.help) for problem in problems.all] == [("R301", help)]


@pytest.mark.parametrize(("text", "help"), [("caek", "did you mean 'cake'?"), ("zzzzzz", "there is cake, tart")])
def test_what_is_not_there_is_told_the_names_that_would_be_right(kitchen: Path, text: str, help: str) -> None:
    """Whoever asks for one kind of document is not sent to the others."""
    problems = Problems()

    Workspace.find(kitchen).on_command_line(("recipes.d",), text, problems, lambda: ("cake", "tart"))
    assert [(problem.code, problem.help) for problem in problems.all] == [("R301", help)]


def test_a_path_is_shown_relative_to_where_one_stands(kitchen: Path) -> None:
    """Then to the workspace, then to the shipped documents."""
    below = Workspace.find(kitchen / "recipes.d/base")

    assert below.shown(kitchen / "recipes.d/base/plain.yaml") == "plain.yaml"
    assert below.shown(kitchen / "recipes.d/cake.yaml") == "recipes.d/cake.yaml"
    assert below.shown(share("scenarios.d") / "flash_crash.yaml") == "scenarios.d/flash_crash.yaml"
    assert below.shown(kitchen.parent / "secret.yaml") == "../../../secret.yaml"


def test_a_path_is_recorded_the_same_from_everywhere(kitchen: Path) -> None:
    """A result does not know where one stood."""
    for cwd in (kitchen, kitchen / "recipes.d/base"):
        found = Workspace.find(cwd)
        assert found.recorded(kitchen / "recipes.d/cake.yaml") == "recipes.d/cake.yaml"
        assert found.recorded(kitchen.parent / "secret.yaml") == "secret.yaml"


def test_data_is_read_from_the_workspace_and_its_data_dirs_only(kitchen: Path, tmp_path: Path) -> None:
    """A document cannot reach beyond them."""
    (tmp_path / "tapes/day").mkdir(parents=True)
    (kitchen / "tape").mkdir()
    (kitchen / "stress.yaml").write_text(f"settings: kitchen\ndata_dirs: [{tmp_path / 'tapes'}]\n")
    (kitchen / "out").symlink_to(tmp_path)
    found = Workspace.find(kitchen)

    assert found.data("tape") == kitchen / "tape"
    assert found.data("day") == tmp_path / "tapes/day"
    assert [found.data(name) for name in ("nothing", "../tapes", str(tmp_path), "out", "")] == [None] * 5
