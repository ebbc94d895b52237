"""No limit on the size of one order: neither its shares nor its value are looked at.

2 May 2022: a basket meant as 58 million USD was entered as 444 billion; 1.4 billion were sold before it was
cancelled (FCA and PRA final notices, May 2024).
"""

from __future__ import annotations

from engine.trading.checks import CHECKS, check_order_notional, check_order_qty
from engine.trading.defects import CaughtBy
from engine.trading.reference import ReferenceGovernor

CAUGHT_BY = (CaughtBy("decision_flood", "breaches", "flood"),)


class Broken(ReferenceGovernor):
    """The reference governor without the checks on size and value."""

    checks = tuple(check for check in CHECKS if check not in (check_order_qty, check_order_notional))
