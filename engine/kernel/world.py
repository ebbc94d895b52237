"""The world: one running scenario's clock, random streams and event log.

Time is SimPy's, in integer nanoseconds from ``clock.start``. Nothing in a world reads a wall clock or a global
random number generator; progress and cancellation look at the world from outside and never touch its time.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import simpy
from numpy.random import Generator as RandomGenerator

from engine.domain.records import Record
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
        self.env = simpy.Environment(0)
        self.log = EventLog()
        self.events_done = 0
        self.now_ns = 0
        """Simulated nanoseconds since the start; only :meth:`run` moves it. A plain field: it is read at every turn."""

    def record(self, record: Record) -> None:
        """Append to the event log."""
        self.log.append(record)

    def stream(self, name: str) -> RandomGenerator:
        """A fresh random stream of the component *name*."""
        return stream(self.seed, name)

    def at(self, t_ns: int, do: Callable[[], object]) -> None:
        """Call *do* at *t_ns* (now, if that has passed), after everything already planned for that instant."""
        delay = t_ns - self.now_ns
        event = simpy.Timeout(self.env, delay if delay > 0 else 0)

        def call(_event: Event) -> None:
            do()

        event.callbacks.append(call)

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
        env = self.env
        step, peek = env.step, env.peek
        count = 0
        next_ns: Any  # SimPy says int or float; every delay here is an int
        while (next_ns := peek()) <= until_ns:
            self.now_ns = next_ns
            step()
            count += 1
            if not count % EVENTS_PER_LOOK and look is not None and not look(self.now_ns):
                self.events_done += count
                return False
        self.events_done += count
        if until_ns > self.now_ns:
            env.run(until=until_ns)
            while peek() <= until_ns:
                step()  # SimPy leaves the end of a run in its queue; it is not an event of the world
            self.now_ns = until_ns
        return True
