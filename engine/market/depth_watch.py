"""How much rests in a whole book, written down at regular times: the top of the book does not tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from engine.domain.orders import Instrument
from engine.domain.ports import MarketModel
from engine.domain.records import VenueDepth
from engine.kernel.world import Process, World
from engine.market.book_arrays import BASE, BEST_BID, LEVEL_QTY, Ints, levels
from engine.market.model_document import parts_of


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


def watch_depth(world: World, model: MarketModel, sync: Callable[[], None]) -> None:
    """Write the depth of every book down from now on, where the market's document says how often."""
    for part in parts_of(model):
        if isinstance(part, HasDepth) and part.depth_ns:
            world.start(_watch(world, part, sync))


def whole_depth(book: Ints) -> tuple[int, int]:
    """Shares that rest on each side of the book with this memory, bids first."""
    shares = levels(book)[:, LEVEL_QTY]
    first_ask = int(book[BEST_BID] - book[BASE]) + 1 if book[BEST_BID] else 0
    return int(shares[:first_ask].sum()), int(shares[first_ask:].sum())


def _watch(world: World, market: HasDepth, sync: Callable[[], None]) -> Process:
    while True:
        sync()
        for instrument in market.instruments:
            world.record(VenueDepth(world.now_ns, instrument.symbol, *market.depth(instrument.symbol)))
        yield world.wait_ns(market.depth_ns)
