"""One symbol's limit order book: price-time priority, exact queues, whole ticks; the Python face of the kernel.

Orders of the background are only known to the kernel; every other order is found by its number.
"""

from __future__ import annotations

from typing import NamedTuple

from engine.market import book_arrays as at
from engine.market import book_kernel, book_proofs
from engine.market.book_arrays import BACKGROUND, EDGE, FIRST_ROWS, MOST, Ints


class Match(NamedTuple):
    """A trade in the book: *maker* rested, *taker* came; ``aggressor`` +1 buys, -1 sells; owner 0 is the background."""

    t_ns: int
    tick: int
    qty: int
    aggressor: int
    maker_owner: int
    maker_id: int
    maker_left: int
    taker_owner: int
    taker_id: int


class LimitBook:
    """A book around *centre_tick*. Prices are whole ticks, quantities whole shares, both at least 1.

    It begins with room for *rows* resting orders, and makes more as they come. Raise ValueError if either is below 1.
    """

    def __init__(self, centre_tick: int, *, rows: int = FIRST_ROWS) -> None:
        self.memory: Ints = at.new_book(centre_tick, rows=rows)
        """The book itself; replaced by a larger one when it grows."""
        self._orders: dict[int, int] = {}
        self._matches: list[Match] = []

    # ---- orders

    def submit(
        self, t_ns: int, owner: int, order_id: int, side: int, qty: int, limit_tick: int | None, *, rests: bool
    ) -> int:
        """Match an order; what is left rests if it *rests* (a limit order only), else it dies. Shares left.

        Raise ValueError, and change nothing, if side, quantity, price or owner make no sense, the number is taken, or
        the price is too far away to rest there.
        """
        self.settle()
        self._accept(owner, order_id, side, qty, limit_tick)
        rests = rests and limit_tick is not None
        if rests and limit_tick is not None and not self.make_room(limit_tick):
            raise ValueError(
                f"a price that leaves the book no wider than {at.MOST_WINDOW - 2 * EDGE} ticks was expected, "
                f"was {limit_tick} ticks: the book has no place for it"
            )
        if self.memory[at.RECORDING]:
            self.make_message_room()
        left = book_kernel.take(self.memory, t_ns, side, qty, limit_tick or 0, owner, order_id)
        self.settle()
        if left and rests and limit_tick is not None:
            order = book_kernel.rest(self.memory, t_ns, side, limit_tick, left, owner, order_id)
            if owner != BACKGROUND:
                self._orders[order_id] = int(order)
        return int(left)

    def cancel(self, order_id: int, t_ns: int = 0) -> int:
        """Take a resting order out: the shares it still had, 0 if it was not there (any more)."""
        self.settle()
        order = self._orders.pop(order_id, 0)
        if not order:
            return 0
        if self.memory[at.RECORDING]:
            self.make_message_room()
        return int(book_kernel.remove(self.memory, t_ns, order))

    def reduce(self, order_id: int, qty: int, t_ns: int = 0) -> int:
        """Take up to *qty* shares off a resting order, which keeps its place: the shares left.

        Raise ValueError if the quantity is not positive.
        """
        _expect("a quantity to take off", qty, "shares")
        if qty >= self.left(order_id):
            self.cancel(order_id, t_ns)
            return 0
        self.make_message_room()
        return int(book_kernel.cut(self.memory, t_ns, self._orders[order_id], qty))

    def reduce_at(self, tick: int, place: int, qty: int, t_ns: int = 0) -> int:
        """Take up to *qty* shares off the order at *place* (0: first) in the queue of a price: the shares left.

        For auctions, whose trades are not those of :meth:`submit`. Raise LookupError if nobody stands there, and
        ValueError if the quantity is not positive.
        """
        _expect("a quantity to take off", qty, "shares")
        self.make_message_room()
        line = at.line(self.memory, tick)
        if not 0 <= place < len(line):
            raise LookupError(
                f"an order at place {place} was expected, was a queue of {len(line)} orders at {tick} ticks"
            )
        order = line[place]
        if qty < self._shares(order):
            return int(book_kernel.cut(self.memory, t_ns, order, qty))
        if self.memory[order + at.OWNER] != BACKGROUND:
            del self._orders[int(self.memory[order + at.ORDER_ID])]
        book_kernel.remove(self.memory, t_ns, order)
        return 0

    def _accept(self, owner: int, order_id: int, side: int, qty: int, limit_tick: int | None) -> None:
        """Raise ValueError if an order like this cannot be."""
        if side not in (1, -1):
            raise ValueError(f"a side of 1 (buy) or -1 (sell) was expected, was {side}")
        _expect("a quantity", qty, "shares")
        if limit_tick is not None:
            _expect("a price", limit_tick, "ticks")
        if owner < BACKGROUND:
            raise ValueError(f"an owner of 0 (background) or more was expected, was {owner}")
        if owner != BACKGROUND and order_id < 1:
            raise ValueError(f"an order number of 1 or more was expected, was {order_id}")
        if owner != BACKGROUND and order_id in self._orders:
            raise ValueError(f"a new order number was expected, was {order_id}, which rests in this book already")

    # ---- what it shows

    def top(self) -> tuple[int, int, int, int]:
        """Price and shares of the best bid, then of the best ask; 0/0 for an empty side."""
        item = self.memory.item
        bid, ask = item(at.BEST_BID), item(at.BEST_ASK)
        level_0 = item(at.LEVELS_FROM) + at.LEVEL_QTY - at.LEVEL_COLUMNS * item(at.BASE)
        bid_qty = item(level_0 + at.LEVEL_COLUMNS * bid) if bid else 0
        return bid, bid_qty, ask, item(level_0 + at.LEVEL_COLUMNS * ask) if ask else 0

    def best(self) -> tuple[int, int]:
        """Price of the best bid and of the best ask; 0 for an empty side."""
        return self.memory.item(at.BEST_BID), self.memory.item(at.BEST_ASK)

    def best_besides(self, order_id: int, side: int) -> int:
        """The best price of *side* if a resting order of that side were not there; 0 if nobody else is."""
        memory = self.memory
        best = memory.item(at.BEST_BID if side > 0 else at.BEST_ASK)
        order = self._orders.get(order_id, 0)
        if not order or memory.item(order + at.TICK) != best or self.shares_at(best) > self._shares(order):
            return best
        if memory.item(at.BID_ORDERS if side > 0 else at.ASK_ORDERS) == 1:
            return 0
        return int(book_kernel.next_level(memory, book_kernel.level_of(memory, best), -side))

    def shares_at(self, tick: int) -> int:
        """Shares resting at a price."""
        level = tick - int(self.memory[at.BASE])
        inside = tick > 0 and 0 <= level < self.memory[at.WINDOW]
        return int(at.levels(self.memory)[level, at.LEVEL_QTY]) if inside else 0

    def levels(self, side: int, n: int) -> list[tuple[int, int]]:
        """Price and shares of the *n* best levels of a side that hold something, from the touch outwards."""
        best, base = int(self.memory[at.BEST_BID if side > 0 else at.BEST_ASK]), int(self.memory[at.BASE])
        if not best:
            return []
        rows = at.levels(self.memory)[:, at.LEVEL_QTY]
        outwards = rows[best - base :: -1] if side > 0 else rows[best - base :]
        found = outwards.nonzero()[0][: max(n, 0)]
        return [(best - side * int(step), int(outwards[step])) for step in found]

    def queue(self, tick: int) -> list[tuple[int, int, int]]:
        """Number, owner and shares of each order at a price, the first in line first."""
        return [
            (int(self.memory[order + at.ORDER_ID]), int(self.memory[order + at.OWNER]), self._shares(order))
            for order in at.line(self.memory, tick)
        ]

    def ahead(self, order_id: int) -> int:
        """Shares in front of a resting order at its price. Raise LookupError if it does not rest."""
        self.settle()
        if order_id not in self._orders:
            raise LookupError(f"a resting order was expected, was {order_id}, which is not in this book")
        return int(book_kernel.ahead(self.memory, self._orders[order_id]))

    def left(self, order_id: int) -> int:
        """Shares that a resting order still has, 0 if it does not rest."""
        self.settle()
        order = self._orders.get(order_id, 0)
        return self._shares(order) if order else 0

    def resting(self) -> tuple[int, ...]:
        """The numbers of the resting orders that are known by number, in the order in which they came to rest."""
        self.settle()
        return tuple(self._orders)

    def others(self) -> list[int]:
        """Where the orders of the background stand in the memory, in the order in which the kernel lists them."""
        return [int(order) for order in at.background(self.memory)]

    def _shares(self, order: int) -> int:
        return abs(int(self.memory[order + at.SIGNED_QTY]))

    # ---- what happened

    def drain(self) -> list[Match]:
        """The trades since the last drain, in order."""
        self.settle()
        drained, self._matches = self._matches, []
        return drained

    def settle(self) -> None:
        """Take over the trades that the kernel has written."""
        if not self.memory[at.MATCHES]:
            return
        for row in at.matches(self.memory).tolist():
            if row[at.MAKER_OWNER] != BACKGROUND and not row[at.MAKER_LEFT]:
                self._orders.pop(row[at.MAKER_ID], None)
            self._matches.append(Match(*row))
        self.memory[at.MATCHES] = 0

    def record(self, *, on: bool) -> None:
        """Begin, or end, to write down every change of the book. What is written stays until it is handed over."""
        self.memory[at.RECORDING] = int(on)

    def messages(self) -> Ints:
        """What was recorded since the last call: a row of ``MESSAGE_COLUMNS`` numbers for each change, in order."""
        handed_over = at.messages(self.memory).copy()
        self.memory[at.MESSAGES] = 0
        return handed_over

    # ---- room

    def make_room(self, tick: int) -> bool:
        """See to it that an order may rest at *tick*; False if that is too far from the rest of the book."""
        if self.memory[at.FREE_ROWS] < 2:
            self.memory = at.with_more_rows(self.memory)
        level = tick - int(self.memory[at.BASE])
        floor = 0 if self.memory[at.BASE] == 0 else EDGE  # nothing can be moved below price 0
        if floor <= level < self.memory[at.WINDOW] - EDGE:
            return True
        wider = at.covering(self.memory, tick, tick)
        if wider is None:
            return False
        self.memory = wider
        return True

    def make_message_room(self) -> None:
        """See to it that whatever a single order can bring about can be written down, should it be recorded."""
        self.settle()
        if self.memory[at.RECORDING]:
            most = int(self.memory[at.BID_ORDERS] + self.memory[at.ASK_ORDERS]) + 2
            self.memory = at.with_space_for_messages(self.memory, most)

    # ---- proofs

    def check(self) -> None:
        """Walk through the whole book. Raise AssertionError if anything does not fit."""
        self.settle()
        book_proofs.check(self.memory, self._orders)

    def digest(self) -> str:
        """A hash of every resting order in its place, and of the flow: what the future of the book depends on.

        How large its memory is, where its window stands, and what was read from it, do not matter.
        """
        return book_proofs.digest(self.memory)


def _expect(what: str, value: int, unit: str) -> None:
    """Raise ValueError if *value* is not positive, or too large to be meant."""
    if not 1 <= value <= MOST:
        raise ValueError(f"{what} of 1 to {MOST} {unit} was expected, was {value}")
