"""A decision of two hundred takes much longer than the others: the mean is fine, and the 99th percentile is not.

Garbage collection, a rehash, a log file that is rotated in the thread that decides: shows on a live clock only.
"""

from __future__ import annotations

from engine.domain.governance import Decision, DeskView
from engine.domain.orders import Instruction
from engine.trading.defects import CaughtBy
from engine.trading.reference import ReferenceGovernor

CAUGHT_BY = (CaughtBy("decision_flood", "decision_p99", "ms"),)
LIVE_ONLY = "a simulated desk takes its service times from a profile; how long code really takes only a live run shows"
EVERY = 200
STEPS = 2_000_000
"""Some tens of milliseconds of work."""


class Broken(ReferenceGovernor):
    """The reference governor, which does something long at every 200th decision."""

    _decided = 0

    def decide(self, order: Instruction, view: DeskView) -> Decision:
        """Decide, now and then late."""
        self._decided += 1
        if not self._decided % EVERY:
            sum(range(STEPS))
        return super().decide(order, view)
