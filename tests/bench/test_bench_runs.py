"""Every benchmark runs and prints its table. What it measures is read by people, never asserted here."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"
NO_BENCHMARKS = {"common.py", "market_flow.py", "derive_arrivals.py"}
"""What is shared, and what derives shipped figures (tests/trading/test_arrivals.py runs that)."""

LINES = {
    "governor.py": ("approved and denied, 10 past orders", "approved and denied, 10,000 past orders", "denied for: "),
    "load.py": ("yaml.safe_load (yardstick)", "load and check", "the very first time"),
    "market.py": ("flow only: an order", "busy market, every change", "as plain Python", "first second", "flow kernel"),
    "process.py": ("stress --help", "stress validate", "stress run flash_crash", "peak memory"),
    "ticks.py": ("market, venue and desk", "for a tick at the desk", "for each further one"),
    "world.py": ("world: callbacks at a time", "event log: append and fingerprint", "simulated s per s"),
}
"""What each benchmark's output must show."""


def test_every_benchmark_is_listed_here() -> None:
    """A new benchmark is run by these tests too."""
    found = {file.name for file in BENCH.glob("*.py")} - NO_BENCHMARKS

    assert found == set(LINES)


@pytest.mark.parametrize("name", sorted(LINES))
def test_it_ends_well_and_prints_its_table(name: str, tmp_path: Path) -> None:
    """With --quick it exits 0, prints every figure it promises, the yardstick and the load, and warns of nothing."""
    environment = dict(os.environ, PYTHONWARNINGS="error", PYTHONDONTWRITEBYTECODE="1")
    done = subprocess.run(
        [sys.executable, str(BENCH / name), "--quick"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert (done.returncode, done.stderr) == (0, "")
    for words in (*LINES[name], "median of 3 rounds", "load average", "x yardstick", "Python", "(yardstick)"):
        assert words in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_option_is_refused() -> None:
    """A benchmark asked for something unknown says so and measures nothing."""
    done = subprocess.run(
        [sys.executable, str(BENCH / "load.py"), "--fast"], capture_output=True, text=True, timeout=60
    )

    assert (done.returncode, done.stdout) == (2, "")
    assert "unrecognized arguments: --fast" in done.stderr
