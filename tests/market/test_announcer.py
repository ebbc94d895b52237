"""Tests of what the venue says."""

from __future__ import annotations

from engine.domain.orders import Bust, OrderState, OrderUpdate
from engine.domain.quotes import MarketState, StateChange, Trade
from engine.domain.records import (
    VenueAccepted,
    VenueBust,
    VenueCancelled,
    VenueSession,
    VenueShortSale,
    VenueState,
    VenueTrade,
)
from engine.kernel.world import World
from engine.market.announcer import Announcer

from .samples import SELL, Ear, limit


def heard() -> tuple[World, Announcer, Ear]:
    """An announcer with a listener."""
    world, ear = World(1), Ear()
    say = Announcer(world)
    say.listener = ear
    return world, say, ear


def test_a_trade_is_recorded_and_told() -> None:
    """The aggressor as a sign."""
    world, say, ear = heard()
    say.tick(Trade(3, "SPY", 10_000, 5, SELL))

    assert list(world.log) == [VenueTrade(3, "SPY", 10_000, 5, -1)]
    assert ear.heard == [Trade(3, "SPY", 10_000, 5, SELL)]


def test_a_cancel_is_answered_under_its_own_number() -> None:
    """What the venue does by itself is said under the order's."""
    world, say, ear = heard()
    say.cancelled(1, "SPY", 10, "requested", asked_by=2)
    say.cancelled(3, "SPY", 20, "ioc_remainder")

    assert [record.order_id for record in world.log.of(VenueCancelled)] == [1, 3]
    assert ear.heard == [
        OrderUpdate(2, 1, OrderState.CANCELLED, "requested", 10),
        OrderUpdate(3, 0, OrderState.CANCELLED, "ioc_remainder", 20),
    ]


def test_some_things_are_recorded_only() -> None:
    """A replaced order and the session have no message of their own."""
    world, say, ear = heard()
    say.replaced(1, "SPY", 10)
    say.session(up=False, reason="line cut")

    assert list(world.log) == [VenueCancelled(0, 1, "SPY", 10, "replaced"), VenueSession(0, False, "line cut")]
    assert ear.heard == []


def test_a_state_and_a_bust_are_recorded_and_told() -> None:
    """Each once, with the same contents."""
    world, say, ear = heard()
    say.state("SPY", MarketState.PAUSED, "luld_pause")
    say.busted(Bust(7, 1, "SPY", SELL, 10, 99, -2, "clearly_erroneous"))

    assert list(world.log) == [
        VenueState(0, "SPY", "paused", "luld_pause"),
        VenueBust(0, 7, 1, "SPY", -1, 10, 99, -2, "clearly_erroneous"),
    ]
    assert ear.heard == [
        StateChange(0, "SPY", MarketState.PAUSED, "luld_pause"),
        Bust(7, 1, "SPY", SELL, 10, 99, -2, "clearly_erroneous"),
    ]


def test_an_order_that_meets_nothing_has_no_touch() -> None:
    """It waits for an auction."""
    world, say, _ = heard()
    say.accepted(limit(1, SELL, 10, 99.0), 0, 5, None)

    assert world.log.of(VenueAccepted)[0][-2:] == (0, 0)


def test_a_restriction_of_short_sales_is_said_with_every_state_from_then_on() -> None:
    """At once in the state that stands, then with each change, so that whoever missed one hears it with the next."""
    world, say, ear = heard()
    say.restrict_short_sales("SPY", 90_000_000)
    say.state("SPY", MarketState.PAUSED, "luld_pause")
    say.restrict_short_sales("QQQ", 0)
    say.state("AAPL", MarketState.OPEN, "reopened")

    assert world.log.of(VenueShortSale) == [VenueShortSale(0, "SPY", 90_000_000), VenueShortSale(0, "QQQ", 0)]
    assert ear.heard == [
        StateChange(0, "SPY", MarketState.OPEN, "short_sale_restriction", True),
        StateChange(0, "SPY", MarketState.PAUSED, "luld_pause", True),
        StateChange(0, "QQQ", MarketState.OPEN, "short_sale_restriction", True),
        StateChange(0, "AAPL", MarketState.OPEN, "reopened", False),
    ]
