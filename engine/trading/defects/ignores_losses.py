"""A loss limit that is wired to nothing: neither losses nor drawdown ever hold or stop the desk.

Knight Capital, 1 August 2012: the 2 million USD limit of the account that took the orders was not linked to anything
that could have stopped them (SEC Release 34-70694).
"""

from __future__ import annotations

from dataclasses import replace

from engine.domain.orders import Instrument
from engine.trading.defects import CaughtBy
from engine.trading.limits import Limits, LossBound
from engine.trading.limits_source import LimitsSource
from engine.trading.reference import ReferenceGovernor

CAUGHT_BY = (
    CaughtBy("flash_crash", "max_drawdown", "the governor had neither held nor stopped"),
    CaughtBy("flash_crash_on_tape", "max_drawdown", "the governor had neither held nor stopped"),
)
UNREACHABLE = LossBound(hard=1e18)


class Broken(ReferenceGovernor):
    """The reference governor with loss limits that nothing reaches."""

    def __init__(self, limits: Limits, instruments: tuple[Instrument, ...], day: str) -> None:
        firm = replace(limits.firm, daily_loss_usd=UNREACHABLE, drawdown_pct=UNREACHABLE)
        super().__init__(replace(limits, firm=firm), instruments, day)

    def watch(self, source: LimitsSource) -> None:
        """Not at all: the document would say other limits than these."""
