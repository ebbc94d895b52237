"""What goes into a judgement and what comes out: the measurement, and the verdict with its evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.gates.gate import Severity
from engine.gates.verdict import Verdict
from engine.metrics.series import Basis, Series

Phase = Literal["run", "before_faults", "after_faults"]


@dataclass(frozen=True, slots=True)
class Measurement:
    """A metric's series over the whole run, and the window [start_ns, end_ns] in which it is judged.

    The series' opportunities must have been counted in this window. ``phase`` names the window; ``live`` says whether
    the run was on the wall clock.
    """

    series: Series
    start_ns: int
    end_ns: int
    live: bool = False
    phase: Phase = "run"


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """One gate's verdict, with all that a reader needs to believe it."""

    gate: str
    metric: str
    stat: str
    phase: Phase
    window: str
    """The window in words: ``run, 60-1,500 s``."""
    start_ns: int
    end_ns: int
    verdict: Verdict
    basis: Basis
    value: float | None
    """In ``unit``; None if there was no sample. May be infinite or NaN."""
    unit: str
    warn: str
    """The warning band in words, ``from 10 ms``; empty if there is none."""
    warn_at: float | None
    fail: str
    """What the value must do, ``must stay below 15 ms``."""
    fail_at: float | None
    n: int
    """Samples in the window."""
    min_samples: int
    ci: float | Literal["exact"] | None
    """The one-sided 95 % bound of a percentile; ``exact`` for a statistic that estimates nothing; None: no bound."""
    margin_pct: float | None
    """Room left to the fail threshold, in percent of it; negative when red; None if that has no meaning."""
    decided_at_ns: int
    """When the verdict became final: the first crossing where nothing later could heal it, else the window's end."""
    worst_at_ns: int | None
    reason: str
    """One plain sentence with value, threshold and n."""
    opportunities: tuple[str, ...]
    severity: Severity
    action: str
    runbook: str | None
    controls: tuple[str, ...]
