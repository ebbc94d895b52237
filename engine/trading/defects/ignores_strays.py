"""Nobody compares what comes back with what was sent: orders that the desk never approved go on and on.

Knight Capital, 1 August 2012: for 212 orders more than four million executions came back in 45 minutes, and no control
held one number against the other (SEC Release 34-70694).
"""

from __future__ import annotations

from engine.domain.orders import Instrument
from engine.trading.defects import CaughtBy
from engine.trading.limits import Limits
from engine.trading.past import Past
from engine.trading.reference import ReferenceGovernor

CAUGHT_BY = (CaughtBy("knight_runaway", "stopped_in_time", "one_of_eight"),)


class Trusting(Past):
    """A memory that an order of nobody's leaves no trace in."""

    def _stray(self, order_id: int) -> None:
        """Nothing."""


class Broken(ReferenceGovernor):
    """The reference governor with such a memory."""

    def __init__(self, limits: Limits, instruments: tuple[Instrument, ...], day: str) -> None:
        super().__init__(limits, instruments, day)
        self._past.__class__ = Trusting
