"""A governor that lets nothing through: it breaks no limit, and the desk stands still.

A check that was tightened until no alarm came. A gate that only counts breaches is green for it.
"""

from __future__ import annotations

from engine.domain.governance import Decision, DeskView
from engine.domain.orders import CancelOrder, Instruction
from engine.trading.checks import deny
from engine.trading.defects import CaughtBy
from engine.trading.reference import ReferenceGovernor

CAUGHT_BY = (CaughtBy("broker_failure", "approved_floor", "0 % (mean of"),)


class Broken(ReferenceGovernor):
    """The reference governor, which denies every order that is no cancel."""

    def decide(self, order: Instruction, view: DeskView) -> Decision:
        """Deny."""
        return super().decide(order, view) if isinstance(order, CancelOrder) else deny("order_qty", 0, 0)
