"""The desk's market data feed: a link from the venue, then the feed handler, one event at a time.

A feed that froze conflates, as a refresh does in real feeds (FIX 4.4, MarketDataSnapshotFullRefresh): when it thaws,
the desk gets what stands now, not what has been. Of each symbol that is one trade with the volume of all that were
missed, at the price of the last of them (the running volume of a snapshot, MDEntryType B), then its latest quote.
The prices in between are lost for good.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from engine.domain.quotes import Quote, StateChange, Tick, Trade
from engine.domain.records import DeskTick
from engine.kernel.world import World
from engine.trading.stages import Link, Stage


class Feed:
    """Carries the venue's ticks to the desk. *on_tick* gets each with the time at which it arrived.

    Faults pull ``extra_delay_ns``, :meth:`freeze` and :meth:`thaw`, and ``losses``.
    """

    def __init__(
        self,
        world: World,
        link: Link,
        handler: Stage,
        on_tick: Callable[[Tick, int], None],
        on_state: Callable[[StateChange], None],
    ) -> None:
        self._world = world
        self._link = link
        self._handler = handler
        self._on_tick = on_tick
        self._on_state = on_state
        self._freezes = 0
        self._missed_trades: dict[str, Trade] = {}
        self._missed_quotes: dict[str, Quote] = {}
        self._missed_states: dict[str, StateChange] = {}
        self.losses: list[Callable[[Tick], bool]] = []
        """Each is asked of every event that the venue sends; one that says True has lost it for the desk."""

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

    @property
    def frozen(self) -> bool:
        """Whether nothing arrives now."""
        return self._freezes > 0

    def freeze(self) -> None:
        """Let nothing arrive, not even what is on the wire, until as many :meth:`thaw` have come."""
        self._freezes += 1

    def thaw(self) -> None:
        """End one freeze; with the last one the refresh arrives at once. Raise ValueError if nothing is frozen."""
        if not self._freezes:
            raise ValueError("a frozen feed was expected, was one that runs")
        self._freezes -= 1
        if not self._freezes:
            refresh: list[Tick] = [*self._missed_trades.values(), *self._missed_quotes.values()]
            states = [*self._missed_states.values()]
            self._missed_trades, self._missed_quotes, self._missed_states = {}, {}, {}
            for state in states:
                self._arrive_state(state)
            for tick in refresh:
                self._arrive(tick)

    def send(self, tick: Tick) -> None:
        """The venue says *tick* now."""
        if self.losses:
            taken = [lost(tick) for lost in self.losses]  # all are asked: each keeps a share of every event
            if any(taken):
                return
        self._link.carry(partial(self._arrive, tick))

    def send_state(self, change: StateChange) -> None:
        """The venue says now that trading in a symbol stops or goes on. Losses spare it: a feed repeats its states."""
        self._link.carry(lambda: self._arrive_state(change))

    def _arrive_state(self, change: StateChange) -> None:
        if self._freezes:
            self._missed_states[change.symbol] = change
        else:
            self._handler.through(lambda: self._on_state(change))

    def _arrive(self, tick: Tick) -> None:
        if self._freezes:
            self._miss(tick)
            return
        arrival_ns = self._world.now_ns
        if isinstance(tick, Quote):
            self._world.record(DeskTick(arrival_ns, tick.symbol, tick.t_ns))
        self._handler.through(partial(self._on_tick, tick, arrival_ns))

    def _miss(self, tick: Tick) -> None:
        """Keep what the refresh will say of *tick*."""
        if isinstance(tick, Quote):
            self._missed_quotes[tick.symbol] = tick
        else:
            before = self._missed_trades.get(tick.symbol)
            self._missed_trades[tick.symbol] = replace(tick, qty=tick.qty + before.qty) if before else tick
