"""The short sale restriction: a symbol that has fallen far may not be sold short at or below the best bid.

The venue says when it is in force; it does not know which sales are short. That is for the member to know, and to keep
its short sales above the bid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.base.keys import key
from engine.base.units import micros_from_usd
from engine.domain.orders import Instrument
from engine.market.mechanics.common import HUNDRED, exactly, source_key


@dataclass(frozen=True, kw_only=True)
class ShortSale:
    """What restricts short sales of a symbol for the rest of the session."""

    source: str = source_key()
    fall_pct: float = key("Fall of a trade below the previous close from which on, in percent", above=0, max=100)
    previous_close_usd: dict[str, float] = key(
        "By symbol the previous close; without it the symbol's first price", default={}
    )
    from_before: tuple[str, ...] = key("Symbols that are restricted from the day before on", default=())


class ShortSaleWatch:
    """The restrictions of one day; one that is in force stays."""

    def __init__(self, rule: ShortSale, instruments: Mapping[str, Instrument]) -> None:
        """*instruments* by their symbols."""
        self._closes = {
            symbol: micros_from_usd(rule.previous_close_usd[symbol])
            if symbol in rule.previous_close_usd
            else instrument.price_micros
            for symbol, instrument in instruments.items()
        }
        self._fall_pct = exactly(rule.fall_pct)
        self._restricted = set(rule.from_before)

    def trade(self, symbol: str, price_micros: int) -> bool:
        """Whether this trade restricts the symbol, which was not restricted before."""
        close = self._closes[symbol]
        if symbol in self._restricted or (close - price_micros) * HUNDRED < self._fall_pct * close:
            return False
        self._restricted.add(symbol)
        return True
