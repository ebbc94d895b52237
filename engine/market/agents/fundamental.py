"""Fundamental traders: buy below what they think the value is, sell above it; they end a crash."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

from engine.base.keys import key
from engine.base.units import MICROS_PER_USD
from engine.domain.orders import Side
from engine.kernel.world import Process
from engine.market.agents.base import Hands, Seat, expect_at_most


@dataclass(frozen=True, kw_only=True)
class Fundamental:
    """Has a value in mind, one for each agent of the block, and trades when the price is far enough from it.

    Such traders bought in 2010 when the price had fallen enough, and too slowly to hold it on its way (CFTC/SEC,
    Findings regarding the market events of May 6, 2010, section II: "fundamental buyers").
    """

    id: str = key("Name of this block, for faults that change it", example="value")
    symbol: str = key("The symbol that they trade", example="SPY")
    count: int = key("How many of them, each with a stream of its own", default=10, min=1, max=10_000)
    wake_s: float = key("How often each looks at the market, on average in seconds", default=2, min=0.001, max=3_600)
    latency_ms: float = key("From seeing to acting, in milliseconds", default=50, min=0, max=60_000)
    value_usd: float | None = key(
        "What they think it is worth, in USD; none is the price at the start", default=None, above=0, max=1_000_000
    )
    disagreement_pct: float = key(
        "How far their values lie apart, to either side, in percent", default=1, min=0, max=50
    )
    discount_pct: float = key("Least distance from the value at which they trade, in percent", default=2, min=0, max=90)
    qty_shares: int = key("Shares of one order", default=100, min=1, max=10_000_000)
    position_shares: int = key("Most that it holds, long or short", default=20_000, min=1, max=100_000_000)

    def __post_init__(self) -> None:
        """Raise MarketError if one order is more than it may hold."""
        expect_at_most("qty_shares", self.qty_shares, "position_shares", self.position_shares)

    def live(self, seat: Seat, hands: Hands, number: int) -> Process:
        """Look, compare with the value, and buy from the best offer, or sell to the best bid.

        What is left of the order stays at that price until the next look.
        """
        chance, instrument = seat.chance(number), hands.book.instrument
        opinion = 2 * chance.draw() - 1
        while True:
            yield seat.doze(chance)
            settings: Fundamental = seat.look(number)
            bid, ask = hands.top()
            usd_micros = instrument.price_micros if settings.value_usd is None else settings.value_usd * MICROS_PER_USD
            value = usd_micros / instrument.tick_micros * (1 + opinion * settings.disagreement_pct / 100)
            cheap = floor(value * (1 - settings.discount_pct / 100))
            dear = ceil(value * (1 + settings.discount_pct / 100))
            if settings.latency_ms:
                yield seat.delay()
            hands.cancel_all()
            if 0 < (ask or bid) <= cheap:
                room = settings.position_shares - hands.position
                hands.rest(Side.BUY, min(settings.qty_shares, room), ask or bid)
            elif (bid or ask) >= dear:
                room = settings.position_shares + hands.position
                hands.rest(Side.SELL, min(settings.qty_shares, room), bid or ask)
