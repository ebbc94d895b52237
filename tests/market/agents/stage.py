"""Stages on which reacting agents are watched: a book that only the test moves, and one with its flow."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from engine.base.units import NS_PER_S, ns_from_s
from engine.domain.orders import Side
from engine.domain.ports import NEVER_NS
from engine.kernel.world import Process, World
from engine.market import book_kernel
from engine.market.agents.base import Seat
from engine.market.flow import Flow
from engine.market.flow_document import Activity, FlowDocument, Impact, Makers
from engine.market.order_book import BookInstrument, OrderBook
from engine.market.order_book_market import OrderBookMarket
from engine.market.simulated_book import SimulatedBook
from engine.market.venue import Venue
from tests.market.test_order_book import FEES

SYMBOL = "AMZN"
PRICE = 223.0
MID = 22_300
"""The price at the start, in ticks."""
LIVELY = FlowDocument(
    messages_per_s=50,
    makers=Makers(orders=400, half_spread_ticks=1, near_ticks=2, far_ticks=8),
    impact=Impact(ticks=10, news_ticks=0.1, thin_share=0.0),
    activity=Activity(fast_deviation=0, slow_deviation=0, half_hours=(1.0,)),
)
"""A flow with figures of its own, so that no calibration of the defaults moves these tests."""
SEEDS = range(1, 9)
TEST = 1_000_000
"""The owner number of the test's own quotes and orders."""


class NoFlow:
    """A background that does nothing, and learns nothing."""

    next_ns = NEVER_NS

    def run(self, until_ns: int, stop_at: int = 0) -> bool:
        """Nothing happens."""
        return False

    def learn(self, t_ns: int, side: int, qty: int) -> None:
        """Nothing is learnt."""

    def halt(self, *, halted: bool) -> None:
        """There is nobody to be halted."""


def no_file(path: str) -> Path:
    """An order book reads no files."""
    raise AssertionError(path)


@dataclass
class Stage:
    """A market in a world, with the agents of one or more blocks."""

    world: World
    market: OrderBookMarket
    venue: Venue

    @property
    def book(self) -> SimulatedBook:
        """The only book."""
        return self.market.book(SYMBOL)

    def seat(self, agent_id: str) -> Seat:
        """Where a block sits."""
        return self.market.seats[agent_id]

    def run(self, until_s: float) -> None:
        """Let time pass."""
        self.world.run(ns_from_s(until_s))

    def orders_of(self, owner: int) -> list[tuple[int, int, int]]:
        """Side, price in ticks and shares of each resting order of *owner*, bids first, the best first."""
        book = self.book.book
        return [
            (int(side), tick, qty)
            for side in (Side.BUY, Side.SELL)
            for tick, _ in book.levels(int(side), 1 << 20)
            for _, of, qty in book.queue(tick)
            if of == owner
        ]


@dataclass
class QuietStage(Stage):
    """A book in which nobody but the test and the agents does anything."""

    _next_id: int = 1 << 60

    def show(self, bid: int, ask: int, qty: int = 1_000_000) -> None:
        """Quote *qty* shares at these ticks from now on, instead of what the test showed before; 0 is no quote."""
        for order_id in range(self._next_id - 2, self._next_id):
            self.book.cancel(self.world.now_ns, order_id)
        for side, tick in ((1, bid), (-1, ask)):
            if tick:
                self.book.enter(self.world.now_ns, TEST, self._next_id, side, qty, tick, rests=True)
            self._next_id += 1

    def at(self, t_s: float, bid: int, ask: int, qty: int = 1_000_000) -> None:
        """Show these prices from *t_s* on."""
        self.world.at(ns_from_s(t_s), lambda: self.show(bid, ask, qty))


def stage(*agents: Any, seed: int = 1, feed_ms: float = 0) -> Stage:
    """A book with its flow, and these agents."""
    return Stage(*_made(agents, seed, feed_ms, LIVELY))


def quiet_stage(*agents: Any, seed: int = 1) -> QuietStage:
    """An empty book, and these agents; the test shows bid and ask a tick from :data:`MID`."""
    made = QuietStage(*_made(agents, seed, 0, LIVELY))
    made.book.flow = cast("Flow", NoFlow())
    book = made.book.book
    for order in book.others():
        book_kernel.remove(book.memory, 0, order)
    made.show(MID - 1, MID + 1)
    return made


def _made(
    agents: tuple[Any, ...], seed: int, feed_ms: float, flow: FlowDocument
) -> tuple[World, OrderBookMarket, Venue]:
    world = World(seed)
    instrument = BookInstrument(symbol=SYMBOL, price=PRICE, flow=flow)
    document = OrderBook(instruments=(instrument,), agents=agents, feed_ms=feed_ms)
    market = document.build(world, open_s=34_200, find=no_file)
    venue = Venue(world, market, FEES, "2025-08-05", cancel_on_disconnect=True)
    venue.start()
    return world, market, venue


PRESSED_S = (60.0, 240.0)
PRESSED_SHARES_PER_S = 1_000
"""When, and how hard, :func:`falls` sells."""


def falls(*agents: Any, until_s: float) -> list[float]:
    """How far the price has fallen by *until_s* when somebody sells at any price for three minutes: for each seed.

    In ticks of the price that the others believe in, which is there whether anybody quotes or not.
    """
    found = []
    for seed in SEEDS:
        on = stage(*agents, seed=seed)
        on.world.start(_selling(on))
        on.run(until_s)
        found.append(MID - on.book.flow.reference_tick)
    return found


def ranges(*agents: Any, until_s: int) -> list[float]:
    """How far the price has gone from its lowest to its highest by *until_s*, in an ordinary market: for each seed."""
    found = []
    for seed in SEEDS:
        on, seen = stage(*agents, seed=seed), []
        for t_s in range(1, until_s + 1):
            on.run(t_s)
            seen.append(on.book.flow.reference_tick)
        found.append(max(seen) - min(seen))
    return found


def _selling(on: Stage) -> Process:
    hands = on.market.hands(on.world, SYMBOL)
    from_s, to_s = PRESSED_S
    yield on.world.wait_ns(ns_from_s(from_s))
    while on.world.now_ns < to_s * NS_PER_S:
        hands.take(Side.SELL, PRESSED_SHARES_PER_S)
        yield on.world.wait_ns(NS_PER_S)
