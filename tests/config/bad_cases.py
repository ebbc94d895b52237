"""The broken documents of ``tests/bad``: laid out in a workspace as a person would have them, then validated."""

from __future__ import annotations

import shutil
from pathlib import Path

from engine.config.library import Library
from engine.config.problems import DocumentError
from engine.config.workspace import Workspace
from engine.runs.check import check_document
from engine.runs.documents import KINDS

FOLDER = Path(__file__).resolve().parents[1] / "bad"

_PLACES = {
    "base": "scenarios.d/base",
    "limits": "scenarios.d/limits",
    "venue": "scenarios.d/venues",
    "profile": "scenarios.d/profiles",
    "gate_set": "gates.d",
    "controls": "gates.d",
}
"""The folder of a document by its first key; a scenario, and what cannot be told, stands in ``scenarios.d``."""


def case_names() -> list[str]:
    """Every case that is committed: a file ``<case>.yaml``, or a folder ``<case>`` with several."""
    return sorted(path.stem for path in FOLDER.iterdir() if path.suffix == ".yaml" or path.is_dir())


def lay_out(case: str, workspace: Path) -> str:
    """Copy *case* into *workspace*; the document to be checked, as a person would name it there.

    A folder is laid out as a workspace already, and its document has the folder's name.
    """
    settings = workspace / "stress.yaml"
    settings.write_text("settings: bad\n", encoding="utf-8")
    if (FOLDER / case).is_dir():
        shutil.copytree(FOLDER / case, workspace, dirs_exist_ok=True)
        return next(path for path in workspace.rglob(f"{case}.yaml")).relative_to(workspace).as_posix()
    source = FOLDER / f"{case}.yaml"
    word = _first_word(source)
    target = settings if word == "settings" else workspace / _PLACES.get(word, "scenarios.d") / f"{case}.yaml"
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    return target.relative_to(workspace).as_posix()


def validated(workspace: Path, document: str) -> str:
    """What ``stress validate`` says of *document* in *workspace*, as text."""
    try:
        library = Library(Workspace.find(workspace), KINDS)
    except DocumentError as error:  # the settings themselves
        return error.problems.render() + "\n"
    check_document(library, document)
    return library.problems.render() + "\n"


def _first_word(source: Path) -> str:
    lines = source.read_text(encoding="utf-8", errors="replace").splitlines()
    return next((line for line in lines if line.strip() and not line.startswith("#")), "").partition(":")[0]
