"""Exit codes as the world sees them: the README's table and real processes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from engine.base.errors import ExitCode
from tests.house.house import REPOSITORY

NOT_YET = {ExitCode.WAITING}
"""Codes that no verb of this version ends with: approvals come with runbooks."""


def test_the_readme_lists_every_exit_code_once() -> None:
    """What a script may meet, and nothing else."""
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    table = readme.partition("| exit code |")[2].partition("\n\n")[0]
    listed = [int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)]

    assert listed == [code.value for code in ExitCode if code not in NOT_YET]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--help"], 0),
        (["rum"], 2),
        (["run", "flash_crash", "--set", "drop_pct"], 2),
        (["validate", "no_such_scenario"], 3),
        (["schema", "--check", "--folder", "no/such/folder"], 4),
    ],
    ids=lambda given: " ".join(given) if isinstance(given, list) else str(given),
)
def test_a_process_ends_with_its_code(words: list[str], code: int, tmp_path: Path) -> None:
    """And says why on standard error, without a traceback."""
    program = "import sys; from engine.cli import main; sys.argv[0] = 'stress'; main()"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(REPOSITORY)!r}); {program}", *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )

    assert done.returncode == code
    assert bool(done.stderr) is (code != 0)
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
