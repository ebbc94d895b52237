"""Tests of the way of an instruction out of the desk."""

from __future__ import annotations

from dataclasses import replace

from engine.domain.governance import APPROVED, FIRM, Decision, DeskView, SoftBreach
from engine.domain.orders import CancelOrder, Instruction, Origin, Side
from engine.domain.records import Decided, Intent, Sent, SoftLimit
from engine.kernel.world import World
from engine.trading.desk import Desk
from engine.trading.order_path import NO_TICK

from .desk_world import MemoryVenue, Ruler, Script, buy, desk_in, run_ms

PASSIVE = 530_000_000
BARE_DENIAL = Decision(approved=False, reason="stopped")


def path_in(world: World, governor: Ruler | None = None) -> Desk:
    """A desk whose order path is driven by hand."""
    return desk_in(world, MemoryVenue(world), Script(), governor)


def bare(_order: Instruction, _view: DeskView) -> Decision:
    """A deny without figures."""
    return BARE_DENIAL


def test_a_decision_without_figures_is_recorded_with_zeros() -> None:
    """0 stands for none in a record: no NaN that would make two equal logs differ."""
    world = World(1)
    path_in(world, Ruler(rule=bare)).path.ask(buy(1), 7)
    run_ms(world, 1)
    [decided] = world.log.of(Decided)

    assert decided[1:7] == (1, False, "stopped", 0.0, 0.0, "")
    assert (decided.intent_ns, decided.tick_ns) == (0, 7)


def test_a_command_is_sent_without_being_decided() -> None:
    """The governor's own order is written as an intent that no tick caused, counted at once, and sent."""
    world = World(1)
    desk = path_in(world, Ruler(rule=bare))
    desk.path.command(replace(buy(1, limit=PASSIVE), origin=Origin.GOVERNOR))
    counted = desk.view.working("SPY", Side.BUY)
    run_ms(world, 1)

    assert counted == 100
    assert [(record.tick_ns, record.origin) for record in world.log.of(Intent)] == [(NO_TICK, "governor")]
    assert [record.origin for record in world.log.of(Sent)] == ["governor"]
    assert world.log.of(Decided) == []


def test_before_the_first_quote_an_intent_has_no_mid() -> None:
    """0 stands for none."""
    world = World(1)
    path_in(world).path.ask(buy(1), NO_TICK)

    assert [record.mid_micros for record in world.log.of(Intent)] == [0]


def test_an_approved_cancel_marks_its_target() -> None:
    """From then on the desk knows that a cancel is on its way; a denied one marks nothing."""
    marked = []
    for rule in (bare, lambda _order, _view: APPROVED):
        world = World(1)
        governor = Ruler()
        desk = path_in(world, governor)
        desk.path.command(buy(1, limit=PASSIVE))
        run_ms(world, 5)
        governor.rule = rule
        desk.path.ask(CancelOrder(2, 1, "SPY"), NO_TICK)
        run_ms(world, 0.11)
        order = desk.orders.get(1)
        assert order is not None
        marked.append(order.cancelling)

    assert marked == [False, True]


def test_a_hold_stops_the_strategys_orders_and_not_the_governors() -> None:
    """What gets the desk out of a position must leave whatever is held."""
    world = World(1)
    desk = path_in(world)
    desk.path.command(buy(1))
    desk.path.command(replace(buy(2), origin=Origin.GOVERNOR))
    desk.gateway.hold(FIRM)
    run_ms(world, 1)

    assert [record.order_id for record in world.log.of(Sent)] == [2]


def test_the_wait_for_a_decision_is_counted() -> None:
    """The backlog falls to nothing when all are decided."""
    world = World(1)
    desk = path_in(world)
    for order_id in range(1, 6):
        desk.path.ask(buy(order_id), NO_TICK)
    waiting = desk.path.pending
    run_ms(world, 5)

    assert (waiting, desk.path.pending) == (5, 0)


def test_each_soft_limit_of_an_approval_is_written_down() -> None:
    """With the order and its symbol, at the time of the decision; a number that is not there is 0."""
    breaches = (SoftBreach("order_qty", 100, 90, "instrument"), SoftBreach("leverage", None, 2, "firm"))
    world = World(1)
    path_in(world, Ruler(rule=lambda _order, _view: Decision(True, soft=breaches))).path.ask(buy(1), 7)
    run_ms(world, 1)
    [decided] = world.log.of(Decided)

    assert world.log.of(SoftLimit) == [
        SoftLimit(decided.t_ns, 1, "SPY", "order_qty", 100.0, 90.0, "instrument"),
        SoftLimit(decided.t_ns, 1, "SPY", "leverage", 0.0, 2.0, "firm"),
    ]


def test_a_deny_alerts_of_nothing_besides() -> None:
    """It says enough by itself."""
    world = World(1)
    denial = Decision(False, "stopped", soft=(SoftBreach("order_qty", 100, 90, "instrument"),))
    path_in(world, Ruler(rule=lambda _order, _view: denial)).path.ask(buy(1), 7)
    run_ms(world, 1)

    assert world.log.of(SoftLimit) == []
