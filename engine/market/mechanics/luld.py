"""Limit up, limit down: price bands around a moving reference, a limit state at them, and a pause."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Literal

from engine.base.keys import key
from engine.base.units import micros_from_usd, ns_from_s
from engine.domain.orders import Instrument
from engine.market.mechanics.common import HUNDRED, NewOrders, day_ns, exactly, new_orders_key, source_key, time_key
from engine.market.model_document import MarketError


@dataclass(frozen=True, kw_only=True)
class PriceClass:
    """How wide the bands are for prices of one size."""

    above_usd: float = key("Previous closes above this one, and at most the next one, in USD", min=0, max=1_000_000)
    tier_1_pct: float = key("Width of each band from the reference, Tier 1, in percent (5 is 5 %)", min=0.5, max=100)
    tier_2_pct: float = key("Width of each band from the reference, Tier 2, in percent (5 is 5 %)", min=0.5, max=100)
    at_most_usd: float | None = key(
        "Width that no band exceeds, in USD; without it the percent alone hold", default=None, above=0, max=1_000_000
    )
    doubled: Literal["all", "tier_1", "none"] = key("Which tiers have twice the width before the close")


@dataclass(frozen=True, kw_only=True)
class Luld:
    """Price bands, the limit state at them, and the pause that follows."""

    source: str = source_key()
    tier_2: tuple[str, ...] = key("Symbols of Tier 2; every other symbol is Tier 1", default=())
    leverage: dict[str, float] = key("By symbol, how many times the width of a leveraged product is", default={})
    previous_close_usd: dict[str, float] = key(
        "By symbol the previous close, which picks the price class; without it the symbol's first price", default={}
    )
    reference_window_s: float = key("Length of the mean of trades, in seconds", default=300, above=0, max=86_400)
    reference_move_pct: float = key("Least move of the reference, in percent", default=1, min=0, max=100)
    reference_holds_s: float = key("Least time that a reference holds, in seconds", default=30, min=0, max=86_400)
    limit_state_s: float = key("How long a quote may stand at a band, in seconds", default=15, above=0, max=3_600)
    pause_s: float = key("Length of a pause, in seconds", default=300, above=0, max=86_400)
    new_orders: NewOrders = new_orders_key()
    from_time: str = time_key("When bands begin to hold", default="09:30:00")
    doubled_from_time: str = time_key("When doubled bands begin", default="15:35:00")
    until_time: str = time_key("When bands end", default="16:00:00")
    classes: tuple[PriceClass, ...] = key("Bands by the size of the price", by_id="above_usd", min=1)

    def __post_init__(self) -> None:
        """Raise MarketError if its times are not in order, or a figure of a symbol is not above 0."""
        times = ("from_time", "doubled_from_time", "until_time")
        for earlier, later in pairwise(times):
            begins, ends = getattr(self, earlier), getattr(self, later)
            if day_ns(ends) < day_ns(begins):
                raise MarketError(
                    f"{later} at or after {earlier} {begins} was expected, was {ends}",
                    "times are of one day, on the exchange's clock",
                    at=(later,),
                )
        for block in ("leverage", "previous_close_usd"):
            for symbol, figure in getattr(self, block).items():
                if not figure > 0:
                    raise MarketError(f"{symbol}: a figure above 0 was expected, was {figure:g}", at=(block, symbol))

    def class_of(self, close_micros: int) -> PriceClass:
        """The class of a previous close. Raise LookupError if it is below all of them."""
        found = [each for each in self.classes if micros_from_usd(each.above_usd) < close_micros]
        if not found:
            raise LookupError(f"no price class of luld holds a close of {close_micros / 1e6:g} USD")
        return max(found, key=lambda each: each.above_usd)


class Bands:
    """The bands of one symbol in a run. The reference is the mean of trade prices, each trade counted alike."""

    def __init__(self, luld: Luld, instrument: Instrument, start_ns: int) -> None:
        """*start_ns* is the time of day of time 0. Raise LookupError if no price class holds the symbol."""
        self.reference_micros = instrument.price_micros
        self.bent_by = 1.0
        """What a fault multiplies the reference by when bands are reckoned."""
        self._luld = luld
        self._tick_micros = instrument.tick_micros
        close_usd = luld.previous_close_usd.get(instrument.symbol)
        close_micros = instrument.price_micros if close_usd is None else micros_from_usd(close_usd)
        self._class = luld.class_of(close_micros)
        self._tier_2 = instrument.symbol in luld.tier_2
        self._times = exactly(luld.leverage.get(instrument.symbol, 1.0))
        self._start_ns = start_ns
        self._since_ns = 0
        self._trades: deque[tuple[int, int]] = deque()
        self._sum_micros = 0

    def trade(self, t_ns: int, price_micros: int) -> None:
        """A trade took place."""
        self._trades.append((t_ns, price_micros))
        self._sum_micros += price_micros

    def recompute(self, t_ns: int) -> bool:
        """Whether the reference moves now: the mean of the last trades is far enough away, and the last one is old."""
        luld = self._luld
        oldest_ns = t_ns - ns_from_s(luld.reference_window_s)
        while self._trades and self._trades[0][0] < oldest_ns:
            self._sum_micros -= self._trades.popleft()[1]
        count = len(self._trades)
        if not count or t_ns - self._since_ns < ns_from_s(luld.reference_holds_s):
            return False
        moved = abs(self._sum_micros - self.reference_micros * count)
        if moved * HUNDRED < exactly(luld.reference_move_pct) * self.reference_micros * count or not moved:
            return False
        self._set(t_ns, round(self._sum_micros / count))
        return True

    def restart(self, t_ns: int, price_micros: int) -> None:
        """Trading begins, or begins again, at this price; what was traded before does not count any more."""
        self._trades.clear()
        self._sum_micros = 0
        self._set(t_ns, price_micros)

    def at(self, t_ns: int) -> tuple[int, int]:
        """Lower and upper band at *t_ns*, to the nearest tick, the lower one at least one tick; 0/0 out of hours."""
        day_now = self._start_ns + t_ns
        if not day_ns(self._luld.from_time) <= day_now < day_ns(self._luld.until_time):
            return 0, 0
        width = self._width_micros(doubled=day_now >= day_ns(self._luld.doubled_from_time))
        reference = self.reference_micros if self.bent_by == 1 else round(self.reference_micros * self.bent_by)
        lower = self._on_grid(reference - width)
        return max(lower, self._tick_micros), self._on_grid(reference + width)

    def change_times_ns(self) -> list[int]:
        """When the bands change by the clock."""
        luld = self._luld
        times = (luld.from_time, luld.doubled_from_time, luld.until_time)
        return [day_ns(time) - self._start_ns for time in times if day_ns(time) > self._start_ns]

    def _width_micros(self, *, doubled: bool) -> Decimal:
        its = self._class
        pct = exactly(its.tier_2_pct if self._tier_2 else its.tier_1_pct)
        width = self.reference_micros * pct / HUNDRED
        if its.at_most_usd is not None:
            width = min(width, Decimal(micros_from_usd(its.at_most_usd)))
        doubles = its.doubled == "all" or (its.doubled == "tier_1" and not self._tier_2)
        return width * self._times * (2 if doubled and doubles else 1)

    def _on_grid(self, micros: Decimal) -> int:
        return int((micros / self._tick_micros).to_integral_value(ROUND_HALF_UP)) * self._tick_micros

    def _set(self, t_ns: int, price_micros: int) -> None:
        self.reference_micros, self._since_ns = price_micros, t_ns


def bands_of(luld: Luld, instruments: Mapping[str, Instrument], start_ns: int) -> dict[str, Bands]:
    """The bands of every symbol. Raise LookupError if no price class holds one of them."""
    return {symbol: Bands(luld, instrument, start_ns) for symbol, instrument in instruments.items()}
