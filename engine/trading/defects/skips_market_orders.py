"""A limit on value that market orders pass: no price, no value.

vnpy_riskmanager (commit 55ae48e): the check of an order's value is left out where its price is 0, as of a market order.
"""

from __future__ import annotations

from engine.domain.governance import Decision
from engine.trading.checks import CHECKS, Ask, check_order_notional
from engine.trading.defects import CaughtBy
from engine.trading.reference import ReferenceGovernor

CAUGHT_BY = (CaughtBy("fat_finger_basket", "breaches", "no_price"),)


def check_priced_notional(ask: Ask) -> Decision | None:
    """The value of an order, if it has a price."""
    return None if ask.limit_micros is None else check_order_notional(ask)


class Broken(ReferenceGovernor):
    """The reference governor without the value of market orders."""

    checks = tuple(check_priced_notional if check is check_order_notional else check for check in CHECKS)
