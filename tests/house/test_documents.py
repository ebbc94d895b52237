"""The shipped documents: every one loads without a word of complaint, in the engine and in an editor."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from engine.config.library import Library
from engine.config.node import plain
from engine.config.problems import Problems
from engine.config.reader import read_text
from engine.config.workspace import Workspace
from engine.runs.check import check_document
from engine.runs.documents import KINDS
from tests.house.house import REPOSITORY, SCHEMAS, documents, name_of

DOCUMENTS = documents()
EDITED = [*DOCUMENTS, REPOSITORY / "tests" / "faults" / "small_market.yaml"]
MODELINE = re.compile(r"\A# yaml-language-server: \$schema=(\S+)\n")


def content(path: Path) -> dict[str, Any]:
    """A document as plain data, read as the loader reads it."""
    problems = Problems()
    node = read_text(path.read_text(encoding="utf-8"), name_of(path), problems)
    assert node is not None, problems.render()
    data: dict[str, Any] = plain(node)
    return data


def schema_for(path: Path) -> Path:
    """The schema that a document names to its editor in its first line."""
    named = MODELINE.match(path.read_text(encoding="utf-8"))
    assert named is not None, f"{name_of(path)} does not begin with a yaml-language-server line"
    return (path.parent / named[1]).resolve()


def test_there_are_documents_of_every_kind() -> None:
    """All kinds but the settings, which belong to a workspace, and a base."""
    kinds = {next(iter(content(path))) for path in DOCUMENTS}

    assert kinds >= {kind.word for kind in KINDS} - {"settings"} | {"base"}


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_shipped_document_is_valid(path: Path) -> None:
    """With everything that it names; not even a warning."""
    library = Library(Workspace.find(REPOSITORY), KINDS)

    check_document(library, str(path))

    assert library.problems.render() == "no problems"


@pytest.mark.parametrize("path", EDITED, ids=name_of)
def test_every_document_names_the_schema_of_its_kind(path: Path) -> None:
    """So that an editor helps with it: the first line leads to the right file."""
    assert schema_for(path) == SCHEMAS / f"{next(iter(content(path)))}.schema.json"


@pytest.mark.parametrize("path", EDITED, ids=name_of)
def test_an_editor_finds_nothing_wrong(path: Path) -> None:
    """By plain jsonschema on the committed file, as a language server does it, without our loader."""
    schema = json.loads(schema_for(path).read_text(encoding="utf-8"))

    errors = [
        f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(content(path))
    ]

    assert errors == []


@pytest.mark.parametrize("path", EDITED, ids=name_of)
def test_an_editor_marks_a_misspelt_key(path: Path) -> None:
    """The schemas are not so wide that everything is right."""
    schema = json.loads(schema_for(path).read_text(encoding="utf-8"))

    assert not Draft202012Validator(schema).is_valid(content(path) | {"tilte": "oops"})


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_a_document_is_called_as_it_calls_itself(path: Path) -> None:
    """Others use it by its file's name."""
    data = content(path)
    word = next(iter(data))

    assert data[word] == path.stem or word == "controls"


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_shipped_yaml_is_block_style_and_fits_a_screen(path: Path) -> None:
    """No braces, no brackets, no tabs, lines up to 120 letters."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        code = line.partition(" #")[0]
        assert len(line) <= 120, f"line {number}"
        assert not re.search(r":\s+[\[{]", code), f"line {number}"
        assert "\t" not in line, f"line {number}"
