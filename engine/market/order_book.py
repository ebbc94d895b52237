"""The model ``order_book``: a limit order book for each symbol, with background flow and reacting agents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from engine.base.keys import key
from engine.base.units import ns_from_ms, ns_from_s
from engine.base.words import listing, nearest
from engine.domain.orders import Instrument
from engine.kernel.world import World
from engine.market import models
from engine.market.agents.kinds import KINDS
from engine.market.flow_document import FlowDocument
from engine.market.model_document import OVERLAID, MarketError, price_and_tick

if TYPE_CHECKING:
    from engine.market.order_book_market import OrderBookMarket
    from engine.market.realism_laboratory import Laboratory


@dataclass(frozen=True, kw_only=True)
class BookInstrument:
    """One symbol with a book of its own."""

    symbol: str = key("The symbol", pattern=r"^[A-Z][A-Z0-9.]{0,11}$", pattern_help="capital letters, as in SPY")
    price: float = key("Price at the start, in USD", above=0, max=1_000_000, example=540.0)
    tick: float = key("Smallest price step, in USD", default=0.01, above=0, max=100)
    flow: FlowDocument = key("The flow of others' orders", default=FlowDocument())


@models.register(lambda document: document)
@dataclass(frozen=True, kw_only=True)
class OrderBook:
    """Price-time priority books under a background flow that answers what is done to it.

    Nothing sets a price: the mid follows from the orders. The desk's orders stand in the same queues as everybody's.
    """

    levers: ClassVar[frozenset[str]] = OVERLAID | {"refill_factor", "cancel_factor"}

    instruments: tuple[BookInstrument, ...] = key("The symbols traded", by_id="symbol", min=1)
    agents: tuple[Any, ...] = key(
        "Others who look at the market and react", default=(), by_id="id", tag="agent", variants=lambda: dict(KINDS)
    )
    feed_ms: float = key(
        "How often changes of the top of book are published, in milliseconds (then also a top that has stood half a "
        "second); 0 publishes each at once",
        default=0,
        min=0,
        max=60_000,
    )
    depth_s: float = key(
        "How often the shares resting on each side of a whole book are written down, in seconds; 0 is never",
        default=0,
        min=0,
        max=3_600,
    )

    def __post_init__(self) -> None:
        """Raise MarketError if it has no symbol, one twice, a price off its grid, or agents of an unknown symbol."""
        if not self.instruments:
            raise MarketError("the market has no instrument", "give market.instruments at least one symbol")
        for at, instrument in enumerate(self.instruments):
            if instrument.symbol in self.symbols[:at]:
                raise MarketError(
                    f"the market lists {instrument.symbol} twice",
                    "each symbol may stand there once",
                    at=("instruments", at, "symbol"),
                )
            instrument_of(instrument, at)
        ids = [agent.id for agent in self.agents]
        for at, agent in enumerate(self.agents):
            if agent.symbol not in self.symbols:
                close = nearest(agent.symbol, self.symbols)
                raise MarketError(
                    f"the agents '{agent.id}' trade {agent.symbol}, which this market does not",
                    f"did you mean '{close}'?" if close else f"the market has {listing(self.symbols)}",
                    at=("agents", at, "symbol"),
                )
            if agent.id in ids[:at]:
                raise MarketError(
                    f"two blocks of agents are called '{agent.id}'",
                    "give each a name of its own: faults find them by it",
                    at=("agents", at, "id"),
                )

    @property
    def symbols(self) -> tuple[str, ...]:
        """What it trades, for `stress validate`."""
        return tuple(each.symbol for each in self.instruments)

    def build(self, world: World, *, open_s: float, find: Callable[[str], Path]) -> OrderBookMarket:
        """The market at time 0."""
        instruments = [instrument_of(each, at) for at, each in enumerate(self.instruments)]
        from engine.market.order_book_market import OrderBookMarket, simulated_book  # compiled code: only when played

        books = [
            simulated_book(each, instrument, world, ns_from_ms(self.feed_ms))
            for each, instrument in zip(self.instruments, instruments, strict=True)
        ]
        market = OrderBookMarket(books, depth_ns=ns_from_s(self.depth_s))
        market.seat(world, self.agents)
        return market

    def laboratory(self) -> Laboratory:
        """The background flow of the first symbol, without agents, to be measured (`stress realism`)."""
        from engine.market.order_book_laboratory import BookLaboratory  # compiled code: only when played

        first = self.instruments[0]
        instrument = instrument_of(first, 0)
        return BookLaboratory(first.flow, first.symbol, instrument.price_micros // instrument.tick_micros)

    @classmethod
    def calibrated(cls) -> OrderBook:
        """A symbol with the flow that is shipped: fitted to AMZN on 2012-06-21, which opened at 223 USD."""
        return cls(instruments=(BookInstrument(symbol="AMZN", price=223.0),))


def instrument_of(document: BookInstrument, at: int) -> Instrument:
    """The *at*th instrument in micro-dollars. Raise MarketError if its price or tick are none, or do not fit."""
    price_micros, tick_micros = price_and_tick(document.symbol, document.price, document.tick, at)
    instrument = Instrument(document.symbol, price_micros, tick_micros)
    if not instrument.on_grid(price_micros):
        raise MarketError(
            f"{document.symbol}: a price of whole ticks was expected, was {document.price:.10g} at a tick of "
            f"{document.tick:g} USD",
            "round the price to the tick",
            at=("instruments", at, "price"),
        )
    return instrument
