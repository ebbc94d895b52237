"""A stop that leaves the position where it is: nothing new comes in, and nothing goes out.

RTS 6 Article 14(3) asks for a shutdown that deals with what is open; a desk that is only silenced still owns the fall.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.domain.governance import DeskView
from engine.domain.orders import Instrument
from engine.trading.defects import CaughtBy
from engine.trading.flatten import Flattener
from engine.trading.limits import Limits
from engine.trading.reference import ReferenceGovernor

CAUGHT_BY = (
    CaughtBy("broker_failure", "final_flat", "(session_down)"),
    CaughtBy("flash_crash", "loss_over_limit", "(daily_loss)"),
)


class Idle(Flattener):
    """A flatten that never begins."""

    def begin(self, symbols: Iterable[str], view: DeskView) -> None:
        """Nothing."""


class Broken(ReferenceGovernor):
    """The reference governor with such a flatten."""

    def __init__(self, limits: Limits, instruments: tuple[Instrument, ...], day: str) -> None:
        super().__init__(limits, instruments, day)
        self._stops.flattener.__class__ = Idle
