"""Runs every command and every YAML document in README, CONTRIBUTING and docs (sybil).

A ``console`` block holds commands behind ``$ `` and what they print; a line ``...`` stands for any lines, and run ids,
times and digests may differ. A ``yaml`` block is a whole document and must be valid. A ``python`` block is a whole
module and must import. A block that must not be run
has ``<!-- not run: reason -->`` on the line above it; tests/docs lists those.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from sybil import Document, Example, Region, Sybil

from tests.docs.blocks import Block, blocks, differences, run_console, run_python, validate_yaml

REPOSITORY = Path(__file__).parent


def _setup(namespace: dict[str, Any]) -> None:
    """One folder for all commands of a page."""
    namespace["folder"] = Path(mkdtemp(prefix="stress-docs-"))


def _teardown(namespace: dict[str, Any]) -> None:
    shutil.rmtree(namespace["folder"], ignore_errors=True)


def _parse(document: Document) -> Iterable[Region]:
    """One region for a whole page: its examples build on each other, and run in one process and in order."""
    found = [block for block in blocks(document.text) if block.language in _RUN and not block.not_run]
    if found:
        yield Region(found[0].start, found[-1].end, found, _evaluate)


def _evaluate(example: Example) -> str | None:
    folder: Path = example.namespace["folder"]
    for block in example.parsed:
        if wrong := _RUN[block.language](block, folder):
            line = example.document.text.count("\n", 0, block.start) + 1
            return f"{Path(example.path).name}:{line}: {wrong}"
    return None


def _console(block: Block, folder: Path) -> str:
    environment = dict(os.environ, PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", NO_COLOR="1")
    for command, expected in block.commands():
        if found := differences(expected, run_console(command, folder, environment)):
            return f"$ {command}\n{found}"
    return ""


def _python(block: Block, _folder: Path) -> str:
    run_python(block.text)
    return ""


_RUN: dict[str, Callable[[Block, Path], str]] = {
    "console": _console,
    "yaml": lambda block, folder: validate_yaml(block.text, folder),
    "python": _python,
}


pytest_collect_file = Sybil(
    parsers=[_parse],
    patterns=["*.md"],
    excludes=["tests/*", "scenarios.d/*", "results/*"],
    setup=_setup,
    teardown=_teardown,
).pytest()
