"""Limits that one person approved are as good as any: whoever can write to the store can widen them.

RTS 6 Article 15(4) to (6): limits are set by the firm, and lifting one takes a designated authorisation.
"""

from __future__ import annotations

from dataclasses import replace

from engine.trading.defects import CaughtBy
from engine.trading.limits import Limits
from engine.trading.limits_source import LimitsSource
from engine.trading.reference import ReferenceGovernor

CAUGHT_BY = (CaughtBy("limit_tamper", "fail_closed", "wrong_push"),)


class Unsigned:
    """The source of the limits, as if everybody had approved them."""

    def __init__(self, source: LimitsSource) -> None:
        self._source = source

    def read(self) -> Limits | None:
        """What stands there, signed."""
        found = self._source.read()
        return None if found is None else replace(found, approved_by=("anybody", "somebody"))


class Broken(ReferenceGovernor):
    """The reference governor, which reads from such a source."""

    def watch(self, source: LimitsSource) -> None:
        """Read what was never signed."""
        super().watch(Unsigned(source))
