"""Limits that are read in the morning and never again: what the firm decides at noon holds from tomorrow on.

17 CFR 240.15c3-5(d) wants the controls under the direct and exclusive control of the firm: a copy in memory is not.
"""

from __future__ import annotations

from engine.trading.defects import CaughtBy
from engine.trading.limits_source import LimitsSource
from engine.trading.reference import ReferenceGovernor

CAUGHT_BY = (CaughtBy("limit_tamper", "fail_closed", "emptied"),)


class Broken(ReferenceGovernor):
    """The reference governor, which goes by the limits that it was built with."""

    def watch(self, source: LimitsSource) -> None:
        """Not at all. (What it never reads cannot be tampered with either, so a store is left to it by the run.)"""
