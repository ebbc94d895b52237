"""Limits tampered with in the middle of a shipped scenario: from the next look on nothing raises the risk."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.base.units import NS_PER_S
from engine.config.library import Library
from engine.config.workspace import Workspace
from engine.domain.records import Decided, GovernorState
from engine.faults.limit_tamper import TAMPERED
from engine.runs.assess import assess
from engine.runs.documents import KINDS
from engine.runs.plan import plan_run
from engine.runs.play import Played, play

SCENARIO = """\
scenario: tampered
title: The limits are tampered with
owner: risk-intraday
extends: base/equity_day
clock:
  run_for_s: 70
  warmup_s: 5
before_faults:
  gates: []
timeline:
  - id: tampering
    at_s: 20
    fault: limit_tamper
    with:
      what: {what}
    for_s: 20
"""
LOOK_S = 0.2
"""The governor's timer runs ten times a second."""
SILENCE_S = 5.0
"""What the shipped limits bridge."""


def played(folder: Path, what: str) -> Played:
    """The scenario, played."""
    path = folder / "tampered.yaml"
    path.write_text(SCENARIO.format(what=what), encoding="utf-8")
    return play(plan_run(Library(Workspace.find(folder), KINDS), str(path), {}, None))


@pytest.mark.parametrize("what", TAMPERED)
def test_no_risk_is_added_under_limits_that_nobody_may_judge_by(what: str, tmp_path: Path) -> None:
    """Orders that raise the risk pass before and after it, and none meanwhile; the desk is held, and released."""
    run = played(tmp_path, what)
    log = run.built.site.world.log
    from_s = 20 + LOOK_S + (SILENCE_S if what == "unreachable" else 0)
    approved_s = [one.t_ns / NS_PER_S for one in log.of(Decided) if one.approved and one.increasing]
    denied = {
        one.reason
        for one in log.of(Decided)
        if from_s < one.t_ns / NS_PER_S < 40 and one.increasing and not one.approved
    }

    assert [t_s for t_s in approved_s if from_s < t_s < 40] == []
    assert [t_s for t_s in approved_s if t_s < 20]
    assert [t_s for t_s in approved_s if t_s > 40.2]
    assert len(denied) == 1
    assert next(iter(denied)).startswith("limits_")
    assert [(one.scope, one.level) for one in log.of(GovernorState)] == [("firm", 1), ("firm", 0)]
    assert all(effect.held for effect in assess(run).effects["tampering"])
