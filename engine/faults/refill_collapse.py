"""A refill collapse: others place new orders at a fraction of their usual rate, so what is taken is not replaced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from engine.base.keys import key
from engine.faults.background_flow import background_flow
from engine.faults.factors import without
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process


@fault
@dataclass(frozen=True, kw_only=True)
class RefillCollapse:
    """Liquidity providers stop coming back: what is traded or cancelled stays away.

    In a calm market an order that is taken is replaced within seconds; on 6 May 2010 "buy-side depth fell ... to less
    than 1 % of its morning level" because it was not (CFTC/SEC report, 2010).
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {"refill_left_pct": 100}
    needs_levers: ClassVar[frozenset[str]] = frozenset({"refill_factor"})

    symbol: str = key("The instrument whose book is not refilled", example="SPY")
    refill_left_pct: float = key(
        "New orders that still come, in percent of the usual rate", min=0.01, max=100, example=20
    )

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """The symbol whose book is not refilled."""
        return (self.symbol,)

    def play(self, site: Site, heal: Event) -> Process:
        """Lower the rate at once, and take the same factor out again."""
        site.venue.write_depth(self.symbol)
        levers, left = site.venue.levers(self.symbol), self.refill_left_pct / 100
        levers.refill_factor *= left
        yield heal
        site.venue.write_depth(self.symbol)
        levers.refill_factor = without(levers.refill_factor, left)

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """How many fewer orders others placed than before the first collapse of the run.

        Not how much rests: that may have other causes.
        """
        adds = background_flow(log, "refill_collapse", self.symbol, t0_ns, heal_ns).adds
        asked_pct = BITE_SHARE * (100 - self.refill_left_pct)
        needed_pct = max(asked_pct, 100 * (1 - adds.least_fall))
        return Effect("refill_fallen_pct", 100 * (1 - adds.times), needed_pct, "%")
