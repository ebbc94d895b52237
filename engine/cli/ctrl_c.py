"""What Ctrl-C means while something long is going on."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from types import FrameType


class CtrlC:
    """Turns the first Ctrl-C (or SIGTERM) into a wish to end; the second one ends the process."""

    def __init__(self, what: str = "the run", then: Callable[[], None] = lambda: None) -> None:
        """*then* is called at the first one, from within the signal's handler."""
        self.pressed = False
        self._what = what
        self._then = then
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._press)

    def _press(self, _signal: int, _frame: FrameType | None) -> None:
        if self.pressed:
            raise KeyboardInterrupt
        self.pressed = True
        print(f"\nstress: ending {self._what}; Ctrl-C again to quit at once", file=sys.stderr)
        self._then()
