"""The examples of the documentation: a reader copies one and judges it with two commands."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
EXAMPLE = REPOSITORY / "docs" / "examples" / "own_governor"
MOST_LINES = 90
"""What a reader takes in at once: some sixty lines of code with what they mean."""


def judged(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The second of the two commands, in the copied folder."""
    command = Path(sys.executable).with_name("stress")
    return subprocess.run(
        [command, "run", "careful_morning", "--quiet", *words],
        cwd=folder,
        env=dict(os.environ, NO_COLOR="1"),
        text=True,
        capture_output=True,
        timeout=120,
    )


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The first of the two commands."""
    return Path(shutil.copytree(EXAMPLE, tmp_path / "desk"))


def test_the_example_governor_passes(copied: Path) -> None:
    """Copied and judged, with nothing else done."""
    done = judged(copied)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("PASS  careful_morning")
    assert "hard_limit_denied must happen" in done.stdout


def test_what_a_reader_breaks_in_it_turns_a_gate_red(copied: Path) -> None:
    """Without the limit on position the desk builds what it must not."""
    source = copied / "careful.py"
    text = source.read_text(encoding="utf-8")
    broken = text.replace('("position", ', '("position", 0 * ')
    assert broken != text
    source.write_text(broken, encoding="utf-8")
    done = judged(copied)

    assert done.returncode == 1
    assert "FAIL        breaches" in done.stdout


def test_the_options_reach_its_constructor(copied: Path) -> None:
    """One that it does not take is refused with the keywords it was called with."""
    scenario = copied / "scenarios.d" / "careful_morning.yaml"
    scenario.write_text(scenario.read_text(encoding="utf-8").replace("loss_share:", "los_share:"), encoding="utf-8")
    done = judged(copied)

    assert done.returncode == 3
    assert "it is called with the keywords limits, instruments, los_share" in done.stderr


def test_the_example_is_as_long_as_it_is_said_to_be() -> None:
    """An example that grows is no example."""
    assert len((EXAMPLE / "careful.py").read_text(encoding="utf-8").splitlines()) <= MOST_LINES
