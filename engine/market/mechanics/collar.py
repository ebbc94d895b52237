"""The venue's price collar: an order priced far through the other side is refused at the door."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from engine.base.keys import key
from engine.base.units import micros_from_usd
from engine.domain.orders import NewOrder
from engine.domain.quotes import Quote
from engine.market.mechanics.common import HUNDRED, exactly, source_key

PRICE_COLLAR = "price_collar"
"""The reason code of the refusal."""


@dataclass(frozen=True, kw_only=True)
class Collar:
    """How far a limit may lie through the best opposite price; a market order has no limit and passes."""

    source: str = source_key()
    away_pct: float = key("Furthest that a limit may lie through it, in percent (10 is 10 %)", min=0.1, max=1_000)
    at_least_usd: float = key("A distance in USD that is always allowed", default=0, min=0, max=1_000_000)

    def refusal(self, order: NewOrder, quote: Quote, last_micros: int) -> str:
        """Why *order* is refused, or nothing. Without an opposite price the last trade counts; 0 is none."""
        reference = quote.touch_micros(order.side) or last_micros
        if order.limit_micros is None or not reference:
            return ""
        room = max(reference * exactly(self.away_pct) / HUNDRED, Decimal(micros_from_usd(self.at_least_usd)))
        through = int(order.side) * (order.limit_micros - reference)
        return PRICE_COLLAR if through > room else ""
