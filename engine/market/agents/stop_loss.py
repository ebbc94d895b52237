"""Stop-loss holders: sell at any price once their stop is reached; one stop sets off the next."""

from __future__ import annotations

from dataclasses import dataclass

from engine.base.keys import key
from engine.domain.orders import Side
from engine.kernel.world import Process
from engine.market.agents.base import Hands, Seat, expect_at_most


@dataclass(frozen=True, kw_only=True)
class StopLoss:
    """Holds shares with a stop below the price at the start; sells them at the market when the mid has reached it."""

    id: str = key("Name of this block, for faults that change it", example="stops")
    symbol: str = key("The symbol that they trade", example="SPY")
    count: int = key("How many of them, each with a stream of its own", default=20, min=1, max=10_000)
    wake_s: float = key("How often each looks at the market, on average in seconds", default=0.5, min=0.001, max=3_600)
    latency_ms: float = key("From seeing to acting, in milliseconds", default=20, min=0, max=60_000)
    qty_shares: int = key("Shares that each holds", default=200, min=1, max=10_000_000)
    nearest_pct: float = key(
        "How far below the price at the start the nearest stop lies, in percent", default=1, min=0, max=99
    )
    farthest_pct: float = key(
        "And the farthest; the others lie between by chance, in percent", default=10, min=0, max=99
    )

    def __post_init__(self) -> None:
        """Raise MarketError if the farthest stop lies nearer than the nearest."""
        expect_at_most("nearest_pct", self.nearest_pct, "farthest_pct", self.farthest_pct)

    def live(self, seat: Seat, hands: Hands, number: int) -> Process:
        """Watch, and sell everything once the stop is reached, also if the price comes back meanwhile."""
        chance, instrument = seat.chance(number), hands.book.instrument
        start_tick = instrument.price_micros / instrument.tick_micros
        where, reached, sold = chance.draw(), False, 0
        while not reached or sold < seat.settings.qty_shares:
            yield seat.doze(chance)
            settings: StopLoss = seat.look(number)
            mid = hands.mid_ticks()
            below_pct = settings.nearest_pct + where * (settings.farthest_pct - settings.nearest_pct)
            if not reached and (mid is None or mid > start_tick * (1 - below_pct / 100)):
                continue
            reached = True
            if settings.latency_ms:
                yield seat.delay()
            sold += hands.take(Side.SELL, settings.qty_shares - sold)
