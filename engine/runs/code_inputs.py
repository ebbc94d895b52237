"""The code that a run was made from, beside ours: every module of the workspace that was loaded."""

from __future__ import annotations

import sys
from pathlib import Path

from engine.config.library import Input
from engine.runs.plan import Plan
from engine.stores.digests import sha256_of
from engine.trading.governor_documents import PythonGovernorDocument

OURS = Path(__file__).resolve().parents[1]


def code_inputs(plan: Plan) -> tuple[Input, ...]:
    """Name and digest of each loaded module below the workspace, if the governor is somebody's own; by name."""
    if not isinstance(plan.scenario.desk.governor, PythonGovernorDocument):
        return ()
    root = plan.code_path.resolve()
    files = {
        Path(file).resolve() for module in list(sys.modules.values()) if (file := getattr(module, "__file__", None))
    }
    own = [file for file in files if file.suffix == ".py" and _is_of_the_workspace(file, root)]
    return tuple(Input(file.relative_to(root).as_posix(), sha256_of(file)) for file in sorted(own))


def _is_of_the_workspace(file: Path, root: Path) -> bool:
    """Below *root*, and neither ours nor an installed package."""
    return file.is_relative_to(root) and not file.is_relative_to(OURS) and "site-packages" not in file.parts
