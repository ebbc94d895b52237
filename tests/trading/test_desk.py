"""Tests of the desk: one order's life, the governor's commands, the session, and the market together."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from engine.base.units import NS_PER_MS, NS_PER_S
from engine.domain.governance import APPROVED, FIRM, CancelAll, Control, Decision, DeskView, Level, Reduce, SetState
from engine.domain.orders import (
    CancelOrder,
    Fill,
    Instruction,
    NewOrder,
    OrderUpdate,
    Origin,
    ReplaceOrder,
    Side,
    TimeInForce,
)
from engine.domain.ports import VenueListener
from engine.domain.quotes import Trade
from engine.domain.records import (
    ControlGiven,
    Decided,
    DeskFill,
    DeskOrder,
    DeskSession,
    DeskTick,
    Finding,
    GovernorState,
    Intent,
    Record,
    Sent,
    VenueAccepted,
    VenueCancelled,
    VenueFill,
    VenueSession,
)
from engine.kernel.world import World
from engine.market.reduced import Reduced, ReducedInstrument
from engine.market.venue import Venue
from engine.trading.desk import Desk
from engine.trading.directional import DirectionalDocument
from engine.trading.ledger import Ledger
from engine.trading.market_making import MarketMakingDocument
from engine.trading.strategy import StrategyDocument

from .desk_world import (
    CAPITAL_MICROS,
    DAY,
    FEES,
    QUICK,
    MemoryVenue,
    Ruler,
    Script,
    buy,
    desk_in,
    fixed,
    log_of,
    quote,
    run_ms,
    sell,
)

PASSIVE = 530_000_000
STOP = Control("stop", FIRM, Level.L2, "risk.one")
DENIED = Decision(approved=False, reason="position", observed=900, limit=800, level="instrument")


def stopped_by(*commands: CancelAll | Reduce | SetState) -> Ruler:
    """A governor that approves everything and answers a control with these commands."""
    return Ruler(commands=commands)


def deny_all(_order: Instruction, _view: DeskView) -> Decision:
    """The rule of a governor that denies everything."""
    return DENIED


def played(script: Script, governor: Ruler | None = None, ms: float = 10) -> tuple[World, MemoryVenue, Desk]:
    """A desk after its first quote."""
    world = World(1)
    venue = MemoryVenue(world)
    desk = desk_in(world, venue, script, governor)
    venue.move(quote())
    run_ms(world, ms)
    return world, venue, desk


def names(world: World) -> list[str]:
    """The kinds of the desk's records, in order."""
    kinds = (DeskTick, Intent, Decided, Sent, DeskOrder, DeskFill)
    return [type(record).__name__ for record in log_of(world, *kinds)]


# ---- one order's life


def test_an_orders_life_is_written_in_order() -> None:
    """Tick, intent, decision, approval, sending, acceptance, fill: each once and in this order."""
    world, venue, desk = played(Script([[buy(1)]]))

    assert names(world) == ["DeskTick", "Intent", "Decided", "DeskOrder", "Sent", "DeskOrder", "DeskOrder", "DeskFill"]
    assert [record.state for record in world.log.of(DeskOrder)] == ["pending", "working", "filled"]
    assert [instruction for _, instruction, _ in venue.arrived] == [buy(1)]
    assert desk.ledger.position("SPY") == 100


def test_every_step_takes_its_time_and_keeps_the_tick_it_came_from() -> None:
    """The decision is later than the intent by the governor's service, and both name the tick's arrival."""
    world, _, _ = played(Script([[buy(1)]]))
    [tick], [intent] = world.log.of(DeskTick), world.log.of(Intent)
    [decided], [sent] = world.log.of(Decided), world.log.of(Sent)

    assert intent.tick_ns == decided.tick_ns == tick.t_ns
    assert decided.intent_ns == intent.t_ns
    assert 0 < tick.t_ns < intent.t_ns < decided.t_ns < sent.t_ns
    assert 25_000 <= decided.t_ns - intent.t_ns <= 100_000


def test_an_intent_says_what_was_wanted() -> None:
    """Action, side, size, price, time in force, mid, and whether it would raise exposure."""
    ioc = sell(1, 70, tif=TimeInForce.IOC)
    world, _, _ = played(Script([[ioc, ReplaceOrder(2, 9, "SPY", Side.BUY, 50, 1_000), CancelOrder(3, 9, "SPY")]]))
    said = [record[1:10] + record[11:] for record in world.log.of(Intent)]

    assert said == [
        (1, 0, "new", "SPY", -1, 70, 539_990_000, "ioc", "strategy", 540_000_000, True, 0),
        (2, 9, "replace", "SPY", 1, 50, 1_000, "", "strategy", 540_000_000, False, 0),
        (3, 9, "cancel", "SPY", 0, 0, 0, "", "strategy", 540_000_000, False, 0),
    ]


def test_a_denied_order_goes_no_further() -> None:
    """The decision carries reason and figures, the strategy hears it, and nothing was ever open."""
    script = Script([[buy(1)]])
    world, venue, desk = played(script, Ruler(rule=deny_all))
    [decided] = world.log.of(Decided)

    assert names(world) == ["DeskTick", "Intent", "Decided"]
    assert decided[1:7] == (1, False, "position", 900.0, 800.0, "instrument")
    assert script.told == [DENIED]
    assert (venue.arrived, len(desk.orders)) == ([], 0)


def test_an_approved_order_counts_for_the_next_decision() -> None:
    """Two orders of one tick: when the second is judged the first is already in the view."""
    seen: list[int] = []

    def rule(_order: Instruction, view: DeskView) -> Decision:
        seen.append(view.working("SPY", Side.BUY))
        return APPROVED

    played(Script([[buy(1, limit=PASSIVE), buy(2, limit=PASSIVE)]]), Ruler(rule=rule))

    assert seen == [0, 100]


def test_the_increase_is_judged_again_when_the_decision_falls() -> None:
    """Two sells of the whole position: each alone reduces, the second after the first would go short as far as long."""
    world = World(1)
    venue = MemoryVenue(world)
    desk = desk_in(world, venue, Script([[sell(1, 150, limit=550_000_000), sell(2, 60, limit=550_000_000)]]))
    desk.open_inventory("SPY", 100, 540_000_000)
    venue.move(quote())
    run_ms(world, 10)

    assert [record.increasing for record in world.log.of(Intent)] == [False, False]
    assert [record.increasing for record in world.log.of(Decided)] == [False, True]


def test_a_burst_of_instructions_waits_for_the_governor() -> None:
    """100 orders of one tick are decided one after the other; the last waits for all."""
    world, _, desk = played(Script([[buy(number, limit=PASSIVE) for number in range(1, 101)]]), ms=0.3)
    waiting = desk.path.pending
    run_ms(world, 50)
    waits = [record.t_ns - record.intent_ns for record in world.log.of(Decided)]

    assert waiting > 80
    assert [record.order_id for record in world.log.of(Decided)] == list(range(1, 101))
    assert waits == sorted(waits)
    assert waits[-1] > 50 * 25_000


def test_trades_reach_the_governor_but_not_the_strategy() -> None:
    """A trade is volume for the view and a look for the governor; strategies act on quotes."""
    script, governor = Script([[buy(1)]]), Ruler()
    world = World(1)
    desk = desk_in(world, MemoryVenue(world), script, governor)
    desk.on_tick(Trade(0, "SPY", 540_000_000, 300, Side.BUY))
    run_ms(world, 5)

    assert [type(tick) for tick in governor.seen] == [Trade]
    assert (script.quotes, desk.view.volume("SPY")) == (0, 300)


def test_the_governors_timer_runs_ten_times_a_second() -> None:
    """From the start of the session on."""
    governor = Ruler()
    played(Script(), governor, ms=1_050)

    assert governor.timers == 10


def test_the_desk_listens_to_a_venue() -> None:
    """Types are checked here: the desk is what a venue talks to."""
    listener: VenueListener = played(Script())[2]

    assert callable(listener.on_fill)


# ---- what the governor wants


def test_a_control_is_recorded_and_its_state_acknowledged_now() -> None:
    """ControlGiven first, then the GovernorState with the governor's trigger time."""
    world, _, desk = played(Script(), stopped_by(SetState(FIRM, Level.L1, "commanded", 7)))
    desk.control(Control("stop", FIRM, Level.L1, "risk.one"))

    now_ns = world.now_ns
    assert log_of(world, ControlGiven, GovernorState) == [
        ControlGiven(now_ns, "stop", FIRM, 2, "risk.one", "", ""),
        GovernorState(now_ns, FIRM, 2, "commanded", 7),
    ]


def test_cancel_all_cancels_every_live_order_once_without_a_decision() -> None:
    """An intent of the governor's own for each, no Decided record, and no second cancel while the first travels."""
    script = Script([[buy(1, limit=PASSIVE), sell(2, limit=550_000_000)]])
    world, venue, desk = played(script, stopped_by(CancelAll()))
    desk.control(STOP)
    desk.control(STOP)
    run_ms(world, 10)

    own = [record for record in world.log.of(Intent) if record.origin == "governor"]
    assert [(record.action, record.target_id, record.tick_ns) for record in own] == [
        ("cancel", 1, -1),
        ("cancel", 2, -1),
    ]
    assert len(world.log.of(Decided)) == 2
    assert (dict(venue.resting), len(desk.orders)) == ({}, 0)


def test_cancel_all_of_another_symbol_cancels_nothing() -> None:
    """The scope is kept."""
    world, venue, desk = played(Script([[buy(1, limit=PASSIVE)]]), stopped_by(CancelAll("AAPL")))
    desk.control(STOP)
    run_ms(world, 10)

    assert list(venue.resting) == [1]


def test_cancel_all_reaches_an_order_that_is_still_in_the_gateway() -> None:
    """Its cancel follows it down the same line, so that it cannot arrive first."""
    world, venue, desk = played(Script([[sell(1, limit=550_000_000)]]), stopped_by(CancelAll()), ms=0)
    while not world.log.of(Decided):
        run_ms(world, 0.005)
    sent = world.log.of(Sent)
    desk.control(STOP)
    assert list(sent) == []
    run_ms(world, 10)

    assert [type(instruction) for _, instruction, _ in venue.arrived] == [NewOrder, CancelOrder]
    assert dict(venue.resting) == {}


def test_a_reducing_order_gets_an_id_of_the_desk_and_no_decision() -> None:
    """Origin and id are given by the gateway, and it is sent though the governor denies everything."""
    order = replace(sell(0, 60, tif=TimeInForce.IOC), origin=Origin.STRATEGY)
    governor = Ruler(rule=deny_all, commands=(SetState(FIRM, Level.L3, "x", 0), Reduce(order)))
    world, venue, desk = played(Script(), governor)
    desk.control(STOP)
    run_ms(world, 10)

    assert [instruction for _, instruction, _ in venue.arrived] == [replace(order, order_id=1, origin=Origin.GOVERNOR)]
    assert world.log.of(Decided) == []
    assert [record.origin for record in world.log.of(Sent)] == ["governor"]
    assert desk.ledger.position("SPY") == -60


def test_an_order_approved_before_a_hold_does_not_leave_after_it() -> None:
    """What waited in the gateway when the governor acknowledged a hold is refused, and the strategy hears it."""
    script = Script([[buy(1)]])
    world, venue, desk = played(script, stopped_by(SetState(FIRM, Level.HOLD, "x", 0)), ms=0)
    while not world.log.of(Decided):
        run_ms(world, 0.005)
    desk.control(STOP)
    run_ms(world, 10)

    assert venue.arrived == []
    assert world.log.of(DeskOrder)[-1][1:] == (1, "rejected", "held")
    assert len(desk.orders) == 0


def test_an_l4_logs_out_after_the_cancels_were_answered() -> None:
    """The orders are gone at the venue before the session is, and nothing is left unknown."""
    commands = (SetState(FIRM, Level.L4, "kill", 0), CancelAll())
    world, venue, desk = played(Script([[buy(1, limit=PASSIVE)]]), stopped_by(*commands))
    desk.control(STOP)
    run_ms(world, 100)

    assert dict(venue.resting) == {}
    assert [(record.up, record.reason) for record in world.log.of(VenueSession)] == [(False, "kill")]
    assert [record.up for record in world.log.of(DeskSession)] == [False]
    assert (desk.orders.unknown, desk.view.session_up) == (0, False)


def test_an_l4_does_not_wait_for_ever() -> None:
    """An order that nobody cancels keeps the session open for one second at most."""
    world, _, desk = played(Script([[buy(1, limit=PASSIVE)]]), stopped_by(SetState(FIRM, Level.L4, "kill", 0)))
    desk.control(STOP)
    run_ms(world, 990)
    waiting = desk.view.session_up
    run_ms(world, 20)

    assert (waiting, desk.view.session_up) == (True, False)


def test_an_l4_of_one_symbol_keeps_the_session() -> None:
    """A session belongs to the firm."""
    world, _, desk = played(Script(), stopped_by(SetState("SPY", Level.L4, "kill", 0)))
    desk.control(STOP)
    run_ms(world, 1_100)

    assert desk.view.session_up is True


def test_after_an_l4_a_resumed_desk_logs_in_again() -> None:
    """The state below L4 that a person's command brings lets the session up."""
    governor = stopped_by(SetState(FIRM, Level.L4, "kill", 0))
    world, _, desk = played(Script(), governor)
    desk.control(STOP)
    run_ms(world, 100)
    governor.commands = (SetState(FIRM, Level.RUNNING, "resumed", 0),)
    desk.control(Control("resume", FIRM, Level.RUNNING, "risk.two"))
    run_ms(world, 10)

    assert [record.up for record in world.log.of(DeskSession)] == [False, True]


def test_a_resume_before_the_logout_keeps_the_session() -> None:
    """A logout that still waits is called off."""
    governor = stopped_by(SetState(FIRM, Level.L4, "kill", 0))
    world, _, desk = played(Script([[buy(1, limit=PASSIVE)]]), governor)
    desk.control(STOP)
    run_ms(world, 50)
    governor.commands = (SetState(FIRM, Level.RUNNING, "resumed", 0),)
    desk.control(Control("resume", FIRM, Level.RUNNING, "risk.two"))
    run_ms(world, 2_000)

    assert desk.view.session_up is True
    assert world.log.of(VenueSession) == []


# ---- the session


def test_orders_on_the_wire_at_a_drop_are_unknown_and_count_until_they_are_settled() -> None:
    """Lost order: unknown after 50 ms, exposure until the restore, then rejected as not known."""
    script = Script([[buy(1)]])
    world, venue, desk = played(script, ms=0)
    while not world.log.of(Sent):
        run_ms(world, 0.01)
    desk.session.drop("x")
    run_ms(world, 60)
    during = (desk.orders.unknown, desk.view.working("SPY", Side.BUY), desk.view.books_agree)
    desk.session.restore()
    run_ms(world, 10)

    assert during == (1, 100, False)
    assert [record[2:] for record in world.log.of(DeskOrder)] == [
        ("pending", ""),
        ("unknown", "session_lost"),
        ("rejected", "not_known"),
    ]
    assert (desk.orders.unknown, desk.view.working("SPY", Side.BUY), desk.view.books_agree) == (0, 0, True)
    assert venue.arrived == []


def test_fills_of_the_outage_are_booked_after_the_restore() -> None:
    """The desk's position stands still during the outage and is right after it."""
    world, venue, desk = played(Script([[buy(1, 300, limit=PASSIVE)]]))
    desk.session.drop("x")
    venue.hit(1, 300)
    run_ms(world, 100)
    during = desk.ledger.position("SPY")
    desk.session.restore()
    run_ms(world, 10)

    assert (during, desk.ledger.position("SPY")) == (0, 300)
    assert world.log.of(Finding) == []


@pytest.mark.parametrize("command", [CancelAll(), Reduce(sell(0, 10))])
def test_the_governors_own_instructions_are_refused_while_the_session_is_down(command: CancelAll | Reduce) -> None:
    """They are recorded as rejected for session_down, and can be tried again afterwards."""
    world, venue, desk = played(Script([[buy(1, limit=PASSIVE)]]), stopped_by(command))
    desk.session.drop("x")
    run_ms(world, 60)
    arrived = len(venue.arrived)
    desk.control(STOP)
    run_ms(world, 5)
    refused = world.log.of(DeskOrder)[-1][2:]
    desk.session.restore()
    run_ms(world, 10)
    desk.control(STOP)
    run_ms(world, 10)

    assert refused == ("rejected", "session_down")
    assert len(venue.arrived) == arrived + 1


# ---- with the real market

INSTRUMENT = ReducedInstrument(symbol="SPY", price=540.0, tick=0.01)
DIRECTIONAL = DirectionalDocument(
    side="long",
    target_shares=5_000,
    order_qty_shares=100,
    orders_per_s=20,
    passive_pct=50,
    passive_life_s=1,
    trim_pct=30,
)
MAKER = MarketMakingDocument(
    qty_shares=100, half_spread_ticks=1, max_inventory_shares=1_000, min_requote_ms=100, skew_ticks=2
)


def in_the_market(strategy: StrategyDocument, *, seed: int, outages: bool) -> tuple[World, Desk, WorstCases]:
    """120 seconds of a desk at the real venue, with or without three outages; the last orders are then cancelled."""
    world = World(seed)
    model = Reduced(instruments=(INSTRUMENT,)).build(world, open_s=34_200, find=_no_file)
    venue = Venue(world, model, FEES, DAY, cancel_on_disconnect=False)
    governor = Ruler(commands=(CancelAll(),))
    profile = replace(QUICK, stages=replace(QUICK.stages, order_link=fixed(5_000), ack_link=fixed(5_000)))
    ledger = Ledger(CAPITAL_MICROS, model.instruments)
    desk = Desk(world, venue, governor, strategy, ledger, profile, FEES, DAY, model.instruments)
    checked = WorstCases(desk)
    world.log.observers.append(checked)
    venue.connect(desk)
    venue.start()
    desk.start()
    for start_s in (20, 50, 80) if outages else ():
        world.at(start_s * NS_PER_S + 1, lambda: desk.session.drop("test"))
        world.at(start_s * NS_PER_S + 5 * NS_PER_S, desk.session.restore)
    world.run(120 * NS_PER_S)
    governor.rule = deny_all
    run_ms(world, 100)
    desk.control(STOP)
    run_ms(world, 100)
    return world, desk, checked


def _no_file(name: str) -> Path:
    raise AssertionError(f"no file was expected to be read, was {name}")


def position_at_venue(world: World) -> int:
    """The position by the venue's own records."""
    return sum(fill.side * fill.qty for fill in world.log.of(VenueFill))


@pytest.mark.parametrize("strategy", [DIRECTIONAL, MAKER], ids=["directional", "market_making"])
@pytest.mark.parametrize("outages", [False, True], ids=["line_up", "outages"])
def test_at_the_end_the_desk_and_the_venue_agree(strategy: StrategyDocument, *, outages: bool) -> None:
    """Same position, same fills, same fees, nothing open, nothing unknown, and every invariant of the ledger holds."""
    world, desk, _ = in_the_market(strategy, seed=3, outages=outages)
    venue_fills = world.log.of(VenueFill)

    assert len(venue_fills) > 50
    assert {fill.side for fill in venue_fills} == {1, -1}
    assert {fill.liquidity for fill in venue_fills} >= {"maker"}
    assert desk.ledger.position("SPY") == position_at_venue(world)
    assert [fill.exec_id for fill in world.log.of(DeskFill)] == [fill.exec_id for fill in venue_fills]
    assert desk.ledger.fees_micros == sum(fill.fee_micros for fill in venue_fills)
    assert (len(desk.orders), desk.orders.unknown, desk.view.books_agree) == (0, 0, True)
    assert (desk.ledger.check(), world.log.of(Finding)) == ([], [])


@pytest.mark.parametrize("strategy", [DIRECTIONAL, MAKER], ids=["directional", "market_making"])
def test_the_desk_never_counts_less_than_the_venue_holds(strategy: StrategyDocument) -> None:
    """At every record of the venue, outages included, the desk's worst case on each side covers the venue's."""
    _, desk, checked = in_the_market(strategy, seed=4, outages=True)

    assert desk.orders.unknown == 0
    assert checked.accepted > 100
    assert checked.uncovered == []


class WorstCases:
    """Compares, at every record of the venue, the desk's worst case with what the venue's records say."""

    def __init__(self, desk: Desk) -> None:
        self.accepted = 0
        self.uncovered: list[tuple[int, int, int]] = []
        self._desk = desk
        self._position = 0
        self._open: dict[int, tuple[int, int]] = {}

    def __call__(self, record: Record) -> None:
        match record:
            case VenueAccepted(order_id=order_id, side=side, qty=qty):
                self.accepted += 1
                self._open[order_id] = (side, qty)
            case VenueCancelled(order_id=order_id):
                del self._open[order_id]
            case VenueFill(order_id=order_id, side=side, qty=qty):
                self._position += side * qty
                self._open[order_id] = (side, self._open[order_id][1] - qty)
            case _:
                return
        for side in Side:
            at_venue = side * self._position + sum(qty for of, qty in self._open.values() if of == side)
            by_desk = side * self._desk.ledger.position("SPY") + self._desk.view.working("SPY", side)
            if by_desk < at_venue:
                self.uncovered.append((record.t_ns, by_desk, at_venue))


def test_the_same_seed_gives_the_same_run() -> None:
    """Two runs in one process have one fingerprint; another seed has another."""
    first, second, other = (in_the_market(DIRECTIONAL, seed=seed, outages=True)[0].log for seed in (5, 5, 6))

    assert first.fingerprint() == second.fingerprint()
    assert first.fingerprint() != other.fingerprint()


def test_a_fill_is_told_to_the_governor_with_the_desks_own_fee() -> None:
    """The governor sees what was booked, never the venue's figure."""
    governor = Ruler()
    world, _, _ = played(Script([[buy(1)]]), governor)

    assert [seen.fee_micros for seen in governor.seen if isinstance(seen, Fill)] == [300_000]
    assert world.log.of(DeskFill)[0].fee_micros == 300_000


def test_a_delayed_feed_does_not_delay_the_answers() -> None:
    """The feed's lever makes ticks late and leaves the order lines alone."""
    world = World(1)
    venue = MemoryVenue(world)
    desk = desk_in(world, venue, Script([[buy(1)]]))
    desk.feed.extra_delay_ns = 200 * NS_PER_MS
    venue.move(quote())
    run_ms(world, 300)
    [tick], [fill] = world.log.of(DeskTick), world.log.of(DeskFill)

    assert tick.t_ns >= 200 * NS_PER_MS
    assert fill.t_ns - tick.t_ns < 5 * NS_PER_MS


@dataclass
class Guest:
    """Somebody else who asks the desk, and hears what becomes of it."""

    told: list[object] = field(default_factory=list)

    def on_decision(self, instruction: Instruction, decision: Decision) -> None:
        self.told.append((instruction.order_id, decision.approved))

    def on_update(self, update: OrderUpdate) -> None:
        self.told.append((update.order_id, update.target_id, update.state.value))

    def on_fill(self, fill: Fill) -> None:
        self.told.append((fill.order_id, fill.qty))


def test_a_guest_s_order_is_decided_like_any_other_and_only_the_guest_hears_of_it() -> None:
    """It takes the desk's next id, has no tick that caused it, and counts in the books."""
    world, script, guest = World(1), Script(), Guest()
    venue = MemoryVenue(world)
    desk = desk_in(world, venue, script)
    venue.move(quote())
    run_ms(world, 5)
    order_id = desk.ask(buy(0, limit=PASSIVE), guest)
    run_ms(world, 5)
    venue.hit(order_id, 40)
    cancel_id = desk.ask(CancelOrder(0, order_id, "SPY"), guest)
    run_ms(world, 10)

    assert (order_id, cancel_id) == (1, 2)
    assert [(intent.order_id, intent.tick_ns, intent.origin) for intent in world.log.of(Intent)] == [
        (1, -1, "strategy"),
        (2, -1, "strategy"),
    ]
    assert guest.told == [(1, True), (1, 0, "working"), (2, True), (1, 40), (2, 1, "cancelled")]
    assert script.told == []
    assert desk.view.position("SPY") == 40
    assert len(desk.orders) == 0


def test_a_guest_hears_that_the_governor_cancelled_its_order_and_the_strategy_does_not() -> None:
    """The answer names the governor's cancel, and the order only as its target."""
    world, script, guest = World(1), Script([[buy(1, limit=PASSIVE)]]), Guest()
    venue = MemoryVenue(world)
    desk = desk_in(world, venue, script, Ruler(commands=(CancelAll(),)))
    venue.move(quote())
    run_ms(world, 5)
    order_id = desk.ask(buy(0, limit=PASSIVE), guest)
    run_ms(world, 5)
    desk.control(STOP)
    run_ms(world, 10)

    assert [told for told in guest.told if isinstance(told, tuple) and "cancelled" in told] == [
        (4, order_id, "cancelled")
    ]
    assert [told.target_id for told in script.told if isinstance(told, OrderUpdate) and told.target_id] == [1]


def test_a_denied_guest_hears_the_denial() -> None:
    """And nothing leaves the desk."""
    world, script, guest = World(1), Script(), Guest()
    venue = MemoryVenue(world)
    desk = desk_in(world, venue, script, Ruler(rule=lambda _order, _view: DENIED))
    desk.ask(buy(0), guest)
    run_ms(world, 10)

    assert guest.told == [(1, False)]
    assert (script.told, venue.arrived) == ([], [])


def test_the_desk_knows_its_instruments() -> None:
    """By symbol; another one is an error."""
    world = World(1)
    desk = desk_in(world, MemoryVenue(world), Script())

    assert desk.instrument("SPY").symbol == "SPY"
    with pytest.raises(LookupError):
        desk.instrument("QQQ")
