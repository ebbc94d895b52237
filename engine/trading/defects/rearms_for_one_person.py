"""One person alone lifts a stop: whoever tripped it, or is in a hurry.

RTS 6 Article 15(3) asks for a designated person; two voices are what keeps a stop from being clicked away.
"""

from __future__ import annotations

from engine.domain.orders import Instrument
from engine.trading.defects import CaughtBy
from engine.trading.levels import Levels
from engine.trading.limits import Limits
from engine.trading.reference import ReferenceGovernor

CAUGHT_BY = (CaughtBy("hard_kill_governance", "leaks", "alone"),)


class OneVoice(Levels):
    """Levels that anybody re-arms."""

    def _two_voices(self, scope: str, by: str, now_ns: int) -> bool:
        return True


class Broken(ReferenceGovernor):
    """The reference governor with such levels."""

    def __init__(self, limits: Limits, instruments: tuple[Instrument, ...], day: str) -> None:
        super().__init__(limits, instruments, day)
        self._levels.__class__ = OneVoice
