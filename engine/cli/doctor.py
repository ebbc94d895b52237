"""``stress doctor``: is this installation fit for use, and what is missing for what?"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from engine.base.errors import ExitCode, StressError
from engine.cli.options import Json, Workspace


class Finding(NamedTuple):
    """One thing looked at: its name, how it stands (``ok``, ``missing``, ``broken``), and what that means."""

    name: str
    state: str
    text: str


def doctor(
    json_: Json = False,
    workspace: Workspace = None,
    results: Annotated[Path | None, typer.Option("--results", help="Where run folders go.")] = None,
) -> None:
    """Check the installation. Exit 0 fit for use, 4 if something that is needed is broken."""
    from engine.cli.terminal import say
    from engine.config.writer import write_json

    findings = [found for look in _LOOKS for found in look(workspace, results)]
    if json_:
        entries = [found._asdict() for found in findings]
        say(write_json({"schema": "stress.doctor/1", "findings": entries}).rstrip())
    else:
        width = max(len(found.name) for found in findings)
        say("\n".join(f"{found.state:<8} {found.name:<{width}}  {found.text}" for found in findings))
    broken = any(found.state == "broken" for found in findings)
    raise typer.Exit(ExitCode.NOT_READY if broken else ExitCode.PASS)


def _python(_workspace: Path | None, _results: Path | None) -> list[Finding]:
    import engine

    version = ".".join(map(str, sys.version_info[:3]))
    state = "ok" if sys.version_info >= (3, 11) else "broken"
    return [Finding("stress", "ok", engine.__version__), Finding("python", state, f"{version} (3.11 or newer)")]


def _registries(_workspace: Path | None, _results: Path | None) -> list[Finding]:
    """Every fault, metric and model must load; a part that does not would make a pass worthless."""
    from engine.faults import faults
    from engine.market import models
    from engine.metrics import metrics

    findings = []
    for name, registry in (("faults", faults), ("metrics", metrics), ("models", models)):
        try:
            findings.append(Finding(name, "ok", f"{len(registry.names())}: {', '.join(registry.names())}"))
        except StressError as error:
            findings.append(Finding(name, "broken", str(error)))
    return findings


def _documents(workspace: Path | None, _results: Path | None) -> list[Finding]:
    """Every document of the workspace (or every shipped one) must be valid."""
    from engine.runs.check import check_document
    from engine.runs.documents import open_library

    try:
        library = open_library(workspace)
        where = "workspace" if library.workspace.has_settings else "shipped documents"
        folders = [library.workspace.folder(name) for name in ("scenarios.d", "gates.d")]
        files = [file for folder in folders for file in sorted(folder.rglob("*.yaml"))]
        for file in files:
            check_document(library, str(file))
    except StressError as error:
        return [Finding("documents", "broken", error.reason)]
    wrong = len(library.problems.errors)
    if wrong:
        return [Finding("documents", "broken", f"{where}: {wrong} errors; stress validate lists them")]
    return [Finding("documents", "ok", f"{where}: {len(files)} are valid")]


def _results_folder(workspace: Path | None, results: Path | None) -> list[Finding]:
    from engine.config.workspace import Workspace as Found

    try:
        folder = results or Found.find(Path.cwd(), workspace).results
    except StressError as error:
        return [Finding("results", "broken", error.reason)]
    existing = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if existing.is_dir() and os.access(existing, os.W_OK):
        return [Finding("results", "ok", f"{folder.name}/ can be written")]
    return [Finding("results", "broken", f"{folder.name}/ cannot be written; name another one with --results DIR")]


def _optional(_workspace: Path | None, _results: Path | None) -> list[Finding]:
    """What only some things need; its absence is no fault."""
    needs = {
        "redis-server": "live runs (not part of this version)",
        "promtool": "checking generated Prometheus rules (not part of this version)",
        "chromium": "printing the report page to PDF (not part of this version)",
    }
    return [
        Finding(name, "ok" if shutil.which(name) else "missing", f"optional, for {purpose}")
        for name, purpose in needs.items()
    ]


_LOOKS: tuple[Callable[[Path | None, Path | None], list[Finding]], ...] = (
    _python,
    _registries,
    _documents,
    _results_folder,
    _optional,
)
