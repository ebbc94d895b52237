"""A flatten that does not stop at nothing: its last slice is as large as the one before, and the desk is short.

Close-out by a fixed size until the position has changed sign: an order that only reduces is capped by what is held.
"""

from __future__ import annotations

from typing import Any

from engine.domain.governance import DeskView
from engine.domain.orders import Instrument, NewOrder
from engine.trading.defects import CaughtBy
from engine.trading.flatten import Flattener
from engine.trading.limits import Limits
from engine.trading.reference import ReferenceGovernor

CAUGHT_BY = (CaughtBy("hard_kill_governance", "slices_within_parent", "the governor had stopped at L3"),)
MUCH = 1_000


class Uncapped(Flattener):
    """A flatten whose slices are as large as volume and limits allow, whatever is left."""

    def _slice(self, symbol: str, work: Any, position: int, view: DeskView) -> NewOrder | None:
        return super()._slice(symbol, work, MUCH * position, view)


class Broken(ReferenceGovernor):
    """The reference governor with such a flatten."""

    def __init__(self, limits: Limits, instruments: tuple[Instrument, ...], day: str) -> None:
        super().__init__(limits, instruments, day)
        self._stops.flattener.__class__ = Uncapped
