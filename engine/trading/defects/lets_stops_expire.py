"""A stop that ends by itself: after a while the desk runs again, and nobody has looked.

freqtrade (protections): a lock has an end and expires. A cool-down may; a stop may not (RTS 6 Article 15(3)).
"""

from __future__ import annotations

from engine.base.units import NS_PER_S
from engine.domain.governance import SetState
from engine.domain.orders import Instrument
from engine.trading.defects import CaughtBy
from engine.trading.levels import Levels
from engine.trading.limits import Limits
from engine.trading.reference import ReferenceGovernor

CAUGHT_BY = (CaughtBy("hard_kill_governance", "leaks", "the governor had stopped at"),)
LASTS_NS = 30 * NS_PER_S


class Lapsing(Levels):
    """Levels whose stops last for half a minute."""

    def changes(self, now_ns: int) -> tuple[SetState, ...]:
        """Let go what is old enough, then tell."""
        for scope in [scope for scope, cause in self._stopped.items() if now_ns - cause.trigger_ns > LASTS_NS]:
            del self._stopped[scope]
            self._touched = True
        return super().changes(now_ns)


class Broken(ReferenceGovernor):
    """The reference governor with such levels."""

    def __init__(self, limits: Limits, instruments: tuple[Instrument, ...], day: str) -> None:
        super().__init__(limits, instruments, day)
        self._levels.__class__ = Lapsing
