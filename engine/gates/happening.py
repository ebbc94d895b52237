"""``must_happen``: an event that the scenario is there to provoke either happened or the run proves nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.base.words import counted
from engine.gates.verdict import Verdict
from engine.gates.wording import at_time


@dataclass(frozen=True, slots=True)
class Happening:
    """Whether one event of ``must_happen`` was seen from the first fault that bit on, how often and when first."""

    name: str
    verdict: Verdict
    count: int
    first_ns: int | None
    """None if it never happened."""
    before: int
    """How often it happened too early to count."""
    reason: str


def judge_happening(name: str, times_ns: Sequence[int], from_ns: int | None) -> Happening:
    """PASS if the event *name* was seen at one or more of *times_ns* from *from_ns* on, else NO_EVIDENCE.

    *from_ns* is the start of the first fault that bit, None if none did: what happens without a fault in force or past
    is no answer to one.
    """
    counting = [t_ns for t_ns in times_ns if from_ns is not None and t_ns >= from_ns]
    before = len(times_ns) - len(counting)
    if counting:
        first_ns = min(counting)
        often = counted(len(counting), "time")
        reason = f"{name}: happened {often}, first at {at_time(first_ns)}"
        return Happening(name, Verdict.PASS, len(counting), first_ns, before, reason)
    if not before:
        return Happening(name, Verdict.NO_EVIDENCE, 0, None, 0, f"{name}: must happen, did not happen")
    when = f"only before the first fault that bit ({at_time(from_ns)})" if from_ns is not None else "while no fault bit"
    reason = f"{name}: must happen, happened {when}: {counted(before, 'time')}, last at {at_time(max(times_ns))}"
    return Happening(name, Verdict.NO_EVIDENCE, 0, None, before, reason)
