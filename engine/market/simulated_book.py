"""One symbol of the order book model: book, flow, and the desk's orders in them, said in the words of the venue."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from engine.base.units import NS_PER_MS
from engine.domain.orders import Instrument, NewOrder, Side
from engine.domain.ports import Execution, Levers, MarketEvent
from engine.domain.quotes import Quote, Trade
from engine.market.auction import Interest, uncross
from engine.market.book_arrays import BACKGROUND, DESK
from engine.market.flow import AT_FILLS, AT_TOP, Flow
from engine.market.limit_book import LimitBook, Match
from engine.market.resting import may_rest

NO_BANDS = (0, 0)
SAID_AGAIN_NS = 500 * NS_PER_MS
"""A feed at intervals repeats a top that has stood so long, so that a quiet market does not look like a dead feed. Our
own figure; exchanges' feeds send a heartbeat once a second (Nasdaq MoldUDP64 1.00)."""
LEVERS = attrgetter(*Levers.__slots__)
"""All levers at once: they are compared at every event of the world."""


class SimulatedBook:
    """A book with its flow. ``feed_ns`` is how often its top is published; 0 publishes every change.

    Trades of others between two publications are printed together, by price and side; fills of the desk come at once.
    """

    def __init__(self, instrument: Instrument, book: LimitBook, flow: Flow, feed_ns: int) -> None:
        self.instrument = instrument
        self.book = book
        self.flow = flow
        self.levers = Levers()
        self.halted = False
        self.volume = 0
        """Shares traded so far, by anybody."""
        self.positions: dict[int, int] = {}
        """Shares bought less shares sold so far, by owner; the background has none."""
        self._feed_ns = feed_ns
        self._published = book.top()
        self._said_ns = 0
        self.outbox: list[MarketEvent] = [self._quote(0, self._published)]
        """What is to be said, in order."""
        self._prints: list[Match] = []
        self._next_feed_ns = feed_ns
        self._at_ns = 0
        self._pulled = LEVERS(self.levers)
        self._bands = NO_BANDS

    # ---- time

    @property
    def next_ns(self) -> int:
        """When something may happen next: a message, or a publication."""
        return min(self.flow.next_ns, self._next_feed_ns) if self._feed_ns else self.flow.next_ns

    def look_ahead(self, limit_ns: int) -> int:
        """Go on until there is something to say, but not beyond *limit_ns*; when that was, or *limit_ns*."""
        if self.outbox:
            return self.outbox[-1].t_ns
        levers = LEVERS(self.levers)
        if levers != self._pulled:
            self._pulled = levers
            self.flow.pull(self.levers, self._at_ns)
        self._at_ns = self._every_change(limit_ns) if not self._feed_ns else self._at_feed_times(limit_ns)
        return self._at_ns

    def _every_change(self, limit_ns: int) -> int:
        while self.flow.next_ns <= limit_ns and self.flow.run(limit_ns, AT_TOP | AT_FILLS):
            now_ns = self.flow.now_ns
            self._hear()
            self._say_top(now_ns)
            if self.outbox:
                return now_ns
        return limit_ns

    def _at_feed_times(self, limit_ns: int) -> int:
        while True:
            until_ns = min(limit_ns, self._next_feed_ns)
            if self.flow.run(until_ns, AT_FILLS):
                self._hear()
                return self.flow.now_ns
            if until_ns == self._next_feed_ns:
                self._publish(until_ns)
            if self.outbox or until_ns == limit_ns:
                return until_ns

    def advance(self, t_ns: int) -> list[MarketEvent]:
        """Let everything up to and including *t_ns* happen; what is to be said of it, in order."""
        events: list[MarketEvent] = []
        while True:
            reached_ns = self.look_ahead(t_ns)
            events += self.outbox
            had, self.outbox = bool(self.outbox), []
            if reached_ns >= t_ns and not had:
                return events

    def best(self) -> tuple[int, int]:
        """The best bid and ask in ticks; 0 for an empty side."""
        return self.book.best()

    def quote(self, t_ns: int) -> Quote:
        """The top of book now, the desk's own orders included: this is what everybody sees."""
        return self._quote(t_ns, self.book.top())

    def _quote(self, t_ns: int, top: tuple[int, int, int, int]) -> Quote:
        bid, bid_qty, ask, ask_qty = top
        tick = self.instrument.tick_micros
        return Quote(t_ns, self.instrument.symbol, bid * tick, bid_qty, ask * tick, ask_qty)

    # ---- orders of somebody known

    def submit(self, t_ns: int, owner: int, order: NewOrder) -> list[Match]:
        """Take an order of *owner* now: its matches. The rest of a day limit order rests, any other rest dies."""
        limit_tick = None if order.limit_micros is None else order.limit_micros // self.instrument.tick_micros
        return self.enter(t_ns, owner, order.order_id, int(order.side), order.qty, limit_tick, rests=may_rest(order))

    def enter(
        self, t_ns: int, owner: int, order_id: int, side: int, qty: int, limit_tick: int | None, *, rests: bool
    ) -> list[Match]:
        """As :meth:`submit`, in ticks (None: any price) and with side +1 or -1."""
        if self._bands != NO_BANDS:
            limit_tick = self._inside(side, limit_tick)
        self._hear()
        self.book.submit(t_ns, owner, order_id, side, qty, limit_tick, rests=rests)
        matches = self.book.drain()
        if matches:
            self.flow.learn(t_ns, side, sum(match.qty for match in matches))
            self._take_over(matches, taker=owner)
        self._say_top(t_ns)
        return matches

    def cancel(self, t_ns: int, order_id: int) -> int:
        """Take a resting order out: the shares it still had, 0 if it was not there."""
        left = self.book.cancel(order_id, t_ns)
        self._say_top(t_ns)
        return left

    def executions(self, order: NewOrder, matches: Sequence[Match]) -> tuple[Execution, ...]:
        """What *matches* mean for the desk's *order*, which took."""
        left, found = order.qty, []
        for match in matches:
            left -= match.qty
            found.append(self._execution(match, order.order_id, order.side, maker=False, left=left))
        return tuple(found)

    # ---- stops and bands

    def set_trading(self, *, trading: bool) -> None:
        """Others stop trading (False), though they go on quoting; or trade again."""
        self.halted = not trading
        self.flow.halt(halted=self.halted)

    def set_bands(self, lower_micros: int, upper_micros: int, now_ns: int) -> None:
        """Nobody offers below *lower_micros* or bids above *upper_micros*; 0/0 takes the bands away."""
        tick = self.instrument.tick_micros
        self._bands = (lower_micros // tick, upper_micros // tick)
        self.flow.band(*self._bands, now_ns)
        self._say_top(now_ns)

    def uncross(self, t_ns: int, orders: Sequence[NewOrder], reference_micros: int) -> list[MarketEvent]:
        """A call auction of *orders* against what rests; what is left of them rests."""
        tick = self.instrument.tick_micros
        resting = [
            (order_id, owner, side, qty, price)
            for side in (Side.BUY, Side.SELL)
            for price, _ in self.book.levels(int(side), 1 << 20)
            for order_id, owner, qty in self.book.queue(price)
        ]
        interests = [Interest(side, qty, price * tick) for _, _, side, qty, price in resting]
        interests += [Interest(order.side, order.qty, order.limit_micros) for order in orders]
        crossed = uncross(interests, reference_micros, tick)
        self.volume += crossed.volume
        events: list[MarketEvent] = []
        places: dict[int, int] = {}
        for (order_id, owner, side, qty, price), filled in zip(resting, crossed.filled, strict=False):
            place = places.get(price, 0)
            if not filled:
                places[price] = place + 1
                continue
            self.book.reduce_at(price, place, filled, t_ns)
            self._hold(owner, side * filled)
            places[price] = place + (filled < qty)
            if owner == DESK:
                events.append(self._filled(t_ns, order_id, side, filled, crossed.price_micros, False, qty - filled))
        for order, filled in zip(orders, crossed.filled[len(resting) :], strict=True):
            left = order.qty - filled
            if filled:
                self._hold(DESK, order.side * filled)
                events.append(self._filled(t_ns, order.order_id, order.side, filled, crossed.price_micros, False, left))
            if left and order.limit_micros is not None:
                self.book.submit(
                    t_ns, DESK, order.order_id, int(order.side), left, order.limit_micros // tick, rests=True
                )
        self._say_top(t_ns)
        events += self.outbox
        self.outbox = []
        return events

    # ---- saying what happened

    def _inside(self, side: int, limit_tick: int | None) -> int | None:
        """The limit within the bands; a market order gets the band as its limit."""
        lower, upper = self._bands
        band = upper if side > 0 else lower
        if not band:
            return limit_tick
        if limit_tick is None:
            return band
        return min(limit_tick, band) if side > 0 else max(limit_tick, band)

    def _hear(self) -> None:
        """Take over what the flow has traded up to now."""
        if matches := self.book.drain():
            self._take_over(matches, taker=BACKGROUND)

    def _take_over(self, matches: Sequence[Match], taker: int) -> None:
        """The desk's fills are said at once, others' trades with the next publication."""
        for match in matches:
            signed_qty = match.aggressor * match.qty
            self.volume += match.qty
            self._hold(match.taker_owner, signed_qty)
            self._hold(match.maker_owner, -signed_qty)
            if match.maker_owner == DESK:
                side = Side(-match.aggressor)
                self.outbox.append(self._execution(match, match.maker_id, side, maker=True, left=match.maker_left))
            elif taker != DESK:
                self._prints.append(match)

    def _hold(self, owner: int, qty: int) -> None:
        """*owner* has bought *qty* shares (negative: sold)."""
        if owner != BACKGROUND:
            self.positions[owner] = self.positions.get(owner, 0) + qty

    def _publish(self, t_ns: int) -> None:
        """Say what others traded and where the book stands."""
        self._next_feed_ns = t_ns + self._feed_ns
        self._hear()
        self._print(t_ns)
        self._say(t_ns)

    def _print(self, t_ns: int) -> None:
        """Print others' trades: those at the same price by the same side together."""
        if not self._prints:
            return
        prints, self._prints = self._prints, []
        tick = self.instrument.tick_micros
        for (price, aggressor), same in groupby(prints, key=lambda match: (match.tick, match.aggressor)):
            qty = sum(match.qty for match in same)
            self.outbox.append(Trade(t_ns, self.instrument.symbol, price * tick, qty, Side(aggressor)))

    def _say_top(self, t_ns: int) -> None:
        """With a feed of every change, say where the book stands."""
        if not self._feed_ns:
            self._print(t_ns)
            self._say(t_ns)

    def _say(self, t_ns: int) -> None:
        top = self.book.top()
        if top != self._published or (self._feed_ns and t_ns - self._said_ns >= SAID_AGAIN_NS):
            self._published, self._said_ns = top, t_ns
            self.outbox.append(self._quote(t_ns, top))

    def _execution(self, match: Match, order_id: int, side: Side, *, maker: bool, left: int) -> Execution:
        price_micros = match.tick * self.instrument.tick_micros
        return self._filled(match.t_ns, order_id, side, match.qty, price_micros, maker, left)

    def _filled(
        self, t_ns: int, order_id: int, side: Side, qty: int, price_micros: int, maker: bool, left: int
    ) -> Execution:
        return Execution(t_ns, order_id, self.instrument.symbol, side, qty, price_micros, maker, left)
