"""What others did of themselves in an order book during a fault, against the time before any: from the venue's counts.

Orders added and cancelled are held against the turns of the same background. How busy a market is differs from minute
to minute, and a sell program or a falling price makes it busier; but that moves all three alike. So what is left is a
change of behaviour, whatever else happens to the book at the same time. How large an order is, and how far from the
price those want to stand who quote near it, does not depend on the book either.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from engine.domain.records import FaultStarted, VenueFlow
from engine.kernel.event_log import EventLog

SURE = 3
"""A change counts from so many standard deviations on of what counting alone brings about; our own figure."""


class Change(NamedTuple):
    """How a rate during a fault compares to the rate before: their ratio, NaN without a count of either."""

    times: float
    noise: float
    """The standard deviation that the ratio has while nothing has changed."""

    @property
    def least_rise(self) -> float:
        """The ratio from which on it has risen."""
        return 1 + SURE * self.noise

    @property
    def least_fall(self) -> float:
        """The ratio down to which it has fallen; 0 or below if so few counts cannot show a fall."""
        return 1 - SURE * self.noise


@dataclass(frozen=True, slots=True)
class BackgroundFlow:
    """The counts before the first fault of a kind and during one of them."""

    before: VenueFlow
    during: VenueFlow

    @property
    def adds(self) -> Change:
        """Orders added for each turn."""
        return _change((self.before.added, self.during.added), (self.before.turns, self.during.turns), self)

    @property
    def cancels(self) -> Change:
        """Orders cancelled for each order that rested at a turn."""
        return _change((self.before.cancelled, self.during.cancelled), (self.before.met, self.during.met), self)

    @property
    def sizes(self) -> Change:
        """Shares of an order when it comes to rest; how much they differ is as before."""
        before, during = self.before, self.during
        return _mean_change(
            (before.quoted, during.quoted), (before.quoted_shares, during.quoted_shares), before.quoted_squares
        )

    @property
    def distances(self) -> Change:
        """How far from what they believe the price to be those want to stand who quote near it."""
        before, during = self.before, self.during
        return _mean_change(
            (before.near, during.near), (before.near_distance, during.near_distance), before.near_squares
        )


def background_flow(log: EventLog, kind: str, symbol: str, t0_ns: int, heal_ns: int) -> BackgroundFlow:
    """The counts of *symbol* from the opening to the first fault of this *kind*, and from *t0_ns* to *heal_ns*.

    Other faults do not matter. If the venue wrote nothing down before the first of the kind, all counts before *t0_ns*.
    """
    counts = [one for one in log.of(VenueFlow) if one.symbol == symbol and one.t_ns <= heal_ns]
    nothing = VenueFlow(0, symbol, 0, 0, 0, 0, 0, 0, 0.0, 0, 0.0, 0.0)
    started = [one for one in counts if one.t_ns <= t0_ns]
    if not started:
        return BackgroundFlow(nothing, nothing)
    first_ns = min([t0_ns, *(one.t_ns for one in log.of(FaultStarted) if one.fault == kind)])
    undisturbed = [one for one in started if one.t_ns <= first_ns]
    return BackgroundFlow((undisturbed or started)[-1], _since(started[-1], counts[-1]))


def counted(log: EventLog, symbol: str, t0_ns: int) -> bool:
    """Whether the venue has counts of *symbol* up to *t0_ns*: it has a book with a background."""
    return any(one.symbol == symbol and one.t_ns <= t0_ns for one in log.of(VenueFlow))


def _since(start: VenueFlow, end: VenueFlow) -> VenueFlow:
    return VenueFlow(
        end.t_ns,
        end.symbol,
        end.added - start.added,
        end.cancelled - start.cancelled,
        end.turns - start.turns,
        end.met - start.met,
        end.quoted - start.quoted,
        end.quoted_shares - start.quoted_shares,
        end.quoted_squares - start.quoted_squares,
        end.near - start.near,
        end.near_distance - start.near_distance,
        end.near_squares - start.near_squares,
    )


def _change(counted: tuple[int, int], chances: tuple[int, int], flow: BackgroundFlow) -> Change:
    """What was counted for each chance, during against before.

    What each message is does not depend on the others, so what counting alone brings about follows from the counts, as
    if nothing had changed (Poisson).
    """
    if not all((*chances, counted[0])):
        return Change(math.nan, math.nan)
    expected = counted[0] * chances[1] / chances[0]
    noise = math.sqrt(1 / expected + 1 / counted[0] + 1 / flow.before.turns + 1 / flow.during.turns)
    return Change(counted[1] / expected, noise)


def _mean_change(counts: tuple[int, int], sums: tuple[float, float], squares: float) -> Change:
    """The mean of *counts* draws that make *sums*, during against before; those before had the sum of *squares*."""
    if not (all(counts) and sums[0]):
        return Change(math.nan, math.nan)
    usual = sums[0] / counts[0]
    spread = math.sqrt(max(squares / counts[0] / usual**2 - 1, 0))
    return Change(sums[1] / counts[1] / usual, spread * math.sqrt(1 / counts[0] + 1 / counts[1]))
