"""Tests of the venue's door: the life of orders, the session, the records."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.domain.orders import (
    CancelOrder,
    Fill,
    Liquidity,
    NewOrder,
    OrderState,
    OrderUpdate,
    ReplaceOrder,
    TimeInForce,
)
from engine.domain.ports import MarketModel
from engine.domain.quotes import Quote, Trade
from engine.domain.records import (
    Record,
    VenueAccepted,
    VenueBust,
    VenueCancelled,
    VenueFill,
    VenueInventory,
    VenueQuote,
    VenueRejected,
    VenueSession,
    VenueTrade,
)
from engine.kernel.world import World
from engine.market.model_document import MarketError
from engine.market.venue import Venue

from .samples import BUY, IOC, MS, SELL, Ear, S, at_market, fees, limit, reduced, still

CANCELLED, REJECTED, WORKING = OrderState.CANCELLED, OrderState.REJECTED, OrderState.WORKING


def opened(model: MarketModel | None = None, **changes: Any) -> tuple[World, Venue, Ear]:
    """A venue that has said its opening quote, with an ear that has forgotten it."""
    world, ear = World(1), Ear()
    settings = {"cancel_on_disconnect": True} | changes
    venue = Venue(world, model or still(), fees(), "2025-03-03", **settings)
    venue.connect(ear)
    venue.start()
    ear.heard.clear()
    return world, venue, ear


def last(world: World) -> Record:
    """The record written last."""
    return list(world.log)[-1]


def test_the_opening_quote_is_said_at_the_start() -> None:
    """Record and tick, at time 0."""
    world, ear = World(1), Ear()
    venue = Venue(world, still(), fees(), "2025-03-03", cancel_on_disconnect=True)
    venue.connect(ear)
    venue.start()

    assert list(world.log) == [VenueQuote(0, "SPY", 539_990_000, 800, 540_010_000, 800)]
    assert ear.heard == [Quote(0, "SPY", 539_990_000, 800, 540_010_000, 800)]


def test_the_market_moves_by_itself() -> None:
    """Every tick of the model is recorded and told, at its own time, and to the end of the run."""
    world, _, ear = opened(reduced())
    world.run(60 * S)
    ticks = [event for event in ear.heard if isinstance(event, Quote | Trade)]

    assert len(ticks) == len(world.log.of(VenueQuote)) - 1 + len(world.log.of(VenueTrade))
    assert {tick.t_ns % (100 * MS) for tick in ticks} == {0}
    assert ticks[-1].t_ns > 59 * S


def test_an_order_sees_the_market_of_its_instant() -> None:
    """An order that arrives between two steps, or at one, meets a market brought up to then."""
    world, venue, _ = opened(reduced())
    world.run(S + 50 * MS)
    venue.submit(at_market(1, BUY, 1), sent_ns=0)
    world.at(2 * S, lambda: venue.submit(at_market(2, BUY, 1), sent_ns=0))
    world.run(3 * S)
    times = [record.t_ns for record in world.log]
    accepted = world.log.of(VenueAccepted)[1]
    quotes = [quote for quote in world.log.of(VenueQuote) if quote.t_ns <= 2 * S]

    assert times == sorted(times)
    assert accepted.touch_micros in {quote.ask_micros for quote in quotes[-2:]}


def test_a_marketable_order_is_accepted_then_filled() -> None:
    """Accepted with the touch on arrival, filled with fees, and the consumed quote is said at once."""
    world, venue, ear = opened()
    venue.submit(at_market(1, SELL, 100), sent_ns=0)

    assert list(world.log)[1:] == [
        VenueAccepted(0, 1, 0, "SPY", -1, 100, 0, "ioc", "strategy", 0, 539_990_000, 800),
        VenueFill(0, 1, 1, "SPY", -1, 100, 539_990_000, "taker", 300_000 + 1_501_200 + 16_600, 0),
        VenueQuote(0, "SPY", 539_990_000, 700, 540_010_000, 800),
    ]
    assert ear.heard == [
        OrderUpdate(1, 0, WORKING, "", 100),
        Fill(1, 1, "SPY", SELL, 100, 539_990_000, Liquidity.TAKER, 1_817_800, 0),
        Quote(0, "SPY", 539_990_000, 700, 540_010_000, 800),
    ]
    assert venue.working_ids() == ()


def test_execution_numbers_count_up() -> None:
    """1, 2, 3 over orders and levels, from 1 in every venue."""
    for _ in range(2):
        world, venue, _ear = opened()
        venue.submit(at_market(1, BUY, 1_700), sent_ns=0)

        assert [fill.exec_id for fill in world.log.of(VenueFill)] == [1, 2, 3]


def test_the_rest_of_an_ioc_order_is_cancelled() -> None:
    """800 shares stand at the limit; the other 200 die with their reason."""
    world, venue, ear = opened()
    venue.submit(limit(1, BUY, 1_000, 540.01, IOC), sent_ns=0)

    assert world.log.of(VenueCancelled) == [VenueCancelled(0, 1, "SPY", 200, "ioc_remainder")]
    assert OrderUpdate(1, 0, CANCELLED, "ioc_remainder", 200) in ear.heard
    assert venue.working_ids() == ()


def test_a_market_order_into_an_empty_book_dies_whole() -> None:
    """Accepted, no fill, no touch, cancelled."""
    world, venue, _ = opened()
    venue.levers("SPY").depth_factor = 0
    world.run(S)
    venue.submit(at_market(1, BUY, 10), sent_ns=S)

    assert world.log.of(VenueAccepted)[0].touch_micros == 0
    assert world.log.of(VenueFill) == []
    assert world.log.of(VenueCancelled) == [VenueCancelled(S, 1, "SPY", 10, "ioc_remainder")]


def test_a_resting_order_is_filled_as_maker() -> None:
    """A bid inside the spread meets the first seller, and earns the rebate."""
    world, venue, _ = opened(reduced(volatility_bps_per_sqrt_s=0))
    venue.submit(limit(1, BUY, 10, 540.0), sent_ns=0)

    assert venue.working_ids() == (1,)
    world.run(10 * S)
    assert [fill[3:] for fill in world.log.of(VenueFill)] == [("SPY", 1, 10, 540_000_000, "maker", -20_000, 0)]
    assert venue.working_ids() == ()


def test_a_cancel_takes_the_order_out() -> None:
    """The answer names the cancel and its target, with what was left."""
    world, venue, ear = opened()
    venue.submit(limit(1, BUY, 100, 530.0), sent_ns=0)
    venue.submit(CancelOrder(2, 1, "SPY"), sent_ns=0)

    assert last(world) == VenueCancelled(0, 1, "SPY", 100, "requested")
    assert ear.heard[-1] == OrderUpdate(2, 1, CANCELLED, "requested", 100)
    assert venue.working_ids() == ()


@pytest.mark.parametrize(
    ("instruction", "action", "reason"),
    [
        (limit(9, BUY, 0, 540.0), "new", "bad_qty"),
        (limit(9, BUY, 1, 540.0, symbol="XYZ"), "new", "unknown_symbol"),
        (limit(1, BUY, 1, 540.0), "new", "duplicate_id"),
        (CancelOrder(9, 77, "SPY"), "cancel", "unknown_order"),
        (CancelOrder(9, 1, "SPY"), "cancel", "too_late"),
        (CancelOrder(9, 2, "QQQ"), "cancel", "wrong_symbol"),
        (CancelOrder(2, 2, "SPY"), "cancel", "duplicate_id"),
        (ReplaceOrder(9, 77, "SPY", BUY, 10, 540_000_000), "replace", "unknown_order"),
        (ReplaceOrder(9, 1, "SPY", BUY, 10, 540_000_000), "replace", "too_late"),
        (ReplaceOrder(9, 2, "SPY", SELL, 10, 540_000_000), "replace", "side_changed"),
        (ReplaceOrder(9, 2, "SPY", BUY, 10, 540_000_001), "replace", "off_grid"),
    ],
)
def test_what_makes_no_sense_is_rejected(instruction: Any, action: str, reason: str) -> None:
    """Order 1 is filled, order 2 rests; a rejected instruction changes neither."""
    world, venue, ear = opened()
    venue.submit(at_market(1, BUY, 10), sent_ns=0)
    venue.submit(limit(2, BUY, 10, 530.0), sent_ns=0)
    venue.submit(instruction, sent_ns=0)
    target = getattr(instruction, "target_id", 0)

    assert last(world) == VenueRejected(0, instruction.order_id, target, action, reason)
    assert ear.heard[-1] == OrderUpdate(instruction.order_id, target, REJECTED, reason, 0)
    assert venue.working_ids() == (2,)


def test_a_rejected_order_may_not_be_cancelled() -> None:
    """It is known, and over."""
    world, venue, _ = opened()
    venue.submit(limit(1, BUY, 0, 540.0), sent_ns=0)
    venue.submit(CancelOrder(2, 1, "SPY"), sent_ns=0)

    assert last(world) == VenueRejected(0, 2, 1, "cancel", "too_late")


def test_a_replace_is_a_cancel_and_a_new_order() -> None:
    """The old order ends as replaced, the new one carries its number and may be filled at once."""
    world, venue, ear = opened()
    venue.submit(limit(1, BUY, 100, 530.0), sent_ns=0)
    venue.submit(ReplaceOrder(2, 1, "SPY", BUY, 150, 531_000_000), sent_ns=0)

    assert list(world.log)[-2:] == [
        VenueCancelled(0, 1, "SPY", 100, "replaced"),
        VenueAccepted(0, 2, 1, "SPY", 1, 150, 531_000_000, "day", "strategy", 0, 540_010_000, 800),
    ]
    assert ear.heard[-1] == OrderUpdate(2, 1, WORKING, "", 150)
    assert venue.working_ids() == (2,)


def test_a_replace_counts_what_was_filled() -> None:
    """Of 1,000 shares 800 were filled: a total of 900 leaves 100 open, and a second replace still remembers."""
    world, venue, _ = opened()
    venue.submit(limit(1, BUY, 1_000, 540.01), sent_ns=0)
    venue.submit(ReplaceOrder(2, 1, "SPY", BUY, 900, 530_000_000), sent_ns=0)
    venue.submit(ReplaceOrder(3, 2, "SPY", BUY, 1_100, 530_000_000), sent_ns=0)
    venue.submit(ReplaceOrder(4, 3, "SPY", BUY, 800, 530_000_000), sent_ns=0)

    assert [accepted.qty for accepted in world.log.of(VenueAccepted)] == [1_000, 100, 300]
    assert last(world) == VenueRejected(0, 4, 3, "replace", "too_late")


def test_a_dropped_session_takes_orders_out() -> None:
    """Oldest first, after the session's record, each with its reason."""
    world, venue, ear = opened()
    venue.submit(limit(1, BUY, 100, 530.0), sent_ns=0)
    venue.submit(limit(2, SELL, 50, 550.0), sent_ns=0)
    venue.session_down("line cut")

    assert list(world.log)[-3:] == [
        VenueSession(0, up=False, reason="line cut"),
        VenueCancelled(0, 1, "SPY", 100, "cancel_on_disconnect"),
        VenueCancelled(0, 2, "SPY", 50, "cancel_on_disconnect"),
    ]
    assert ear.heard[-2:] == [
        OrderUpdate(1, 0, CANCELLED, "cancel_on_disconnect", 100),
        OrderUpdate(2, 0, CANCELLED, "cancel_on_disconnect", 50),
    ]


def test_an_order_good_till_cancelled_survives_a_disconnect() -> None:
    """A hole of cancel-on-disconnect: only day orders are taken out."""
    world, venue, _ = opened()
    venue.submit(limit(1, BUY, 100, 530.0), sent_ns=0)
    venue.submit(replace(limit(2, BUY, 100, 530.0), tif=TimeInForce.GTC), sent_ns=0)
    venue.session_down("line cut")

    assert [one.order_id for one in world.log.of(VenueCancelled)] == [1]
    assert venue.working_ids() == (2,)


def test_after_a_graceful_logout_every_order_stays() -> None:
    """The other hole: a logout is no disconnect."""
    world, venue, _ = opened()
    venue.submit(limit(1, BUY, 100, 530.0), sent_ns=0)
    venue.session_down("end of session", graceful=True)

    assert last(world) == VenueSession(0, up=False, reason="end of session")
    assert venue.working_ids() == (1,)


def test_a_corrected_trade_is_a_bust_and_an_execution_in_its_place() -> None:
    """Same order, side and shares, another price with its own fee; the new one names the old one."""
    world, venue, ear = opened()
    venue.submit(at_market(1, BUY, 10), sent_ns=0)
    (fill,) = world.log.of(VenueFill)
    venue.correct(fill.exec_id, fill.price_micros - 10_000)

    (bust,), new = world.log.of(VenueBust), world.log.of(VenueFill)[-1]
    assert (bust.exec_id, bust.reason, bust.fee_micros) == (fill.exec_id, "corrected", fill.fee_micros)
    assert new == fill._replace(exec_id=fill.exec_id + 1, price_micros=fill.price_micros - 10_000)
    told = ear.heard[-1]
    assert isinstance(told, Fill)
    assert (told.exec_id, told.corrects) == (new.exec_id, fill.exec_id)


def test_what_cannot_be_corrected_is_left_alone() -> None:
    """An execution of an order that is still open, one taken back already, and one that never was."""
    world, venue, _ = opened()
    venue.submit(at_market(1, BUY, 10), sent_ns=0)
    venue.correct(1, 500_000_000)
    said = len(world.log)

    for exec_id in (1, 99):
        with pytest.raises(LookupError, match="an execution that stands was expected"):
            venue.correct(exec_id, 500_000_000)
    assert len(world.log) == said


def test_without_cancel_on_disconnect_orders_stay() -> None:
    """And may be filled while nobody listens."""
    world, venue, _ = opened(reduced(volatility_bps_per_sqrt_s=0), cancel_on_disconnect=False)
    venue.submit(limit(1, BUY, 10, 540.0), sent_ns=0)
    venue.session_down("line cut")

    assert venue.working_ids() == (1,)
    world.run(10 * S)
    assert len(world.log.of(VenueFill)) == 1


def test_a_session_that_is_down_takes_nothing() -> None:
    """Until it is up again; saying it twice writes one record."""
    world, venue, _ = opened()
    venue.session_down("line cut")
    venue.session_down("again")
    venue.submit(limit(1, BUY, 10, 530.0), sent_ns=0)
    venue.session_up("restored")
    venue.session_up("again")
    venue.submit(limit(2, BUY, 10, 530.0), sent_ns=0)

    assert world.log.of(VenueSession) == [VenueSession(0, False, "line cut"), VenueSession(0, True, "restored")]
    assert world.log.of(VenueRejected) == [VenueRejected(0, 1, 0, "new", "session_down")]
    assert venue.working_ids() == (2,)


def test_an_inventory_opens_at_the_mid() -> None:
    """Recorded at the price it returns, in whole micro-dollars."""
    world, venue, _ = opened()

    assert venue.open_inventory("SPY", -7_400) == 540_000_000
    assert last(world) == VenueInventory(0, "SPY", -7_400, 540_000_000)


def test_an_inventory_needs_a_mid() -> None:
    """In an empty book there is no price to open at."""
    world, venue, _ = opened()
    venue.levers("SPY").depth_factor = 0
    world.run(S)

    with pytest.raises(MarketError, match="SPY has no bid and ask"):
        venue.open_inventory("SPY", 100)


def test_levers_of_an_unknown_symbol_are_refused() -> None:
    """With what is traded."""
    _, venue, _ = opened()

    with pytest.raises(LookupError, match="QQQ is not traded here; traded are SPY"):
        venue.levers("QQQ")


def test_nobody_has_to_listen() -> None:
    """Without a listener the records are the same."""
    world, quiet = World(1), World(1)
    for each, ear in ((world, Ear()), (quiet, None)):
        venue = Venue(each, reduced(), fees(), "2025-03-03", cancel_on_disconnect=True)
        if ear is not None:
            venue.connect(ear)
        venue.start()
        venue.submit(limit(1, BUY, 1_000, 540.01), sent_ns=0)
        venue.submit(CancelOrder(2, 1, "SPY"), sent_ns=0)
        each.run(5 * S)

    assert world.log.fingerprint() == quiet.log.fingerprint()


def test_reading_more_often_changes_nothing() -> None:
    """A thousand extra reads between steps leave the log as it was."""
    logs = []
    for every_ns in (0, 7 * MS):
        world, venue, _ = opened(reduced())
        venue.submit(limit(1, BUY, 500, 539.98), sent_ns=0)
        for read in range(1, 1_000 if every_ns else 1):
            world.at(read * every_ns, lambda venue=venue: venue.quote("SPY") and None)  # type: ignore[misc]
        world.run(8 * S)
        logs.append(world.log.fingerprint())

    assert logs[0] == logs[1]


def test_a_refusal_rejects_sound_new_orders_and_nothing_else() -> None:
    """What is not sound keeps its own reason; cancels and replaces pass; without refusals all is as before."""
    world, venue, ear = opened()
    venue.submit(limit(1, BUY, 100, 539.0), 0)
    venue.refusals.append(lambda order: "too_busy" if order.qty == 100 else "")
    for instruction in (
        limit(2, BUY, 100, 539.0),
        limit(3, BUY, 0, 539.0),
        limit(4, BUY, 200, 539.0),
        ReplaceOrder(5, 1, "SPY", BUY, 100, 538_000_000),
        CancelOrder(6, 5, "SPY"),
    ):
        venue.submit(instruction, 0)
    venue.refusals.clear()
    venue.submit(limit(7, BUY, 100, 539.0), 0)

    assert [(record.order_id, record.reason) for record in world.log.of(VenueRejected)] == [
        (2, "too_busy"),
        (3, "bad_qty"),
    ]
    assert venue.working_ids() == (4, 7)
    assert OrderUpdate(2, 0, REJECTED, "too_busy", 0) in ear.heard


def test_every_refusal_is_asked_of_every_order_and_the_first_one_is_said() -> None:
    """So that two faults each keep their own share."""
    world, venue, _ = opened()
    asked: list[int] = []

    def second(order: NewOrder) -> str:
        asked.append(order.order_id)
        return "second"

    venue.refusals += [lambda order: "first" if order.order_id == 1 else "", second]
    venue.submit(limit(1, BUY, 100, 539.0), 0)
    venue.submit(limit(2, BUY, 100, 539.0), 0)

    assert [record.reason for record in world.log.of(VenueRejected)] == ["first", "second"]
    assert asked == [1, 2]
