"""How much rests in a whole book, and what the background did to it, written down at regular times and when asked.

The top of the book tells neither.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from engine.domain.orders import Instrument
from engine.domain.ports import MarketModel
from engine.domain.records import VenueDepth, VenueFlow
from engine.kernel.world import Process, World
from engine.market.book_arrays import ADDED, BASE, BEST_BID, CANCELLED, LEVEL_QTY, MET, TURNS, Ints, levels
from engine.market.model_document import parts_of

FlowCounts = tuple[int, int, int, int, int, int, float, int, float, float]
"""The counts of a VenueFlow record, in its order."""


@runtime_checkable
class HasDepth(Protocol):
    """A market that knows its whole books."""

    depth_ns: int
    """How often they are written down, in nanoseconds; 0 is never."""

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        """What is traded."""
        ...

    def depth(self, symbol: str) -> tuple[int, int]:
        """Shares that rest on each side now, bids first."""
        ...

    def flow_counts(self, symbol: str) -> FlowCounts:
        """What the background has done so far: the counts of a VenueFlow record."""
        ...


class DepthWatch:
    """Writes the depth and the flow of a run's books down. *sync* brings the market to now."""

    def __init__(self, world: World, model: MarketModel, sync: Callable[[], None]) -> None:
        self._world = world
        self._sync = sync
        self._markets = [part for part in parts_of(model) if isinstance(part, HasDepth)]
        self._of_symbol = {each.symbol: market for market in self._markets for each in market.instruments}

    def start(self) -> None:
        """Write from now on, each market as often as its document says."""
        for market in self._markets:
            if market.depth_ns:
                self._world.start(self._watch(market))

    def write(self, symbol: str) -> None:
        """Write the depth of *symbol* down now; nothing if nobody knows it."""
        if symbol in self._of_symbol:
            self._sync()
            market, now_ns = self._of_symbol[symbol], self._world.now_ns
            self._world.record(VenueDepth(now_ns, symbol, *market.depth(symbol)))
            self._world.record(VenueFlow(now_ns, symbol, *market.flow_counts(symbol)))

    def _watch(self, market: HasDepth) -> Process:
        while True:
            for instrument in market.instruments:
                self.write(instrument.symbol)
            yield self._world.wait_ns(market.depth_ns)


def whole_depth(book: Ints) -> tuple[int, int]:
    """Shares that rest on each side of the book with this memory, bids first."""
    shares = levels(book)[:, LEVEL_QTY]
    first_ask = int(book[BEST_BID] - book[BASE]) + 1 if book[BEST_BID] else 0
    return int(shares[:first_ask].sum()), int(shares[first_ask:].sum())


def flow_counts(book: Ints) -> tuple[int, int, int, int]:
    """Orders added and cancelled, turns, and the orders that rested at those, in the book with this memory."""
    return int(book[ADDED]), int(book[CANCELLED]), int(book[TURNS]), int(book[MET])
