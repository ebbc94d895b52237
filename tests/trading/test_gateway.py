"""Tests of the gateway."""

from __future__ import annotations

from engine.domain.governance import FIRM
from engine.domain.orders import CancelOrder, OrderState, OrderUpdate
from engine.domain.records import Sent
from engine.kernel.world import World
from engine.trading.broker import BrokerSession
from engine.trading.gateway import Gateway, refusal
from engine.trading.stages import Link, Stage

from .desk_world import MemoryVenue, Script, buy, desk_in, fixed, run_ms


def gateway() -> tuple[World, Gateway, BrokerSession, list[OrderUpdate]]:
    """A gateway, its session, and what it refused."""
    world = World(1)
    refused: list[OrderUpdate] = []
    desk = desk_in(world, MemoryVenue(world), Script())
    line = BrokerSession(
        world,
        MemoryVenue(world),
        Link(world, "order_link", fixed(10_000)),
        Link(world, "ack_link", fixed(10_000)),
        desk.books,
    )
    return world, Gateway(Stage(world, "gateway", fixed(100)), line, refused.append), line, refused


def sent_ids(world: World) -> list[int]:
    """What went on the wire."""
    return [record.order_id for record in world.log.of(Sent)]


def test_instructions_leave_one_after_the_other() -> None:
    """The gateway encodes in order, and its queue is its backlog."""
    world, gate, _, refused = gateway()
    for order_id in (1, 2, 3):
        gate.send(buy(order_id), holdable=True)
    waiting = gate.pending
    run_ms(world, 1)

    times = [record.t_ns for record in world.log.of(Sent)]
    assert (waiting, gate.pending) == (3, 0)
    assert sent_ids(world) == [1, 2, 3]
    assert len(set(times)) == 3
    assert refused == []


def test_while_the_session_is_known_to_be_down_instructions_are_refused() -> None:
    """They are not lost: the books hear session_down."""
    world, gate, line, refused = gateway()
    line.drop("x")
    run_ms(world, 60)
    gate.send(buy(1), holdable=True)
    gate.send(CancelOrder(2, 1, "SPY"), holdable=False)
    run_ms(world, 1)

    assert sent_ids(world) == []
    assert refused == [
        OrderUpdate(1, 0, OrderState.REJECTED, "session_down", 0),
        OrderUpdate(2, 1, OrderState.REJECTED, "session_down", 0),
    ]


def test_a_hold_stops_what_waits_and_nothing_that_comes_later() -> None:
    """Approved before the hold: refused. Approved after it: sent, so that a leak of the governor stays visible."""
    world, gate, _, refused = gateway()
    gate.send(buy(1), holdable=True)
    gate.send(CancelOrder(2, 9, "SPY"), holdable=False)
    gate.hold(FIRM)
    gate.send(buy(3), holdable=True)
    run_ms(world, 1)

    assert sent_ids(world) == [2, 3]
    assert refused == [refusal(buy(1), "held")]


def test_a_hold_of_one_symbol_leaves_the_others_alone() -> None:
    """The scope says whose orders are stopped."""
    world, gate, _, refused = gateway()
    gate.send(buy(1), holdable=True)
    gate.hold("AAPL")
    gate.send(buy(2), holdable=True)
    gate.hold("SPY")
    run_ms(world, 1)

    assert [update.order_id for update in refused] == [1, 2]
    assert sent_ids(world) == []


def test_a_hold_of_another_symbol_stops_nothing() -> None:
    """AAPL is held, SPY is sent."""
    world, gate, _, refused = gateway()
    gate.send(buy(1), holdable=True)
    gate.hold("AAPL")
    run_ms(world, 1)

    assert (sent_ids(world), refused) == ([1], [])
