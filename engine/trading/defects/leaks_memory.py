"""Every decision leaves something behind: the governor grows until the host is short of memory.

A list of "recent" orders that nobody empties: shows on a live clock only.
"""

from __future__ import annotations

from engine.domain.governance import Decision, DeskView
from engine.domain.orders import Instruction, Instrument
from engine.trading.defects import CaughtBy
from engine.trading.limits import Limits
from engine.trading.reference import ReferenceGovernor

CAUGHT_BY = (CaughtBy("decision_flood", "memory_growth", "MB"),)
LIVE_ONLY = "a simulated run has no process of its own to weigh; memory only a live run shows"
KEPT_BYTES = 2_048


class Broken(ReferenceGovernor):
    """The reference governor, which keeps two kilobytes of each decision."""

    def __init__(self, limits: Limits, instruments: tuple[Instrument, ...], day: str) -> None:
        super().__init__(limits, instruments, day)
        self._kept: list[bytearray] = []

    def decide(self, order: Instruction, view: DeskView) -> Decision:
        """Decide, and keep."""
        self._kept.append(bytearray(KEPT_BYTES))
        return super().decide(order, view)
