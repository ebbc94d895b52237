"""A small scenario: 200 seconds of a calm market and a late feed, played in a fraction of a second."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from engine.config.library import Library
from engine.config.problems import DocumentError, Problem
from engine.config.workspace import Workspace
from engine.config.writer import write_yaml
from engine.runs.assess import Assessment, assess
from engine.runs.documents import KINDS
from engine.runs.outcome import result_of
from engine.runs.plan import Plan, plan_run
from engine.runs.play import Look, Played, play
from engine.runs.result import Result

LATENCY = {"gate": "decision_p90", "metric": "decision_latency_ms", "stat": "p90", "fail_from": 15}
LATE_FEED = {"id": "late", "at_s": 60, "fault": "feed_delay", "with": {"add_ms": 200}, "for_s": 30}


def scenario(**changes: Any) -> dict[str, Any]:
    """The small scenario as its YAML has it, with some keys changed."""
    return {
        "scenario": "small",
        "title": "A late feed on a calm day",
        "owner": "tests",
        "params": {},
        "clock": {"start": "2025-08-05T09:30:00-04:00", "run_for_s": 200, "warmup_s": 20},
        "seed": 7,
        "market": {"model": "reduced", "instruments": [{"symbol": "SPY", "price": 540.0, "tick": 0.01}]},
        "desk": {
            "strategy": {
                "kind": "directional",
                "side": "long",
                "target_shares": 6000,
                "order_qty_shares": 10,
                "orders_per_s": 10,
            },
            "governor": {"kind": "reference"},
            "limits": "limits/equity_day",
            "venue": "venues/equity_us",
            "profile": "profiles/default",
        },
        "before_faults": {"gates": ["small"]},
        "timeline": [LATE_FEED],
        "gates": ["small"],
        "after_faults": {"gates": ["small"], "within_s": 20},
    } | changes


@dataclasses.dataclass(frozen=True)
class Desk:
    """A workspace in *folder* that holds the small scenario and its gate set."""

    folder: Path

    def write(self, *gates: Mapping[str, Any], **changes: Any) -> str:
        """Write scenario and gate set; the scenario's path for the command line."""
        files: dict[str, dict[str, Any]] = {
            "stress.yaml": {"settings": "tests"},
            "gates.d/small.yaml": {"gate_set": "small", "gates": [dict(gate) for gate in gates or (LATENCY,)]},
            "scenarios.d/small.yaml": scenario(**changes),
        }
        for name, data in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(write_yaml(data), encoding="utf-8")
        return "scenarios.d/small.yaml"

    def library(self) -> Library:
        """The documents of the workspace, nothing loaded yet."""
        return Library(Workspace.find(self.folder), KINDS)

    def plan(
        self, *gates: Mapping[str, Any], sets: Mapping[str, str] | None = None, seed: int | None = None, **changes: Any
    ) -> Plan:
        """The plan of the small scenario with these gates and changes."""
        path = self.write(*gates, **changes)
        return plan_run(self.library(), path, sets or {}, seed)

    def run(
        self,
        *gates: Mapping[str, Any],
        sets: Mapping[str, str] | None = None,
        seed: int | None = None,
        look: Look | None = None,
        **changes: Any,
    ) -> Run:
        """Play and judge the small scenario with these gates and changes."""
        return run_plan(self.plan(*gates, sets=sets, seed=seed, **changes), look)


def problems_of(desk: Desk, *gates: Mapping[str, Any], **changes: Any) -> list[Problem]:
    """Everything that is wrong with the small scenario with these gates and changes."""
    path = desk.write(*gates, **changes)
    library = desk.library()
    with suppress(DocumentError):
        plan_run(library, path, {}, None)
    return list(library.problems.all)


@dataclasses.dataclass(frozen=True)
class Run:
    """A run at each of its stages."""

    played: Played
    assessment: Assessment
    result: Result

    def gate(self, name: str, phase: str = "run") -> Any:
        """The result of one gate in one phase."""
        return next(gate for gate in self.result.gates if (gate.id, gate.phase) == (name, phase))


def run_plan(plan: Plan, look: Look | None = None) -> Run:
    """Play and judge *plan*."""
    played = play(plan, look=look)
    assessment = assess(played)
    result = result_of(played, assessment, "20250805T133000Z-small-s7-0000", {"wall_s": 0.0})
    return Run(played, assessment, result)
