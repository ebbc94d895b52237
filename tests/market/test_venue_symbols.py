"""Tests of the symbols that mechanisms name."""

from __future__ import annotations

from typing import Any

import pytest

from engine.market.mechanics.short_sale import ShortSale
from engine.market.model_document import MarketError
from engine.market.venue_document import Mechanics
from engine.market.venue_symbols import check_symbols


@pytest.mark.parametrize(
    ("name", "value"), [("previous_close_usd", {"SPY": 1.0, "XYZ": 2.0}), ("from_before", ("SPY", "XYZ"))]
)
def test_a_symbol_that_is_not_traded_is_refused_by_its_place(name: str, value: Any) -> None:
    """The bands' own are tested with them."""
    mechanics = Mechanics(short_sale=ShortSale(source="a test", fall_pct=10, **{name: value}))

    with pytest.raises(MarketError, match=rf"short_sale.{name}: XYZ is not traded here; traded are SPY"):
        check_symbols(mechanics, ("SPY",))


def test_symbols_that_are_traded_pass() -> None:
    """And so does a venue that names none."""
    check_symbols(Mechanics(short_sale=ShortSale(source="a test", fall_pct=10, from_before=("SPY",))), ("SPY", "QQQ"))
    check_symbols(Mechanics(), ())
