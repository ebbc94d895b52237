"""A feed gap: a share of the quotes and trades never reaches the desk."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.base.keys import key
from engine.domain.quotes import Quote, Tick, Trade
from engine.domain.records import DeskTick, VenueQuote
from engine.faults.deck import Deck
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process


@fault
@dataclass(frozen=True, kw_only=True)
class FeedGap:
    """Messages are lost on the way, as by a full buffer of a multicast feed; nothing is sent again.

    Which ones is chance: the stream ``fault/feed_gap``.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {"loss_pct": 0}

    loss_pct: float = key("Share of quotes and trades that is lost, in percent", min=0, max=100, example=20)

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """None: the whole feed loses messages."""
        return ()

    def play(self, site: Site, heal: Event) -> Process:
        """Lose a share of what the venue sends from now on, and nothing more after the heal."""
        chance, losses = site.world.stream("fault/feed_gap"), site.desk.feed.losses
        # One for each, so that the share is kept among the quotes alone, of which the effect is read.
        decks = {kind: Deck(self.loss_pct / 100, chance) for kind in (Quote, Trade)}

        def lost(tick: Tick) -> bool:
            return decks[type(tick)].draw()

        losses.append(lost)
        yield heal
        losses.remove(lost)

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """The share of the venue's quotes of the fault's time that never arrived at the feed handler."""
        sent = Counter((quote.symbol, quote.t_ns) for quote in log.of(VenueQuote) if t0_ns < quote.t_ns <= heal_ns)
        arrived = Counter((tick.symbol, tick.venue_ns) for tick in log.of(DeskTick))
        lost_pct = 100 * (sent - arrived).total() / sent.total() if sent else math.nan
        return Effect("quotes_lost_pct", lost_pct, BITE_SHARE * self.loss_pct, "%")
