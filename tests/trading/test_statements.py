"""The broker's statements: position, cash, executions and working orders, from what the venue says alone."""

from __future__ import annotations

from engine.base.units import NS_PER_S
from engine.domain.orders import Bust, Fill, Liquidity, OrderState, OrderUpdate, Side
from engine.domain.records import BrokerOrders, BrokerStatement
from engine.kernel.world import World
from engine.trading.statements import Statements


def broker() -> tuple[World, Statements]:
    """A broker that states from now on."""
    world = World(1)
    made = Statements(world)
    made.start()
    return world, made


def fill(exec_id: int, qty: int, price: int = 100, *, side: Side = Side.BUY, left: int = 0, order_id: int = 1) -> Fill:
    """A fill with a fee of 3."""
    return Fill(exec_id, order_id, "A", side, qty, price, Liquidity.TAKER, 3, left)


def accepted(order_id: int, target_id: int = 0) -> OrderUpdate:
    """An order came into the book."""
    return OrderUpdate(order_id, target_id, OrderState.WORKING, "", 10)


def orders(world: World) -> list[str]:
    """The working orders, as stated."""
    return [record.open_orders for record in world.log.of(BrokerOrders)]


def test_a_second_in_which_something_changed_has_a_statement() -> None:
    """By hand: 10 at 50 to begin with, 4 bought at 100, 1 sold at 90, each fill for 3; then nothing for two seconds."""
    world, made = broker()
    made.open_inventory("A", 10, 50)
    made.on_fill(fill(1, 4))
    world.run(NS_PER_S)
    made.on_fill(fill(2, 1, 90, side=Side.SELL))
    world.run(4 * NS_PER_S)

    assert world.log.of(BrokerStatement) == [
        BrokerStatement(NS_PER_S, "A", 14, -500 - 400 - 3, "1"),
        BrokerStatement(2 * NS_PER_S, "A", 13, -500 - 400 - 3 + 90 - 3, "2"),
    ]


def test_a_fill_said_twice_is_one_execution() -> None:
    """Its number is its identity."""
    world, made = broker()
    made.on_fill(fill(1, 4))
    made.on_fill(fill(1, 4))
    world.run(NS_PER_S)

    assert world.log.of(BrokerStatement) == [BrokerStatement(NS_PER_S, "A", 4, -403, "1")]


def test_a_bust_takes_back_what_it_takes_back_once() -> None:
    """With its fee; what was never filled cannot be taken back."""
    world, made = broker()
    made.on_fill(fill(1, 4))
    for exec_id in (1, 1, 2):
        made.on_bust(Bust(exec_id, 1, "A", Side.BUY, 4, 100, 3, "erroneous"))
    world.run(NS_PER_S)

    assert world.log.of(BrokerStatement) == [BrokerStatement(NS_PER_S, "A", 0, 0, "1 -1")]


def test_working_orders_are_listed_by_number() -> None:
    """Accepted, replaced, cancelled (by a cancel, and by itself), filled; made smaller it is still there."""
    world, made = broker()
    made.on_update(accepted(12))
    made.on_update(accepted(3))
    world.run(NS_PER_S)
    made.on_update(accepted(13, target_id=12))
    made.on_update(accepted(13, target_id=13))
    world.run(2 * NS_PER_S)
    made.on_fill(fill(1, 4, left=6, order_id=3))
    made.on_update(OrderUpdate(14, 13, OrderState.CANCELLED, "requested", 10))
    world.run(3 * NS_PER_S)
    made.on_fill(fill(2, 6, order_id=3))
    made.on_update(accepted(15))
    made.on_update(OrderUpdate(15, 0, OrderState.CANCELLED, "ioc_remainder", 10))
    world.run(4 * NS_PER_S)

    assert orders(world) == ["3 12", "3 13", "3", ""]


def test_what_changes_no_book_is_not_stated() -> None:
    """A rejection, and the end of an order that the broker did not have."""
    world, made = broker()
    made.on_update(OrderUpdate(1, 0, OrderState.REJECTED, "no", 0))
    made.on_update(OrderUpdate(2, 0, OrderState.CANCELLED, "requested", 0))
    world.run(2 * NS_PER_S)

    assert len(world.log) == 0
