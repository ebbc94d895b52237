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
from collections.abc import Iterable
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from sybil import Document, Example, Region, Sybil

from tests.docs.blocks import blocks, differences, run_console, run_python, validate_yaml

REPOSITORY = Path(__file__).parent


def _setup(namespace: dict[str, Any]) -> None:
    """One folder for all commands of a page."""
    namespace["folder"] = Path(mkdtemp(prefix="stress-docs-"))


def _teardown(namespace: dict[str, Any]) -> None:
    shutil.rmtree(namespace["folder"], ignore_errors=True)


def _parse(document: Document) -> Iterable[Region]:
    for block in blocks(document.text):
        if block.language in ("console", "yaml", "python") and not block.not_run:
            yield Region(block.start, block.end, block, _evaluate)


def _evaluate(example: Example) -> str | None:
    block = example.parsed
    folder: Path = example.namespace["folder"]
    if block.language == "yaml":
        return validate_yaml(block.text, folder)
    if block.language == "python":
        run_python(block.text)
        return None
    environment = dict(os.environ, PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", NO_COLOR="1")
    for command, expected in block.commands():
        if found := differences(expected, run_console(command, folder, environment)):
            return f"$ {command}\n{found}"
    return None


def pytest_itemcollected(item: pytest.Item) -> None:
    """The examples of one page build on each other: they run in one process, in order."""
    if item.path.suffix == ".md":
        item.add_marker(pytest.mark.xdist_group(item.path.name))


pytest_collect_file = Sybil(
    parsers=[_parse],
    patterns=["*.md"],
    excludes=["tests/*", "scenarios.d/*", "results/*"],
    setup=_setup,
    teardown=_teardown,
).pytest()
