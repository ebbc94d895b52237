"""Stages and links: the queues and delays that a tick or an order passes inside the desk.

A :class:`Stage` serves one thing after the other, so a burst waits; a :class:`Link` only delays, and never lets
a message overtake another. Both draw their times from the named random stream ``desk/<name>`` of the world.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from engine.base.units import NS_PER_US
from engine.kernel.world import World
from engine.trading.profile import ServiceTime

FASTEST_SHARE = 0.25
"""The shortest time as a share of the median: our assumption, it has no weight in a tail percentile."""

_BLOCK = 1024


class ServiceTimes:
    """Service times in nanoseconds, drawn by inverting the quantile curve of a :class:`ServiceTime`.

    Raise ValueError if its points are out of order.
    """

    def __init__(self, service: ServiceTime, chance: Generator) -> None:
        if service.disorder:
            raise ValueError(service.disorder)
        self._quantiles = np.array([0.0, 0.5, 0.99, 0.999, 1.0])
        points_us = [service.p50_us * FASTEST_SHARE, service.p50_us, service.p99_us, service.p999_us, service.max_us]
        self._log_ns = np.log(np.array(points_us) * NS_PER_US)
        self._chance = chance
        self._drawn: list[int] = []

    def draw_ns(self) -> int:
        """The next service time in nanoseconds."""
        if not self._drawn:
            quantiles = self._chance.random(_BLOCK)[::-1]
            self._drawn = self.at_ns(quantiles)
        return self._drawn.pop()

    def at_ns(self, quantiles: NDArray[np.float64]) -> list[int]:
        """The service times in nanoseconds at these *quantiles*, rounded."""
        times: list[int] = np.rint(np.exp(np.interp(quantiles, self._quantiles, self._log_ns))).astype(int).tolist()
        return times


class Stage:
    """A server with one place: what comes while it is busy waits its turn, first come, first served."""

    def __init__(self, world: World, name: str, service: ServiceTime) -> None:
        self.name = name
        self._world = world
        self._drawn_ns = self._draw_ns = ServiceTimes(service, world.stream(f"desk/{name}")).draw_ns
        self._slow: list[tuple[float, int]] = []
        """What faults do to each service time: times, and nanoseconds added."""
        self._busy_until_ns = 0
        self._waiting: deque[Callable[[], object]] = deque()
        """What to call when each of the things is served, in their order: they leave as they came."""

    @property
    def pending(self) -> int:
        """How many things wait or are being served."""
        return len(self._waiting)

    @property
    def slowed(self) -> int:
        """How many faults slow it down."""
        return len(self._slow)

    def through(self, do: Callable[[], object]) -> int:
        """Serve one thing and then call *do*; the time at which that will be, in nanoseconds."""
        now_ns, busy_ns = self._world.now_ns, self._busy_until_ns
        self._busy_until_ns = done_ns = (now_ns if now_ns > busy_ns else busy_ns) + self._draw_ns()
        self._waiting.append(do)
        self._world.at(done_ns, self._finish)
        return done_ns

    def slow_down(self, times: float, add_ns: int) -> Callable[[], None]:
        """From now on each service takes *times* as long and *add_ns* more; call what is returned to end it."""
        entry = (times, add_ns)
        self._slow.append(entry)
        self._draw_ns = self._slowed_ns

        def end() -> None:
            self._slow.remove(entry)
            if not self._slow:
                self._draw_ns = self._drawn_ns

        return end

    def _slowed_ns(self) -> int:
        time_ns = self._drawn_ns()
        for times, add_ns in self._slow:
            time_ns = round(time_ns * times) + add_ns
        return time_ns

    def _finish(self) -> None:
        self._waiting.popleft()()


class Link:
    """A line with a delay. Messages arrive in the order in which they were sent, also when the delay shrinks."""

    def __init__(self, world: World, name: str, delay: ServiceTime) -> None:
        self.name = name
        self.extra_delay_ns = 0
        """What a fault adds to the delay, in nanoseconds (>= 0)."""
        self._world = world
        self._draw_ns = ServiceTimes(delay, world.stream(f"desk/{name}")).draw_ns
        self._last_arrival_ns = 0

    def carry(self, do: Callable[[], object]) -> int:
        """Send a message that calls *do* on arrival; the time at which that will be, in nanoseconds."""
        arrival_ns = self._world.now_ns + self._draw_ns() + self.extra_delay_ns
        if arrival_ns < self._last_arrival_ns:
            arrival_ns = self._last_arrival_ns
        self._last_arrival_ns = arrival_ns
        self._world.at(arrival_ns, do)
        return arrival_ns

    def follow(self, do: Callable[[], object]) -> None:
        """Send a word that weighs nothing: it arrives with what was sent last, and draws no time of its own."""
        self._world.at(max(self._world.now_ns + self.extra_delay_ns, self._last_arrival_ns), do)
