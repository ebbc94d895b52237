"""Verdicts: what a gate or a run may say, which one is worse, and the exit code each ends in."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from engine.base.errors import ExitCode


class Verdict(StrEnum):
    """What a gate or a run says; the worst first, and DEFERRED outside the order."""

    FAIL = "FAIL"
    """A threshold was crossed, on evidence."""
    INVALID = "INVALID"
    """The harness, or the desk before any fault, was not fit to be judged."""
    ABORTED = "ABORTED"
    """A person or a signal ended the run."""
    NO_EVIDENCE = "NO_EVIDENCE"
    """Too little was seen to say anything; never a pass."""
    WARN = "WARN"
    """In the warning band, or not proven; holds the certificate and is counted in the headline."""
    PASS = "PASS"  # noqa: S105 - a verdict, not a password
    """Within the thresholds, on enough evidence."""
    DEFERRED = "DEFERRED"
    """Can only be decided by a live run; listed, never counted, never hidden."""


WORST_FIRST = (
    Verdict.FAIL,
    Verdict.INVALID,
    Verdict.ABORTED,
    Verdict.NO_EVIDENCE,
    Verdict.WARN,
    Verdict.PASS,
)
"""The order of design part 6; DEFERRED stands outside."""

_EXIT_CODES = {
    Verdict.FAIL: ExitCode.FAIL,
    Verdict.INVALID: ExitCode.NO_VERDICT,
    Verdict.ABORTED: ExitCode.NO_VERDICT,
    Verdict.NO_EVIDENCE: ExitCode.NO_VERDICT,
    Verdict.DEFERRED: ExitCode.NO_VERDICT,
    Verdict.WARN: ExitCode.PASS,
    Verdict.PASS: ExitCode.PASS,
}


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of *verdicts*; DEFERRED does not count, and nothing counted is NO_EVIDENCE."""
    seen = set(verdicts)
    return next((verdict for verdict in WORST_FIRST if verdict in seen), Verdict.NO_EVIDENCE)


def exit_code(verdict: Verdict) -> ExitCode:
    """The exit code of a run with this verdict."""
    return _EXIT_CODES[verdict]
