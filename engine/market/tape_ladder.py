"""One side of the book that a tape shows, under the levers and without what the desk has taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.domain.orders import Side
from engine.market.matching import beyond


@dataclass(slots=True)
class Level:
    """A level as shown: ``price_micros`` and ``qty`` after the levers, ``tape_…`` as on the tape."""

    price_micros: int
    qty: int
    tape_micros: int
    tape_qty: int


class TapeLadder:
    """The others' orders on one side. What the desk took stays taken until the level's size on the tape changes."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self._levels: list[Level] = []
        self._taken: dict[int, tuple[int, int]] = {}
        """By the tape's price: its size on the tape when the desk took there, and how much the desk has taken."""

    @property
    def touched(self) -> bool:
        """Whether something that the desk took is still missing."""
        return bool(self._taken)

    def place(self, row: list[tuple[int, int]], shown_micros: Callable[[Side, int], int], depth_factor: float) -> None:
        """Show the tape's levels *row* (price, shares; 0/0 if empty), at prices and depth under the levers."""
        levels = [(price, qty) for price, qty in row if qty > 0]
        if self._taken:
            self._forget(dict(levels), window_full=len(levels) == len(row))
        self._levels = []
        for price, qty in levels:
            _, taken = self._taken.get(price, (0, 0))
            left = int(qty * depth_factor) - taken
            if left > 0:
                self._levels.append(Level(shown_micros(self.side, price), left, price, qty))

    def shown(self) -> Iterator[tuple[int, int]]:
        """Price and shares of each level that shows something, from the touch outwards."""
        return ((level.price_micros, level.qty) for level in self._levels)

    def best(self) -> tuple[int, int]:
        """Price and shares at the touch, 0/0 if this side is empty. Levels that fell on one tick count together."""
        if not self._levels:
            return 0, 0
        price = self._levels[0].price_micros
        return price, sum(level.qty for level in self._levels if level.price_micros == price)

    def take(self, qty: int, limit_micros: int | None) -> list[tuple[int, int]]:
        """Take up to *qty* shares at the limit or better (None: at any price): price and shares of each part."""
        parts = []
        for level in self._levels:
            if not qty or beyond(self.side, level.price_micros, limit_micros):
                break
            part = min(qty, level.qty)
            level.qty -= part
            qty -= part
            _, before = self._taken.get(level.tape_micros, (0, 0))
            self._taken[level.tape_micros] = (level.tape_qty, before + part)
            parts.append((level.price_micros, part))
        self._levels = [level for level in self._levels if level.qty]
        return parts

    def _forget(self, sizes: dict[int, int], *, window_full: bool) -> None:
        """Drop what was taken from levels that have changed since; one beyond the last level may come back as it was.

        A level is gone, not only out of sight, when it would have to show within the tape's levels.
        """
        worst = min((int(self.side) * price for price in sizes), default=0)
        for price, (size, _) in list(self._taken.items()):
            out_of_sight = window_full and int(self.side) * price < worst
            if sizes.get(price) != size and not out_of_sight:
                del self._taken[price]
