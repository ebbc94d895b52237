"""A stop that is announced and not enforced: the level is set, and orders pass all the same.

A kill switch that the order path does not ask is a light on a panel.
"""

from __future__ import annotations

from engine.trading.checks import CHECKS, check_flattening, check_level
from engine.trading.defects import CaughtBy
from engine.trading.reference import ReferenceGovernor

CAUGHT_BY = (CaughtBy("broker_failure", "leaks", "the governor had stopped at L3"),)


class Broken(ReferenceGovernor):
    """The reference governor without the checks that look at its own level."""

    checks = tuple(check for check in CHECKS if check not in (check_level, check_flattening))
