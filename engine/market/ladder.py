"""One side of the reduced book: equal levels one tick apart, eaten from the touch outwards and refilled in time.

The block-shaped book of Obizhaeva and Wang, "Optimal trading strategy and supply/demand dynamics", Journal of
Financial Markets 16 (2013) 1–32: taking x shares from a book with q shares a tick moves the touch by x/q ticks, and
the hole closes exponentially. The hole is kept in levels, so that a fall of depth leaves it as wide as it was.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.domain.orders import Side
from engine.market.matching import beyond


class Ladder:
    """The others' orders on one side. ``side`` BUY is the bids, which desk sells meet."""

    def __init__(self, side: Side, tick_micros: int, levels: int) -> None:
        self.side = side
        self.tick_micros = tick_micros
        self.levels = levels
        self.level_qty = 0
        """Shares that a whole level shows."""
        self._outwards = int(side) * tick_micros
        self._top_micros = tick_micros
        self._hole = 0.0
        self._eaten = 0

    def place(self, top_micros: int, level_qty: int) -> None:
        """Show levels of *level_qty* shares from *top_micros* outwards, less the hole."""
        self._top_micros = top_micros
        self.level_qty = level_qty
        self._eaten = round(self._hole * level_qty)

    def refill(self, kept: float) -> None:
        """Close the hole to the share *kept* of itself; it shows at the next :meth:`place`."""
        self._hole *= kept

    def shown(self) -> Iterator[tuple[int, int]]:
        """Price and shares of each level that shows something, from the touch outwards."""
        if self.level_qty <= 0:
            return
        first, gone = divmod(self._eaten, self.level_qty)
        for level in range(first, self.levels):
            price = self._top_micros - self._outwards * level
            if price < self.tick_micros:  # the price floor: no bid below one tick
                return
            yield price, self.level_qty - gone
            gone = 0

    def best(self) -> tuple[int, int]:
        """Price and shares at the touch, 0/0 if this side is empty."""
        if self.level_qty <= 0:
            return 0, 0
        level, gone = divmod(self._eaten, self.level_qty)
        price = self._top_micros - self._outwards * level
        return (price, self.level_qty - gone) if level < self.levels and price >= self.tick_micros else (0, 0)

    def at(self, price_micros: int) -> int:
        """Shares shown at exactly this price."""
        return next((qty for price, qty in self.shown() if price == price_micros), 0)

    def take(self, qty: int, limit_micros: int | None) -> list[tuple[int, int]]:
        """Take up to *qty* shares at the limit or better (None: at any price): price and shares of each part."""
        parts = []
        for price, there in self.shown():
            if not qty or beyond(self.side, price, limit_micros):
                break
            taken = min(qty, there)
            parts.append((price, taken))
            qty -= taken
        total = sum(taken for _, taken in parts)
        if total:
            self._eaten += total
            self._hole += total / self.level_qty
        return parts
