"""A change of others: the reacting agents of one block act by other settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.base.errors import ExitCode, StressError
from engine.base.keys import key
from engine.domain.records import AgentLooked, AgentsChanged
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process
from engine.market.agents.base import Seat, said
from engine.market.model_document import parts_of


class AgentChangeError(StressError, ValueError):
    """A change that says nothing."""

    exit_code: ClassVar[ExitCode] = ExitCode.INVALID_DOCUMENT


@fault
@dataclass(frozen=True, kw_only=True)
class AgentChange:
    """Market makers quote wider or hold less, followers follow sooner, fundamental buyers stay away, and so on.

    In 2010 it was who withdrew, rather than who sold, that made the price fall through (CFTC/SEC, Findings regarding
    the market events of May 6, 2010, section II). Two changes of one block at a time stand beside each other if they
    change different keys. Raise AgentChangeError if it changes nothing.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {}

    agent: str = key("The block of agents, by its id", example="makers")
    set_: dict[str, float] = key(
        "Their settings while it lasts, by the keys of the block: {half_spread_ticks: 20, away_s: 300}"
    )

    def __post_init__(self) -> None:
        if not self.set_:
            raise AgentChangeError(f"a setting of '{self.agent}' to change was expected, was none", "name one in set")

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """None by name: the block has one."""
        return ()

    def touches(self) -> tuple[str, ...]:
        """Each setting of the block by itself."""
        return tuple(f"{self.agent}.{name}" for name in self.set_)

    def play(self, site: Site, heal: Event) -> Process:
        """Give the agents other settings, and their own ones back."""
        seat = self._seat(site)
        seat.change(self.set_)
        yield heal
        seat.restore(self.set_)

    def _seat(self, site: Site) -> Seat:
        """Where the block sits. Raise LookupError if the market has none of that name."""
        for part in parts_of(site.venue.model):
            seats: Mapping[str, Seat] = getattr(part, "seats", {})
            if self.agent in seats:
                return seats[self.agent]
        raise LookupError(f"agents of this market were expected, were '{self.agent}'")

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """The share of the block's agents that looked at the market, and so acted, by the settings asked for.

        What comes of it in the market depends on everybody else; ``must_cause`` may ask for more.
        """
        asked = set(said(self.set_).split(", "))
        made = [
            change
            for change in log.of(AgentsChanged)
            if change.agent == self.agent
            and t0_ns <= change.t_ns < heal_ns
            and asked <= set(change.settings.split(", "))
        ]
        looked = {
            look.number
            for look in log.of(AgentLooked)
            if made and look.agent == self.agent and made[0].t_ns <= look.t_ns < heal_ns
        }
        share_pct = 100 * len(looked) / made[0].agents if made else 0.0
        return Effect("agents_acting_on_it_pct", share_pct, 100 * BITE_SHARE, "%")
