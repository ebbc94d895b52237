"""The Arrivals document: how unevenly messages come, as rates derived from a real day.

``weights`` are the rates of a busy stretch, one row per second, each step as a multiple of the whole day's mean rate
``mean_per_s`` (so their own mean is above 1: the stretch is busier than the day). Peaks are read on the stretch's own
grid of whole seconds and whole tenths of a second, as those of the day were.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from math import isclose
from typing import ClassVar

from engine.base.errors import ExitCode, StressError
from engine.base.keys import key

STATED_WITHIN = 0.005
"""How far, as a share, a stated peak may be from that of the weights: it is rounded for people."""
_MS_PER_S = 1000
_PEAK_MS = 100


class ArrivalsError(StressError, ValueError):
    """Arrivals that do not fit together."""

    exit_code: ClassVar[ExitCode] = ExitCode.INVALID_DOCUMENT


@dataclass(frozen=True, kw_only=True)
class Arrivals:
    """How messages arrived in a busy stretch of a real day, relative to that day's mean rate.

    Raise ArrivalsError if the steps make no whole seconds, or a stated peak is not that of the weights.
    """

    arrivals: str = key(
        "Name of this document", pattern=r"^[a-z][a-z0-9_]*$", pattern_help="small letters, digits and _"
    )
    title: str = key("What arrived, where and when, in a few words")
    source: str = key("Where the figures come from, and the command that derives them")
    mean_per_s: float = key("Messages in a second, on average over the whole day", above=0, max=1_000_000)
    step_ms: int = key("Length of one step in milliseconds; whole steps make 100 ms", min=1, max=_PEAK_MS)
    peak_to_mean_1s: float = key("The busiest second of the weights, as a multiple of the day's mean", above=0)
    peak_to_mean_100ms: float = key("The busiest 100 ms of the weights, as a multiple of the day's mean", above=0)
    weights: tuple[tuple[float, ...], ...] = key(
        "Rate of each step as a multiple of mean_per_s: one row per second, as many steps as make a second"
    )

    def __post_init__(self) -> None:
        if _PEAK_MS % self.step_ms:
            raise ArrivalsError(f"step_ms: a whole part of {_PEAK_MS} ms was expected, was {self.step_ms}")
        steps = _MS_PER_S // self.step_ms
        for second, row in enumerate(self.weights):
            if len(row) != steps:
                raise ArrivalsError(f"weights: {steps} steps were expected in second {second}, were {len(row)}")
        if any(not weight >= 0 for weight in self.flat) or not any(self.flat):
            raise ArrivalsError("weights: rates of 0 or more were expected, and one above 0")
        self._check_peak("peak_to_mean_1s", self.peak_to_mean_1s, self.peak(_MS_PER_S))
        self._check_peak("peak_to_mean_100ms", self.peak_to_mean_100ms, self.peak(_PEAK_MS))

    @cached_property
    def flat(self) -> tuple[float, ...]:
        """The weights of all steps in order."""
        return tuple(weight for row in self.weights for weight in row)

    @property
    def length_s(self) -> int:
        """How long the stretch is, in seconds."""
        return len(self.weights)

    def peak(self, window_ms: int) -> float:
        """The highest mean rate in a window of the stretch's grid, as a multiple of the day's mean rate."""
        return max(_means(self.flat, window_ms // self.step_ms))

    def _check_peak(self, name: str, stated: float, found: float) -> None:
        if not isclose(stated, found, rel_tol=STATED_WITHIN):
            raise ArrivalsError(f"{name}: {found:.4g} was expected (the weights' own peak), was {stated:g}")


def _means(weights: tuple[float, ...], steps: int) -> Iterator[float]:
    for first in range(0, len(weights), steps):
        yield sum(weights[first : first + steps]) / steps
