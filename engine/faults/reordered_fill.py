"""Reordered fills: the broker tells an execution after one that was made later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.base.keys import key
from engine.base.units import ns_from_ms
from engine.domain.orders import Fill
from engine.faults.deck import Deck
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.meddling import heard_pct, meddle
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process
from engine.trading.broker_end import Message
from engine.trading.broker_inbox import REORDERED


@fault
@dataclass(frozen=True, kw_only=True)
class ReorderedFill:
    """A share of executions waits until the next one has been told, but no longer than ``most_ms``.

    Which executions is chance: the stream ``fault/reordered_fill``.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {"reorder_pct": 0}

    reorder_pct: float = key("Share of executions that is told after the next, in percent", min=0, max=50, example=20)
    most_ms: float = key("How long one waits for the next at most, in milliseconds", min=1, max=60_000, default=400)

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """None: the whole session is concerned."""
        return ()

    def play(self, site: Site, heal: Event) -> Process:
        """Let a share of the executions wait for the next one; at the heal nothing is left waiting."""
        # The one that lets another go first is not asked itself: of the others so many more have to wait.
        deck = Deck(self.reorder_pct / (100 - self.reorder_pct), site.world.stream("fault/reordered_fill"))
        world, session, waiting = site.world, site.desk.session, dict[int, Fill]()

        def let_go(exec_id: int) -> None:
            fill = waiting.pop(exec_id, None)
            if fill is not None:
                session.say_later(0, fill)

        def swap(message: Message) -> tuple[tuple[int, Message], ...] | None:
            if not isinstance(message, Fill):
                return None
            if waiting:
                waited = [waiting.pop(exec_id) for exec_id in tuple(waiting)]
                return ((0, message), *((0, fill) for fill in waited))
            if not deck.draw():
                return None
            waiting[message.exec_id] = message
            world.at(world.now_ns + ns_from_ms(self.most_ms), lambda: let_go(message.exec_id))
            return ()

        yield from meddle(site, heal, swap)
        for exec_id in tuple(waiting):
            let_go(exec_id)

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """The share of executions that reached the desk's end after a later one; NaN below 20 executions."""
        return Effect(
            "fills_reordered_pct", heard_pct(log, t0_ns, heal_ns, REORDERED), BITE_SHARE * self.reorder_pct, "%"
        )
