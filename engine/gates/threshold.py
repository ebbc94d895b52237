"""Thresholds: the words of a gate, written so that NaN never holds."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from engine.gates.wording import quantity

Word = Literal["from", "above", "below", "at_or_below", "must_be"]
Direction = Literal["upper", "lower", "exact"]

WORDS: tuple[Word, ...] = ("from", "above", "below", "at_or_below")
"""What follows ``warn_`` and ``fail_``."""

# A value holds if this is true of (value, threshold); with NaN on either side each of them is false.
_HOLDS: dict[Word, Callable[[Any, Any], Any]] = {
    "from": operator.lt,
    "above": operator.le,
    "below": operator.ge,
    "at_or_below": operator.gt,
    "must_be": operator.eq,
}
_DIRECTION: dict[Word, Direction] = {
    "from": "upper",
    "above": "upper",
    "below": "lower",
    "at_or_below": "lower",
    "must_be": "exact",
}
_MUST: dict[Word, str] = {
    "from": "must stay below",
    "above": "must not exceed",
    "below": "must not fall below",
    "at_or_below": "must stay above",
    "must_be": "must be",
}
_DOES: dict[Word, str] = {
    "from": "below",
    "above": "not above",
    "below": "not below",
    "at_or_below": "above",
    "must_be": "as it must be",
}


@dataclass(frozen=True, slots=True)
class Threshold:
    """One threshold: its word and its number, in the metric's unit."""

    word: Word
    number: float

    @property
    def direction(self) -> Direction:
        """Which side is guarded: ``upper`` (lower is better), ``lower`` or ``exact``."""
        return _DIRECTION[self.word]

    def holds(self, value: float) -> bool:
        """Whether *value* is on the right side; NaN never is."""
        return bool(_HOLDS[self.word](value, self.number))

    def holds_each(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """:meth:`holds` for every one of *values*."""
        held: NDArray[np.bool_] = _HOLDS[self.word](values, self.number)
        return held

    def must(self, unit: str) -> str:
        """``must stay below 15 %``."""
        return f"{_MUST[self.word]} {quantity(self.number, unit)}"

    def does(self, unit: str) -> str:
        """``below 15 %``: what a value that holds is."""
        number = quantity(self.number, unit)
        return _DOES[self.word] if self.word == "must_be" else f"{_DOES[self.word]} {number}"

    def starts(self, unit: str) -> str:
        """``from 15 %``: where the band begins, in the words of the YAML key."""
        return f"{self.word.replace('_', ' ')} {quantity(self.number, unit)}"

    def is_before(self, other: Threshold) -> bool:
        """Whether a value that worsens meets this threshold before *other*, so that a band lies between them."""
        if self.direction != other.direction:
            return False
        if self.number == other.number:
            # Only an inclusive word before an exclusive one leaves a band, and that is a single point.
            return (self.word, other.word) in {("from", "above"), ("at_or_below", "below")}
        return self.number < other.number if self.direction == "upper" else self.number > other.number
