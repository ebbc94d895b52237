"""Named random streams: one root seed, one independent stream per component *name*.

A stream depends on (seed, name) alone, never on the order of creation, so a component more or less does not
shift the draws of the others.
"""

from __future__ import annotations

import random  # noqa: TID251 - only to seed it, for code that is not ours
from hashlib import blake2b

import numpy as np
from numpy.random import PCG64DXSM, Generator, SeedSequence


def stream(seed: int, name: str) -> Generator:
    """A fresh generator for the component *name* of the run with this *seed*."""
    digest = blake2b(name.encode(), digest_size=16).digest()
    spawn_key = tuple(int(word) for word in np.frombuffer(digest, dtype="<u4"))
    return Generator(PCG64DXSM(SeedSequence(seed, spawn_key=spawn_key)))


class Uniforms:
    """Uniform draws on [0, 1) from one generator, taken in blocks: as fast as a list, the same for any block size."""

    def __init__(self, generator: Generator, block: int = 4096) -> None:
        self._generator = generator
        self._block = block
        self._drawn: list[float] = []
        self._next = 0

    def draw(self) -> float:
        """The next uniform number."""
        if self._next == len(self._drawn):
            self._drawn = self._generator.random(self._block).tolist()
            self._next = 0
        value = self._drawn[self._next]
        self._next += 1
        return value


def seed_globals(seed: int) -> None:
    """Seed Python's and numpy's global generators. Nothing of ours draws from them; a governor of somebody else might,
    and its run must be the same again.
    """
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: TID251 - for code that is not ours
