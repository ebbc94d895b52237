"""Lost acknowledgements: the broker accepts orders and does not say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.base.keys import key
from engine.faults.deck import Deck
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.meddling import UNHEARD_NS, is_acknowledgement, meddle, unheard_pct
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process
from engine.trading.broker_end import Message


@fault
@dataclass(frozen=True, kw_only=True)
class LostAck:
    """A share of new orders and replaces is accepted, works and fills, but the answer that says so is never given.

    No number is missing on the line: only who asks learns of it. Which answers is chance: ``fault/lost_ack``.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {"lose_pct": 0}

    lose_pct: float = key("Share of acknowledgements that is never given, in percent", min=0, max=100, example=20)

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """None: the whole session is concerned."""
        return ()

    def play(self, site: Site, heal: Event) -> Process:
        """Swallow a share of the acknowledgements."""
        deck = Deck(self.lose_pct / 100, site.world.stream("fault/lost_ack"))

        def lose(message: Message) -> tuple[tuple[int, Message], ...] | None:
            return () if is_acknowledgement(message) and deck.draw() else None

        yield from meddle(site, heal, lose)

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """The share of accepted orders that the broker had not told the desk of after a second; NaN below 20."""
        unheard = unheard_pct(log, t0_ns, heal_ns, UNHEARD_NS)
        return Effect("acks_lost_pct", unheard, BITE_SHARE * self.lose_pct, "%")
