"""A watchdog over a call that may never come back: an interval timer of the operating system, no clock read.

While a watched call runs, SIGALRM arrives :data:`TICKS` times per patience; when that many have come, :class:`Hung`
is raised inside the call, and again at every further tick while it is still inside. Ticks are counted, not time,
so a process that was suspended (Ctrl-Z, a sleeping laptop) is not taken for a hung one. :class:`Hung` is a
BaseException: ``except Exception`` inside the call cannot swallow it. Code that swallows BaseException in an
endless loop cannot be stopped from inside its own process.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

PATIENCE_S = 5.0
"""How long a call may take before it counts as hung, in seconds."""
TICKS = 5
"""Into how many ticks the patience is cut."""


class Hung(BaseException):
    """The watched call did not come back in time."""


class Watchdog:
    """Watches one call at a time, from the main thread. Raise ValueError if the patience is not positive."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        if not patience_s > 0:
            raise ValueError(f"a patience above 0 s was expected, was {patience_s}")
        self.patience_s = patience_s
        self._inside = False
        self._ticks = 0

    @staticmethod
    def available() -> bool:
        """Whether this platform and thread can be interrupted: POSIX timers, and the main thread."""
        return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()

    def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """*function*'s answer. Raise Hung if it takes longer than the patience; the old handler and timer are put back.

        Raise ValueError outside the main thread (ask :meth:`available` first).
        """
        tick_s = self.patience_s / TICKS
        old_handler = signal.signal(signal.SIGALRM, self._tick)
        old_left_s, old_interval_s = signal.setitimer(signal.ITIMER_REAL, tick_s, tick_s)
        self._ticks = 0
        self._inside = True
        try:
            try:
                answer = function(*args, **kwargs)
            finally:
                self._inside = False
            if self._ticks >= TICKS:  # it was interrupted, swallowed that, and answered after all: too late is too late
                raise Hung(f"no answer within {self.patience_s:g} s")
            return answer
        finally:
            left_s, _ = signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, old_handler)
            if old_left_s:
                spent_s = (self._ticks + 1) * tick_s - left_s
                signal.setitimer(signal.ITIMER_REAL, max(old_left_s - spent_s, 1e-3), old_interval_s)

    def _tick(self, _signal: int, _frame: FrameType | None) -> None:
        self._ticks += 1
        if self._inside and self._ticks >= TICKS:
            raise Hung(f"no answer within {self.patience_s:g} s")
