"""A hold that holds everything: cancels too, so that nobody gets out of what is working.

A control never rejects a cancel (FIA, Best Practices for Automated Trading Risk Controls, July 2024, 3.3 and 3.4).
"""

from __future__ import annotations

from engine.domain.governance import Decision, DeskView, Level
from engine.domain.orders import CancelOrder, Instruction
from engine.trading.checks import deny
from engine.trading.defects import CaughtBy
from engine.trading.reference import ReferenceGovernor

CAUGHT_BY = (CaughtBy("decision_flood_enhanced", "cancels_pass", "stop_under_load"),)


class Broken(ReferenceGovernor):
    """The reference governor, which looks at the level for a cancel as for any other instruction."""

    def decide(self, order: Instruction, view: DeskView) -> Decision:
        """Deny everything while it stands anywhere."""
        if isinstance(order, CancelOrder) and self.level(order.symbol) is not Level.RUNNING:
            return deny("held")
        return super().decide(order, view)
