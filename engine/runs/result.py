"""The result of a run, ``stress.result/1``: the only source of every renderer.

Keys are an interface: they are added to, never renamed. A value that does not exist is left out, never null; a
value beyond all numbers (an order that was never answered) stands as text in ``value_text``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.base.keys import key

RESULT_SCHEMA = "stress.result/1"


@dataclass(frozen=True, kw_only=True)
class ClockResult:
    """The clock that the run was played on."""

    mode: str = key("simulated or live")
    start: str = key("Exchange time at which simulated time began")
    run_for_s: float = key("Length of the run in seconds")
    played_s: float = key("How much of it was played, in seconds")
    warmup_s: float = key("Seconds at the start that are not judged")


@dataclass(frozen=True, kw_only=True)
class PhaseResult:
    """One phase of the run and what its gates said."""

    phase: str = key("before_faults, run or after_faults")
    start_ns: int = key("Start of the judged window in nanoseconds since clock.start")
    end_ns: int = key("End of the judged window in nanoseconds since clock.start")
    verdict: str = key("The worst verdict of the phase")


@dataclass(frozen=True, kw_only=True)
class EffectResult:
    """What was seen of a fault, from outside."""

    metric: str = key("What was looked at")
    value: float | None = key("What was seen; left out if nothing could be seen", default=None)
    needed: float = key("What had to be seen")
    most: float | None = key("More than this is not what was asked for; left out if nothing is too much", default=None)
    unit: str = key("Unit of all of them")
    held: bool = key("Whether the fault did what was asked for")


@dataclass(frozen=True, kw_only=True)
class FaultResult:
    """One timeline item as it was played."""

    id: str = key("Name of the timeline item")
    fault: str = key("Which fault")
    t0_ns: int = key("When it began, in nanoseconds since clock.start")
    heal_ns: int = key("When it was over, in nanoseconds since clock.start")
    skipped: str | None = key("Why it was not injected; left out if it was", default=None)
    effects: tuple[EffectResult, ...] = key("What it was seen to do", default=())


@dataclass(frozen=True, kw_only=True)
class GateResult:
    """One gate's verdict with its evidence."""

    id: str = key("Name of the gate")
    phase: str = key("before_faults, run or after_faults")
    file: str = key("The document that states it")
    line: int = key("Its line in that document")
    metric: str = key("What it judges")
    stat: str = key("The statistic it takes")
    window: str = key("The window it looks at, in words")
    verdict: str = key("FAIL, NO_EVIDENCE, WARN, PASS or DEFERRED")
    basis: str = key("modelled, measured or exact")
    value: float | None = key("The value; left out if there is none or it is beyond all numbers", default=None)
    value_text: str = key("The value for people, with its unit")
    unit: str = key("Unit of value and thresholds")
    without_faults: float | None = key(
        "The value of the same seed without the faults; left out if that was not played or had none", default=None
    )
    without_faults_text: str | None = key("The same for people; left out if it was not played", default=None)
    warn: str | None = key("The warning threshold in words", default=None)
    fail: str = key("The failing threshold in words")
    n: int = key("How many samples it stands on")
    ci: str = key("The one-sided 95 % bound, or 'exact'")
    margin_pct: float | None = key("Distance to the failing threshold in percent of it", default=None)
    decided_at_ns: int = key("When the verdict became final, in nanoseconds since clock.start")
    reason: str = key("One sentence with value, threshold and n")
    action: str | None = key("What to do about it", default=None)
    runbook: str | None = key("The runbook to follow", default=None)
    severity: str = key("How loudly it speaks; never changes the verdict")
    controls: tuple[str, ...] = key("The control tags it gives evidence for", default=())
    faults: tuple[str, ...] = key("The timeline items in force when it was decided", default=())


@dataclass(frozen=True, kw_only=True)
class HappeningResult:
    """An event that had to happen."""

    event: str = key("Its registered name")
    count: int = key("How often it happened, from the first fault that bit on")
    first_ns: int | None = key("When it then first happened, in nanoseconds since clock.start", default=None)
    before: int = key("How often it happened before: that does not count", default=0)
    verdict: str = key("PASS, or NO_EVIDENCE if it never did from the first fault that bit on")


@dataclass(frozen=True, kw_only=True)
class FindingResult:
    """Something else that a reader has to know."""

    code: str = key("Stable name of the finding")
    verdict: str | None = key("The verdict it forces, if any", default=None)
    text: str = key("What was found, in one sentence")
    t_ns: int | None = key("When, in nanoseconds since clock.start", default=None)


@dataclass(frozen=True, kw_only=True)
class DecisionsResult:
    """What came of the governor's decisions at the venue's door; the evidence for controls."""

    approved: int = key("Orders that were approved")
    approved_at_venue: int = key("Those of them that the venue accepted")
    denied: dict[str, int] = key("Orders that were denied, by reason code")
    denied_at_venue: dict[str, int] = key("Those of them that the venue accepted all the same, by reason code")


@dataclass(frozen=True, kw_only=True)
class BesideResult:
    """The same seed without the faults, played where that explains the verdict. It changes nothing of it."""

    fingerprint: str = key("Digest of its event log")
    failed_gates: tuple[str, ...] = key("Gates that failed without any fault too", default=())


@dataclass(frozen=True, kw_only=True)
class SeriesResult:
    """A metric over the run, thinned to at most 2,000 points (each stretch keeps its lowest and highest)."""

    unit: str = key("Unit of the values")
    basis: str = key("modelled, measured or exact")
    n: int = key("How many points it had before thinning")
    t_ns: tuple[int, ...] = key("Nanoseconds since clock.start")
    value: tuple[float, ...] = key("Values, beyond-all-numbers left out")


@dataclass(frozen=True, kw_only=True)
class InputResult:
    """A file that the run was made from."""

    name: str = key("Its name, never an absolute path")
    sha256: str = key("Digest of its bytes")


@dataclass(frozen=True, kw_only=True)
class RemovedResult:
    """Something inherited that the scenario took out."""

    what: str = key("gate, must_happen or control, and its name")
    reason: str = key("The reason given")


@dataclass(frozen=True, kw_only=True)
class Result:
    """Everything that one run has to say."""

    schema: str = key("Version of this format", pattern=r"^stress\.result/1$", pattern_help=RESULT_SCHEMA)
    run_id: str = key("Name of the run; not part of the fingerprint")
    kind: str = key("What was run: scenario")
    scenario: str = key("Name of the scenario")
    title: str = key("Its title")
    clock: ClockResult = key("The clock")
    seed: int = key("The seed of all chance")
    params: dict[str, Any] = key("The scenario's parameters as played")
    overrides: tuple[str, ...] = key(
        "What the command line changed; such a run never counts for a certificate", default=()
    )
    verdict: str = key("FAIL, INVALID, ABORTED, NO_EVIDENCE, WARN or PASS")
    exit_code: int = key("The exit status that goes with it")
    why: str = key("The cause of the verdict in one sentence")
    phases: tuple[PhaseResult, ...] = key("The phases")
    faults: tuple[FaultResult, ...] = key("The timeline as played")
    gates: tuple[GateResult, ...] = key("Every gate, worst first")
    must_happen: tuple[HappeningResult, ...] = key("Events without which the run proves nothing")
    findings: tuple[FindingResult, ...] = key("What else a reader has to know")
    removed: tuple[RemovedResult, ...] = key("Inherited gates, events or controls that were taken out", default=())
    controls: tuple[str, ...] = key("Control tags that the scenario claims to exercise", default=())
    decisions: DecisionsResult = key("What was approved and denied, and what of it came to the venue")
    subject: dict[str, str] = key("What was tested: governor, limits, profile")
    beside: BesideResult | None = key("The same seed without the faults; left out if it was not played", default=None)
    series: dict[str, SeriesResult] = key("Metrics over the run")
    fingerprint: str = key("Digest of the event log")
    events: int = key("Records in the event log")
    inputs: tuple[InputResult, ...] = key("Every file the run was made from")
    versions: dict[str, str] = key("Versions of the program and what it stands on")
    host: dict[str, Any] = key("The machine; not part of the fingerprint")
    timing: dict[str, Any] = key("Wall-clock figures; not part of the fingerprint")
    reproduce: str = key("The command that plays this run again")
