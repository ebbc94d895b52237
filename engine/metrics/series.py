"""A series: what a metric says, with its unit, its basis, and how much opportunity it had to say anything else."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray


class Basis(StrEnum):
    """Where a value comes from."""

    MODELLED = "modelled"
    """A latency or a load of the simulated desk."""
    MEASURED = "measured"
    """Read off a real process and a real clock."""
    EXACT = "exact"
    """Counts and money."""


@dataclass(frozen=True, slots=True)
class Opportunity:
    """How often the run could have shown the defect that a metric looks for, inside the judged window.

    ``count`` of ``needed`` in ``noun``; below it a green value proves nothing. Several are listed side by side.
    """

    count: float
    needed: float
    noun: str

    @property
    def enough(self) -> bool:
        """Whether there was enough."""
        return self.count >= self.needed


@dataclass(frozen=True, slots=True)
class Series:
    """Values over simulated time: ``t_ns`` (int64, not decreasing) and ``value`` (float64) of one length."""

    t_ns: NDArray[np.int64]
    value: NDArray[np.float64]
    unit: str
    basis: Basis
    opportunities: tuple[Opportunity, ...] = ()
    note: str = ""
    """What makes the series worthless as evidence, in one sentence; empty if nothing does."""
    first: str = ""
    """The first thing that should not be there, named in a few words; a red gate prints it."""

    def __len__(self) -> int:
        return len(self.t_ns)
