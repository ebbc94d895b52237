"""The pre-drawn chance of the flow, compiled: each draw is used once, in order."""

from __future__ import annotations

from engine.market.book_arrays import Floats, Ints
from engine.market.flow_arrays import (
    EXPONENTIAL_AT,
    EXPONENTIALS_FROM,
    NORMAL_AT,
    NORMALS_FROM,
    UNIFORM_AT,
    UNIFORMS_FROM,
)
from engine.market.jit import jit


@jit
def uniform(book: Ints, flow: Floats) -> float:
    """The next draw from [0, 1)."""
    at = book[UNIFORM_AT]
    book[UNIFORM_AT] = at + 1
    drawn: float = flow[UNIFORMS_FROM + at]
    return drawn


@jit
def exponential(book: Ints, flow: Floats) -> float:
    """The next draw of mean 1."""
    at = book[EXPONENTIAL_AT]
    book[EXPONENTIAL_AT] = at + 1
    drawn: float = flow[EXPONENTIALS_FROM + at]
    return drawn


@jit
def normal(book: Ints, flow: Floats) -> float:
    """The next standard normal draw."""
    at = book[NORMAL_AT]
    book[NORMAL_AT] = at + 1
    drawn: float = flow[NORMALS_FROM + at]
    return drawn
