"""Streams of order book operations, and a player of them: on the book that is tested and on the naive one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from engine.market.limit_book import LimitBook, Match
from tests.market.naive_book import NaiveBook

CENTRE = 10_000
"""Where the streams' market is, in ticks."""
NO_PLACE = "the book has no place for it"
"""What is said of a price that is out of reach."""

Kind = Literal["submit", "cancel", "reduce", "replace", "drain"]


@dataclass(frozen=True, slots=True)
class Step:
    """One operation. ``pick`` chooses among the orders sent so far, wherever they are now; a new one has *owner*."""

    kind: Kind
    side: int = 1
    qty: int = 1
    tick: int | None = None
    owner: int = 0
    rests: bool = True
    pick: int = 0


@dataclass
class Tally:
    """Where shares went, in the words of the book's own answers."""

    submitted: int = 0
    died: int = 0
    taken_out: int = 0


@dataclass
class Player:
    """Plays steps on a book; the numbers of the orders of somebody known are 1, 2, 3 …"""

    book: LimitBook
    naive: NaiveBook | None = None
    now_ns: int = 0
    sent: int = 0
    tally: Tally = field(default_factory=Tally)
    trades: list[Match] = field(default_factory=list)

    def play(self, step: Step) -> bool:
        """Play one step, and compare the answers; False if the price was out of the book's reach."""
        self.now_ns += 1
        if step.kind == "submit":
            return self._submit(step)
        if step.kind == "drain":
            self._drain()
            return True
        number = 1 + step.pick % (self.sent + 1)  # now and then of an order that was never sent
        if step.kind == "reduce":
            before, left = self.book.left(number), self.book.reduce(number, step.qty, self.now_ns)
            self.tally.taken_out += before - left
            assert self.naive is None or left == self.naive.reduce(number, step.qty)
            return True
        had = self.book.cancel(number, self.now_ns)
        self.tally.taken_out += had
        assert self.naive is None or had == self.naive.cancel(number)
        return self._submit(step) if step.kind == "replace" else True

    def _submit(self, step: Step) -> bool:
        number = self.sent + 1 if step.owner else 0
        order = (self.now_ns, step.owner, number, step.side, step.qty, step.tick)
        try:
            left = self.book.submit(*order, rests=step.rests)
        except ValueError as refused:
            if NO_PLACE not in str(refused):
                raise
            return False
        self.sent += bool(step.owner)
        self.tally.submitted += step.qty
        self.tally.died += left if step.tick is None or not step.rests else 0
        assert self.naive is None or left == self.naive.submit(*order, rests=step.rests)
        return True

    def _drain(self) -> None:
        drained = self.book.drain()
        self.trades += drained
        assert self.naive is None or drained == self.naive.drain()


def played(steps: Sequence[Step], *, rows: int = 4096) -> Player:
    """A player that has played all *steps*, on a book of its own."""
    player = Player(LimitBook(CENTRE, rows=rows))
    for step in steps:
        player.play(step)
    player.play(Step("drain"))
    return player


def stream(seed: int, count: int) -> Iterator[Step]:
    """A random stream of *count* steps around the centre, for runs that must be the same in another process."""
    chance = np.random.default_rng(seed)
    kinds: tuple[Kind, ...] = ("submit", "submit", "submit", "cancel", "reduce", "replace", "drain")
    for _ in range(count):
        tick = CENTRE + int(chance.integers(-8, 9)) * int(chance.choice([1, 1, 1, 400]))
        yield Step(
            kind=kinds[int(chance.integers(len(kinds)))],
            side=1 if chance.random() < 0.5 else -1,
            qty=int(chance.integers(1, 300)),
            tick=tick if chance.random() < 0.9 else None,
            owner=int(chance.integers(0, 4)),
            rests=bool(chance.random() < 0.8),
            pick=int(chance.integers(1_000_000)),
        )
