"""A hold that races one order through: the level is read before the order waits its turn, and used after.

Time of check to time of use (CWE-367): two threads, and a flag that is read outside the lock.
"""

from __future__ import annotations

from engine.domain.governance import Decision, DeskView, Level
from engine.domain.orders import NewOrder, ReplaceOrder
from engine.trading.checks import Ask
from engine.trading.defects import CaughtBy
from engine.trading.past import Groups
from engine.trading.reference import ReferenceGovernor
from engine.trading.rules import OrderRules

CAUGHT_BY = (CaughtBy("hard_kill_governance", "leaks", "the governor had stopped at"),)


class Broken(ReferenceGovernor):
    """The reference governor, which judges each order by the level that it read for the one before."""

    _read = Level.RUNNING

    def _ask(self, order: NewOrder | ReplaceOrder, view: DeskView, rules: OrderRules, groups: Groups) -> Ask | Decision:
        asked = super()._ask(order, view, rules, groups)
        if isinstance(asked, Ask):
            asked.level, self._read = self._read, asked.level
        return asked
