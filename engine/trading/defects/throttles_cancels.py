"""A throttle that counts cancels: in a flood the orders that should go stay.

Message limits of venues count every message, and a desk that copies them stops its own cancels when it needs them most
(FIA, Best Practices for Automated Trading Risk Controls, July 2024, 3.4: never reject a cancel).
"""

from __future__ import annotations

from engine.base.units import NS_PER_S
from engine.domain.governance import Decision, DeskView
from engine.domain.orders import CancelOrder, Instruction, Instrument
from engine.trading.checks import deny
from engine.trading.defects import CaughtBy
from engine.trading.limits import Limits
from engine.trading.reference import ReferenceGovernor
from engine.trading.windows import CountWindow

CAUGHT_BY = (CaughtBy("decision_flood", "cancels_pass", "flood"),)
MOST_PER_S = 100


class Broken(ReferenceGovernor):
    """The reference governor, which lets a hundred cancels a second through."""

    def __init__(self, limits: Limits, instruments: tuple[Instrument, ...], day: str) -> None:
        super().__init__(limits, instruments, day)
        self._cancels = CountWindow(NS_PER_S)

    def decide(self, order: Instruction, view: DeskView) -> Decision:
        """Deny the cancels beyond the throttle."""
        if isinstance(order, CancelOrder) and (asked := self._cancels.add(view.now_ns)) > MOST_PER_S:
            return deny("order_rate", asked, MOST_PER_S)
        return super().decide(order, view)
