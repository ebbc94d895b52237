"""Checks for new orders only: whoever wants more than they let through asks for little, and replaces it by much.

A replace is a new order in all but name, and RTS 6 Article 15(1) asks for limits on every order that is sent.
"""

from __future__ import annotations

from engine.domain.governance import Decision
from engine.domain.orders import ReplaceOrder
from engine.trading.checks import CHECKS, Ask, Check
from engine.trading.defects import CaughtBy
from engine.trading.reference import ReferenceGovernor

CAUGHT_BY = (CaughtBy("concurrent_order_burst", "breaches", "race"),)


def of_new_orders(check: Check) -> Check:
    """The same check, which a replace passes."""

    def checked(ask: Ask) -> Decision | None:
        return None if isinstance(ask.order, ReplaceOrder) else check(ask)

    return checked


class Broken(ReferenceGovernor):
    """The reference governor, whose checks look at new orders only."""

    checks = tuple(of_new_orders(check) for check in CHECKS)
