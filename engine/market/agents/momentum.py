"""Momentum followers: buy what has risen, sell what has fallen, and close the trade after a while."""

from __future__ import annotations

from dataclasses import dataclass

from engine.base.keys import key
from engine.base.units import ns_from_s
from engine.domain.orders import Side
from engine.kernel.world import Process
from engine.market.agents.base import Hands, Seat, expect_at_most
from engine.market.agents.memory import Memory


@dataclass(frozen=True, kw_only=True)
class Momentum:
    """Trades in the direction of the last move when it is large enough, up to a position, and gives it up again."""

    id: str = key("Name of this block, for faults that change it", example="followers")
    symbol: str = key("The symbol that they trade", example="SPY")
    count: int = key("How many of them, each with a stream of its own", default=10, min=1, max=10_000)
    wake_s: float = key("How often each looks at the market, on average in seconds", default=1, min=0.001, max=3_600)
    latency_ms: float = key("From seeing to acting, in milliseconds", default=5, min=0, max=60_000)
    window_s: float = key("Over how long it measures the move, in seconds", default=30, min=0.1, max=23_400)
    threshold_bps: float = key("Moves below this are left alone, in basis points", default=20, above=0, max=10_000)
    qty_shares: int = key("Shares of one order", default=100, min=1, max=10_000_000)
    position_shares: int = key("Most that it holds, long or short", default=500, min=1, max=100_000_000)
    hold_s: float = key(
        "After how long without a further signal it closes the position, in seconds", default=120, min=0, max=23_400
    )

    def __post_init__(self) -> None:
        """Raise MarketError if one order is more than it may hold."""
        expect_at_most("qty_shares", self.qty_shares, "position_shares", self.position_shares)

    def live(self, seat: Seat, hands: Hands, number: int) -> Process:
        """Look, remember, and follow a move that is large enough."""
        chance, memory, signal_ns = seat.chance(number), Memory(), 0
        while True:
            yield seat.doze(chance)
            settings: Momentum = seat.look(number)
            mid = hands.mid_ticks()
            if mid is None:
                continue
            now_ns = hands.world.now_ns
            moved_bps = 1e4 * (mid / memory.before(now_ns, mid, settings.window_s) - 1)
            signal = abs(moved_bps) >= settings.threshold_bps
            over = hands.position and now_ns - signal_ns >= ns_from_s(settings.hold_s)
            if not signal and not over:
                continue
            if settings.latency_ms:
                yield seat.delay()
            if signal:
                signal_ns = now_ns
                follow(hands, settings, Side.BUY if moved_bps > 0 else Side.SELL)
            else:
                close(hands, settings)


def follow(hands: Hands, settings: Momentum, side: Side) -> None:
    """Trade with the move, as far as the position limit goes."""
    room = settings.position_shares - int(side) * hands.position
    hands.take(side, min(settings.qty_shares, room))


def close(hands: Hands, settings: Momentum) -> None:
    """Give up a part of the position."""
    side = Side.SELL if hands.position > 0 else Side.BUY
    hands.take(side, min(settings.qty_shares, abs(hands.position)))
