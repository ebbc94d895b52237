"""A cancellation burst: others take their resting orders out many times faster than usual."""

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
class CancellationBurst:
    """Liquidity providers withdraw their orders; the book empties until only 1/``cancel_times`` of it is left.

    On 6 May 2010 "many market participants withdrew" and depth vanished before the price (CFTC/SEC report, 2010).
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {"cancel_times": 1}
    needs_levers: ClassVar[frozenset[str]] = frozenset({"cancel_factor"})

    symbol: str = key("The instrument whose orders are cancelled", example="SPY")
    cancel_times: float = key("How many times their usual rate others cancel", min=1, max=10_000, example=10)

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """The symbol whose orders are cancelled."""
        return (self.symbol,)

    def play(self, site: Site, heal: Event) -> Process:
        """Raise the rate at once, and take the same factor out again."""
        site.venue.write_depth(self.symbol)
        levers = site.venue.levers(self.symbol)
        levers.cancel_factor *= self.cancel_times
        yield heal
        site.venue.write_depth(self.symbol)
        levers.cancel_factor = without(levers.cancel_factor, self.cancel_times)

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """How many times more others cancelled of what rested than before the first burst of the run.

        Not how much rests: that may have other causes.
        """
        cancels = background_flow(log, "cancellation_burst", self.symbol, t0_ns, heal_ns).cancels
        asked = 1 + BITE_SHARE * (self.cancel_times - 1)
        return Effect("cancel_rate_times", cancels.times, max(asked, cancels.least_rise), "times")
