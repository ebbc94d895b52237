"""What is planned: SimPy's queue of events, which also takes plain calls, worked off in one loop."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any, Protocol

import simpy
from simpy.events import NORMAL

Call = Callable[[], object]


class Clock(Protocol):
    """Who has to know the time before anything happens at it."""

    now_ns: int
    """Simulated nanoseconds since the start."""
    look_ahead: Callable[[int], object] | None
    """Called with the time of the next event, or the run's end; what it plans then comes in its turn."""


class Calendar(simpy.Environment):
    """SimPy's environment, in whose queue plain calls stand among its events.

    A call that nobody waits for needs no event, and without one it costs a third. It stands in the queue as a
    :class:`simpy.Timeout` would, by the same time, priority and number, so that the order of everything is SimPy's.
    Only :meth:`work_off` knows of calls: SimPy's own ``run`` and ``step`` know of events alone.
    """

    def call_at(self, t_ns: int, do: Call) -> None:
        """Call *do* at *t_ns* (now, if that has passed), after everything already planned for that instant."""
        now_ns: Any = self._now  # SimPy says int or float; every time here is an int
        queue: list[Any] = self._queue  # SimPy knows of events alone
        heappush(queue, (t_ns if t_ns > now_ns else now_ns, NORMAL, next(self._eid), do))

    def work_off(self, clock: Clock, until_ns: int, most: int) -> int:
        """Do what is planned up to and including *until_ns*, at most *most* things; how many were done.

        *clock* is set to the time of each before it is done, and looks ahead, if it does, before that.
        """
        queue: list[Any] = self._queue
        is_event, step, look_ahead, done = simpy.Event, self.step, clock.look_ahead, 0
        while done < most:
            if look_ahead is not None:
                look_ahead(queue[0][0] if queue and queue[0][0] < until_ns else until_ns)
            if not queue or (t_ns := queue[0][0]) > until_ns:
                break
            clock.now_ns = t_ns
            do = queue[0][3]
            if isinstance(do, is_event):
                step()
            else:
                heappop(queue)
                self._now = t_ns
                do()
            done += 1
        return done

    def pass_time(self, until_ns: int) -> None:
        """Let it become *until_ns*; nothing may be planned before."""
        self._now = until_ns
