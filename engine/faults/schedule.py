"""A schedule of an open-loop load: when each thing is due, by the clock and the stream, whatever the desk does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import floor

from numpy.random import Generator


@dataclass(frozen=True, slots=True)
class Schedule:
    """Rates per second, one for each step of *step_ns*, played over and over."""

    rates_per_s: Sequence[float]
    step_ns: int

    def due_ns(self, t0_ns: int, chance: Generator) -> Iterator[int]:
        """When each thing is due from *t0_ns* on, in order, without end.

        Each step has as many as its rate says (what is rounded off is carried over), at random times within it.
        """
        done = 0
        for step, upto in enumerate(self._running_totals()):
            count = floor(upto) - done
            done += count
            first_ns = t0_ns + step * self.step_ns
            if count:
                yield from (first_ns + offset for offset in sorted(chance.integers(0, self.step_ns, count).tolist()))

    def mean_per_s(self, length_ns: int) -> float:
        """The mean rate over the first *length_ns* of the schedule; 0 if that is nothing."""
        whole_rounds, rest_ns = divmod(length_ns, len(self.rates_per_s) * self.step_ns)
        total = whole_rounds * sum(self.rates_per_s) * self.step_ns
        for rate in self.rates_per_s:
            inside_ns = min(rest_ns, self.step_ns)
            total += rate * inside_ns
            rest_ns -= inside_ns
        return total / length_ns if length_ns else 0.0

    def _running_totals(self) -> Iterator[float]:
        """How many things are due by the end of each step."""
        whole_rounds = 0
        per_step = [rate * self.step_ns / 1e9 for rate in self.rates_per_s]
        round_total = sum(per_step)
        while True:
            total = whole_rounds * round_total  # anew each round, so that rounding errors do not add up
            for count in per_step:
                total += count
                yield total + 1e-9
            whole_rounds += 1
