"""The load: what it asks of a desk, what it hears, and that it leaves nothing behind."""

from __future__ import annotations

from collections import Counter

import pytest

from engine.domain.governance import APPROVED, Decision
from engine.domain.orders import CancelOrder, NewOrder, Side
from engine.domain.records import Intent
from engine.faults.load import RESTING_MOST, Load, Mix
from engine.kernel.streams import stream
from engine.kernel.world import World
from engine.trading.desk import Desk
from tests.trading.desk_world import MemoryVenue, Ruler, Script, desk_in, quote, run_ms

MIX = Mix(cancel_pct=45, too_large_pct=5, qty_shares=1, too_large_qty_shares=1_000_000, away_pct=1)
ALL_NEW = Mix(cancel_pct=0, too_large_pct=0, qty_shares=7, too_large_qty_shares=1, away_pct=1)


def desk(governor: Ruler | None = None, **settings: bool) -> tuple[World, MemoryVenue, Desk, Script]:
    """A desk of SPY that has seen a quote, with a strategy that wants nothing."""
    world, script = World(1), Script()
    venue = MemoryVenue(world, **settings)
    made = desk_in(world, venue, script, governor)
    venue.move(quote())
    run_ms(world, 10)
    return world, venue, made, script


def load(desk: Desk, mix: Mix = MIX, seed: int = 1) -> Load:
    """A load on *desk*."""
    return Load(desk, "SPY", mix, stream(seed, "load"))


def ask(world: World, made: Load, times: int) -> None:
    """Ask so many times, a millisecond apart."""
    for _ in range(times):
        made.ask_next()
        run_ms(world, 1)


def test_orders_rest_away_from_the_market_on_either_side_in_turn() -> None:
    """One percent from the mid, on the grid, small, and good for the day."""
    world, venue, made, _ = desk()
    ask(world, load(made, ALL_NEW), 4)
    run_ms(world, 10)
    orders = [instruction for _, instruction, _ in venue.arrived if isinstance(instruction, NewOrder)]

    assert [(order.side, order.qty, order.limit_micros) for order in orders] == [
        (Side.BUY, 7, 534_600_000),
        (Side.SELL, 7, 545_400_000),
    ] * 2
    assert len(venue.resting) == 4


def test_the_mix_is_kept() -> None:
    """Of 2,000: nearly half cancels, one in twenty too large."""
    world, _, made, _ = desk(Ruler(rule=small_only))
    ask(world, load(made), 2000)
    kinds = Counter("large" if intent.qty > 1 else intent.action for intent in world.log.of(Intent))

    assert kinds.total() == 2000
    assert kinds["cancel"] == pytest.approx(900, abs=80)
    assert kinds["large"] == pytest.approx(100, abs=40)


def small_only(instruction: object, _view: object) -> Decision:
    """A governor that denies what is too large."""
    large = isinstance(instruction, NewOrder) and instruction.qty > 100
    return Decision(approved=False, reason="order_qty") if large else APPROVED


def test_no_cancel_is_asked_for_what_was_denied() -> None:
    """A cancel of nothing would be noise that no desk makes."""
    world, venue, made, _ = desk(Ruler(rule=small_only))
    ask(world, load(made), 500)
    run_ms(world, 20)

    assert all(
        any(isinstance(other, NewOrder) and other.order_id == each.target_id for _, other, _ in venue.arrived)
        for _, each, _ in venue.arrived
        if isinstance(each, CancelOrder)
    )


def test_no_more_rest_than_the_bound() -> None:
    """Without cancels in the mix the bound brings them."""
    world, venue, made, _ = desk()
    ask(world, load(made, ALL_NEW), RESTING_MOST + 50)
    run_ms(world, 20)

    assert len(venue.resting) <= RESTING_MOST + 1


def test_after_the_end_nothing_rests() -> None:
    """Neither what rested, nor what was still waiting for its decision."""
    world, venue, made, _ = desk()
    one = load(made, ALL_NEW)
    ask(world, one, 20)
    for _ in range(30):
        one.ask_next()
    world.start(one.clear(world))
    run_ms(world, 3_000)

    assert venue.resting == {}
    assert len(made.orders) == 0


def test_what_a_dropped_session_kept_is_cleared_up_when_it_is_back() -> None:
    """Cancels that were refused are asked again."""
    world, venue, made, _ = desk()
    one = load(made, ALL_NEW)
    ask(world, one, 20)
    run_ms(world, 20)
    made.session.drop("test")
    run_ms(world, 100)
    world.start(one.clear(world))
    run_ms(world, 2_500)
    kept = len(venue.resting)
    made.session.restore()
    run_ms(world, 3_000)

    assert kept == 20
    assert venue.resting == {}
    assert len(made.orders) == 0


def test_the_strategy_hears_nothing_of_it() -> None:
    """No decision, no update, no fill that is not its own; the position is the desk's all the same."""
    world, venue, made, script = desk()
    one = load(made, ALL_NEW)
    ask(world, one, 6)
    run_ms(world, 10)
    filled = next(iter(venue.resting))
    venue.hit(filled, 7)
    world.start(one.clear(world))
    run_ms(world, 2_000)

    assert script.told == []
    assert made.view.position("SPY") == 7
    assert venue.resting == {}
