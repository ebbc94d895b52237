"""Checks in the order of a set: the same order is denied for another reason in the next process.

Python's hash of a text differs from process to process (PYTHONHASHSEED), and so does the order of a set of names.
"""

from __future__ import annotations

from engine.trading.checks import CHECKS
from engine.trading.defects import REPEATED, CaughtBy
from engine.trading.reference import ReferenceGovernor

CAUGHT_BY = (CaughtBy("fat_finger_basket", REPEATED, "with another hash seed"),)
_NAMED = {check.__name__: check for check in CHECKS}


class Broken(ReferenceGovernor):
    """The reference governor, whose checks were collected in a set."""

    checks = tuple(_NAMED[name] for name in set(_NAMED))
