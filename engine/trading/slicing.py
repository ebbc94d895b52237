"""The slicing strategy: it works one parent order after the other in slices, and counts what they have done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from engine.base.keys import key
from engine.base.units import ns_from_s
from engine.domain.governance import Decision, DeskView
from engine.domain.orders import (
    LIVE_STATES,
    Fill,
    Instruction,
    Instrument,
    NewOrder,
    OrderKind,
    OrderState,
    OrderUpdate,
    Side,
    TimeInForce,
)
from engine.domain.quotes import Quote
from engine.domain.records import ParentOrder
from engine.kernel.world import World


@dataclass(frozen=True, kw_only=True)
class SlicingDocument:
    """Works parent orders in every instrument, one after the other, the sides in turn, in slices at regular times.

    Each slice takes what the other side shows, and names its parent; what it leaves goes back to the parent. The next
    parent begins when one is done. It leaves nothing to chance.
    """

    first_side: Literal["buy", "sell"] = key("The side of the first parent order", default="buy")
    parent_qty_shares: int = key("Size of each parent order, in shares", min=1, max=100_000_000)
    slice_qty_shares: int = key("Size of each slice, in shares; the last may be smaller", min=1, max=10_000_000)
    every_s: float = key("Time between two slices of a parent, in seconds", above=0, max=86_400)

    def build(self, world: World, instruments: Sequence[Instrument]) -> Slicing:
        """The strategy for these instruments."""
        return Slicing(self, instruments)


@dataclass(slots=True)
class _Parent:
    """A parent order: what its slices have filled, and what the one on its way may still fill."""

    parent_id: int
    side: Side
    filled: int = 0
    slice_id: int = 0
    """The slice on its way; 0: none."""
    next_ns: int = 0


class Slicing:
    """The behaviour of a :class:`SlicingDocument`: never more than one slice of a parent is on its way."""

    def __init__(self, document: SlicingDocument, instruments: Sequence[Instrument]) -> None:
        self._document = document
        self._every_ns = ns_from_s(document.every_s)
        self._next_side = {i.symbol: Side.BUY if document.first_side == "buy" else Side.SELL for i in instruments}
        self._parents: dict[str, _Parent] = {}
        self._of_slice: dict[int, _Parent] = {}

    def on_tick(self, quote: Quote, view: DeskView, ids: Iterator[int]) -> Sequence[Instruction | ParentOrder]:
        """The next slice, if it is due; before it a parent, if the last one is done."""
        symbol = quote.symbol
        if not quote.two_sided or symbol not in self._next_side:
            return ()
        wanted: list[Instruction | ParentOrder] = []
        parent = self._parents.get(symbol)
        if parent is None or self._left(parent) <= 0:
            parent = _Parent(next(ids), self._next_side[symbol], next_ns=parent.next_ns if parent else view.now_ns)
            self._parents[symbol], self._next_side[symbol] = parent, parent.side.opposite
            size = self._document.parent_qty_shares
            wanted.append(ParentOrder(view.now_ns, parent.parent_id, symbol, int(parent.side), size))
        if not parent.slice_id and view.now_ns >= parent.next_ns:
            wanted.append(self._slice(parent, quote, next(ids)))
            parent.next_ns = view.now_ns + self._every_ns
        return wanted

    def on_decision(self, instruction: Instruction, decision: Decision) -> None:
        """A slice that was denied is over."""
        if not decision.approved:
            self._over(instruction.order_id)

    def on_update(self, update: OrderUpdate) -> None:
        """A slice that was cancelled or rejected is over; the answer to a cancel names it as its target."""
        if update.state not in LIVE_STATES:
            self._over(update.order_id)
            if update.state is OrderState.CANCELLED:
                self._over(update.target_id)

    def on_fill(self, fill: Fill) -> None:
        """A slice was filled."""
        parent = self._of_slice.get(fill.order_id)
        if parent is not None:
            parent.filled += fill.qty
            if fill.left == 0:
                self._over(fill.order_id)

    def _left(self, parent: _Parent) -> int:
        return self._document.parent_qty_shares - parent.filled

    def _slice(self, parent: _Parent, quote: Quote, order_id: int) -> NewOrder:
        """One slice, at the touch of the other side; it rests nowhere."""
        parent.slice_id = order_id
        self._of_slice[order_id] = parent
        qty = min(self._document.slice_qty_shares, self._left(parent))
        limit_micros = quote.touch_micros(parent.side)
        return NewOrder(
            order_id,
            quote.symbol,
            parent.side,
            qty,
            OrderKind.LIMIT,
            limit_micros,
            TimeInForce.IOC,
            parent_id=parent.parent_id,
        )

    def _over(self, order_id: int) -> None:
        parent = self._of_slice.get(order_id)
        if parent is not None and parent.slice_id == order_id:
            parent.slice_id = 0
