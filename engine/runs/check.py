"""Checking one document with everything that it names, whatever its kind."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from engine.config.library import DocKind, Library, Loaded
from engine.config.node import Node, Path, find
from engine.config.problems import DocumentError
from engine.gates.gate import GateSet
from engine.runs.documents import GATE_SET, LIMITS, PROFILE, SCENARIO, VENUE
from engine.runs.limits_logic import report_limits
from engine.runs.plan import plan_run, report_gate
from engine.runs.suite import Suite
from engine.runs.suite_plan import check_suite
from engine.trading.limits import Limits

_NAMES: tuple[tuple[Path, DocKind[Any]], ...] = (
    (("desk", "limits"), LIMITS),
    (("desk", "venue"), VENUE),
    (("desk", "profile"), PROFILE),
    (("before_faults", "gates"), GATE_SET),
    (("gates",), GATE_SET),
    (("after_faults", "gates"), GATE_SET),
)
"""Where a scenario names other documents: one, or a list of them."""


def check_document(library: Library, path: str) -> None:
    """Load and check the document at *path*; what is wrong is collected in ``library.problems``."""
    kind = library.kind_of(path)
    if kind is SCENARIO and not library.is_base(path):
        try:
            plan_run(library, path, {}, None)
        except DocumentError:
            _look_up_names(library, path)
        return
    loaded = library.load_any(path)
    if loaded is not None and isinstance(loaded.value, Suite):
        with suppress(DocumentError):  # its problems are collected
            check_suite(library, loaded)
    elif loaded is not None:
        _report_logic(library, loaded)


def _report_logic(library: Library, loaded: Loaded[Any]) -> None:
    """Collect what a schema cannot see in a document that loaded."""
    if isinstance(loaded.value, GateSet):
        for place, gate in enumerate(loaded.value.gates):
            report_gate(library, gate, loaded, ("gates", place))
    elif isinstance(loaded.value, Limits):
        report_limits(library, loaded)


def _look_up_names(library: Library, path: str) -> None:
    """Check what an invalid scenario names too, so that all problems are said in one pass."""
    tree = library.tree(path)
    if tree is None:
        return
    for place, kind in _NAMES:
        named = find(tree, place)
        texts = [] if named is None else named.items() if place[-1] == "gates" else [named]
        for node in texts:
            _look_up(library, kind, node)


def _look_up(library: Library, kind: DocKind[Any], node: Node) -> None:
    if isinstance(node.value, str) and "${" not in node.value:
        loaded = library.load(kind, node.value, asked_at=node.mark)
        if loaded is not None:
            _report_logic(library, loaded)
