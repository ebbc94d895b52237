"""The slicing strategy: parents one after the other, one slice at a time, and never more than the parent."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

import pytest

from engine.base.units import NS_PER_S
from engine.domain.governance import APPROVED, Decision
from engine.domain.orders import Fill, Liquidity, NewOrder, OrderState, OrderUpdate, Side, TimeInForce
from engine.domain.records import Intent, ParentOrder
from engine.kernel.world import World
from engine.trading.slicing import Slicing, SlicingDocument

from .desk_world import SPY, MemoryVenue, Script, desk_in, quote, run_ms


class Player:
    """A strategy of parents of 100 in slices of 40, one a second, and what it wants at each second."""

    def __init__(self, **changes: Any) -> None:
        said: dict[str, Any] = {"parent_qty_shares": 100, "slice_qty_shares": 40, "every_s": 1} | changes
        self.world = World(1)
        self.desk = desk_in(self.world, MemoryVenue(self.world), Script())
        self.strategy: Slicing = SlicingDocument(**said).build(self.world, [SPY])
        self._ids = count(1)

    def at(self, second: float, bid: int = 539_990_000) -> Sequence[Any]:
        """What it wants at *second*."""
        self.world.run(round(second * NS_PER_S))
        return self.strategy.on_tick(quote(bid=bid), self.desk.view, self._ids)

    def fill(self, order_id: int, qty: int, left: int) -> None:
        """A slice is filled."""
        self.strategy.on_fill(Fill(1, order_id, "SPY", Side.BUY, qty, 1, Liquidity.TAKER, 0, left))

    def end(self, order_id: int, target_id: int = 0) -> None:
        """A slice is over."""
        self.strategy.on_update(OrderUpdate(order_id, target_id, OrderState.CANCELLED, "", 0))


def shape(order: Any) -> tuple[int, int, int, int]:
    """Id, side, quantity and parent of an order."""
    assert isinstance(order, NewOrder)
    return order.order_id, int(order.side), order.qty, order.parent_id


def test_a_parent_is_said_before_its_first_slice() -> None:
    """The slice takes the touch of the other side, rests nowhere, and names its parent."""
    parent, first = Player().at(0)

    assert parent == ParentOrder(0, 1, "SPY", 1, 100)
    assert shape(first) == (2, 1, 40, 1)
    assert (first.limit_micros, first.tif) == (540_010_000, TimeInForce.IOC)


def test_the_last_slice_is_what_is_left_and_the_next_parent_goes_the_other_way() -> None:
    """40, 40, 20; then a parent that sells."""
    player = Player()
    player.at(0)
    player.fill(2, 40, 0)
    (second,) = player.at(1)
    player.fill(3, 40, 0)
    (third,) = player.at(2)
    player.fill(4, 20, 0)
    parent, fourth = player.at(3)

    assert (shape(second), shape(third)) == ((3, 1, 40, 1), (4, 1, 20, 1))
    assert (parent.parent_id, parent.side, shape(fourth)) == (5, -1, (6, -1, 40, 5))


def test_there_is_never_a_second_slice_on_its_way() -> None:
    """Until the first is over, however long that takes; what it left goes back to the parent."""
    player = Player()
    player.at(0)
    assert list(player.at(60)) == []
    player.fill(2, 10, 30)
    assert list(player.at(61)) == []
    player.end(2)
    (again,) = player.at(61)

    assert shape(again) == (3, 1, 40, 1)


@pytest.mark.parametrize("how", ["denied", "rejected", "cancelled for it"])
def test_a_slice_that_came_to_nothing_is_over(how: str) -> None:
    """The next one comes at its time, and not before."""
    player = Player()
    _, first = player.at(0)
    if how == "denied":
        player.strategy.on_decision(first, Decision(approved=False, reason="held"))
    elif how == "rejected":
        player.strategy.on_update(OrderUpdate(2, 0, OrderState.REJECTED, "no", 0))
    else:
        player.end(99, target_id=2)

    assert list(player.at(0.5)) == []
    assert [shape(each) for each in player.at(1)] == [(3, 1, 40, 1)]


def test_what_says_that_a_slice_lives_does_not_end_it() -> None:
    """Approved, working, or out of sight."""
    player = Player()
    _, first = player.at(0)
    player.strategy.on_decision(first, APPROVED)
    for state in (OrderState.WORKING, OrderState.UNKNOWN):
        player.strategy.on_update(OrderUpdate(2, 0, state, "", 40))

    assert list(player.at(5)) == []


def test_a_market_without_two_sides_gets_nothing() -> None:
    """No parent is begun for it either."""
    player = Player(first_side="sell")

    assert list(player.at(0, bid=0)) == []
    parent, first = player.at(1)
    assert (parent.side, shape(first)[1], first.limit_micros) == (-1, -1, 539_990_000)


def test_the_desk_announces_the_parent_and_asks_for_the_slice() -> None:
    """The parent is a record and no intent; the slice's intent names it."""
    world = World(1)
    venue = MemoryVenue(world)
    document = SlicingDocument(parent_qty_shares=100, slice_qty_shares=40, every_s=1)
    desk_in(world, venue, document, None)
    venue.move(quote())
    run_ms(world, 10)

    assert [(each.parent_id, each.qty) for each in world.log.of(ParentOrder)] == [(1, 100)]
    assert [(each.order_id, each.parent_id) for each in world.log.of(Intent)] == [(2, 1)]
