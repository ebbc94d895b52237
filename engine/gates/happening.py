"""``must_happen``: an event that the scenario is there to provoke either happened or the run proves nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.base.words import counted
from engine.gates.verdict import Verdict
from engine.gates.wording import at_time


@dataclass(frozen=True, slots=True)
class Happening:
    """Whether one event of ``must_happen`` was seen, how often and when first."""

    name: str
    verdict: Verdict
    count: int
    first_ns: int | None
    """None if it never happened."""
    reason: str


def judge_happening(name: str, times_ns: Sequence[int]) -> Happening:
    """PASS if the event *name* was seen at one or more *times_ns*, NO_EVIDENCE if it was not."""
    if not len(times_ns):
        return Happening(name, Verdict.NO_EVIDENCE, 0, None, f"{name}: must happen, did not happen")
    first_ns = min(times_ns)
    often = counted(len(times_ns), "time")
    return Happening(
        name, Verdict.PASS, len(times_ns), first_ns, f"{name}: happened {often}, first at {at_time(first_ns)}"
    )
