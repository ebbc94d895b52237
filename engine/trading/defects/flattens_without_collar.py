"""A flatten at any price: its slices are market orders in all but name.

6 May 2010: more than 20,000 trades at prices 60 % and more away, down to a cent, were broken afterwards: orders that
named no price had met stub quotes (CFTC/SEC report, 30 September 2010).
"""

from __future__ import annotations

from engine.domain.orders import Instrument, Side
from engine.trading.defects import CaughtBy
from engine.trading.flatten import Flattener
from engine.trading.limits import Limits
from engine.trading.reference import ReferenceGovernor

CAUGHT_BY = (CaughtBy("flash_crash", "flatten_collar", "at 0.01 USD where the touch was"),)


class AnyPrice(Flattener):
    """A flatten that sells down to a tick."""

    def _limit(self, instrument: Instrument, side: Side, touch: int) -> int:
        return instrument.tick_micros if side is Side.SELL else 2 * touch


class Broken(ReferenceGovernor):
    """The reference governor with such a flatten."""

    def __init__(self, limits: Limits, instruments: tuple[Instrument, ...], day: str) -> None:
        super().__init__(limits, instruments, day)
        self._stops.flattener.__class__ = AnyPrice
