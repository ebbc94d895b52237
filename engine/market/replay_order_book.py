"""The order book of a tape in a run: the tape's orders and the desk's in one book, said in the words of the venue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engine.domain.orders import Instrument, NewOrder, Side
from engine.domain.ports import Execution, Levers, MarketEvent
from engine.domain.quotes import Quote, Trade
from engine.market import book_arrays, replay_arrays, replay_kernel
from engine.market.book_arrays import BACKGROUND, DESK
from engine.market.limit_book import LimitBook
from engine.market.replay_arrays import Floats, Ints
from engine.market.replay_reopening import reopen
from engine.market.replay_room import FAR_TICKS, Room, span_of
from engine.market.replay_slots_kernel import free_slot
from engine.market.resting import may_rest

_NONE_KNOWN: Ints = np.zeros(1, np.int64)


class Resting(NamedTuple):
    """An order of the desk: its price in ticks, and how many shares it had when it came to rest."""

    order: NewOrder
    tick: int
    qty: int


class TapeBook:
    """One symbol of a LOBSTER day as a book of orders.

    The tape's orders are those of the background. What shows is what they show: the desk's own are never in a quote.
    """

    def __init__(self, symbol: str, tick_micros: int, opening: Sequence[int], *, halted: bool = False) -> None:
        """The book that stands when the run begins: the row *opening*, whose orders have no numbers."""
        first = _first_price_micros(opening)
        self.instrument = Instrument(symbol, first - first % tick_micros or tick_micros, tick_micros)
        self.levers = Levers()
        self._first_tick = max((opening[2] or opening[0] or tick_micros) // tick_micros, 1)
        self.book = LimitBook(self._first_tick)
        self.tape: Ints = replay_arrays.new_tape(tick_micros)
        self.quote = Quote(0, symbol, 0, 0, 0, 0)
        self.resting: dict[int, Resting] = {}
        """The desk's orders in the book."""
        self._far: dict[int, Resting] = {}
        """The desk's orders that are too far from the market for the book, and come into it when the market is near."""
        self._room = Room(self.book, tick_micros)
        self._laid: Floats = replay_arrays.neutral_levers()
        self._pulled = (1.0, 1.0, 1.0, 1.0)
        self._told: Ints = np.zeros((replay_arrays.TOLD_ROWS, replay_arrays.TOLD_COLUMNS), np.int64)
        self.tape[replay_arrays.HALTED] = halted
        row = np.array([opening], np.int64)
        self._no_row: Ints = np.zeros_like(row)
        self.begin(row, row[0, :0])
        self._play_row(0, row, replay_arrays.IS_SOUND, [])

    # ---- the tape

    def begin(self, rows: Ints, prices_micros: Ints) -> None:
        """See to it that the book has room for these rows, for orders at these prices, and for what is there."""
        taken = replay_arrays.slots(self.tape)
        there = taken[taken[:, replay_arrays.SIDE] != 0, replay_arrays.PRICE]
        self._room.take(span_of(rows, np.concatenate([prices_micros, there])))
        self._widen()

    def play(self, feed: Ints, rows: Ints, known: Ints, first: int, last: int, events: list[MarketEvent]) -> None:
        """Play rows *first* to *last* of a chunk, without *last*, and add what happens to *events*."""
        self._pull()
        self._play(feed, rows, known, first, last, events)

    def changes(self, t_ns: int) -> list[MarketEvent]:
        """The new quote if the top has changed since the last one, else nothing."""
        return [] if self.tape[replay_arrays.STOPPED] else self._refresh(t_ns)

    # ---- the desk

    def submit(self, t_ns: int, order: NewOrder) -> tuple[Execution, ...]:
        """Match a new order in the book; what is left of a day limit order rests at the end of its queue."""
        if not self.tape[replay_arrays.IN_BOOK] and not may_rest(order):
            return ()
        if order.limit_micros is None:
            self.book.submit(t_ns, DESK, order.order_id, int(order.side), order.qty, None, rests=False)
        else:
            self.enter(t_ns, order, order.limit_micros // self.instrument.tick_micros, order.qty)
        return self._executions(order)

    def enter(self, t_ns: int, order: NewOrder, tick: int, qty: int) -> None:
        """Put *qty* shares of a limit order into the book; a day order may rest there."""
        market = self._market()
        near = min(max(tick, market - FAR_TICKS), market + FAR_TICKS)
        if int(order.side) * (near - tick) > 0 or not self._room.cover(near):
            self._far[order.order_id] = Resting(order, tick, qty)
            return
        rests = may_rest(order)
        left = self.book.submit(t_ns, DESK, order.order_id, int(order.side), qty, near, rests=rests)
        if left and rests:
            self.resting[order.order_id] = Resting(order, near, left)

    def cancel(self, order_id: int) -> int:
        """Take a resting order out: the shares it still had, 0 if it was not there."""
        far = self._far.pop(order_id, None)
        if far is not None:
            return far.qty
        self.resting.pop(order_id, None)
        return self.book.cancel(order_id)

    def ahead(self, order_id: int) -> int:
        """Shares in front of a resting order of the desk. Raise LookupError if it does not rest in the book."""
        return self.book.ahead(order_id)

    def lose(self, slot: int, qty: int, *, gone: bool) -> None:
        """The desk has taken shares of one of the tape's orders: all that it showed, if it is *gone*."""
        tape = self.tape
        tape[slot + replay_arrays.SHIFT] -= qty
        tape[slot + replay_arrays.SHARES] -= qty
        if gone:
            tape[slot + replay_arrays.ORDER] = 0
            if not tape[slot + replay_arrays.ON_TAPE] and not tape[slot + replay_arrays.SHIFT]:
                free_slot(tape, slot)

    def execution(
        self, t_ns: int, order_id: int, side: Side, qty: int, tick: int, left: int, *, maker: bool
    ) -> Execution:
        """A match of an order of the desk; one that is filled no longer rests."""
        if not left:
            self.resting.pop(order_id, None)
        price_micros = tick * self.instrument.tick_micros
        return Execution(t_ns, order_id, self.instrument.symbol, side, qty, price_micros, maker, left)

    def _executions(self, order: NewOrder) -> tuple[Execution, ...]:
        """What the book has matched with an order of the desk that came in; the other party may be the desk too."""
        left, found = order.qty, []
        for match in self.book.drain():
            t_ns, tick, qty = match.t_ns, match.tick, match.qty
            left -= qty
            found.append(self.execution(t_ns, order.order_id, order.side, qty, tick, left, maker=False))
            if match.maker_owner == BACKGROUND:
                self.lose(-match.maker_id, qty, gone=not match.maker_left)
            else:
                side = order.side.opposite
                found.append(self.execution(t_ns, match.maker_id, side, qty, tick, match.maker_left, maker=True))
        return tuple(found)

    # ---- stops and bands

    def set_bands(self, t_ns: int, bands: tuple[int, int]) -> list[MarketEvent]:
        """Let nobody bid above or offer below *bands* (micro-dollars) from now on; what changes by that."""
        tick_micros = self.instrument.tick_micros
        self._laid[[replay_arrays.LOWER, replay_arrays.UPPER]] = [price // tick_micros for price in bands]
        self._widen()
        return self.changes(t_ns)

    def set_trading(self, t_ns: int, *, trading: bool) -> list[MarketEvent]:
        """Others stop trading, or go on: meanwhile the tape runs beneath the last quote, and its orders are nowhere."""
        self.tape[replay_arrays.STOPPED] = not trading
        return self._refresh(t_ns)

    def uncross(self, t_ns: int, orders: Sequence[NewOrder], reference_micros: int) -> list[MarketEvent]:
        """The auction that ends a stop; what is left of *orders* rests."""
        return reopen(self, t_ns, orders, reference_micros)

    def bring_up_to_now(self, t_ns: int) -> list[MarketEvent]:
        """Lay the levers of now over the tape's book of now; what changes by that."""
        self._pull()
        return self._refresh(t_ns)

    # ---- the kernel

    def _pull(self) -> None:
        """Let the levers of now count from the next row on."""
        levers = self.levers
        pulled = (levers.price_factor, levers.spread_factor, levers.depth_factor, levers.volume_factor)
        if pulled != self._pulled:
            self._pulled = pulled
            self._laid[: len(pulled)] = pulled
            self._widen()

    def _refresh(self, t_ns: int) -> list[MarketEvent]:
        """What changes without a message."""
        events: list[MarketEvent] = []
        self._play_row(t_ns, self._no_row, replay_arrays.NO_ROW, events)
        return events

    def _play_row(self, t_ns: int, row: Ints, sound: int, events: list[MarketEvent]) -> None:
        """Play a row of the tape's book to which there is no message."""
        feed = np.zeros((1, replay_arrays.FEED_COLUMNS), np.int64)
        feed[0, replay_arrays.AT_NS], feed[0, replay_arrays.SOUND] = t_ns, sound
        self._play(feed, row, _NONE_KNOWN, 0, 1, events)

    def _play(self, feed: Ints, rows: Ints, known: Ints, first: int, last: int, events: list[MarketEvent]) -> None:
        while True:
            first = replay_kernel.play(
                self.book.memory, self.tape, self._laid, feed, rows, known, self._told, first, last
            )
            if self.tape[replay_arrays.TOLD]:
                self._hear(events)
            if first == last:
                return
            self._grow(rows.shape[1] // 4)

    def _hear(self, events: list[MarketEvent]) -> None:
        """Say what the kernel has told."""
        tape, symbol, tick_micros = self.tape, self.instrument.symbol, self.instrument.tick_micros
        rows = self._told[: tape[replay_arrays.TOLD]].tolist()
        tape[replay_arrays.TOLD] = 0
        for kind, t_ns, one, two, three, four, five in rows:
            if kind == replay_arrays.QUOTE:
                self.quote = Quote(t_ns, symbol, one * tick_micros, two, three * tick_micros, four)
                events.append(self.quote)
            elif kind == replay_arrays.PRINT:
                events.append(Trade(t_ns, symbol, one, two, Side(three)))
            else:
                events.append(self.execution(t_ns, one, Side(two), three, four, five, maker=True))
        if self.book.memory[book_arrays.MATCHES]:
            self.book.drain()

    def _market(self) -> int:
        """About where the market is, in ticks."""
        return int(self.tape[replay_arrays.QUOTE_BID] or self.tape[replay_arrays.QUOTE_ASK]) or self._first_tick

    def _widen(self) -> None:
        """Give the book room for what the tape shows next, under the levers and within the bands."""
        market = self._market()
        lower, upper = (int(tick) for tick in self._laid[[replay_arrays.LOWER, replay_arrays.UPPER]])
        for order_id, (order, tick, _) in list(self.resting.items()):
            if abs(tick - market) > 2 * FAR_TICKS:
                self._far[order_id] = Resting(order, tick, self.cancel(order_id))
        self._room.widen(self.levers, (lower, upper), market)
        for order_id, (order, tick, qty) in list(self._far.items()):
            if abs(tick - market) <= FAR_TICKS:
                del self._far[order_id]
                self.enter(0, order, tick, qty)

    def _grow(self, levels: int) -> None:
        """Make more room, if a row of so many levels might need it."""
        while replay_kernel.short_of_room(self.book.memory, self.tape, self._told, levels):
            self.tape = replay_arrays.with_more_room(self.tape)
            self.book.memory = book_arrays.with_more_rows(self.book.memory)
            self._told = np.zeros((2 * len(self._told), replay_arrays.TOLD_COLUMNS), np.int64)


def _first_price_micros(row: Sequence[int]) -> int:
    """The middle of the first level, or the side there is."""
    ask_micros, bid_micros = row[0], row[2]
    return (ask_micros + bid_micros) // 2 if ask_micros and bid_micros else ask_micros or bid_micros
