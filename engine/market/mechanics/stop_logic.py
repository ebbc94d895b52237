"""Stop logic: a symbol that moves too far too fast is reserved for some seconds (after CME Globex)."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from engine.base.keys import key
from engine.base.units import ns_from_ms
from engine.domain.orders import Instrument
from engine.market.mechanics.common import HUNDRED, NewOrders, exactly, new_orders_key, source_key
from engine.market.model_document import MarketError


@dataclass(frozen=True, kw_only=True)
class StopLogic:
    """A pause after a fast move of the traded price, in either direction."""

    source: str = source_key()
    move_ticks: int | None = key("The move that trips it, in ticks; or give move_pct", default=None, min=1, max=10**6)
    move_pct: float | None = key(
        "The move that trips it, in percent (0.5 is half a percent); or give move_ticks", default=None, min=0.1, max=100
    )
    within_ms: float = key("The time in which the move takes place, in milliseconds", above=0, max=3_600_000)
    reserved_s: float = key("How long the symbol is reserved, in seconds", default=5, min=1, max=600)
    new_orders: NewOrders = new_orders_key()

    def __post_init__(self) -> None:
        """Raise MarketError unless exactly one of ``move_ticks`` and ``move_pct`` is given."""
        if (self.move_ticks is None) == (self.move_pct is None):
            was = "neither" if self.move_ticks is None else "both"
            raise MarketError(f"exactly one of move_ticks and move_pct was expected, was {was}", "keep one of the two")


class FastMoves:
    """The highest and the lowest traded price of one symbol over the last moments."""

    def __init__(self, logic: StopLogic, instrument: Instrument) -> None:
        self._logic = logic
        self._tick_micros = instrument.tick_micros
        self._within_ns = ns_from_ms(logic.within_ms)
        # Falling and rising runs: their first entries are the highest and the lowest price of the window.
        self._highs: deque[tuple[int, int]] = deque()
        self._lows: deque[tuple[int, int]] = deque()

    def trade(self, t_ns: int, price_micros: int) -> bool:
        """Whether this trade is too far from another one of the last moments, in either direction."""
        for run, sign in ((self._highs, 1), (self._lows, -1)):
            while run and run[0][0] < t_ns - self._within_ns:
                run.popleft()
            while run and sign * (run[-1][1] - price_micros) <= 0:
                run.pop()
            run.append((t_ns, price_micros))
        high, low = self._highs[0][1], self._lows[0][1]
        return self._is_far(high, high - price_micros) or self._is_far(low, price_micros - low)

    def restart(self) -> None:
        """Forget what was traded: the symbol begins anew."""
        self._highs.clear()
        self._lows.clear()

    def _is_far(self, from_micros: int, move_micros: int) -> bool:
        if self._logic.move_pct is not None:
            return move_micros * HUNDRED >= exactly(self._logic.move_pct) * from_micros
        return move_micros >= (self._logic.move_ticks or 0) * self._tick_micros
