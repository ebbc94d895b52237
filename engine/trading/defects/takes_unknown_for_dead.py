"""An order of unknown fate counts as dead: the desk has room for another one, and the first one fills.

Order managers that give an order up when no answer comes; NautilusTrader resolves orders in flight to rejected after so
many retries (docs/concepts/live.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.domain.orders import OrderState
from engine.trading.defects import CaughtBy
from engine.trading.order_table import OrderTable
from engine.trading.reference import ReferenceGovernor

if TYPE_CHECKING:
    from engine.trading.desk import Desk

CAUGHT_BY = (CaughtBy("portfolio_integrity", "reconciliation", "desk not open, broker open"),)


class HastyTable(OrderTable):
    """A table that gives up what it has lost sight of."""

    def lose_sight(self, order_id: int, reason: str) -> None:
        """It is over."""
        self.end(order_id, OrderState.REJECTED, reason)


class Broken(ReferenceGovernor):
    """The reference governor of a desk with such a table of orders."""

    @staticmethod
    def spoil(desk: Desk) -> None:
        """Give the desk its table."""
        desk.orders.__class__ = HastyTable
