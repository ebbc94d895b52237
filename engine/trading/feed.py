"""The desk's market data feed: a link from the venue, then the feed handler, one event at a time."""

from __future__ import annotations

from collections.abc import Callable

from engine.domain.quotes import Quote, Tick
from engine.domain.records import DeskTick
from engine.kernel.world import World
from engine.trading.stages import Link, Stage


class Feed:
    """Carries the venue's ticks to the desk. *on_tick* gets each with the time at which it arrived."""

    def __init__(self, world: World, link: Link, handler: Stage, on_tick: Callable[[Tick, int], None]) -> None:
        self._world = world
        self._link = link
        self._handler = handler
        self._on_tick = on_tick

    @property
    def extra_delay_ns(self) -> int:
        """What is added to the delay of every event sent from now on, in nanoseconds. Raise ValueError below 0."""
        return self._link.extra_delay_ns

    @extra_delay_ns.setter
    def extra_delay_ns(self, delay_ns: int) -> None:
        if delay_ns < 0:
            raise ValueError(f"a feed delay of 0 ns or more was expected, was {delay_ns}")
        self._link.extra_delay_ns = delay_ns

    @property
    def pending(self) -> int:
        """How many events wait in the feed handler."""
        return self._handler.pending

    def send(self, tick: Tick) -> None:
        """The venue says *tick* now."""
        self._link.carry(lambda: self._arrive(tick))

    def _arrive(self, tick: Tick) -> None:
        arrival_ns = self._world.now_ns
        if isinstance(tick, Quote):
            self._world.record(DeskTick(arrival_ns, tick.symbol, tick.t_ns))
        self._handler.through(lambda: self._on_tick(tick, arrival_ns))
