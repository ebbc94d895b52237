"""Books that pass over a fill of an order that is over: it came too late to count, and the shares are there.

A cancel and a fill cross on the wire: the fill is legal, and comes after the word that the order is cancelled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.domain.orders import Fill
from engine.trading.books import Books
from engine.trading.defects import CaughtBy
from engine.trading.reference import ReferenceGovernor

if TYPE_CHECKING:
    from engine.trading.desk import Desk

CAUGHT_BY = (CaughtBy("portfolio_integrity", "reconciliation", "desk no, broker yes"),)


class ImpatientBooks(Books):
    """Books that know live orders only."""

    def on_fill(self, fill: Fill) -> None:
        """Book it, if its order lives."""
        order = self._orders.get(fill.order_id)
        if order is not None and not order.over:
            super().on_fill(fill)


class Broken(ReferenceGovernor):
    """The reference governor of a desk with such books."""

    @staticmethod
    def spoil(desk: Desk) -> None:
        """Give the desk its books."""
        desk.books.__class__ = ImpatientBooks
