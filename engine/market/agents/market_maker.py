"""Market makers: quote both sides, lean against their inventory, widen and withdraw when the market moves too fast."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

from engine.base.keys import key
from engine.base.units import ns_from_s
from engine.domain.orders import Side
from engine.kernel.world import Process
from engine.market.agents.base import Hands, Seat, expect_at_most
from engine.market.agents.memory import Turmoil


@dataclass(frozen=True, kw_only=True)
class MarketMaker:
    """Quotes one order on each side around the mid of the others, lower the more it holds.

    Limits of inventory and withdrawal under volatility are what made the depth of 2010 disappear: "many market
    participants withdrew" (CFTC/SEC, Findings regarding the market events of May 6, 2010).
    """

    id: str = key("Name of this block, for faults that change it", example="makers")
    symbol: str = key("The symbol that they trade", example="SPY")
    count: int = key("How many of them, each with a stream of its own", default=10, min=1, max=10_000)
    wake_s: float = key("How often each looks at the market, on average in seconds", default=1, min=0.001, max=3_600)
    latency_ms: float = key("From seeing to acting, in milliseconds", default=1, min=0, max=60_000)
    qty_shares: int = key("Shares quoted on each side", default=100, min=1, max=10_000_000)
    half_spread_ticks: float = key(
        "Distance of its quotes from the mid in a calm market", default=2, min=0.5, max=1_000
    )
    inventory_shares: int = key("Most that it holds, long or short", default=2_000, min=1, max=100_000_000)
    window_s: float = key("Over how long it measures how far the mid goes, in seconds", default=10, min=0.1, max=3_600)
    widen: float = key(
        "How much wider it quotes for each multiple of the usual distance beyond the first", default=1, min=0, max=100
    )
    withdraw_at: float = key(
        "It withdraws when the mid has gone so many times its usual distance", default=4, min=1, max=1_000
    )
    away_s: float = key("How long it stays away after that, in seconds", default=30, min=0, max=23_400)

    def __post_init__(self) -> None:
        """Raise MarketError if it would quote more than it may hold."""
        expect_at_most("qty_shares", self.qty_shares, "inventory_shares", self.inventory_shares)

    def live(self, seat: Seat, hands: Hands, number: int) -> Process:
        """Look, take the old quotes out, and quote anew or stay away."""
        chance, turmoil, away_until_ns = seat.chance(number), Turmoil(), 0
        while True:
            yield seat.doze(chance)
            settings: MarketMaker = seat.look(number)
            now_ns, mid = hands.world.now_ns, hands.others_mid_ticks()
            times = 1.0
            if mid is not None and not hands.halted:
                times = turmoil.times(now_ns, mid, settings.window_s, settings.withdraw_at)
                if times >= settings.withdraw_at:
                    away_until_ns = now_ns + ns_from_s(settings.away_s)
            if settings.latency_ms:
                yield seat.delay()
            hands.cancel_all()
            if mid is not None and now_ns >= away_until_ns:
                quote(hands, settings, mid, max(times - 1, 0.0))


def quote(hands: Hands, settings: MarketMaker, mid: float, excess: float) -> None:
    """One order on each side, as much as the inventory still allows, leaning against it; never through the other side.

    It moves both quotes by half a spread when the inventory is full.
    """
    half = settings.half_spread_ticks * (1 + settings.widen * excess)
    held = hands.position
    centre = mid - held / settings.inventory_shares * half
    bid, ask = hands.top()
    tick = floor(centre - half)
    room = settings.inventory_shares - held
    hands.rest(Side.BUY, min(settings.qty_shares, room), min(tick, ask - 1) if ask else tick)
    tick = ceil(centre + half)
    room = settings.inventory_shares + held
    hands.rest(Side.SELL, min(settings.qty_shares, room), max(tick, bid + 1) if bid else tick)
