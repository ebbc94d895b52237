"""A flatten without regard for the market: it takes all the volume it is offered.

6 May 2010: a sell program with no regard to price or time fed 75,000 contracts into a market that could not take
them (CFTC/SEC report, 30 September 2010).
"""

from __future__ import annotations

from dataclasses import replace

from engine.domain.orders import Instrument
from engine.trading.defects import CaughtBy
from engine.trading.limits import Limits
from engine.trading.limits_source import LimitsSource
from engine.trading.reference import ReferenceGovernor

CAUGHT_BY = (
    CaughtBy("flash_crash", "flatten_participation", "must not exceed 9 %"),
    CaughtBy("flash_crash_on_tape", "flatten_participation", "must not exceed 9 %"),
)


MOST_WAIT_MS = 1000.0
"""It does not wait for the book to fill again. Where slices are to follow each other at longer intervals, their size
alone may keep the participation, and the missing cap would not show."""


class Broken(ReferenceGovernor):
    """The reference governor, which takes its participation for a hundred percent, and sends a slice every second."""

    def __init__(self, limits: Limits, instruments: tuple[Instrument, ...], day: str) -> None:
        slice_ms = min(limits.flatten.slice_ms, MOST_WAIT_MS)
        flatten = replace(limits.flatten, participation_pct=100.0, slice_ms=slice_ms)
        super().__init__(replace(limits, flatten=flatten), instruments, day)

    def watch(self, source: LimitsSource) -> None:
        """Not at all: the document would say other limits than these."""
