"""Tests of breakers, stop logic, hours and collar at the venue, alone and together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.domain.orders import CancelOrder, ReplaceOrder
from engine.domain.quotes import StateChange
from engine.domain.records import VenueShortSale
from engine.market.model_document import MarketError

from .protected import BREAKERS, COLLAR, HOURS, LULD, SHORT_SALE, STOP_LOGIC, Case, protected
from .samples import BUY, SELL, S, at_market, limit
from .scripted import Scripted


def trading(*trades: tuple[float, float]) -> Scripted:
    """SPY and QQQ; SPY trades at these times and prices."""
    market = Scripted("SPY", "QQQ")
    for t_s, price in trades:
        market.trade(t_s, price)
    return market


# ---- breakers


@pytest.mark.parametrize(("price", "halted"), [(93.01, False), (93.0, True)])
def test_a_fall_of_the_index_halts_every_symbol(price: float, halted: bool) -> None:
    """At exactly 7 % below the previous close, for 15 minutes."""
    case = protected(trading((10, price)), breakers=BREAKERS)
    case.run(1_000)
    expected = [(10.0, "halted", "market_wide_1"), (910.0, "open", "reopened")] if halted else []

    assert case.states("SPY") == case.states("QQQ") == expected


def test_a_level_halts_once_a_day() -> None:
    """A second fall to it halts nothing; the next level does, for good."""
    case = protected(trading((10, 93), (920, 92), (930, 80)), breakers=BREAKERS)
    case.run(20_000)

    assert case.states()[2:] == [(930.0, "halted", "market_wide_2")]


def test_after_the_last_time_only_the_last_level_halts() -> None:
    """7 % at 15:25:00 halts nothing, 20 % does."""
    case = protected(trading((60, 93), (70, 80)), start="15:24:00", breakers=BREAKERS)
    case.run(100)

    assert case.states() == [(70.0, "halted", "market_wide_2")]


def test_other_symbols_do_not_trip_the_breakers() -> None:
    """Only the index symbol counts."""
    market = Scripted("SPY", "QQQ")
    market.trade(10, 50, "QQQ")
    case = protected(market, breakers=BREAKERS)
    case.run(20)

    assert case.states() == []


def test_an_index_that_is_not_traded_is_refused() -> None:
    """With what is."""
    with pytest.raises(MarketError, match=r"breakers.index_symbol: ES is not traded here; traded are SPY"):
        protected(breakers=replace(BREAKERS, index_symbol="ES"))


# ---- stop logic


@pytest.mark.parametrize(("price", "reserved"), [(99.51, False), (99.5, True), (100.5, True)])
def test_a_fast_move_reserves_the_symbol(price: float, reserved: bool) -> None:
    """50 ticks within a second, either way: five seconds, then an auction."""
    case = protected(trading((1, 100), (2, price)), stop_logic=STOP_LOGIC)
    case.run(10)

    assert case.states() == ([(2.0, "paused", "stop_logic"), (7.0, "open", "reopened")] if reserved else [])
    assert len(case.market.auctions) == reserved


def test_a_slow_move_reserves_nothing() -> None:
    """A nanosecond over the second."""
    case = protected(trading((1, 100), (2.000000001, 90)), stop_logic=STOP_LOGIC)
    case.run(10)

    assert case.states() == []


def test_the_price_of_the_auction_is_not_compared_with_what_was_before() -> None:
    """It reopens 2 % higher and stays open."""
    market = trading((1, 100), (2, 99))
    market.show(3, 102, 102.1)
    case = protected(market, stop_logic=STOP_LOGIC)
    case.run(3)
    case.venue.submit(limit(1, BUY, 10, 103.0), 0)
    case.run(20)

    assert case.fills() == [(7.0, 1, 10, 102.1)]
    assert case.states()[-1] == (7.0, "open", "reopened")


def test_the_desks_own_trades_count() -> None:
    """A purchase far from the last trade trips it, and stands."""
    market = trading((1, 100))
    market.show(1.5, 101, 101.1)
    case = protected(market, stop_logic=STOP_LOGIC)
    case.run(1.6)
    case.venue.submit(at_market(1, BUY, 10), 0)

    assert case.fills() == [(1.6, 1, 10, 101.1)]
    assert case.states() == [(1.6, "paused", "stop_logic")]


# ---- hours


def hours_at(start: str) -> Case:
    """A venue with hours, at a time of day."""
    return protected(start=start, hours=HOURS)


def test_before_the_open_orders_are_refused() -> None:
    """Until 09:30:00 sharp; the state says so from the beginning."""
    case = hours_at("09:29:00")
    case.run(59.999)
    case.venue.submit(limit(1, BUY, 10, 99.0), 0)
    case.run(60)
    case.venue.submit(limit(2, BUY, 10, 99.0), 0)

    assert case.states() == [(0.0, "closed", "before_open"), (60.0, "open", "reopened")]
    assert case.rejected() == {1: "before_open"}
    assert case.venue.working_ids() == (2,)


def test_the_close_ends_day_orders_and_refuses_new_ones() -> None:
    """At 16:00:00 sharp; a cancel comes too late, a replace is refused."""
    case = hours_at("15:59:00")
    case.venue.submit(limit(1, BUY, 10, 99.0), 0)
    case.run(59.999)
    case.venue.submit(limit(2, BUY, 20, 99.0), 0)
    case.run(60)
    case.venue.submit(limit(3, BUY, 10, 99.0), 0)
    case.venue.submit(CancelOrder(4, 1, "SPY"), 0)
    case.venue.submit(ReplaceOrder(5, 2, "SPY", BUY, 30, 99_000_000), 0)

    assert case.states() == [(60.0, "closed", "after_close")]
    assert case.ended() == {1: (10, "session_closed"), 2: (20, "session_closed")}
    assert case.rejected() == {3: "after_close", 4: "too_late", 5: "too_late"}
    assert case.market.resting == {}


def test_a_run_after_the_close_is_closed() -> None:
    """From its beginning to its end."""
    case = hours_at("16:00:00")
    case.run(100)

    assert case.states() == [(0.0, "closed", "after_close")]


# ---- collar


@pytest.mark.parametrize(("usd", "reason"), [(110.01, ""), (110.02, "price_collar")])
def test_an_order_priced_far_through_the_market_is_refused(usd: float, reason: str) -> None:
    """10 % over the offer of 100.01, to the cent; a replace likewise."""
    case = protected(collar=COLLAR)
    case.venue.submit(limit(1, BUY, 10, 90.0), 0)
    case.venue.submit(limit(2, BUY, 10, usd), 0)
    case.venue.submit(ReplaceOrder(3, 1, "SPY", BUY, 10, round(usd * 1e6)), 0)

    assert case.rejected() == ({2: reason, 3: reason} if reason else {})


def test_the_collar_rests_while_trading_has_stopped() -> None:
    """There is no market to be away from."""
    case = protected(trading((1, 100), (1.5, 90)), stop_logic=STOP_LOGIC, collar=COLLAR)
    case.run(2)
    case.venue.submit(limit(1, BUY, 10, 150.0), 0)

    assert case.venue.working_ids() == (1,)


# ---- several at once


def test_the_last_stop_to_end_reopens() -> None:
    """Reserved for five seconds within a halt of fifteen minutes: one auction, and the graver state is told."""
    case = protected(trading((1, 100), (1.5, 93)), stop_logic=STOP_LOGIC, breakers=BREAKERS)
    case.run(1_000)

    assert case.states() == [(1.5, "halted", "market_wide_1"), (901.5, "open", "reopened")]
    assert [auction[1] for auction in case.market.auctions] == ["SPY", "QQQ"]


def test_a_stop_that_outlasts_a_graver_one_is_told() -> None:
    """A pause that began before the halt is still there after it."""
    market = Scripted("SPY", "QQQ")
    market.show(1, 94.9, 95.0)
    market.trade(20, 93, "QQQ")
    short = replace(BREAKERS, index_symbol="QQQ", levels=(replace(BREAKERS.levels[0], halt_s=5),))
    case = protected(market, luld=LULD, breakers=short)
    case.run(316)

    assert case.states("SPY")[1:5] == [
        (16.0, "paused", "luld_pause"),
        (20.0, "halted", "market_wide_1"),
        (25.0, "paused", "luld_pause"),
        (316.0, "open", "reopened"),
    ]
    assert case.states("QQQ") == [(20.0, "halted", "market_wide_1"), (25.0, "open", "reopened")]


def test_no_stop_outlives_the_close() -> None:
    """A pause that would end after the close does not reopen the symbol."""
    market = trading((50, 100), (50.5, 90))
    case = protected(market, start="15:59:08", stop_logic=STOP_LOGIC, hours=HOURS)
    case.venue.submit(limit(1, SELL, 10, 120.0), 0)
    case.run(100)

    assert case.states() == [(50.5, "paused", "stop_logic"), (52.0, "closed", "after_close")]
    assert case.ended() == {1: (10, "session_closed")}
    assert case.market.auctions == []


def test_without_mechanisms_no_state_is_ever_said() -> None:
    """Whatever happens."""
    case = protected(trading((1, 100), (2, 50), (3, 1)))
    case.run(100_000)
    case.venue.submit(limit(1, BUY, 10, 1_000.0), 100_000 * S)

    assert case.states() == []
    assert case.fills() == [(100_000.0, 1, 10, 100.01)]
    assert case.market.bands == {}


# ---- short sales


def test_a_fall_restricts_short_sales_and_trading_goes_on() -> None:
    """At 90 the first time, and once; QQQ was restricted the day before."""
    case = protected(trading((10, 91), (20, 90), (30, 80)), short_sale=replace(SHORT_SALE, from_before=("QQQ",)))
    case.run(100)

    assert [(one.t_ns / S, one.symbol, one.price_micros) for one in case.world.log.of(VenueShortSale)] == [
        (0.0, "QQQ", 0),
        (20.0, "SPY", 90_000_000),
    ]
    assert case.states() == []
    told = [each for each in case.ear.heard if isinstance(each, StateChange)]
    assert [(each.t_ns / S, each.symbol, each.short_sale_restricted) for each in told] == [
        (0.0, "QQQ", True),
        (20.0, "SPY", True),
    ]
