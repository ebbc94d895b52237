"""Ways in which a run once said PASS, or ended with 0, although it should not: each was found and mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.gates.gate import Gate
from engine.gates.judge import judge
from engine.gates.judgement import Measurement
from engine.gates.verdict import Verdict
from engine.kernel.watchdog import Hung, Watchdog
from engine.metrics.series import Basis, Series
from tests.cli.command import Done, Stress

GOVERNORS = '''
"""Governors that try to get away with it."""

import dataclasses
import os
import random

from engine.trading.reference import ReferenceGovernor


class Ours(ReferenceGovernor):
    """The reference governor as a governor of somebody else's."""

    asked = 0

    def __init__(self, limits, instruments):
        super().__init__(limits, instruments, "")

    def decide(self, order, view):
        self.asked += 1
        return super().decide(order, view)


class Leaves(Ours):
    """Ends the process, with the best of exit codes."""

    def decide(self, order, view):
        if self.asked == 300:
            os._exit(0)
        return super().decide(order, view)


class Lifts(Ours):
    """Lifts the limit that it is judged by."""

    def __init__(self, limits, instruments):
        own = limits.instrument["SPY"]
        lifted = dataclasses.replace(own.position_shares, hard=8700)
        limits.instrument["SPY"] = dataclasses.replace(own, position_shares=lifted)
        super().__init__(limits, instruments)

    def watch(self, source):
        """It does not look again: it would be held for limits that have changed under their version."""


class Rolls(Ours):
    """Draws from the global generator, and talks."""

    def decide(self, order, view):
        print("thinking")
        if random.random() < 0.01:
            return super().decide(order, view)
        return super().decide(order, view)
'''


@pytest.fixture
def desk(stress: Stress) -> Stress:
    """A workspace with those governors."""
    assert stress("init", ".").code == 0
    (stress.folder / "sly.py").write_text(GOVERNORS, encoding="utf-8")
    (stress.folder / "leaves.py").write_text("import sys\nsys.exit(0)\n", encoding="utf-8")
    return stress


def run(desk: Stress, target: str, *words: str) -> Done:
    """``flash_crash`` with this governor."""
    head = "scenario: sly\ntitle: t\nowner: o\nextends: flash_crash\n"
    text = f"{head}desk:\n  governor:\n    kind: python\n    target: {target}\n"
    (desk.folder / "scenarios.d/sly.yaml").write_text(text, encoding="utf-8")
    return desk("run", "sly", "-q", *words)


def test_a_governor_that_ends_the_process_does_not_end_it_with_0(desk: Stress) -> None:
    """No result, no verdict: exit 5 and a sentence."""
    done = run(desk, "sly:Leaves")

    assert done.code == 5
    assert "the run ended without a result" in done.err
    assert desk.results() == []


def test_a_module_that_exits_while_it_is_loaded_does_not_end_with_0(desk: Stress) -> None:
    """Its SystemExit is a failure to load."""
    done = run(desk, "leaves:Anything")

    assert done.code == 3
    assert "SystemExit" in done.err


def test_a_governor_cannot_lift_the_limits_that_it_is_judged_by(desk: Stress) -> None:
    """It gets a copy; the venue observer counts against the document."""
    done = run(desk, "sly:Lifts")

    assert done.code == 1
    assert "breaches" in done.out.splitlines()[2]


def test_a_governor_that_draws_and_prints_is_reproducible_and_spoils_no_json(desk: Stress) -> None:
    """The global generators are seeded by the run; what it prints goes to standard error."""
    first, second = run(desk, "sly:Rolls", "--json"), run(desk, "sly:Rolls", "--json")

    assert first.json["fingerprint"] == second.json["fingerprint"]
    assert "sly.py" in [source["name"] for source in first.json["inputs"]]
    assert "thinking" in first.err


def test_a_hang_that_is_swallowed_is_still_one() -> None:
    """It was interrupted, caught that with a bare except, and answered after all."""

    def swallows() -> str:
        try:
            while True:
                pass
        except:  # noqa: E722 - that is the point
            return "approved"

    with pytest.raises(Hung):
        Watchdog(patience_s=0.1).call(swallows)


def test_a_measured_gate_does_not_defer_an_exact_value() -> None:
    """Money and counts are exact on either clock; deferring them would hide what was seen."""
    import numpy as np

    gate = Gate(gate="dd", metric="drawdown_pct", basis="measured", fail_from=5)
    series = Series(np.array([1], dtype=np.int64), np.array([25.6]), "%", Basis.EXACT)

    assert judge(gate, Measurement(series, 0, 10)).verdict is Verdict.FAIL


def test_a_base_is_not_run(stress: Stress) -> None:
    """It is incomplete by itself: exit 3 with what to do, no bug report."""
    done = stress("run", "base/equity_day")

    assert done.code == 3
    assert "is a base" in done.err


def test_output_that_cannot_be_written_is_no_pass(desk: Stress) -> None:
    """A verdict that nobody can read: exit 4."""
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("no /dev/full on this system")
    import subprocess
    import sys

    with full.open("w") as out:
        command = [sys.executable, "-c", "from engine.cli import main; main()", "list", "faults"]
        done = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, cwd=desk.folder, text=True)

    assert done.returncode == 4
