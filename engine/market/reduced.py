"""The model ``reduced``: fundamental prices with spread, depth, impact and resilience; many symbols, no order book."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import repeat
from math import sqrt
from operator import mul
from pathlib import Path
from typing import ClassVar

from numpy.random import Generator

from engine.base.keys import key
from engine.base.units import ns_from_ms
from engine.domain.orders import Instrument, NewOrder
from engine.domain.ports import NEVER_NS, Execution, Levers, MarketEvent
from engine.domain.quotes import Quote
from engine.kernel.world import World
from engine.market import models
from engine.market.model_document import OVERLAID, MarketError, price_and_tick
from engine.market.reduced_book import BookSettings, ReducedBook
from engine.market.reduced_factors import Factor, Loading, equal_loadings, loadings
from engine.market.trade_flow import TradeFlow

BLOCK = 4096
"""Normal draws taken at a time."""
USUAL_STEP_MS = 100
"""The step unless another is given; it goes without saying in the names of the common factors' streams."""


@dataclass(frozen=True, kw_only=True)
class ReducedInstrument:
    """One symbol of the reduced market."""

    symbol: str = key("The symbol", pattern=r"^[A-Z][A-Z0-9.]{0,11}$", pattern_help="capital letters, as in SPY")
    price: float = key("Fundamental price at the start, in USD", above=0, max=1_000_000, example=540.0)
    tick: float = key("Smallest price step, in USD", default=0.01, above=0, max=100)
    volatility_bps_per_sqrt_s: float = key(
        "Standard deviation of the fundamental over one second, in basis points; grows with the square root of time. "
        "Real stocks: 0.6 to 0.9 (AAPL, AMZN, 2012-06-21)",
        default=0.8,
        min=0,
        max=1_000,
    )
    spread_ticks: float = key("Quoted spread, in ticks", default=2, min=1, max=10_000)
    depth_shares: int = key("Shares that each level shows", default=800, min=1, max=100_000_000)
    levels: int = key("Levels on each side, one tick apart", default=10, min=1, max=100)
    resilience_s: float = key(
        "Half-life of a hole that the desk ate into a side, and of the transient part of its impact, in seconds "
        "(Obizhaeva and Wang 2013)",
        default=5,
        above=0,
        max=3_600,
    )
    impact_bps: float = key(
        "How far the mid moves when the desk takes the depth that one level shows, in basis points, beyond the hole "
        "in the side it took from; linear in the quantity. Our assumption, not calibrated",
        default=0.5,
        min=0,
        max=100,
    )
    permanent_share: float = key(
        "Share of that impact that stays for good; the rest decays with resilience_s. Our assumption",
        default=0.4,
        min=0,
        max=1,
    )
    volume_shares_per_s: float = key("Shares that others trade in a second", default=700, min=0, max=100_000_000)
    trade_size_shares: float = key("Mean size of a trade of others, in shares", default=100, min=1, max=10_000_000)


@models.register(lambda document: document)
@dataclass(frozen=True, kw_only=True)
class Reduced:
    """Fundamental prices with spread, depth, impact and resilience: quick, for many symbols.

    Prices are a random walk moved on in steps. Between steps nothing changes but by the desk's own orders, which take
    what the levels show and leave a hole that closes in time. Others trade at the touch without emptying it.
    """

    levers: ClassVar[frozenset[str]] = OVERLAID

    step_ms: float = key("How often prices move, in milliseconds", default=USUAL_STEP_MS, min=1, max=60_000)
    correlation: float = key(
        "Correlation of any two symbols' prices (one common factor, the same for all); or give factors",
        default=0,
        min=0,
        max=1,
    )
    factors: tuple[Factor, ...] = key(
        "What moves the symbols together, each by its own measure, instead of correlation", default=(), by_id="factor"
    )
    instruments: tuple[ReducedInstrument, ...] = key("The symbols traded", by_id="symbol", min=1)

    def __post_init__(self) -> None:
        """Raise MarketError if it has no symbol or one twice, a price that is none, or factors that do not fit."""
        if not self.instruments:
            raise MarketError("the market has no instrument", "give market.instruments at least one symbol")
        for at, each in enumerate(self.instruments):
            if each.symbol in self.symbols[:at]:
                raise MarketError(
                    f"the market lists {each.symbol} twice",
                    "each symbol may stand there once",
                    at=("instruments", at, "symbol"),
                )
            price_and_tick(each.symbol, each.price, each.tick, at)
        if self.factors and self.correlation:
            raise MarketError(
                "one of correlation and factors was expected, was both", "keep one of them", at=("factors",)
            )
        loadings(self.factors, self.instruments)

    @property
    def symbols(self) -> tuple[str, ...]:
        """What it trades, for `stress validate`."""
        return tuple(each.symbol for each in self.instruments)

    def build(self, world: World, *, open_s: float, find: Callable[[str], Path]) -> ReducedMarket:
        """The market at time 0."""
        step_ns = ns_from_ms(self.step_ms)
        books = tuple(_book(each, at, world, step_ns / 1e9) for at, each in enumerate(self.instruments))
        streams = tuple(_normals(world.stream(f"market/reduced/{symbol}")) for symbol in self.symbols)
        return ReducedMarket(books, streams, self._factors(world), self._loadings(), step_ns)

    def _loadings(self) -> tuple[Loading, ...]:
        """How each instrument follows the common factors."""
        if self.factors:
            return loadings(self.factors, self.instruments)
        return equal_loadings(self.correlation, self.instruments)

    def _factors(self, world: World) -> tuple[Iterator[float], ...]:
        """The draws of the common factors. Reduced parts of a mixed market that move at the same steps share them."""
        name = "market/reduced" if self.step_ms == USUAL_STEP_MS else f"market/reduced/{self.step_ms:g}_ms"
        if self.factors:
            return tuple(_normals(world.stream(f"{name}/factor/{each.factor}")) for each in self.factors)
        return (_normals(world.stream(name)) if self.correlation else repeat(0.0),)


class ReducedMarket:
    """The reduced market in a run. It moves at whole steps only, so how often it is read changes nothing."""

    wants_until_ns = NEVER_NS

    def __init__(
        self,
        books: tuple[ReducedBook, ...],
        streams: tuple[Iterator[float], ...],
        factors: tuple[Iterator[float], ...],
        loadings: tuple[Loading, ...],
        step_ns: int,
    ) -> None:
        self._books = {book.instrument.symbol: book for book in books}
        self._moves = tuple(zip(books, streams, loadings, strict=True))
        self._factors = factors
        self._step_ns = step_ns
        self._now_ns = 0
        self._next_ns = 0
        self._orders: dict[int, ReducedBook] = {}
        self._outbox: list[MarketEvent] = []

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        """What is traded, in the order of the document."""
        return tuple(book.instrument for book in self._books.values())

    def next_ns(self) -> int:
        """The next step."""
        return self._next_ns

    def advance(self, t_ns: int) -> tuple[MarketEvent, ...]:
        """Play every step up to and including *t_ns*. Raise ValueError if time would go back."""
        if t_ns < self._now_ns:
            raise ValueError(f"the market stands at {self._now_ns} ns and was asked to go back to {t_ns} ns")
        events, self._outbox = self._outbox, []
        while self._next_ns <= t_ns:
            events += self._opening() if not self._next_ns else self._step(self._next_ns)
            self._next_ns += self._step_ns
        self._now_ns = t_ns
        return tuple(events)

    def quote(self, symbol: str) -> Quote:
        """The top of book now, without the desk's own orders."""
        return self._books[symbol].quote

    def levers(self, symbol: str) -> Levers:
        """The levers of one symbol; a change counts from the next step on."""
        return self._books[symbol].levers

    def submit(self, order: NewOrder) -> tuple[Execution, ...]:
        """Take an order now: its immediate executions. The rest of a day limit order rests, any other rest dies."""
        book = self._books[order.symbol]
        executions = book.submit(self._now_ns, order)
        self._orders[order.order_id] = book
        self._outbox += book.changes(self._now_ns)
        return executions

    def cancel(self, order_id: int) -> int:
        """Take a resting order out: the shares it still had, 0 if it was not there."""
        book = self._orders.pop(order_id, None)
        return book.cancel(order_id) if book is not None else 0

    def set_bands(self, symbol: str, lower_micros: int, upper_micros: int) -> None:
        """Hold one symbol's prices inside; the fundamental goes its way."""
        self._outbox += self._books[symbol].set_bands(self._now_ns, (lower_micros, upper_micros))

    def set_trading(self, symbol: str, *, trading: bool) -> None:
        """Others stop trading in one symbol, or go on: meanwhile its price stands still, and nothing is quoted anew."""
        self._books[symbol].trading = trading

    def uncross(self, orders: tuple[NewOrder, ...], symbol: str, reference_micros: int) -> tuple[MarketEvent, ...]:
        """The auction that ends a stop, against what the levels show by now."""
        book = self._books[symbol]
        for order in orders:
            self._orders[order.order_id] = book
        return tuple(book.uncross(self._now_ns, orders, reference_micros))

    def _opening(self) -> list[MarketEvent]:
        return [book.quote for book, _, _ in self._moves]

    def _step(self, t_ns: int) -> list[MarketEvent]:
        draws = [next(factor) for factor in self._factors]
        events: list[MarketEvent] = []
        for book, stream, loading in self._moves:
            events += book.step(t_ns, sum(map(mul, draws, loading.common)) + loading.own * next(stream))
        return events


def _book(document: ReducedInstrument, at: int, world: World, step_s: float) -> ReducedBook:
    """The book of the *at*th symbol, with its rates per step."""
    price_micros, tick_micros = price_and_tick(document.symbol, document.price, document.tick, at)
    settings = BookSettings(
        spread_ticks=document.spread_ticks,
        depth_shares=document.depth_shares,
        levels=document.levels,
        sigma=document.volatility_bps_per_sqrt_s * 1e-4 * sqrt(step_s),
        kept=0.5 ** (step_s / document.resilience_s),
        impact=document.impact_bps * 1e-4,
        permanent_share=document.permanent_share,
        trades=document.volume_shares_per_s * step_s / document.trade_size_shares,
    )
    flow = TradeFlow(world.stream(f"market/reduced/{document.symbol}/trades"), document.trade_size_shares)
    return ReducedBook(Instrument(document.symbol, price_micros, tick_micros), settings, flow)


def _normals(generator: Generator) -> Iterator[float]:
    """Standard normal draws, taken in blocks."""
    while True:
        yield from generator.standard_normal(BLOCK).tolist()
