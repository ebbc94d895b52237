"""A kill switch that is looked at now and then: the command is there, and the desk goes on until the next look.

A flag in a store that a loop polls with everything else that it has to do.
"""

from __future__ import annotations

from engine.domain.governance import Command, Control, DeskView
from engine.domain.orders import Instrument
from engine.trading.defects import CaughtBy
from engine.trading.limits import Limits
from engine.trading.reference import ReferenceGovernor

CAUGHT_BY = (CaughtBy("decision_flood_enhanced", "time_to_hold", "2,000 ms"),)
LOOKS = 20
"""It looks at every 20th timer: every two seconds."""


class Broken(ReferenceGovernor):
    """The reference governor, which keeps commands until it looks."""

    def __init__(self, limits: Limits, instruments: tuple[Instrument, ...], day: str) -> None:
        super().__init__(limits, instruments, day)
        self._waiting: list[Control] = []
        self._timers = 0

    def on_control(self, control: Control, view: DeskView) -> tuple[Command, ...]:
        """Keep it."""
        self._waiting.append(control)
        return ()

    def on_timer(self, view: DeskView) -> tuple[Command, ...]:
        """Look now and then."""
        self._timers += 1
        due, self._waiting = (self._waiting, []) if not self._timers % LOOKS else ([], self._waiting)
        obeyed = [command for control in due for command in super(Broken, self).on_control(control, view)]
        return (*obeyed, *super().on_timer(view))
