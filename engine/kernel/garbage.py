"""Python's garbage collector during a run: left on, but rarely at work."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

RARELY = (100_000, 20, 100)
"""So many new containers, then young, then older collections between two collections of each age.

A run makes millions of records that are kept and of small things that die by their reference count; circles are rare
(an exception with its traceback, somebody's own governor). Looking through 100,000 young containers takes some
milliseconds, and they are 10 to 20 MB at most before their circles are found: that is all the memory this costs.
"""


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Collect rarely within, and pass over everything that was there before; the old habits come back after it."""
    habits = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(*RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*habits)
        gc.unfreeze()
