"""A small suite: a scenario that passes and one that fails, each played in a fraction of a second."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.config.writer import write_yaml
from engine.runs.suite_plan import SuitePlan, plan_suite
from tests.runs.small import Desk, scenario

RED_GATE = {"gate": "faster_than_light", "metric": "decision_latency_ms", "stat": "max", "fail_from": 0.001}


def write_suite(
    folder: Path, items: Sequence[Mapping[str, Any]] = ({"scenario": "small"}, {"scenario": "red"}), **changes: Any
) -> Desk:
    """A workspace with the scenarios ``small`` and ``red`` and the suite ``mini`` of *items*."""
    desk = Desk(folder)
    desk.write()
    write_scenario(folder, "red", gates=["small", RED_GATE])
    suite = {"suite": "mini", "title": "Two small ones", "owner": "tests", "scenarios": [dict(item) for item in items]}
    (folder / "scenarios.d" / "suites").mkdir(exist_ok=True)
    (folder / "scenarios.d" / "suites" / "mini.yaml").write_text(write_yaml(suite | changes), encoding="utf-8")
    return desk


def write_scenario(folder: Path, name: str, **changes: Any) -> None:
    """The small scenario under another name, with changes."""
    data = scenario(scenario=name, **changes)
    (folder / "scenarios.d" / f"{name}.yaml").write_text(write_yaml(data), encoding="utf-8")


def plan_mini(desk: Desk, sets: Mapping[str, str] | None = None, seed: int | None = None) -> SuitePlan:
    """The plan of the suite ``mini``."""
    return plan_suite(desk.library(), "suites/mini", sets or {}, seed)
