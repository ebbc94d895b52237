"""Quotes: one-sided is a state of its own."""

from __future__ import annotations

import pytest

from engine.domain.orders import Side
from engine.domain.quotes import MarketState, Quote

FULL = Quote(0, "SPY", 539_990_000, 800, 540_010_000, 700)
NO_BID = Quote(0, "SPY", 0, 0, 540_010_000, 700)
NO_ASK = Quote(0, "SPY", 539_990_000, 800, 0, 0)
EMPTY = Quote(0, "SPY", 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("quote", "two_sided", "mid"),
    [(FULL, True, 540_000_000.0), (NO_BID, False, None), (NO_ASK, False, None), (EMPTY, False, None)],
)
def test_a_mid_needs_two_sides(quote: Quote, two_sided: bool, mid: float | None) -> None:
    """Half of an ask is no price."""
    assert (quote.two_sided, quote.mid_micros) == (two_sided, mid)


def test_a_mid_between_ticks_keeps_its_half() -> None:
    """An odd sum is not rounded."""
    assert Quote(0, "SPY", 1, 1, 2, 1).mid_micros == 1.5


@pytest.mark.parametrize(
    ("quote", "buy", "sell"),
    [
        (FULL, 540_010_000, 539_990_000),
        (NO_BID, 540_010_000, 0),
        (NO_ASK, 0, 539_990_000),
    ],
)
def test_an_aggressive_order_meets_the_other_side(quote: Quote, buy: int, sell: int) -> None:
    """A buy meets the ask, a sell the bid; 0 where there is none."""
    assert (quote.touch_micros(Side.BUY), quote.touch_micros(Side.SELL)) == (buy, sell)


def test_a_market_trades_while_it_is_open_or_at_a_limit() -> None:
    """Every other state is a stop."""
    assert [state for state in MarketState if state.trades] == [MarketState.OPEN, MarketState.LIMIT_STATE]
