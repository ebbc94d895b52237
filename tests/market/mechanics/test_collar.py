"""Tests of the price collar: allow, edge and deny."""

from __future__ import annotations

import pytest

from engine.domain.quotes import Quote
from engine.market.mechanics.collar import Collar
from tests.market.samples import BUY, SELL, at_market, limit

COLLAR = Collar(source="a test", away_pct=10, at_least_usd=0.5)


def quote(bid: float, ask: float) -> Quote:
    """A quote; 0 is an empty side."""
    return Quote(0, "SPY", round(bid * 1e6), 100, round(ask * 1e6), 100)


@pytest.mark.parametrize(
    ("side", "usd", "reason"),
    [
        (BUY, 110.0, ""),
        (BUY, 110.01, "price_collar"),
        (BUY, 1.0, ""),
        (SELL, 81.0, ""),
        (SELL, 80.99, "price_collar"),
        (SELL, 999.0, ""),
    ],
)
def test_a_limit_may_lie_ten_percent_through_the_other_side(side: object, usd: float, reason: str) -> None:
    """Of an offer at 100 and a bid at 90; away from the market it may lie anywhere."""
    order = limit(1, BUY if side is BUY else SELL, 1, usd)

    assert COLLAR.refusal(order, quote(90, 100), 0) == reason


@pytest.mark.parametrize(("usd", "reason"), [(2.5, ""), (2.51, "price_collar")])
def test_half_a_dollar_is_always_allowed(usd: float, reason: str) -> None:
    """The greater of the two counts: 10 % of an offer at 2.00 are 0.20."""
    assert COLLAR.refusal(limit(1, BUY, 1, usd), quote(1.99, 2.0), 0) == reason


def test_without_an_offer_the_last_trade_counts_and_without_that_nothing() -> None:
    """An empty side has no price to be away from."""
    order = limit(1, BUY, 1, 111.0)

    assert COLLAR.refusal(order, quote(90, 0), 100_000_000) == "price_collar"
    assert COLLAR.refusal(order, quote(90, 0), 101_000_000) == ""
    assert COLLAR.refusal(order, quote(90, 0), 0) == ""


def test_a_market_order_has_no_limit_to_be_away() -> None:
    """It passes."""
    assert COLLAR.refusal(at_market(1, BUY, 1), quote(90, 100), 0) == ""
