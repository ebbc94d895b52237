"""A quote is a quote, however old: a feed that has stopped looks like a quiet market.

22 August 2013: the quotes of every Nasdaq stock stopped at 12:03, and the last prices stayed on the screens (Nasdaq
Equity Trader Alert 2013-77).
"""

from __future__ import annotations

from dataclasses import replace

from engine.domain.orders import Instrument
from engine.trading.defects import CaughtBy
from engine.trading.limits import Bound, Limits
from engine.trading.limits_source import LimitsSource
from engine.trading.reference import ReferenceGovernor

CAUGHT_BY = (CaughtBy("sip_blackout", "breaches", "blackout"),)


class Broken(ReferenceGovernor):
    """The reference governor with an age of quotes that nothing reaches."""

    def __init__(self, limits: Limits, instruments: tuple[Instrument, ...], day: str) -> None:
        super().__init__(replace(limits, firm=replace(limits.firm, quote_age_ms=Bound(hard=1e18))), instruments, day)

    def watch(self, source: LimitsSource) -> None:
        """Not at all: the document would say another age than this."""
