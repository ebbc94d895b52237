"""Refused orders count as sent: every order that a limit denies takes away more of the limit.

vnpy_riskmanager (commit 55ae48e): its rule on duplicates counts orders that it has refused.
"""

from __future__ import annotations

from collections import Counter

from engine.domain.governance import Decision, DeskView
from engine.domain.orders import CancelOrder, Instruction, Instrument, NewOrder, ReplaceOrder
from engine.trading.checks import Ask
from engine.trading.defects import CaughtBy
from engine.trading.limits import Limits
from engine.trading.past import Groups
from engine.trading.reference import ReferenceGovernor
from engine.trading.rules import OrderRules

CAUGHT_BY = (CaughtBy("broker_failure", "approved_floor", "must not fall below 90 %"),)


class Broken(ReferenceGovernor):
    """The reference governor, for which the shares that it refused are working."""

    def __init__(self, limits: Limits, instruments: tuple[Instrument, ...], day: str) -> None:
        super().__init__(limits, instruments, day)
        self._refused = Counter[tuple[str, int]]()

    def decide(self, order: Instruction, view: DeskView) -> Decision:
        """Count what is refused."""
        decision = super().decide(order, view)
        if not decision.approved and not isinstance(order, CancelOrder):
            self._refused[order.symbol, order.side] += order.qty
        return decision

    def _ask(self, order: NewOrder | ReplaceOrder, view: DeskView, rules: OrderRules, groups: Groups) -> Ask | Decision:
        asked = super()._ask(order, view, rules, groups)
        if isinstance(asked, Ask):
            asked.same_side += self._refused[order.symbol, order.side]
        return asked
