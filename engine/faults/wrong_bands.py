"""Wrong bands: the reference data of the price bands are wrong, and the venue stops what trades as it should."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.base.keys import key
from engine.domain.quotes import MarketState
from engine.domain.records import VenueState
from engine.faults.fault import Effect, fault
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process


@fault
@dataclass(frozen=True, kw_only=True)
class WrongBands:
    """The bands of a symbol are reckoned from a reference that is ``off_pct`` away from the right one.

    3 June 2024: a new release of the consolidated feed gave wrong bands for an hour, and 40 names were paused that had
    no reason to be. Needs a venue with price bands.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {"off_pct": 0}

    symbol: str = key("The instrument whose bands are wrong", example="SPY")
    off_pct: float = key(
        "How far the reference is off, in percent of the right one; below 0: too low",
        min=-99.99,
        max=1_000,
        example=-20,
    )

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """The symbol whose bands are wrong."""
        return (self.symbol,)

    def play(self, site: Site, heal: Event) -> Process:
        """Bend the bands, and put them right; a pause that they caused runs its course."""
        factor = 1 + self.off_pct / 100
        site.venue.bend_bands(self.symbol, factor)
        yield heal
        site.venue.bend_bands(self.symbol, 1 / factor)

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """How often the venue said that the symbol stood at a band or was paused."""
        states = (MarketState.LIMIT_STATE, MarketState.PAUSED)
        said = sum(
            one.symbol == self.symbol and one.state in states and t0_ns <= one.t_ns <= heal_ns
            for one in log.of(VenueState)
        )
        return Effect("limit_states", said, 1, "times")
