"""The world: one running scenario's clock, random streams and event log.

Time is SimPy's, in integer nanoseconds from ``clock.start``. Nothing in a world reads a wall clock or a global
random number generator; progress and cancellation look at the world from outside and never touch its time.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import simpy
from numpy.random import Generator as RandomGenerator

from engine.kernel.calendar import Calendar
from engine.kernel.event_log import EventLog
from engine.kernel.streams import stream

Event = simpy.Event
"""Something to wait for; a SimPy event, named here because only this room knows SimPy."""
Process = Generator[Event, Any, Any]

EVENTS_PER_LOOK = 4096
"""How many events pass between two looks at the outside (progress, Ctrl-C): −6 % speed at 4096, −13 % at 1."""


class World:
    """Clock, chance and memory of one run."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.env = Calendar(0)
        self.log = EventLog()
        self.events_done = 0
        self.now_ns = 0
        """Simulated nanoseconds since the start; only :meth:`run` moves it. A plain field: it is read at every turn."""
        self.at = self.env.call_at
        """``at(t_ns, do)`` calls *do* at *t_ns* (now, if that has passed), after all that was planned for that instant.
        This and the next are the thing itself, and no method around it: they are called for every event.
        """
        self.record = self.log.append
        """``record(record)`` appends to the event log."""
        self.look_ahead: Callable[[int], object] | None = None
        """Called with the time of the next event (or the run's end) before the clock moves there. A market that finds
        out by playing when it changes plays up to that time here, and plans an earlier event if it has to speak.
        """

    def stream(self, name: str) -> RandomGenerator:
        """A fresh random stream of the component *name*."""
        return stream(self.seed, name)

    def start(self, process: Process) -> simpy.Process:
        """Start *process* now."""
        return self.env.process(process)

    def wait_ns(self, delay_ns: int) -> Event:
        """An event *delay_ns* from now, to ``yield``."""
        return self.env.timeout(delay_ns)

    def wait_until(self, t_ns: int) -> Event:
        """An event at *t_ns* (now, if that has passed), to ``yield``."""
        return self.env.timeout(max(t_ns - self.now_ns, 0))

    def event(self) -> Event:
        """An event that somebody will trigger."""
        return self.env.event()

    def run(self, until_ns: int, look: Callable[[int], bool] | None = None) -> bool:
        """Run every event up to and including *until_ns*; True if it got there.

        *look* is called with the simulated time every few thousand events; the run ends early when it returns
        False. Time then stands where it stood.
        """
        while True:
            done = self.env.work_off(self, until_ns, EVENTS_PER_LOOK)
            self.events_done += done
            if done < EVENTS_PER_LOOK:
                break
            if look is not None and not look(self.now_ns):
                return False
        if until_ns > self.now_ns:
            self.env.pass_time(until_ns)
            self.now_ns = until_ns
        return True
