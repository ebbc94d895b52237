"""A trading halt: the venue stops a symbol, and reopens it by an auction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from engine.base.keys import key
from engine.base.units import NS_PER_S
from engine.domain.ports import NEVER_NS
from engine.domain.quotes import MarketState
from engine.domain.records import VenueState
from engine.faults.fault import BITE_SHARE, Effect, fault
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process

HALT = "regulatory_halt"
"""The reason that the venue gives."""


@fault
@dataclass(frozen=True, kw_only=True)
class TradingHalt:
    """The venue halts a symbol, for news or by order of a regulator; at the heal a call auction reopens it."""

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {}

    symbol: str = key("The instrument that is halted", example="SPY")
    new_orders: Literal["refuse", "collect"] = key(
        "What becomes of new orders meanwhile: refused, or kept for the auction", default="collect"
    )

    @property
    def own_length_s(self) -> None:
        """It lasts until it is healed."""
        return

    def symbols(self) -> tuple[str, ...]:
        """The symbol that is halted."""
        return (self.symbol,)

    def play(self, site: Site, heal: Event) -> Process:
        """Halt, and let it go."""
        site.venue.halt(self.symbol, HALT, HALT, refuses=self.new_orders == "refuse")
        yield heal
        site.venue.resume(self.symbol, HALT)

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """How long the venue said that the symbol did not trade."""
        halted_ns = sum(
            max(min(end_ns, heal_ns) - max(start_ns, t0_ns), 0) for start_ns, end_ns in stopped(log, self.symbol)
        )
        return Effect("halted_s", halted_ns / NS_PER_S, BITE_SHARE * (heal_ns - t0_ns) / NS_PER_S, "s")


def stopped(log: EventLog, symbol: str) -> list[tuple[int, int]]:
    """From when to when the venue said that *symbol* did not trade; a stop that never ended ends at NEVER_NS."""
    found: list[tuple[int, int]] = []
    since_ns: int | None = None
    for one in log.of(VenueState):
        if one.symbol != symbol:
            continue
        trades = MarketState(one.state).trades
        if not trades and since_ns is None:
            since_ns = one.t_ns
        elif trades and since_ns is not None:
            found.append((since_ns, one.t_ns))
            since_ns = None
    return found if since_ns is None else [*found, (since_ns, NEVER_NS)]
