"""What a strategy is, and the strategies there are: a document that builds the behaviour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from engine.domain.governance import Decision, DeskView
from engine.domain.orders import Fill, Instruction, Instrument, OrderUpdate
from engine.domain.quotes import Quote
from engine.domain.records import ParentOrder
from engine.kernel.world import World
from engine.trading.directional import DirectionalDocument
from engine.trading.market_making import MarketMakingDocument
from engine.trading.slicing import SlicingDocument


class Strategy(Protocol):
    """Wants to trade. It asks for what it wants; the governor decides. Its chance is the stream ``desk/strategy``."""

    def on_tick(self, quote: Quote, view: DeskView, ids: Iterator[int]) -> Sequence[Instruction | ParentOrder]:
        """What it wants after this quote; each instruction takes its id from *ids*.

        A parent order is announced, before the first of its slices; it is no instruction, and nobody decides on it.
        """
        ...

    def on_decision(self, instruction: Instruction, decision: Decision) -> None:
        """The governor approved or denied *instruction*."""
        ...

    def on_update(self, update: OrderUpdate) -> None:
        """An instruction was answered, or an order ended."""
        ...

    def on_fill(self, fill: Fill) -> None:
        """An order was filled; the fee is the desk's own figure."""
        ...


class StrategyDocument(Protocol):
    """The ``strategy`` part of a desk, once its kind is known."""

    def build(self, world: World, instruments: Sequence[Instrument]) -> Strategy:
        """The strategy for these instruments."""
        ...


STRATEGIES: Mapping[str, type[StrategyDocument]] = {
    "directional": DirectionalDocument,
    "market_making": MarketMakingDocument,
    "slicing": SlicingDocument,
}
"""The strategies by the word that names them in YAML."""
