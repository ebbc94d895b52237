"""The tester is tested: every broken governor is caught by its gate, for the right reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.runs.selftest import Plant, Status, judged, plants
from engine.runs.selftest_play import REFERENCE, Job, Seen, SelfTestWork, look
from engine.trading import defects

QUICK = (
    "approves_on_error",
    "flattens_through_a_halt",
    "flattens_without_cap",
    "forgets_the_hold",
    "forgets_the_stop",
    "ignores_losses",
    "ignores_strays",
    "reads_limits_once",
    "resets_on_restart",
    "skips_replaces",
    "uses_stale_quotes",
)
"""Played each time; the others with ``-m long``, and all of them by ``stress selftest``."""
NEEDS_DATA = "flash_crash_on_tape"


def played() -> list[object]:
    """Every plant that a simulated run without recorded data can decide."""
    simulated = (plant for plant in plants() if not defects.live_only(plant.defect) and plant.scenario != NEEDS_DATA)
    return [
        pytest.param(plant, marks=() if plant.defect in QUICK else pytest.mark.long, id=plant.name.replace(" ", "-"))
        for plant in simulated
    ]


@pytest.fixture(scope="module")
def seen() -> dict[Job, Seen | str]:
    """What was seen so far: the reference governor is played once on each scenario."""
    return {}


@pytest.mark.parametrize("plant", played())
def test_a_broken_governor_is_caught_for_the_right_reason(plant: Plant, seen: dict[Job, Seen | str]) -> None:
    """Its gate is red, the gate's sentence names the effect, and the reference governor passes the same scenario."""
    for job in (Job(plant.defect, plant.scenario), Job(REFERENCE, plant.scenario)):
        if job not in seen:
            seen[job] = look(SelfTestWork(job, Path.cwd(), None), lambda _text: None)
    row = judged(plant, seen)

    assert (row.status, row.why) == (Status.CAUGHT, row.why)
