"""The shipped gate sets: sound, complete, and exactly the numbers that were fixed."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.config.library import DocKind, Library
from engine.config.workspace import Workspace
from engine.gates.gate import GateSet, fail_threshold, warn_threshold
from engine.gates.gate_logic import gate_logic
from engine.metrics import metrics

GATES = Path(__file__).parents[2] / "gates.d"
SETS = ("cancel_core", "capital_core", "flatten_core", "halt_core", "integrity_core", "latency_core", "recovery_core")


def shipped(name: str) -> GateSet:
    """A shipped set, read as strictly as any document."""
    kind = DocKind("gate_set", GateSet, "gates.d")
    library = Library(Workspace.find(GATES.parent), [kind])
    loaded = library.load(kind, GATES / f"{name}.yaml")
    library.raise_problems()
    assert loaded is not None
    return loaded.value


FIXED = {
    "decision_p99": ("decision_latency_ms", "from 10", "from 15"),
    "pipeline_p99": ("pipeline_latency_ms", "from 15", "from 20"),
    "error_rate": ("error_rate_pct", "from 0.05", "from 0.1"),
    "max_drawdown": ("drawdown_pct", "from 10", "from 15"),
    "loss_over_limit": ("loss_over_limit_pct", "", "from 10"),
    "breaches": ("hard_limit_breaches", "", "must_be 0"),
    "leaks": ("order_leaks", "", "must_be 0"),
    "final_flat": ("unflattened_shares", "", "must_be 0"),
    "flatten_participation": ("flatten_participation_pct", "", "above 9"),
    "flatten_collar": ("flatten_over_collar", "", "must_be 0"),
    "none_in_a_halt": ("flatten_in_halt", "", "must_be 0"),
    "cancels_pass": ("cancels_denied", "", "must_be 0"),
    "governor_failures": ("governor_failures", "", "must_be 0"),
    "pnl_delta": ("pnl_delta_usd", "", "above 1"),
    "position_delta": ("position_delta_usd", "from 500", "from 1000"),
    "reconciliation": ("reconciliation_breaks", "", "must_be 0"),
    "out_of_nowhere": ("orders_out_of_nowhere", "", "must_be 0"),
    "books_sound": ("ledger_invariants_broken", "", "must_be 0"),
    "slices_within_parent": ("child_over_parent_shares", "", "must_be 0"),
    "execution_rate": ("execution_rate_pct", "", "at_or_below 95"),
    "approved_floor": ("approved_pct", "", "below 90"),
    "backlog_after_drain": ("backlog_after_drain", "", "must_be 0"),
    "recovery": ("recovery_s", "from 20", "from 25"),
    "time_to_hold": ("time_to_hold_ms", "from 100", "from 250"),
    "memory_growth": ("memory_growth_mb", "", "from 50"),
}


def test_the_thresholds_are_those_that_were_fixed() -> None:
    """Fixed before the first run; a change here is a loosening or a tightening that somebody has to answer for."""
    found = {}
    for gate in (gate for name in SETS for gate in shipped(name).gates):
        warn, fail = warn_threshold(gate), fail_threshold(gate)
        found[gate.gate] = (
            gate.metric,
            f"{warn.word} {warn.number:g}" if warn else "",
            f"{fail.word} {fail.number:g}" if fail else "",
        )
    assert found == FIXED


@pytest.mark.parametrize("name", SETS)
def test_a_shipped_set_is_sound(name: str) -> None:
    """Named as its file, every gate without a problem of logic, each name once, each with an action."""
    gate_set = shipped(name)
    names = [gate.gate for gate in gate_set.gates]

    assert gate_set.gate_set == name
    assert {gate.gate: gate_logic(gate) for gate in gate_set.gates} == {gate: [] for gate in names}
    assert all(gate.action for gate in gate_set.gates)


@pytest.mark.parametrize("name", SETS)
def test_a_shipped_set_points_the_editor_at_its_schema(name: str) -> None:
    """Line 1 is the editor's modeline."""
    first = (GATES / f"{name}.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../schemas/gate_set.schema.json"


def test_a_zero_tolerance_metric_must_be_zero() -> None:
    """No shipped gate allows a breach or a leak."""
    gates = [gate for name in SETS for gate in shipped(name).gates]
    tolerant = [gate.gate for gate in gates if metrics.get(gate.metric).zero_tolerance and gate.must_be != 0]
    assert tolerant == []


def test_only_memory_waits_for_a_live_run() -> None:
    """Everything else is decided on the simulated clock."""
    gates = [gate for name in SETS for gate in shipped(name).gates]
    assert [gate.gate for gate in gates if gate.basis == "measured"] == ["memory_growth"]


def test_the_gates_name_controls_of_the_catalogue() -> None:
    """A tag that is not in the catalogue could never show in the coverage."""
    rows = (GATES / "controls.yaml").read_text(encoding="utf-8")
    known = {line.split()[2] for line in rows.splitlines() if line.startswith("  - tag: ")}
    named = {tag for name in SETS for gate in shipped(name).gates for tag in gate.controls}
    assert named
    assert sorted(named - known) == []
