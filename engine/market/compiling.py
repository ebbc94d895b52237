"""Who is told when the compiler begins: it takes seconds, once, and nobody should wonder what is going on.

This module knows no compiler, so that whoever wants to be told need not load one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

USUAL_S = 7
"""How long the order book takes to compile, in seconds: 6.5 s measured on a busy machine (docs/benchmarks.md)."""

_told: ContextVar[Callable[[], None] | None] = ContextVar("told", default=None)


@contextmanager
def told_of_compiling(tell: Callable[[], None]) -> Iterator[None]:
    """Call *tell*, once, when the compiler begins within this block; never, if all machine code is on disk."""
    token = _told.set(tell)
    try:
        yield
    finally:
        _told.reset(token)


def compiler_began() -> None:
    """The compiler begins with a function: tell whoever wants to know, the first time."""
    tell = _told.get()
    if tell is not None:
        _told.set(None)
        tell()
