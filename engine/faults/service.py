"""What the faults that slow the desk down share: how long decisions took, before and meanwhile."""

from __future__ import annotations

from math import nan

from engine.base.units import NS_PER_MS, NS_PER_S
from engine.domain.records import Decided
from engine.faults.meddling import SEEN_NEEDED
from engine.kernel.event_log import EventLog

BASELINE_NS = 300 * NS_PER_S
"""How far back the undisturbed time of a decision is looked for."""
QUICK_SHARE = 0.25
"""The time is read off the decision that is slower than this share of them: a queue of a moment does not show there."""


def decided_in_ms(log: EventLog, start_ns: int, end_ns: int) -> float:
    """How long all but the quickest quarter of the decisions asked for in (start, end] took at least, in ms.

    NaN below 20 of them.
    """
    took = sorted(one.t_ns - one.intent_ns for one in log.of(Decided) if start_ns < one.intent_ns <= end_ns)
    return took[int(len(took) * QUICK_SHARE)] / NS_PER_MS if len(took) >= SEEN_NEEDED else nan
