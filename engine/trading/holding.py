"""What the desk holds of one symbol, and what it cost: average cost in whole micro-dollars.

Closing part of a position releases its share of the cost, rounded half-even to a whole micro-dollar; what is not
released stays in the position, so nothing is ever lost, and a position that is flat has no cost left over. Against
unrounded average cost, realised profit differs by at most half a micro-dollar per partial close, until flat.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(slots=True)
class Holding:
    """One symbol's position: signed shares, signed cost, and what the average price must lie between."""

    position: int = 0
    cost_micros: int = 0
    realised_micros: int = 0
    mark_micros: float = 0.0
    signed_fills: int = 0
    """Sum of everything traded, kept apart from the position to check it by."""
    low_micros: int = 0
    high_micros: int = 0
    closes: int = 0
    """Partial closes since the position was opened: each may have moved the cost by half a micro-dollar."""

    @classmethod
    def of(cls, moves: Iterable[tuple[int, int]], mark_micros: float) -> Holding:
        """The holding that these moves (signed shares, price) make, one after the other."""
        holding = cls(mark_micros=mark_micros)
        for delta, price_micros in moves:
            holding.trade(delta, price_micros)
            holding.signed_fills += delta
        return holding

    def trade(self, delta: int, price_micros: int) -> tuple[int, int]:
        """Move the position by *delta* shares: the profit realised and the change of the cost."""
        before = self.cost_micros
        realised = 0
        if self.position * delta < 0:
            closing = min(abs(delta), abs(self.position))
            sign = 1 if self.position > 0 else -1
            released = _half_even(self.cost_micros * closing, abs(self.position))
            realised = sign * closing * price_micros - released
            self.cost_micros -= released
            self.position -= sign * closing
            self.closes += 1
            delta += sign * closing
        if delta:
            self._open(delta, price_micros)
        self.realised_micros += realised
        return realised, self.cost_micros - before

    @property
    def average_is_sound(self) -> bool:
        """Whether the cost lies between the lowest and the highest price paid, but for rounding of the closes."""
        shares, cost = abs(self.position), abs(self.cost_micros)
        if not shares:
            return cost == 0
        same_sign = (self.cost_micros > 0) == (self.position > 0)
        low, high = shares * self.low_micros, shares * self.high_micros
        return same_sign and low - self.closes <= cost <= high + self.closes

    def _open(self, delta: int, price_micros: int) -> None:
        if not self.position:  # opened anew, or flipped through zero: at this fill's price and nothing else (I6)
            self.low_micros = self.high_micros = price_micros
            self.closes = 0
        self.low_micros = min(self.low_micros, price_micros)
        self.high_micros = max(self.high_micros, price_micros)
        self.position += delta
        self.cost_micros += delta * price_micros


def _half_even(numerator: int, denominator: int) -> int:
    """``numerator / denominator`` to the nearest whole number, halves to the even one."""
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest > denominator or (2 * rest == denominator and whole % 2 == 1))
