"""Factors of levers: each fault multiplies its own in and divides it out again, whatever other faults do meanwhile."""

from __future__ import annotations

DIGITS = 12
"""Decimals that are kept, so that what was multiplied in and divided out leaves exactly what was before."""


def without(product: float, factor: float) -> float:
    """*product* with *factor* (not 0) divided out; rounding errors of the division are not kept."""
    return round(product / factor, DIGITS)
