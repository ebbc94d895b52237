"""Sell programs: sell a fixed share of what others trade, at any price; they look at the volume alone."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import ClassVar

from engine.base.keys import key
from engine.base.units import ns_from_s
from engine.domain.orders import Side
from engine.kernel.world import Process
from engine.market.agents.base import Hands, Seat


@dataclass(frozen=True, kw_only=True)
class SellProgram:
    """Works a large sell order into the book without any regard to price or time.

    On 6 May 2010 one of 75,000 E-mini contracts was set to 9 % of the volume of the previous minute; the more the
    others traded, the more it sold (CFTC/SEC, Findings regarding the market events of May 6, 2010, section II).
    """

    fixed: ClassVar[frozenset[str]] = frozenset({"begin_s"})

    id: str = key("Name of this block, for faults that change it", example="program")
    symbol: str = key("The symbol that it sells", example="SPY")
    count: int = key("How many of them", default=1, min=1, max=100)
    shares: int = key("How many shares each sells in all", min=1, max=1_000_000_000, example=75_000)
    participation_pct: float = key(
        "Its share of what others traded over the look-back, in percent", default=9, above=0, max=500
    )
    look_back_s: float = key("Over how long it looks back at the volume, in seconds", default=60, min=0.1, max=3_600)
    wake_s: float = key("How often it sells, in seconds", default=1, min=0.01, max=60)
    begin_s: float = key("When it begins, in seconds after clock.start", default=0, min=0, max=86_400)

    def live(self, seat: Seat, hands: Hands, number: int) -> Process:
        """Wait for the time, then sell until all is sold."""
        begin_ns = ns_from_s(self.begin_s)
        watch_ns = max(begin_ns - ns_from_s(self.look_back_s), 0)
        yield seat.world.wait_until(watch_ns)
        seller = Seller(hands)
        while hands.position > -seat.settings.shares:
            yield seat.world.wait_ns(ns_from_s(seat.settings.wake_s))
            settings: SellProgram = seat.look(number)
            due = seller.due(settings.participation_pct, settings.look_back_s)
            if seat.world.now_ns > begin_ns:
                hands.take(Side.SELL, min(due, settings.shares + hands.position))


class Seller:
    """Reckons what a program has to sell: a share of what others have traded of late."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        self._seen: deque[tuple[int, int]] = deque([(hands.world.now_ns, self._others())])
        self._rest = 0.0

    def due(self, participation_pct: float, look_back_s: float) -> int:
        """Shares to sell now, for the time since the last call. What nobody bought then is not made up for."""
        now_ns, others = self._hands.world.now_ns, self._others()
        last_ns = self._seen[-1][0]
        self._seen.append((now_ns, others))
        since_ns = now_ns - ns_from_s(look_back_s)
        while len(self._seen) > 1 and self._seen[1][0] <= since_ns:
            self._seen.popleft()
        first_ns, before = self._seen[0]
        if now_ns in (first_ns, last_ns):
            return 0
        traded_per_ns = (others - before) / (now_ns - first_ns)
        self._rest += participation_pct / 100 * traded_per_ns * (now_ns - last_ns)
        whole = int(self._rest)
        self._rest -= whole
        return whole

    def _others(self) -> int:
        """Shares traded so far without this program, which only sells."""
        return self._hands.book.volume + self._hands.position
