"""Tests of the desk's document."""

from __future__ import annotations

from typing import Any

from engine.config.bind import bind
from engine.trading.desk_document import DeskDocument
from engine.trading.directional import DirectionalDocument
from engine.trading.governor_documents import ReferenceGovernorDocument
from engine.trading.market_making import MarketMakingDocument

DATA: dict[str, Any] = {
    "strategy": {"kind": "directional", "side": "long", "target_shares": 9, "order_qty_shares": 1, "orders_per_s": 6},
    "governor": {"kind": "reference"},
    "limits": "limits/equity_day",
    "venue": "venues/equity_us",
    "profile": "profiles/default",
}


def test_a_desk_holds_nothing_unless_it_is_said() -> None:
    """The inventory may be left out; two documents do not share it."""
    first, second = bind(DeskDocument, DATA), bind(DeskDocument, DATA)

    assert first.inventory == {}
    assert first.inventory is not second.inventory


def test_kind_says_which_strategy_and_which_governor() -> None:
    """The word inside the mapping picks its document."""
    desk = bind(DeskDocument, DATA | {"inventory": {"SPY": -70}})

    assert type(desk.strategy) is DirectionalDocument
    assert type(desk.governor) is ReferenceGovernorDocument
    assert desk.inventory == {"SPY": -70}


def test_a_market_maker_is_a_strategy() -> None:
    """The second kind binds too, with its defaults."""
    strategy = {"kind": "market_making", "qty_shares": 1, "half_spread_ticks": 2, "max_inventory_shares": 3}
    desk = bind(DeskDocument, DATA | {"strategy": strategy})

    assert desk.strategy == MarketMakingDocument(qty_shares=1, half_spread_ticks=2, max_inventory_shares=3)
