"""LOBSTER tapes that an exchange of a few lines makes: every order with its number, every queue first in, first out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import strategies as st

from .samples import Row, Say, write_tape

NEW, CUT, DELETED, VISIBLE, HIDDEN = range(1, 6)
MID = 10_000
"""Ticks of a cent: 100.00."""
Step = tuple[int, int, int, int, int]
"""What is done, on which side, how many shares, how far away, which order."""
STEPS = st.lists(
    st.tuples(
        st.sampled_from([0, 0, 0, 0, 1, 2, 3, 3, 4]),
        st.sampled_from([1, -1]),
        st.integers(1, 300),
        st.integers(0, 6),
        st.integers(0, 99),
    ),
    max_size=60,
)


@dataclass
class Exchange:
    """A naive order book that writes the tape of what is done to it. Prices are ticks; ``way`` is the resting side."""

    levels: int
    queues: dict[tuple[int, int], list[list[int]]] = field(default_factory=dict)
    """By side and price: number and shares of each order, the first in line first."""
    says: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    """Kind, number, shares, price, way of each message."""
    rows: list[Row] = field(default_factory=list)
    before: int = 0
    """Shares that were added without a message, before the tape began."""
    _count: int = 0

    def prices(self, side: int) -> list[int]:
        """The prices of a side, from the touch outwards."""
        return sorted((price for way, price in self.queues if way == side), key=lambda price: -side * price)

    def best(self, side: int) -> int:
        """The best price of a side, 0 if it is empty."""
        return next(iter(self.prices(side)), 0)

    def add(self, side: int, qty: int, price: int, *, told: bool = True) -> int:
        """An order that does not cross; its number."""
        self._count += 1
        self.queues.setdefault((side, price), []).append([self._count, qty])
        if told:
            self._tell(NEW, self._count, qty, price, side, seen=self._sees(side, price))
        return self._count

    def reduce(self, side: int, pick: int, qty: int) -> None:
        """Cut an order, or delete it if it has no more."""
        orders = [(price, order) for price in self.prices(side) for order in self.queues[side, price]]
        if not orders:
            return
        price, order = orders[pick % len(orders)]
        kind, part = (CUT, qty) if qty < order[1] else (DELETED, order[1])
        self._take(side, price, order, part, kind)

    def trade(self, aggressor: int, qty: int) -> None:
        """An order that takes what it gets."""
        side = -aggressor
        while qty and (price := self.best(side)):
            order = self.queues[side, price][0]
            part = min(qty, order[1])
            qty -= part
            self._take(side, price, order, part, VISIBLE)

    def hidden(self, side: int, qty: int, price: int) -> None:
        """The execution of a hidden order."""
        self._tell(HIDDEN, 0, qty, price, side, seen=True)

    def row(self) -> Row:
        """The book as the tape shows it."""
        cells: list[tuple[float, int]] = []
        sides = [self.prices(-1), self.prices(1)]
        for level in range(self.levels):
            for side, prices in zip((-1, 1), sides, strict=True):
                price = prices[level] if level < len(prices) else 0
                cells.append((price / 100, sum(qty for _, qty in self.queues.get((side, price), []))))
        return tuple(cells)

    def do(self, step: Step) -> None:
        """A step of a drawn script."""
        what, side, qty, away, pick = step
        if what == 0:
            opposite = self.best(-side) or MID + side
            self.add(side, qty, max(opposite - side * (1 + away), 1))
        elif what in (1, 2):
            self.reduce(side, pick, qty)
        elif what == 3:
            self.trade(side, qty)
        elif self.best(side):
            self.hidden(side, qty, self.best(side))

    def write(self, folder: Path, start_s: float = 1.0) -> Path:
        """The tape in *folder*: the messages stand a millisecond apart, the first at the opening of the market."""
        rows: list[tuple[Say, Row]] = [((0.0, HIDDEN, 1, MID / 100, 1), self.rows[0])]
        for n, ((kind, _, qty, price, way), row) in enumerate(zip(self.says, self.rows[1:], strict=True)):
            rows.append(((start_s + n / 1_000, kind, qty, price / 100, way), row))
        return write_tape(folder, rows, numbers=[0, *(number for _, number, *_ in self.says)])

    def _take(self, side: int, price: int, order: list[int], qty: int, kind: int) -> None:
        seen = self._sees(side, price)
        order[1] -= qty
        if not order[1]:
            queue = self.queues[side, price]
            queue.remove(order)
            if not queue:
                del self.queues[side, price]
        self._tell(kind, order[0], qty, price, side, seen=seen)

    def _sees(self, side: int, price: int) -> bool:
        """Whether the tape shows a price."""
        return price in self.prices(side)[: self.levels]

    def _tell(self, kind: int, number: int, qty: int, price: int, way: int, *, seen: bool) -> None:
        """What happens beyond the last level is not on the tape."""
        if seen:
            self.says.append((kind, number, qty, price, way))
            self.rows.append(self.row())


def opened(levels: int, orders: Sequence[tuple[int, int, int]] = ()) -> Exchange:
    """An exchange at which *orders* (side, shares, ticks) rest before the tape begins."""
    exchange = Exchange(levels)
    for side, qty, price in orders:
        exchange.add(side, qty, price, told=False)
    exchange.rows.append(exchange.row())
    return exchange


DEEP = tuple((side, 100 + 10 * away, MID - side * away) for side in (1, -1) for away in range(1, 8))
"""Seven levels on each side, a tick apart, 110 to 170 shares from the touch outwards."""


def scripted(levels: int, steps: Sequence[Step]) -> Exchange:
    """An exchange with seven levels, after a script."""
    exchange = opened(levels, DEEP)
    for step in steps:
        exchange.do(step)
    return exchange
