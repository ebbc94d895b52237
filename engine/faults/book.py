"""The way of a fault into an order book, for those that act as one more trader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.faults.site import Site
from engine.market.model_document import parts_of

if TYPE_CHECKING:
    from engine.market.agents.base import Hands


def hands_in(site: Site, symbol: str) -> Hands:
    """Hands of somebody new in the book of *symbol*. Raise LookupError if no order book trades it."""
    for part in parts_of(site.venue.model):
        hands = getattr(part, "hands", None)
        if hands is not None and any(each.symbol == symbol for each in part.instruments):
            found: Hands = hands(site.world, symbol)
            return found
    raise LookupError(f"a symbol with an order book was expected, was {symbol}")
