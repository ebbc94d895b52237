"""Whether the symbols that a venue's mechanisms name are traded there."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from engine.market.model_document import MarketError
from engine.market.venue_document import Mechanics

SYMBOLS_HELP = "name a symbol that the scenario trades, or another venue"


def check_symbols(mechanics: Mechanics, traded: Collection[str]) -> None:
    """Raise MarketError if price bands or the short sale restriction name a symbol that is not *traded*."""
    for name, symbols in _named(mechanics):
        for symbol in symbols:
            if symbol not in traded:
                message = f"{name}: {symbol} is not traded here; traded are {', '.join(traded)}"
                raise MarketError(message, SYMBOLS_HELP)


def _named(mechanics: Mechanics) -> Iterator[tuple[str, tuple[str, ...]]]:
    if (luld := mechanics.luld) is not None:
        yield "luld.tier_2", luld.tier_2
        yield "luld.leverage", tuple(luld.leverage)
        yield "luld.previous_close_usd", tuple(luld.previous_close_usd)
    if (short := mechanics.short_sale) is not None:
        yield "short_sale.previous_close_usd", tuple(short.previous_close_usd)
        yield "short_sale.from_before", short.from_before
