"""The desk's market data feed: a link from the venue, then the feed handler, one event at a time.

A feed that froze conflates, as a refresh does in real feeds (FIX 4.4, MarketDataSnapshotFullRefresh): when it thaws,
the desk gets what stands now, not what has been. Of each symbol that is one trade with the volume of all that were
missed, at the price of the last of them (the running volume of a snapshot, MDEntryType B), then its latest quote.
The prices in between are lost for good.

Every event carries the next number of the feed. A number that was passed over is a gap: nobody knows which symbol was
lost with it, so each is in doubt until its next quote, which is a full one.
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
        on_gap: Callable[[], object] = lambda: None,
    ) -> None:
        self._world = world
        self._link = link
        self.handler = handler
        self._on_tick = on_tick
        self._on_state = on_state
        self._on_gap = on_gap
        self._sent = self._arrived = 0
        """The number of the event that was sent last, and of the one that arrived last."""
        self._missed_gap = False
        """Whether a number was passed over while the feed was frozen."""
        self._freezes = 0
        self._missed_trades: dict[str, Trade] = {}
        self._missed_quotes: dict[str, Quote] = {}
        self._missed_states: dict[str, StateChange] = {}
        self.bends: list[Callable[[Tick], Tick]] = []
        """Faults: each may make another event of one that the venue sends, on its way to the desk."""
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
        return self.handler.pending

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
            gap, self._missed_gap = self._missed_gap, False
            for tick in refresh:
                self._take(tick, gap=gap)
                gap = False

    def send(self, tick: Tick) -> None:
        """The venue says *tick* now, under its number."""
        self._sent += 1
        if self.losses:
            taken = [lost(tick) for lost in self.losses]  # all are asked: each keeps a share of every event
            if any(taken):
                return
        for bend in self.bends:
            tick = bend(tick)
        self._link.carry(partial(self._arrive, tick, self._sent))

    def say(self, tick: Tick) -> None:
        """Send the desk an event that the venue never said, under the next number (for faults)."""
        self._sent += 1
        self._link.carry(partial(self._arrive, tick, self._sent))

    def send_state(self, change: StateChange) -> None:
        """The venue says now that trading in a symbol stops or goes on. Losses spare it: a feed repeats its states."""
        self._link.carry(lambda: self._arrive_state(change))

    def _arrive_state(self, change: StateChange) -> None:
        if self._freezes:
            self._missed_states[change.symbol] = change
        else:
            self.handler.through(lambda: self._on_state(change))

    def _arrive(self, tick: Tick, number: int) -> None:
        gap, self._arrived = number != self._arrived + 1, number
        if self._freezes:
            self._missed_gap |= gap
            self._miss(tick)
        else:
            self._take(tick, gap=gap)

    def _take(self, tick: Tick, *, gap: bool) -> None:
        """Let the feed handler read *tick*, and first that a number was passed over before it (*gap*)."""
        arrival_ns = self._world.now_ns
        if isinstance(tick, Quote):
            self._world.record(DeskTick(arrival_ns, tick.symbol, tick.t_ns))
        read = partial(self._on_tick, tick, arrival_ns)
        self.handler.through(partial(self._after_gap, read) if gap else read)

    def _after_gap(self, read: Callable[[], object]) -> None:
        self._on_gap()
        read()

    def _miss(self, tick: Tick) -> None:
        """Keep what the refresh will say of *tick*."""
        if isinstance(tick, Quote):
            self._missed_quotes[tick.symbol] = tick
        else:
            before = self._missed_trades.get(tick.symbol)
            self._missed_trades[tick.symbol] = replace(tick, qty=tick.qty + before.qty) if before else tick
