"""Books that do not look at the id of an execution: what the broker says twice is booked twice.

After a reconnect a broker resends what it has said before, marked as possible duplicates or not (FIX, PossDupFlag 43).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.domain.orders import Fill
from engine.trading.defects import CaughtBy
from engine.trading.ledger import Ledger
from engine.trading.reference import ReferenceGovernor

if TYPE_CHECKING:
    from engine.trading.desk import Desk

CAUGHT_BY = (CaughtBy("portfolio_integrity", "reconciliation", "desk 2 times, broker once"),)
OTHER = 10**9
"""Numbers that no execution of a run has."""


class CountingLedger(Ledger):
    """A ledger that numbers executions itself."""

    def book(self, fill: Fill, fee_micros: int, *, taken_back: bool = False) -> bool:
        """Book it as if it were another one."""
        if self.has_booked(fill.exec_id):
            fill = replace(fill, exec_id=OTHER + len(self.booked))
        return super().book(fill, fee_micros, taken_back=taken_back)


class Broken(ReferenceGovernor):
    """The reference governor of a desk with such a ledger."""

    @staticmethod
    def spoil(desk: Desk) -> None:
        """Give the desk its ledger."""
        desk.ledger.__class__ = CountingLedger
