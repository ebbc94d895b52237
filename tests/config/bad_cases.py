"""The broken documents of ``tests/bad``: laid out in a workspace as a person would have them, then validated.

A case is a file ``<what_is_wrong>.yaml``, or a folder of that name when it needs neighbours, with the exact answer of
the validator in ``<what_is_wrong>.txt`` beside it. What cannot be committed (a link, a binary file, a large one) is
made by :data:`MADE`. ``STRESS_BLESS=1`` writes the answers anew; read the difference before you commit it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from engine.config.library import Library
from engine.config.problems import DocumentError
from engine.config.workspace import Workspace
from engine.runs.check import check_document
from engine.runs.documents import KINDS

FOLDER = Path(__file__).resolve().parents[1] / "bad"

_PLACES = {
    "base": "scenarios.d/base",
    "suite": "scenarios.d/suites",
    "limits": "scenarios.d/limits",
    "venue": "scenarios.d/venues",
    "profile": "scenarios.d/profiles",
    "gate_set": "gates.d",
    "controls": "gates.d",
    "realism": "gates.d",
}
"""The folder of a document by its first key; a scenario, and what cannot be told, stands in ``scenarios.d``."""


def case_names() -> list[str]:
    """Every case, by name."""
    committed = {path.stem for path in FOLDER.iterdir() if path.suffix == ".yaml" or path.is_dir()}
    return sorted(committed | set(MADE))


def expected(case: str) -> Path:
    """The file with the exact answer to *case*."""
    return FOLDER / f"{case}.txt"


def lay_out(case: str, workspace: Path) -> str:
    """Put *case* into *workspace*; the document to be checked, as a person would name it there.

    A folder is laid out as a workspace already, and its document has the folder's name.
    """
    settings = workspace / "stress.yaml"
    settings.write_text("settings: bad\n", encoding="utf-8")
    target = workspace / "scenarios.d" / f"{case}.yaml"
    if case in MADE:
        target.parent.mkdir()
        MADE[case](target)
    elif (FOLDER / case).is_dir():
        shutil.copytree(FOLDER / case, workspace, dirs_exist_ok=True)
    else:
        source = FOLDER / f"{case}.yaml"
        word = _first_word(source)
        if word == "settings":
            target = settings
        elif word in _PLACES:
            target = workspace / _PLACES[word] / f"{case}.yaml"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    return target.relative_to(workspace).as_posix()


def answer(workspace: Path, document: str) -> str:
    """What ``stress validate`` says of *document* in *workspace*."""
    try:
        library = Library(Workspace.find(workspace), KINDS)
    except DocumentError as error:  # the settings themselves
        return f"{error.problems.render()}\n"
    check_document(library, document)
    return f"{library.problems.render()}\n"


def _first_word(source: Path) -> str:
    lines = source.read_text(encoding="utf-8", errors="replace").splitlines()
    return next((line for line in lines if line.strip() and not line.startswith("#")), "").partition(":")[0]


_SCENARIO = "scenario: {name}\ntitle: Flash crash\nowner: risk-intraday\nextends: {base}\n"


def _binary(target: Path) -> None:
    target.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")


def _not_utf8(target: Path) -> None:
    target.write_bytes("scenario: not_utf8\ntitle: Börse\n".encode("latin-1"))


def _utf16(target: Path) -> None:
    target.write_text(_SCENARIO.format(name="utf16", base="base/equity_day"), encoding="utf-16")


def _ten_megabytes(target: Path) -> None:
    target.write_text("scenario: ten_megabytes\n" + "# a line of a tape\n" * 540_000, encoding="utf-8")


def _directory(target: Path) -> None:
    target.mkdir()


def _nothing(_target: Path) -> None:
    """The file was deleted, or its name is misspelt."""


def _extends_a_link(target: Path) -> None:
    outside = target.parents[2] / "outside.yaml"
    outside.write_text("base: outside\nseed: 1\n", encoding="utf-8")
    (target.parent / "base").mkdir()
    (target.parent / "base" / "outside.yaml").symlink_to(outside)
    target.write_text(_SCENARIO.format(name="link_out_of_the_workspace", base="base/outside"), encoding="utf-8")


def _extends_a_directory(target: Path) -> None:
    (target.parent / "base" / "our_day.yaml").mkdir(parents=True)
    target.write_text(_SCENARIO.format(name="extends_a_directory", base="base/our_day"), encoding="utf-8")


MADE: dict[str, Callable[[Path], None]] = {
    "binary": _binary,
    "directory": _directory,
    "extends_a_directory": _extends_a_directory,
    "link_out_of_the_workspace": _extends_a_link,
    "no_such_file": _nothing,
    "not_utf8": _not_utf8,
    "ten_megabytes": _ten_megabytes,
    "utf16": _utf16,
}
"""Cases that cannot be committed as a file, and how each is made at its place."""
