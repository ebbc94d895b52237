"""Whether the last quote of a symbol makes sense: a jump beyond everything usual is believed when it is confirmed.

3 June 2024: a wrong print of 185.10 USD for a share of 603,000 USD (Berkshire Hathaway class A) stood for an hour.
The usual change is an exponentially weighted standard deviation of the changes of the mid between quotes.
"""

from __future__ import annotations

from math import sqrt

from engine.domain.quotes import Quote

WARM_UP_QUOTES = 100
"""So many changes are seen before a jump can be told; until then nothing is one."""
CONFIRMED_BY = 5
"""So many quotes in a row at the new level, and it is the market's: our assumption."""
MEMORY = 0.01
"""Weight of the newest change."""


class PriceWatch:
    """The quotes of one symbol."""

    __slots__ = (
        "_changes",
        "_good_micros",
        "_last_ns",
        "_outside",
        "_outside_micros",
        "_variance",
        "backwards",
        "sigmas",
    )

    def __init__(self) -> None:
        self.sigmas = 0.0
        """How far the last mid lies from the last one that was believed, in usual changes; 0: it is believed."""
        self.backwards = False
        """Whether the last quote is older than the one before it."""
        self._good_micros = 0.0
        self._variance = 0.0
        self._changes = 0
        self._outside = 0
        self._outside_micros = 0.0
        self._last_ns = -1

    def see(self, quote: Quote, most_sigmas: float) -> None:
        """The next quote; a jump is one beyond *most_sigmas*."""
        self.backwards = quote.t_ns < self._last_ns
        self._last_ns = max(self._last_ns, quote.t_ns)
        mid = quote.mid_micros
        if mid is None:
            return
        if not self._good_micros:
            self._good_micros = mid
            return
        change = mid / self._good_micros - 1
        limit = most_sigmas * sqrt(self._variance)
        if self._changes < WARM_UP_QUOTES or abs(change) <= limit or self._confirmed(mid, limit):
            self._believe(mid, change, limit)
        else:
            self.sigmas = abs(change) / sqrt(self._variance) if self._variance else float("inf")

    def _believe(self, mid: float, change: float, limit: float) -> None:
        self.sigmas, self._outside, self._good_micros = 0.0, 0, mid
        if self._changes >= WARM_UP_QUOTES:  # a confirmed jump counts for as much as the largest usual change
            change = max(-limit, min(limit, change))
        if change:
            # While it warms up all changes weigh alike; a change of 0 is a quote of another size, and says nothing.
            self._changes += 1
            weight = max(MEMORY, 1 / self._changes)
            self._variance += weight * (change * change - self._variance)

    def _confirmed(self, mid: float, limit: float) -> bool:
        """Whether the last quotes agree among themselves that the market is elsewhere."""
        near = self._outside and abs(mid / self._outside_micros - 1) <= limit
        self._outside = self._outside + 1 if near else 1
        self._outside_micros = mid
        return self._outside >= CONFIRMED_BY
