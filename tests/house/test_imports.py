"""The command starts light: help needs none of the heavy libraries."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.house.house import REPOSITORY

HEAVY = ("numpy", "jsonschema", "redis", "psycopg", "simpy", "rich", "jinja2", "yaml", "numba")
PROGRAM = """
import json, sys
from engine.cli.app import app
try:
    app(json.loads(sys.argv[1]), standalone_mode=False)
except SystemExit:
    pass
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def loaded_by(*words: str) -> set[str]:
    """The top-level packages that a process has imported when the command with *words* is done."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps(words)], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stdout
    return {name.partition(".")[0] for name in json.loads(done.stderr.splitlines()[-1])}


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["run", "--help"], ["validate", "-h"]], ids=" ".join)
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    """Of the whole command and of its main verbs."""
    loaded = loaded_by(*words)

    assert "typer" in loaded  # what was looked at is really the command
    assert loaded & set(HEAVY) == set()


def test_a_verb_that_needs_them_does_import_them() -> None:
    """The test above can fail."""
    assert {"jsonschema", "yaml"} <= loaded_by("validate", "gates.d/capital_core.yaml")
