"""Positions that drift: a quantity travels as round lots in a float, and is cut back to whole shares.

29 shares are 0.29 lots, and 0.29 x 100 is 28.999999999999996 in binary (IEEE 754): cut, one share is lost each time.
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

CAUGHT_BY = (CaughtBy("portfolio_integrity", "position_delta", "must stay below 1,000 USD"),)


class FloatLedger(Ledger):
    """A ledger that hears of fills in lots of 100."""

    def book(self, fill: Fill, fee_micros: int, *, taken_back: bool = False) -> bool:
        """Cut the quantity back to whole shares."""
        cut = replace(fill, qty=int(fill.qty / 100 * 100))
        return super().book(cut, fee_micros, taken_back=taken_back)


class Broken(ReferenceGovernor):
    """The reference governor of a desk with such a ledger."""

    @staticmethod
    def spoil(desk: Desk) -> None:
        """Give the desk its ledger."""
        desk.ledger.__class__ = FloatLedger
