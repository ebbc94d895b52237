"""A limit that is off by one: a share more than the limit passes.

``<`` for ``<=``, or a count that begins with 0: the commonest slip there is, and one share beyond is beyond.
"""

from __future__ import annotations

from engine.domain.governance import Decision, DeskView
from engine.domain.orders import NewOrder, ReplaceOrder
from engine.trading.checks import Ask
from engine.trading.defects import CaughtBy
from engine.trading.past import Groups
from engine.trading.reference import ReferenceGovernor
from engine.trading.rules import OrderRules

CAUGHT_BY = (CaughtBy("decision_flood", "breaches", "flood"),)


class Broken(ReferenceGovernor):
    """The reference governor, which counts the shares that are working from 0."""

    def _ask(self, order: NewOrder | ReplaceOrder, view: DeskView, rules: OrderRules, groups: Groups) -> Ask | Decision:
        asked = super()._ask(order, view, rules, groups)
        if isinstance(asked, Ask):
            asked.same_side -= 1
        return asked
