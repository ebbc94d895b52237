"""Every schema file, generated: documents as written and as effective, the results, and the control message."""

from __future__ import annotations

from engine.config.schema import render_schema
from engine.runs.documents import KINDS
from engine.runs.result import Result
from engine.runs.suite_result import SuiteResult
from engine.trading.control_message import ControlMessage


def schema_files() -> dict[str, str]:
    """File name → text, sorted by name."""
    files = {}
    for kind in KINDS:
        files[f"{kind.word}.schema.json"] = render_schema(kind, "written")
        if kind.base_word:
            files[f"{kind.word}.effective.schema.json"] = render_schema(kind, "effective")
            files[f"{kind.base_word}.schema.json"] = render_schema(kind, "base")
    files["control.schema.json"] = render_schema(ControlMessage, "effective")
    files["result.schema.json"] = render_schema(Result, "effective")
    files["suite_result.schema.json"] = render_schema(SuiteResult, "effective")
    return dict(sorted(files.items()))
