"""A limit that is missing is none: a document that lost its position limits is filled up with the largest number.

FIA, Best Practices for Automated Trading Risk Controls, July 2024, 1.1: where no limit is set, deny. A default of
"infinite" in whatever reads the document turns that round.
"""

from __future__ import annotations

from dataclasses import replace

from engine.trading.defects import CaughtBy
from engine.trading.limits import Bound, Limits
from engine.trading.limits_source import LimitsSource
from engine.trading.reference import ReferenceGovernor

CAUGHT_BY = (CaughtBy("limit_tamper", "fail_closed", "one_missing"),)
UNLIMITED = Bound(hard=1e18)


class Filled:
    """The source of the limits, with a position limit for everything."""

    def __init__(self, source: LimitsSource) -> None:
        self._source = source

    def read(self) -> Limits | None:
        """What stands there, without gaps."""
        found = self._source.read()
        if found is None:
            return None
        given = found.instrument.items()
        filled = {name: replace(own, position_shares=own.position_shares or UNLIMITED) for name, own in given}
        return replace(found, instrument=filled)


class Broken(ReferenceGovernor):
    """The reference governor, which reads from such a source."""

    def watch(self, source: LimitsSource) -> None:
        """Read with defaults."""
        super().watch(Filled(source))
