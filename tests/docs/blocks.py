"""Fenced blocks of a Markdown page: finding them, running their commands, comparing what they print."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

FENCE = re.compile(
    r"(?:^<!-- not run: (?P<reason>[^\n]*?) -->\n+)?^```(?P<language>\w*)\n(?P<text>.*?)^```$", re.M | re.S
)
VARIES = (
    (re.compile(r"\d{8}T\d{6}Z-([a-z0-9_]+)-s(\d+)-[0-9a-f]{4}"), r"<run>-\1-s\2"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "<sha256>"),
    (re.compile(r"\b\d+ files written"), "<n> files written"),
    (re.compile(r"\b\d+ documents are valid"), "<n> documents are valid"),
    (re.compile(r"\d{8}T\d{6}Z-([a-z0-9_]+)-[0-9a-f]{4}/suite"), r"<run>-\1/suite"),
    (re.compile(r"simulated, \d+\.\d s with \d+ workers?"), "simulated, <s> with <n> workers"),
    (re.compile(r" +\d+\.\d$", re.M), "  <s>"),  # the last column of a suite's table, and its head
    (re.compile(r"(?<=worst margin) +s$", re.M), "  s"),
)
TIMEOUT_S = 120


@dataclass(frozen=True)
class Block:
    """One fenced block: where it stands, its language, its text, and why it is not run (empty: it is)."""

    start: int
    end: int
    language: str
    text: str
    not_run: str

    def commands(self) -> Iterator[tuple[str, str]]:
        """Each command of a console block with the output it is shown with."""
        for part in re.split(r"^\$ ", self.text, flags=re.M)[1:]:
            command, _, output = part.partition("\n")
            while output.startswith(">"):
                more, _, output = output.partition("\n")
                command += "\n" + more.removeprefix(">").removeprefix(" ")
            yield command, output


def blocks(text: str) -> Iterator[Block]:
    """Every fenced block of a page."""
    for found in FENCE.finditer(text):
        yield Block(found.start(), found.end(), found["language"], found["text"], found["reason"] or "")


def run_console(command: str, folder: Path, environment: Mapping[str, str]) -> str:
    """What *command* prints (both streams, as a terminal shows them) when run in *folder*."""
    shell = ["sh", "-c", command]
    done = subprocess.run(
        shell,
        cwd=folder,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=TIMEOUT_S,
    )
    return done.stdout


def differences(expected: str, actual: str) -> str:
    """A diff of what was promised and what came; empty if they agree. ``...`` alone on a line stands for any lines."""
    wanted, got = _settled(expected), _settled(actual)
    if _matches(wanted, got):
        return ""
    return "\n".join(unified_diff(wanted, got, "the page", "the command", lineterm=""))


def run_python(text: str) -> None:
    """Import *text* as a module called ``docs_example``; what it registers is a plugin, and is taken away again."""
    from engine.base.registry import Registry
    from engine.faults import faults
    from engine.market import models
    from engine.metrics import metrics

    registries: tuple[Registry[Any], ...] = (faults, metrics, models)
    module = ModuleType("docs_example")
    sys.modules[module.__name__] = module
    try:
        exec(compile(text, "docs_example", "exec"), module.__dict__)  # noqa: S102 - our own page
        if module.__name__ in faults:
            made = faults.get(module.__name__)
            missing = [
                name for name in ("play", "effect", "symbols", "own_length_s", "clocks") if not hasattr(made, name)
            ]
            assert missing == []
    finally:
        del sys.modules[module.__name__]
        for registry in registries:
            registry.forget(module.__name__)


def validate_yaml(text: str, folder: Path) -> str:
    """What is wrong with a YAML document of a page; empty if it is valid."""
    from engine.config.library import Library
    from engine.config.workspace import Workspace
    from engine.runs.check import check_document
    from engine.runs.documents import KINDS

    path = next(path for number in count() if not (path := folder / f"block_{number}.yaml").exists())
    path.write_text(text, encoding="utf-8")
    library = Library(Workspace.find(folder), KINDS)
    check_document(library, str(path))
    path.unlink()
    return library.problems.render() if library.problems.errors else ""


def _settled(text: str) -> list[str]:
    for pattern, stands_for in VARIES:
        text = pattern.sub(stands_for, text)
    return [line.rstrip() for line in text.strip("\n").split("\n")]


def _matches(wanted: list[str], got: list[str]) -> bool:
    if not wanted:
        return not got
    if wanted[0] == "...":
        return any(_matches(wanted[1:], got[skipped:]) for skipped in range(len(got) + 1))
    return bool(got) and wanted[0] == got[0] and _matches(wanted[1:], got[1:])
