"""What an agent remembers of the price: where it stood a while ago, and how far it usually goes in such a time."""

from __future__ import annotations

from collections import deque
from math import sqrt

from engine.base.units import NS_PER_S

USUAL_S = 900
"""Over how long the usual distance is averaged, in seconds; before that, over all that was seen."""
LEAST_LOOKS = 30
"""So many looks it takes before anything can be called unusual."""
LEAST_USUAL_TICKS = 1.0
"""A price that usually stands still is not in turmoil when it moves by a tick."""


class Memory:
    """The mids of the last while, in ticks."""

    def __init__(self) -> None:
        self._seen: deque[tuple[int, float]] = deque()

    def before(self, now_ns: int, mid: float, window_s: float) -> float:
        """Take in *mid*; the mid at the earliest look that is no longer than *window_s* ago."""
        seen, oldest_ns = self._seen, now_ns - window_s * NS_PER_S
        seen.append((now_ns, mid))
        while seen[0][0] < oldest_ns:
            seen.popleft()
        return seen[0][1]


class Turmoil:
    """How far the price has gone over a window, in multiples of what is usual."""

    def __init__(self) -> None:
        self._memory = Memory()
        self._usual = 0.0
        self._looks = 0
        self._last_ns = 0
        self._seen_s = 0.0

    def times(self, now_ns: int, mid: float, window_s: float, unusual: float) -> float:
        """Take in *mid*; how many times its usual distance (root mean square) the price has gone over *window_s*.

        What is *unusual* or more does not count as usual afterwards. 1 while too little is known.
        """
        squared = (mid - self._memory.before(now_ns, mid, window_s)) ** 2
        gap_s = (now_ns - self._last_ns) / NS_PER_S
        self._last_ns = now_ns
        times = sqrt(squared) / max(sqrt(self._usual), LEAST_USUAL_TICKS)
        judged = self._looks >= LEAST_LOOKS
        if not judged or times < unusual:
            self._looks += 1
            self._seen_s += gap_s
            weight = gap_s / min(self._seen_s, USUAL_S) if self._seen_s else 0.0
            self._usual += min(weight, 1.0) * (squared - self._usual)
        return times if judged else 1.0
