"""The desk at a venue that pauses, takes executions back and keeps it from trading with itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.base.units import NS_PER_S
from engine.domain.governance import FIRM, CancelAll, Control, Decision, Level
from engine.domain.quotes import MarketState
from engine.domain.records import DeskBust, Finding, VenueAccepted, VenueBust, VenueFill, VenueState
from engine.kernel.world import World
from engine.market.mechanics.self_trade import Mode, SelfTrade
from engine.market.mechanics.stop_logic import StopLogic
from engine.market.reduced import Reduced, ReducedInstrument
from engine.market.venue import Venue
from engine.market.venue_document import Mechanics
from engine.trading.desk import Desk
from engine.trading.directional import DirectionalDocument
from engine.trading.ledger import Ledger
from engine.trading.observer import VenueObserver

from .desk_world import CAPITAL_MICROS, DAY, FEES, QUICK, Ruler, fixed, run_ms

WILD = ReducedInstrument(symbol="SPY", price=540.0, tick=0.01, volatility_bps_per_sqrt_s=8)
BUSY = DirectionalDocument(
    side="long",
    target_shares=5_000,
    order_qty_shares=100,
    orders_per_s=20,
    passive_pct=50,
    passive_life_s=5,
    trim_pct=45,
    trim_qty_shares=70,
)
MODES: list[Mode] = ["cancel_newest", "cancel_oldest", "cancel_both", "decrement_and_cancel"]


def played(mode: Mode) -> tuple[World, Desk]:
    """90 seconds with pauses, busts of every tenth execution, and two outages; the last orders are then cancelled."""
    world = World(5)
    model = Reduced(instruments=(WILD,)).build(world, open_s=34_200, find=Path)
    mechanics = Mechanics(
        self_trade=SelfTrade(source="a test", mode=mode),
        stop_logic=StopLogic(source="a test", move_pct=0.15, within_ms=1_000, reserved_s=2),
    )
    venue = Venue(world, model, FEES, DAY, cancel_on_disconnect=False, mechanics=mechanics)
    governor = Ruler(commands=(CancelAll(),))
    profile = replace(QUICK, stages=replace(QUICK.stages, order_link=fixed(5_000), ack_link=fixed(5_000)))
    ledger = Ledger(CAPITAL_MICROS, model.instruments)
    desk = Desk(world, venue, governor, BUSY, ledger, profile, FEES, DAY, model.instruments)
    venue.connect(desk)
    venue.start()
    desk.start()
    for start_s in (20, 50):
        world.at(start_s * NS_PER_S + 1, lambda: desk.session.drop("test"))
        world.at(start_s * NS_PER_S + 3 * NS_PER_S, desk.session.restore)
    for second in range(5, 90, 4):
        world.at(second * NS_PER_S, lambda: bust_some(world, venue))
    world.run(90 * NS_PER_S)
    governor.rule = lambda _order, _view: Decision(approved=False, reason="over")
    run_ms(world, 100)
    desk.control(Control("stop", FIRM, Level.L2, "risk.one"))
    run_ms(world, 100)
    return world, desk


def bust_some(world: World, venue: Venue) -> None:
    """Take every tenth execution back that still stands."""
    busted = {bust.exec_id for bust in world.log.of(VenueBust)}
    some = [fill.exec_id for fill in world.log.of(VenueFill) if not fill.exec_id % 10 and fill.exec_id not in busted]
    venue.bust(some, "clearly_erroneous")


@pytest.mark.parametrize("mode", MODES)
def test_at_the_end_all_three_books_agree(mode: Mode) -> None:
    """Desk, venue and observer: position, fees and cash, with nothing open and every invariant of the ledger held."""
    world, desk = played(mode)
    observer = VenueObserver.of(world.log)
    fills, busted = world.log.of(VenueFill), {bust.exec_id for bust in world.log.of(VenueBust)}
    standing = [fill for fill in fills if fill.exec_id not in busted]

    assert len(busted) > 10
    assert [bust.exec_id for bust in world.log.of(DeskBust)] == [bust.exec_id for bust in world.log.of(VenueBust)]
    assert desk.ledger.position("SPY") == observer.account("SPY").position == sum(f.side * f.qty for f in standing)
    assert desk.ledger.fees_micros == observer.fees_micros() == sum(f.fee_micros for f in standing)
    assert desk.ledger.cash_micros - CAPITAL_MICROS == observer.cash_micros()
    assert (len(desk.orders), observer.working, desk.view.books_agree) == (0, {}, True)
    assert (desk.ledger.check(), world.log.of(Finding)) == ([], [])


def test_pauses_and_self_trades_take_place_and_the_desk_hears_of_them() -> None:
    """Else the test above proves nothing: stops, orders made smaller, and a view that follows the states."""
    world, desk = played("decrement_and_cancel")
    states = world.log.of(VenueState)

    assert sum(one.state == "paused" for one in states) > 3
    assert any(one.target_id == one.order_id for one in world.log.of(VenueAccepted))
    assert desk.view.market_state("SPY") is MarketState(states[-1].state)
