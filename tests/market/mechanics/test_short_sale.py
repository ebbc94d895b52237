"""Tests of the short sale restriction: allow, edge and trip."""

from __future__ import annotations

from typing import Any

import pytest

from engine.domain.orders import Instrument
from engine.market.mechanics.short_sale import ShortSale, ShortSaleWatch

USD = 1_000_000


def watch(**changes: Any) -> ShortSaleWatch:
    """A restriction from a fall of 10 % on, of two symbols that open at 100 USD."""
    rule = ShortSale(source="a test", **{"fall_pct": 10.0, **changes})
    return ShortSaleWatch(rule, {symbol: Instrument(symbol, 100 * USD, 10_000) for symbol in ("SPY", "QQQ")})


@pytest.mark.parametrize(("price", "restricted"), [(90.01, False), (90.0, True), (89.99, True), (110, False)])
def test_a_trade_at_exactly_the_fall_restricts(price: float, restricted: bool) -> None:
    """Below the first price, which stands for the close."""
    assert watch().trade("SPY", round(price * USD)) is restricted


def test_a_restriction_begins_once_and_for_one_symbol() -> None:
    """A second fall says nothing new; the other symbol is free."""
    short = watch()

    assert [short.trade("SPY", price * USD) for price in (90, 95, 80)] == [True, False, False]
    assert short.trade("QQQ", 91 * USD) is False


def test_a_close_of_its_own_counts() -> None:
    """It closed at 80: 72.01 is no fall of 10 %, 72 is."""
    short = watch(previous_close_usd={"SPY": 80.0})

    assert [short.trade("SPY", price) for price in (72_010_000, 72_000_000)] == [False, True]


def test_what_is_restricted_since_the_day_before_is_not_restricted_again() -> None:
    """It is said at the start."""
    assert watch(from_before=("SPY",)).trade("SPY", 50 * USD) is False


def test_a_fall_is_reckoned_without_binary_fractions() -> None:
    """7.1 % of 100 is 7.1, to the micro-dollar."""
    short = watch(fall_pct=7.1)

    assert [short.trade("SPY", price) for price in (92_900_001, 92_900_000)] == [False, True]
