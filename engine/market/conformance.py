"""Whether a LOBSTER day explains itself: each message, applied to the book before it, must give the book after it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.domain.orders import Side
from engine.market.tape import Tape, chunks
from engine.market.tape_rows import CUT, DELETED, NEW, VISIBLE


@dataclass(frozen=True, slots=True)
class Conformance:
    """How many of a day's transitions the messages explain."""

    explained: int
    total: int
    """Rows less one: the first book has none before it."""
    rolled_in: int
    """Explained transitions after which a level shows that lay beyond the tape's last level and has no message."""
    first_unexplained_row: int | None
    """The first row, from 1, whose book is another than its message says."""


class SideBook:
    """One side of a book of so many visible levels, moved by messages."""

    def __init__(self, side: Side, levels: int) -> None:
        self._sign = -int(side)
        """Makes prices grow from the touch outwards, on either side."""
        self._most = levels
        self.shown: list[tuple[int, int]] = []
        """Price in micro-dollars and shares of each level, from the touch outwards."""

    def take(self, row: list[int]) -> None:
        """Show what the tape shows: price, shares, price, shares …; 0/0 is an empty level."""
        self.shown = [(price, qty) for price, qty in zip(row[0::2], row[1::2], strict=True) if qty]

    def apply(self, kind: int, price_micros: int, qty: int) -> bool:
        """Add or take out the shares of a message. Whether the level that it names was there to take from."""
        change = qty if kind == NEW else -qty
        place = self._place(price_micros)
        known = place < len(self.shown) and self.shown[place][0] == price_micros
        if not known:
            if change > 0:
                self.shown.insert(place, (price_micros, change))
            return change > 0
        left = self.shown[place][1] + change
        if left > 0:
            self.shown[place] = (price_micros, left)
        else:
            del self.shown[place]
        return left >= 0

    def agrees(self, row: list[int]) -> tuple[bool, bool]:
        """Whether the tape's next row is what stands here, and whether a level has come in from beyond the last."""
        seen = [(price, qty) for price, qty in zip(row[0::2], row[1::2], strict=True) if qty]
        expected = self.shown[: self._most]
        if seen == expected:
            return True, False
        # A level that was taken out makes room for one that was hidden behind the last.
        room = len(expected) < self._most and len(seen) == len(expected) + 1
        beyond = not expected or self._sign * (seen[-1][0] - expected[-1][0]) > 0 if room else False
        return room and beyond and seen[:-1] == expected, room and beyond

    def _place(self, price_micros: int) -> int:
        """Where a price stands, or would stand."""
        for place, (price, _) in enumerate(self.shown):
            if self._sign * (price - price_micros) >= 0:
                return place
        return len(self.shown)


def conformance(tape: Tape) -> Conformance:
    """Apply every message of a day. Raise TapeError at the first row that is broken."""
    bids, asks = SideBook(Side.BUY, tape.levels), SideBook(Side.SELL, tape.levels)
    explained = rolled = row = 0
    first_unexplained: int | None = None
    for chunk in chunks(tape):
        rows = zip(chunk.kind, chunk.price_micros, chunk.qty, chunk.direction, chunk.book.tolist(), strict=True)
        for kind, price_micros, qty, direction, after in rows:
            row += 1
            ask_row, bid_row = _split(after)
            if row > 1:
                known = True
                if kind in (NEW, CUT, DELETED, VISIBLE):
                    known = (bids if direction == Side.BUY else asks).apply(kind, price_micros, qty)
                (ask_right, ask_rolled), (bid_right, bid_rolled) = asks.agrees(ask_row), bids.agrees(bid_row)
                if known and ask_right and bid_right:
                    explained += 1
                    rolled += ask_rolled or bid_rolled
                elif first_unexplained is None:
                    first_unexplained = row
            asks.take(ask_row)
            bids.take(bid_row)
    return Conformance(explained, max(row - 1, 0), rolled, first_unexplained)


def _split(row: list[int]) -> tuple[list[int], list[int]]:
    """The asks and the bids of a book row, each price and shares in turn."""
    asks = [number for place in range(0, len(row), 4) for number in row[place : place + 2]]
    bids = [number for place in range(2, len(row), 4) for number in row[place : place + 2]]
    return asks, bids
