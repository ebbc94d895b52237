"""Checking one document with everything that it names, whatever its kind."""

from __future__ import annotations

from engine.config.library import Library
from engine.config.problems import DocumentError
from engine.gates.gate import GateSet
from engine.runs.documents import SCENARIO
from engine.runs.plan import plan_run, report_gate


def check_document(library: Library, path: str) -> None:
    """Load and check the document at *path*; what is wrong is collected in ``library.problems``."""
    kind = library.kind_of(path)
    if kind is SCENARIO and not library.is_base(path):
        try:
            plan_run(library, path, {}, None)
        except DocumentError:
            return
        return
    loaded = library.load_any(path)
    if loaded is not None and isinstance(loaded.value, GateSet):
        for place, gate in enumerate(loaded.value.gates):
            report_gate(library, gate, loaded, ("gates", place))
