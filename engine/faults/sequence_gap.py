"""Sequence gaps: messages of the broker are lost on the line, and the next number shows it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.base.keys import key
from engine.domain.records import DeskGap, VenueAccepted, VenueBust, VenueCancelled, VenueFill, VenueRejected
from engine.faults.deck import Deck
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.meddling import SEEN_NEEDED
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process


@fault
@dataclass(frozen=True, kw_only=True)
class SequenceGap:
    """A share of the messages to the desk is lost, also of those that are sent again.

    The line stays up. Which messages is chance: the stream ``fault/sequence_gap``.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {"lose_pct": 0}

    lose_pct: float = key("Share of messages that is lost, in percent", min=0, max=50, example=10)

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """None: the whole session is concerned."""
        return ()

    def play(self, site: Site, heal: Event) -> Process:
        """Lose a share of the messages."""
        deck, losses = Deck(self.lose_pct / 100, site.world.stream("fault/sequence_gap")), site.desk.session.losses
        losses.append(deck.draw)
        yield heal
        losses.remove(deck.draw)

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """Gaps that the desk met for every hundred messages; losses in a row are one gap. NaN below 20 messages."""
        times = [one.t_ns for one in log.of(VenueAccepted)] + [one.t_ns for one in log.of(VenueRejected)]
        times += [one.t_ns for one in log.of(VenueFill)] + [one.t_ns for one in log.of(VenueBust)]
        times += [one.t_ns for one in log.of(VenueCancelled) if one.reason != "replaced"]
        said = sum(t0_ns < t_ns <= heal_ns for t_ns in times)
        gaps = sum(t0_ns < one.t_ns <= heal_ns for one in log.of(DeskGap))
        value = 100 * gaps / said if said >= SEEN_NEEDED else math.nan
        alone = 1 - self.lose_pct / 100  # the chance that the message before was not lost too
        return Effect("gaps_per_100_messages", value, BITE_SHARE * self.lose_pct * alone, "%")
