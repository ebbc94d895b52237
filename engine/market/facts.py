"""One stylised fact of market data: a figure, its unit, and how it is defined."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure of a tape. ``value`` is None where the data do not define it (too few rows, no variation)."""

    name: str
    value: float | int | None
    unit: str
    """The unit of the value: %, ticks, shares, s, bps, a count, or a plain ratio."""
    defined: str
    """How the figure is computed, in one sentence."""


def fact(name: str, value: float | int, unit: str, defined: str) -> Fact:
    """A fact; a value that is not finite becomes None, because nothing was measured."""
    return Fact(name, value if math.isfinite(value) else None, unit, defined)
