"""A flatten that goes on while trading is stopped: what it sends waits for the reopening, or is refused.

6 May 2010: five seconds without trading brought the bids back (CFTC/SEC report, 30 September 2010); a flatten that does
not wait meets the auction with everything that has piled up.
"""

from __future__ import annotations

from typing import Any

from engine.domain.governance import DeskView
from engine.domain.orders import Instrument, NewOrder, Side
from engine.domain.quotes import MarketState, Quote
from engine.trading.defects import CaughtBy
from engine.trading.flatten import Flattener
from engine.trading.limits import Limits
from engine.trading.reference import ReferenceGovernor

CAUGHT_BY = (CaughtBy("hard_kill_governance", "none_in_a_halt", "halted"),)


class AlwaysOpen:
    """A view in which everything trades."""

    def __init__(self, view: DeskView) -> None:
        self._view = view

    def market_state(self, symbol: str) -> MarketState:
        """Open."""
        return MarketState.OPEN

    def __getattr__(self, name: str) -> Any:
        return getattr(self._view, name)


class Heedless(Flattener):
    """A flatten that does not look whether anything trades, and takes the last quote for one that stands."""

    def _slice(self, symbol: str, work: Any, position: int, view: Any) -> NewOrder | None:
        return super()._slice(symbol, work, position, AlwaysOpen(view))

    def _touch(self, quote: Quote | None, side: Side, now_ns: int) -> int:
        return quote.touch_micros(side) if quote is not None else 0


class Broken(ReferenceGovernor):
    """The reference governor with such a flatten."""

    def __init__(self, limits: Limits, instruments: tuple[Instrument, ...], day: str) -> None:
        super().__init__(limits, instruments, day)
        self._stops.flattener.__class__ = Heedless
