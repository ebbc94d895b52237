"""The order book model in a run: several simulated books on one clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.domain.orders import Instrument, NewOrder
from engine.domain.ports import NEVER_NS, Execution, Levers, MarketEvent
from engine.domain.quotes import Quote
from engine.kernel.world import World
from engine.market.agents.base import FIRST_OWNER, Agent, Hands, Seat
from engine.market.book_arrays import DESK
from engine.market.depth_watch import FlowCounts, flow_counts, whole_depth
from engine.market.flow import Flow
from engine.market.limit_book import LimitBook
from engine.market.order_book import BookInstrument
from engine.market.simulated_book import SimulatedBook


def simulated_book(document: BookInstrument, instrument: Instrument, world: World, feed_ns: int) -> SimulatedBook:
    """The book of one symbol at time 0, with random streams of its own."""
    tick = instrument.price_micros // instrument.tick_micros
    book = LimitBook(tick)
    names = ("uniform", "exponential", "normal")
    chance = tuple(world.stream(f"market/flow/{instrument.symbol}/{name}") for name in names)
    return SimulatedBook(instrument, book, Flow(book, document.flow, tick, chance), feed_ns)


class OrderBookMarket:
    """Books in a run. They move together, the earliest message first, so how often they are read changes nothing."""

    wants_until_ns = NEVER_NS

    def __init__(self, books: Sequence[SimulatedBook], *, depth_ns: int = 0) -> None:
        """*depth_ns* is how often the whole books are written down; 0 is never."""
        self.depth_ns = depth_ns
        self._books = {book.instrument.symbol: book for book in books}
        self._all = tuple(books)
        self.look_ahead: Callable[[int], int] = books[0].look_ahead if len(books) == 1 else self._look_ahead_together
        """Go on until there is something to say, but not beyond a time; when that was, or that time.

        Nobody may act on the market at an earlier time than that unless this says so.
        """
        self._of_order: dict[int, SimulatedBook] = {}
        self._now_ns = 0
        self.seats: dict[str, Seat] = {}
        """The blocks of reacting agents, by their names; a fault may exchange their settings."""
        self._owners = FIRST_OWNER

    def seat(self, world: World, agents: Sequence[Agent]) -> None:
        """Let *agents* live from now on, each with a number and a random stream of its own."""
        for settings in agents:
            seat = self.seats[settings.id] = Seat(settings, world)
            for number in range(settings.count):
                world.start(settings.live(seat, self.hands(world, settings.symbol), number))

    def hands(self, world: World, symbol: str) -> Hands:
        """Hands in the book of *symbol* for somebody new, under a number that nobody else has."""
        self._owners += 1
        return Hands(world, self._books[symbol], self._owners - 1)

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        """What is traded, in the order of the document."""
        return tuple(book.instrument for book in self._books.values())

    def book(self, symbol: str) -> SimulatedBook:
        """The book of one symbol, for agents and faults. Raise KeyError if it is not traded."""
        return self._books[symbol]

    def depth(self, symbol: str) -> tuple[int, int]:
        """Shares that rest on each side of the whole book now, bids first. Raise KeyError if it is not traded."""
        return whole_depth(self._books[symbol].book.memory)

    def flow_counts(self, symbol: str) -> FlowCounts:
        """What the background has done so far: the counts of a VenueFlow record. Raise KeyError if it is not traded."""
        book = self._books[symbol]
        return *flow_counts(book.book.memory), *book.flow.quoted()

    # ---- time

    def next_ns(self) -> int:
        """Never by a plan: what comes next is found by :meth:`look_ahead`."""
        return NEVER_NS

    def _look_ahead_together(self, limit_ns: int) -> int:
        for book in self._all:
            if book.outbox:  # somebody has acted in it just now
                return book.outbox[-1].t_ns
        while True:
            first, until_ns = self._earliest(limit_ns)
            reached_ns = first.look_ahead(until_ns)
            if reached_ns < until_ns or first.outbox or until_ns >= limit_ns:
                return reached_ns

    @property
    def pending(self) -> bool:
        """Whether there is something to say."""
        for book in self._all:  # noqa: SIM110 - no generator: this is asked at every event of the world
            if book.outbox:
                return True
        return False

    def advance(self, t_ns: int) -> tuple[MarketEvent, ...]:
        """Let everything up to and including *t_ns* happen. Raise ValueError if time would go back."""
        if t_ns < self._now_ns:
            raise ValueError(f"the market stands at {self._now_ns} ns and was asked to go back to {t_ns} ns")
        self._now_ns = t_ns
        if len(self._all) == 1:
            return tuple(self._all[0].advance(t_ns))
        events = [event for book in self._all for event in book.advance(t_ns)]
        return tuple(sorted(events, key=lambda event: event.t_ns))  # stable: of one instant in the order of the books

    def _earliest(self, limit_ns: int) -> tuple[SimulatedBook, int]:
        """The book whose turn it is, and how far it may go before another's."""
        ordered = sorted(self._all, key=lambda book: book.next_ns)
        return ordered[0], min(limit_ns, ordered[1].next_ns)

    # ---- what everybody sees, and what faults turn

    def quote(self, symbol: str) -> Quote:
        """The top of book now, the desk's own orders included: this is what everybody sees."""
        return self._books[symbol].quote(self._now_ns)

    def levers(self, symbol: str) -> Levers:
        """The levers of one symbol; a change counts from the next message on."""
        return self._books[symbol].levers

    # ---- orders

    def submit(self, order: NewOrder) -> tuple[Execution, ...]:
        """Take an order of the desk now: its immediate executions."""
        book = self._books[order.symbol]
        self._of_order[order.order_id] = book
        return book.executions(order, book.submit(self._now_ns, DESK, order))

    def cancel(self, order_id: int) -> int:
        """Take a resting order out: the shares it still had, 0 if it was not there."""
        book = self._of_order.pop(order_id, None)
        return book.cancel(self._now_ns, order_id) if book is not None else 0

    # ---- stops

    def set_bands(self, symbol: str, lower_micros: int, upper_micros: int) -> None:
        """Nobody offers below *lower_micros* or bids above *upper_micros* from now on; 0/0 takes the bands away."""
        self._books[symbol].set_bands(lower_micros, upper_micros, self._now_ns)

    def set_trading(self, symbol: str, *, trading: bool) -> None:
        """Others stop trading in *symbol*, though they go on quoting; or trade again."""
        self._books[symbol].set_trading(trading=trading)

    def uncross(self, orders: tuple[NewOrder, ...], symbol: str, reference_micros: int) -> tuple[MarketEvent, ...]:
        """The call auction that ends a stop: *orders* and what rests, at one price."""
        book = self._books[symbol]
        self._of_order.update((order.order_id, book) for order in orders)
        return tuple(book.uncross(self._now_ns, orders, reference_micros))
