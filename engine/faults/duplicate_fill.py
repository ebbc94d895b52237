"""Duplicate fills: the broker says an execution twice, each time in a message of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.base.keys import key
from engine.base.units import ns_from_ms
from engine.domain.orders import Fill
from engine.faults.deck import Deck
from engine.faults.delay import expect_delay_ms
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.meddling import heard_pct, meddle
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process
from engine.trading.broker_end import Message
from engine.trading.broker_inbox import DUPLICATE


@fault
@dataclass(frozen=True, kw_only=True)
class DuplicateFill:
    """A share of executions is said a second time, ``after_ms`` later: same execution id, another message number.

    Only the id of the execution tells. Which executions is chance: the stream ``fault/duplicate_fill``.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {"duplicate_pct": 0}

    duplicate_pct: float = key("Share of executions that is said twice, in percent", min=0, max=100, example=20)
    after_ms: float = key("How much later the second time is, in milliseconds", min=0, max=60_000, default=50)

    def __post_init__(self) -> None:
        """Raise DelayError if the delay is a fraction of a millisecond."""
        expect_delay_ms("after_ms", self.after_ms)

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """None: the whole session is concerned."""
        return ()

    def play(self, site: Site, heal: Event) -> Process:
        """Say a share of the executions twice."""
        deck = Deck(self.duplicate_pct / 100, site.world.stream("fault/duplicate_fill"))
        after_ns = ns_from_ms(self.after_ms)

        def repeat(message: Message) -> tuple[tuple[int, Message], ...] | None:
            return ((0, message), (after_ns, message)) if isinstance(message, Fill) and deck.draw() else None

        yield from meddle(site, heal, repeat)

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """The share of executions that reached the desk's end of the session twice; NaN below 20 executions."""
        return Effect(
            "fills_duplicated_pct", heard_pct(log, t0_ns, heal_ns, DUPLICATE), BITE_SHARE * self.duplicate_pct, "%"
        )
