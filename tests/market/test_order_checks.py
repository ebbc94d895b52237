"""Tests of the checks at the venue's door."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.domain.orders import Instrument, NewOrder, ReplaceOrder, Side
from engine.market.order_checks import OrderChecks

from .samples import BUY, SELL, at_market, limit

CHECKS = OrderChecks({"SPY": Instrument("SPY", 540_000_000, 10_000, lot=10)})
GOOD = limit(1, BUY, 100, 540.0)


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (GOOD, ""),
        (at_market(1, SELL, 10), ""),
        (replace(GOOD, symbol="XYZ"), "unknown_symbol"),
        (replace(GOOD, qty=0), "bad_qty"),
        (replace(GOOD, qty=-10), "bad_qty"),
        (replace(GOOD, qty=15), "odd_lot"),
        (replace(GOOD, limit_micros=None), "no_price"),
        (replace(GOOD, limit_micros=0), "off_grid"),
        (replace(GOOD, limit_micros=-10_000), "off_grid"),
        (replace(GOOD, limit_micros=540_005_000), "off_grid"),
        (replace(at_market(1, BUY, 10), limit_micros=540_000_000), "unwanted_price"),
        (at_market(1, BUY, 0), "bad_qty"),
    ],
)
def test_a_new_order_is_checked(order: NewOrder, reason: str) -> None:
    """Each refusal has its code."""
    assert CHECKS.new(order) == reason


@pytest.mark.parametrize(
    ("qty", "limit_micros", "side", "reason"),
    [
        (60, 540_000_000, BUY, ""),
        (50, 540_000_000, BUY, "too_late"),
        (40, 540_000_000, BUY, "too_late"),
        (0, 540_000_000, BUY, "bad_qty"),
        (65, 540_000_000, BUY, "odd_lot"),
        (60, 540_000_001, BUY, "off_grid"),
        (60, 540_000_000, SELL, "side_changed"),
    ],
)
def test_a_replace_is_checked(qty: int, limit_micros: int, side: Side, reason: str) -> None:
    """Of the old order 50 shares are filled: a new total must be more."""
    wish = ReplaceOrder(2, 1, "SPY", side, qty, limit_micros)

    assert CHECKS.replace(wish, GOOD, filled=50) == reason
