"""Tests of the mapping of strategies."""

from __future__ import annotations

from dataclasses import fields

import pytest

from engine.base.keys import key_of
from engine.kernel.world import World
from engine.trading.directional import DirectionalDocument
from engine.trading.market_making import MarketMakingDocument
from engine.trading.slicing import SlicingDocument
from engine.trading.strategy import STRATEGIES, Strategy, StrategyDocument

from .desk_world import SPY

DOCUMENTS: list[StrategyDocument] = [
    DirectionalDocument(side="long", target_shares=1, order_qty_shares=1, orders_per_s=1),
    MarketMakingDocument(qty_shares=1, half_spread_ticks=1, max_inventory_shares=1),
    SlicingDocument(parent_qty_shares=2, slice_qty_shares=1, every_s=1),
]


def test_every_kind_stands_in_the_mapping_and_builds_a_strategy() -> None:
    """The word of the document is the name of its module."""
    built: list[Strategy] = [document.build(World(1), (SPY,)) for document in DOCUMENTS]

    assert [type(document) for document in DOCUMENTS] == list(STRATEGIES.values())
    assert [document.__module__.rpartition(".")[2] for document in STRATEGIES.values()] == list(STRATEGIES)
    assert [callable(strategy.on_tick) for strategy in built] == [True] * len(DOCUMENTS)


@pytest.mark.parametrize("document", STRATEGIES.values(), ids=list(STRATEGIES))
def test_every_key_of_a_strategy_says_what_it_is(document: type) -> None:
    """Each field was made by key() and explained."""
    assert [field.name for field in fields(document) if len(key_of(field).doc) < 10] == []
