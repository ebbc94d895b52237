"""The result of a suite, ``stress.suite/1``: one row for each scenario and seed, and what they say together.

Keys are an interface: they are added to, never renamed. A value that does not exist is left out, never null.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.base.keys import key
from engine.runs.result import InputResult

SUITE_SCHEMA = "stress.suite/1"


@dataclass(frozen=True, kw_only=True)
class SuiteRun:
    """One scenario with one seed."""

    scenario: str = key("Name of the scenario")
    seed: int = key("The seed of all chance")
    state: str = key("played, not_ready (something is missing), died (its process did, twice), bug or not_played")
    verdict: str = key("FAIL, INVALID, ABORTED, NO_EVIDENCE, WARN or PASS")
    why: str = key("The cause of the verdict in one sentence")
    run_id: str | None = key("Name of its run folder beside the suite's; left out if it has none", default=None)
    gates: dict[str, int] = key("How many of its gates had each verdict", default={})
    worst_gate: str | None = key("The gate with the least room to its failing threshold", default=None)
    worst_margin_pct: float | None = key("That room in percent of the threshold; negative when red", default=None)
    failed_gates: tuple[str, ...] = key("The gates that failed", default=())
    fingerprint: str | None = key("Digest of its event log", default=None)
    overrides: tuple[str, ...] = key("What the command line changed of it", default=())
    wall_s: float | None = key(
        "How long it took on this machine, in seconds; not part of the fingerprint", default=None
    )
    notes: tuple[str, ...] = key("What else happened: a process that died and was begun again", default=())
    needs: str | None = key("What it needs that is not shipped", default=None)
    reproduce: str | None = key("The command that plays it again", default=None)


@dataclass(frozen=True, kw_only=True)
class CoverageRow:
    """One control of the catalogue, and what the suite showed of it. Computed from the runs, never declared."""

    tag: str = key("The control")
    rule: str = key("Where it stands in the rule")
    status: str = key("tested and held, tested and failed, not tested, or outside this tool")
    clock: str | None = key("simulated or live; left out if it was not tested", default=None)
    why: str = key("What was seen, or what is missing, in one sentence")
    denied: dict[str, int] = key("Its reason codes with which orders were denied, and how many", default={})
    unseen: tuple[str, ...] = key("Its reason codes with which none was", default=())
    gates: tuple[str, ...] = key("The gates that decided on it", default=())
    scenarios: tuple[str, ...] = key("The scenarios that showed it", default=())
    grade: str = key("How well its source is known; what is M stands in no certificate")


@dataclass(frozen=True, kw_only=True)
class SuiteResult:
    """Everything that one run of a suite has to say."""

    schema: str = key("Version of this format", pattern=r"^stress\.suite/1$", pattern_help=SUITE_SCHEMA)
    run_id: str = key("Name of the run")
    kind: str = key("What was run: suite")
    suite: str = key("Name of the suite")
    title: str = key("Its title")
    changed: tuple[str, ...] = key(
        "What the command line changed or left out; such a run never counts for a certificate", default=()
    )
    verdict: str = key("The worst verdict of its runs")
    exit_code: int = key("The exit status that goes with it")
    why: str = key("The cause of the verdict in one sentence")
    runs: tuple[SuiteRun, ...] = key("One for each scenario and seed, in the order of the document")
    deferred: tuple[str, ...] = key("Gates that only a live run can decide", default=())
    require_measured: tuple[str, ...] = key("Those of them that the suite demands of a live run", default=())
    coverage: tuple[CoverageRow, ...] = key("What was seen of each control of the catalogue", default=())
    inputs: tuple[InputResult, ...] = key("The suite, the scenarios and every document that they name")
    versions: dict[str, str] = key("Versions of the program and what it stands on")
    host: dict[str, Any] = key("The machine; not part of any fingerprint")
    timing: dict[str, Any] = key("Wall-clock figures; not part of any fingerprint")
    reproduce: str = key("The command that plays this suite again")
