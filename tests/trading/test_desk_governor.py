"""The desk does what the governor wants: scopes, updates, parents, overrides, and limits that change."""

from __future__ import annotations

import pytest

from engine.domain.governance import CancelAll, Command, Control, DeskView, Level, NoteOverride, SetState
from engine.domain.orders import CancelOrder, NewOrder, OrderKind, OrderState, OrderUpdate, Side
from engine.domain.records import GovernorFailed, GovernorOverride, LimitsSet, ParentOrder
from engine.kernel.world import World
from engine.trading.desk import Desk
from engine.trading.guard import GuardedGovernor
from engine.trading.limits_sha import limits_sha
from engine.trading.limits_source import LimitsStore

from .desk_world import MemoryVenue, Ruler, Script, desk_in, log_of, quote, run_ms
from .plain_view import limits


class Listener(Ruler):
    """A governor that wants to hear of updates and parents, and answers as it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []
        self.answer: tuple[Command, ...] = ()

    def on_update(self, update: OrderUpdate, view: DeskView) -> tuple[Command, ...]:
        self.heard.append(update)
        return self.answer

    def on_parent(self, parent: ParentOrder, view: DeskView) -> tuple[Command, ...]:
        self.heard.append(parent)
        return ()


def resting(order_id: int, strategy: str) -> NewOrder:
    """A buy under the market."""
    return NewOrder(order_id, "SPY", Side.BUY, 10, OrderKind.LIMIT, 539_000_000, strategy=strategy)


def two_strategies(governor: Ruler) -> tuple[World, MemoryVenue, Desk]:
    """A desk with an order of ``a`` and one of ``b``, both working."""
    world = World(1)
    venue = MemoryVenue(world)
    desk = desk_in(world, venue, Script([[resting(1, "a"), resting(2, "b")]]), governor)
    venue.move(quote())
    run_ms(world, 20)
    assert sorted(venue.resting) == [1, 2]
    return world, venue, desk


@pytest.mark.parametrize(
    ("scope", "left"), [("strategy:a", [2]), ("strategy:b", [1]), ("venue", []), ("firm", []), ("SPY", [])]
)
def test_everything_in_a_scope_is_cancelled_and_nothing_else(scope: str, left: list[int]) -> None:
    """By strategy, venue, firm and symbol."""
    governor = Ruler(commands=(CancelAll(scope),))
    world, venue, desk = two_strategies(governor)
    desk.control(Control("x", scope, Level.L1, "a"))
    run_ms(world, 20)

    assert sorted(venue.resting) == left


@pytest.mark.parametrize(("owner", "left"), [("a", [1]), ("b", [1, 2])])
def test_a_hold_of_a_strategy_stops_what_it_has_at_the_gateway(owner: str, left: list[int]) -> None:
    """What was approved before the hold and has not left; another strategy's order leaves."""
    governor = Ruler(commands=(SetState("strategy:a", Level.HOLD, "test", 0),))
    world = World(1)
    venue = MemoryVenue(world)
    desk = desk_in(world, venue, Script([[resting(1, "b"), resting(2, owner)]]), governor)
    venue.move(quote())
    while not desk.orders.get(2):  # approved, and has not left
        run_ms(world, 0.01)
    desk.control(Control("x", "strategy:a", Level.HOLD, "a"))
    run_ms(world, 20)

    assert sorted(venue.resting) == left


def test_a_governor_that_wants_to_hears_of_every_answer_and_may_command() -> None:
    """Acceptances and ends; what it answers is done."""
    governor = Listener()
    world, venue, _ = two_strategies(governor)
    heard = [(one.order_id, one.state) for one in governor.heard if isinstance(one, OrderUpdate)]
    assert heard == [(1, OrderState.WORKING), (2, OrderState.WORKING)]

    governor.answer = (CancelAll("strategy:b"),)
    venue.say(OrderUpdate(1, 0, OrderState.CANCELLED, "unsolicited", 10))
    run_ms(world, 20)

    assert [order.order_id for order in venue.resting.values()] == [1]
    assert isinstance(venue.arrived[-1][1], CancelOrder)


def test_a_parent_is_written_down_and_told() -> None:
    """So that its slices can be held against it."""
    governor = Listener()
    world, _, desk = two_strategies(governor)
    parent = ParentOrder(world.now_ns, 50, "SPY", 1, 300)
    desk.announce(parent)

    assert governor.heard[-1] == parent
    assert log_of(world, ParentOrder) == [parent]


def test_an_override_is_written_down() -> None:
    """Whatever became of it."""
    world, _, desk = two_strategies(Ruler(commands=(NoteOverride("granted", "SPY", "order_qty", "a+b", 7, 0),)))
    desk.control(Control("override", "SPY", Level.RUNNING, "b", "order_qty"))

    assert log_of(world, GovernorOverride) == [
        GovernorOverride(world.now_ns, "granted", "SPY", "order_qty", "a+b", 7, 0)
    ]


def test_limits_that_are_published_are_written_down() -> None:
    """Name, version and digest; a store out of reach has none. A desk without a store publishes nothing."""
    world, _, desk = two_strategies(Ruler())
    desk.publish_limits(limits())
    assert log_of(world, LimitsSet) == []

    desk.limits_store = LimitsStore(limits())
    desk.publish_limits(limits())
    desk.publish_limits(None)

    assert log_of(world, LimitsSet) == [
        LimitsSet(world.now_ns, "test", 1, limits_sha(limits())),
        LimitsSet(world.now_ns, "", 0, ""),
    ]


class Raiser(Listener):
    """It raises at every update."""

    def on_update(self, update: OrderUpdate, view: DeskView) -> tuple[Command, ...]:
        raise ZeroDivisionError


def test_a_guarded_governor_that_raises_at_an_update_is_noted() -> None:
    """The run goes on; one that does not want updates is not asked."""
    world = World(1)
    venue = MemoryVenue(world)
    desk_in(world, venue, Script([[resting(1, "a")]]), GuardedGovernor(Raiser(), world))
    venue.move(quote())
    run_ms(world, 20)

    assert [(one.how, one.where) for one in log_of(world, GovernorFailed) if isinstance(one, GovernorFailed)] == [
        ("raised", "on_update")
    ]
    assert GuardedGovernor(Ruler(), world).on_update is None
    assert GuardedGovernor(Ruler(), world).on_parent is None
