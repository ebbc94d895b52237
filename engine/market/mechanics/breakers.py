"""Market-wide circuit breakers: everything stops when an index has fallen far below its previous close."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from engine.base.keys import key
from engine.base.units import micros_from_usd
from engine.market.mechanics.common import HUNDRED, NewOrders, day_ns, exactly, new_orders_key, source_key, time_key
from engine.market.model_document import MarketError


@dataclass(frozen=True, kw_only=True)
class BreakerLevel:
    """One level of the breakers; it trips once a day."""

    fall_pct: float = key("Fall below the previous close at which it trips, in percent (7 is 7 %)", min=1, max=100)
    halt_s: float | None = key(
        "Length of the halt, in seconds; without it the halt lasts for the rest of the day, and trips at any time",
        default=None,
        above=0,
        max=86_400,
    )


@dataclass(frozen=True, kw_only=True)
class Breakers:
    """Halts of the whole market, by the last trade of one symbol that stands for the index."""

    source: str = source_key()
    index_symbol: str = key(
        "The symbol that stands for the index",
        pattern=r"^[A-Z][A-Z0-9.]{0,11}$",
        pattern_help="capital letters, as in SPY",
    )
    previous_close_usd: float | None = key(
        "Its previous close; without it the symbol's first price", default=None, above=0, max=1_000_000
    )
    until_time: str = time_key("From when on only a level without halt_s trips", default="15:25:00")
    new_orders: NewOrders = new_orders_key()
    levels: tuple[BreakerLevel, ...] = key("The levels, the smallest fall first", by_id="fall_pct", min=1)

    def __post_init__(self) -> None:
        """Raise MarketError unless each level lies deeper than the one before it."""
        for place, (above, below) in enumerate(pairwise(self.levels)):
            if below.fall_pct <= above.fall_pct:
                raise MarketError(
                    f"a fall_pct above {above.fall_pct:g}, that of the level before, was expected, "
                    f"was {below.fall_pct:g}",
                    "list the levels in the order in which a falling market meets them",
                    at=("levels", place + 1, "fall_pct"),
                )


@dataclass(frozen=True, slots=True)
class Tripped:
    """A level that trips: its number, from 1 at the smallest fall, and the level."""

    number: int
    level: BreakerLevel


class BreakerWatch:
    """The breakers of one day."""

    def __init__(self, breakers: Breakers, first_micros: int, start_ns: int) -> None:
        """*first_micros* is the index symbol's first price, *start_ns* the time of day of time 0."""
        close_usd = breakers.previous_close_usd
        self._close_micros = first_micros if close_usd is None else micros_from_usd(close_usd)
        self._levels = breakers.levels
        self._until_ns = day_ns(breakers.until_time) - start_ns
        self._passed = 0
        """How many levels have tripped, or were passed over by a deeper one."""

    def trade(self, t_ns: int, price_micros: int) -> Tripped | None:
        """The deepest level that this price of the index symbol trips, if it trips one."""
        fallen = (self._close_micros - price_micros) * HUNDRED
        for place in range(len(self._levels) - 1, self._passed - 1, -1):
            level = self._levels[place]
            in_time = level.halt_s is None or t_ns < self._until_ns
            if in_time and fallen >= exactly(level.fall_pct) * self._close_micros:
                self._passed = place + 1
                return Tripped(self._passed, level)
        return None
