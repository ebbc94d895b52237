"""A position check that looks at fills only: what is sent and still working does not count.

Knight Capital, 1 August 2012: the position check did not see orders that were out in the market (SEC Release 34-70694).
"""

from __future__ import annotations

from engine.domain.governance import Decision, DeskView
from engine.domain.orders import NewOrder, ReplaceOrder
from engine.trading.checks import Ask
from engine.trading.defects import CaughtBy
from engine.trading.past import Groups
from engine.trading.reference import ReferenceGovernor
from engine.trading.rules import OrderRules

CAUGHT_BY = (CaughtBy("portfolio_integrity", "breaches", "the governor had neither held nor stopped"),)


class Broken(ReferenceGovernor):
    """The reference governor, which takes the shares that are working for none."""

    def _ask(self, order: NewOrder | ReplaceOrder, view: DeskView, rules: OrderRules, groups: Groups) -> Ask | Decision:
        asked = super()._ask(order, view, rules, groups)
        if isinstance(asked, Ask):
            asked.same_side = 0
        return asked
