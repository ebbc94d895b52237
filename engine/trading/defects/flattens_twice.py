"""A flatten that is done twice: two parts of the system each give the whole position up.

A stop that the strategy, the governor and an operator each answer with a flatten of their own.
"""

from __future__ import annotations

from engine.domain.governance import DeskView, Reduce
from engine.domain.orders import Instrument
from engine.trading.defects import CaughtBy
from engine.trading.flatten import Flattener
from engine.trading.limits import Limits
from engine.trading.reference import ReferenceGovernor

CAUGHT_BY = (CaughtBy("hard_kill_governance", "leaks", "the governor had stopped at L3"),)


class Doubled(Flattener):
    """A flatten of which there are two."""

    def slices(self, view: DeskView) -> tuple[Reduce, ...]:
        """Each slice twice."""
        return 2 * super().slices(view)


class Broken(ReferenceGovernor):
    """The reference governor with such a flatten."""

    def __init__(self, limits: Limits, instruments: tuple[Instrument, ...], day: str) -> None:
        super().__init__(limits, instruments, day)
        self._stops.flattener.__class__ = Doubled
