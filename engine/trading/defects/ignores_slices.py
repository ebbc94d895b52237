"""Each order is looked at by itself: what is too large passes in pieces.

2 May 2022: of a basket of 444 billion USD what was not blocked went to an algorithm that cuts orders into slices (FCA
and PRA final notices, May 2024).
"""

from __future__ import annotations

from engine.trading.checks import CHECKS, check_slicing
from engine.trading.defects import CaughtBy
from engine.trading.reference import ReferenceGovernor

CAUGHT_BY = (CaughtBy("fat_finger_basket", "no_slices", "soft_block_clicked"),)


class Broken(ReferenceGovernor):
    """The reference governor without the check of orders over a short time."""

    checks = tuple(check for check in CHECKS if check is not check_slicing)
