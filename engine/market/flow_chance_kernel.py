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
    return flow[UNIFORMS_FROM + at]


@jit
def exponential(book: Ints, flow: Floats) -> float:
    """The next draw of mean 1."""
    at = book[EXPONENTIAL_AT]
    book[EXPONENTIAL_AT] = at + 1
    return flow[EXPONENTIALS_FROM + at]


@jit
def normal(book: Ints, flow: Floats) -> float:
    """The next standard normal draw."""
    at = book[NORMAL_AT]
    book[NORMAL_AT] = at + 1
    return flow[NORMALS_FROM + at]
