"""A crash on a generated price: the faults that set price, depth and spread, together in a whole run."""

from __future__ import annotations

from pathlib import Path

from engine.config.library import Library
from engine.config.workspace import Workspace
from engine.runs.documents import KINDS
from engine.runs.plan import plan_run
from tests.runs.small import Run, run_plan

SCENARIO = Path(__file__).with_name("reduced_crash.yaml")


def crash(**sets: str) -> Run:
    """The crash, played and judged."""
    library = Library(Workspace.find(SCENARIO.parents[2]), KINDS)
    return run_plan(plan_run(library, str(SCENARIO), sets, None))


def test_the_desk_survives_a_painted_crash() -> None:
    """Every fault bites, the governor stops, and the position is given up."""
    result = crash().result

    assert result.verdict == "PASS", result.why
    assert {fault.fault: [effect.held for effect in fault.effects] for fault in result.faults} == {
        "price_shock": [True],
        "depth_collapse": [True],
        "spread_widening": [True],
        "feed_delay": [True],
    }


def test_a_deeper_one_loses_more_than_the_limit() -> None:
    """Twice the fall at the same orderly pace."""
    run = crash(drop_pct="30")

    assert (run.result.verdict, run.gate("loss_over_limit").verdict) == ("FAIL", "FAIL")


def test_none_at_all_proves_nothing() -> None:
    """The shock is skipped, and nobody was asked to be flat."""
    run = crash(drop_pct="0")

    assert (run.result.verdict, run.gate("final_flat").verdict) == ("NO_EVIDENCE", "NO_EVIDENCE")
    assert "the fault 'crash' (price_shock) was skipped" in run.result.why
