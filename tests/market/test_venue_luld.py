"""Tests of limit up, limit down at the venue: bands, limit state, pause, reopening."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.domain.orders import CancelOrder, OrderState, OrderUpdate, ReplaceOrder
from engine.domain.quotes import MarketState, StateChange
from engine.market.model_document import MarketError

from .protected import LULD, protected
from .samples import BUY, IOC, SELL, S, at_market, limit
from .scripted import Scripted

PAUSE = [(1.0, "limit_state", "luld_limit"), (16.0, "paused", "luld_pause"), (316.0, "open", "reopened")]


def falling() -> Scripted:
    """After a second the offer stands at the lower band, 95.00, and stays."""
    market = Scripted()
    market.show(1, 94.9, 95.0)
    return market


def test_bands_are_set_around_the_opening_mid() -> None:
    """5 % around 100.00, and the model is told."""
    case = protected(luld=LULD)

    assert case.market.bands == {"SPY": (95_000_000, 105_000_000)}
    assert case.states() == []


@pytest.mark.parametrize(
    ("bid", "ask", "entered"),
    [(94.9, 95.0, True), (94.9, 95.01, False), (105.0, 105.1, True), (104.99, 105.1, False), (94.0, 0, False)],
)
def test_a_quote_at_the_band_is_a_limit_state(bid: float, ask: float, entered: bool) -> None:
    """The offer at the lower band or the bid at the upper one; a cent inside, or an empty side, is none."""
    market = Scripted()
    market.show(1, bid, ask)
    case = protected(market, luld=LULD)
    case.run(2)

    assert case.states() == ([(1.0, "limit_state", "luld_limit")] if entered else [])


def test_a_limit_state_of_fifteen_seconds_is_a_pause_of_five_minutes() -> None:
    """Told and recorded alike, each once."""
    case = protected(falling(), luld=LULD)
    case.run(400)

    assert case.states()[:3] == PAUSE
    assert [each for each in case.ear.heard if isinstance(each, StateChange)][1] == StateChange(
        16 * S, "SPY", MarketState.PAUSED, "luld_pause"
    )


@pytest.mark.parametrize(("t_s", "paused"), [(15.999, False), (16.0, False), (16.001, True)])
def test_a_quote_that_leaves_the_band_in_time_avoids_the_pause(t_s: float, paused: bool) -> None:
    """Within 15 seconds: exactly at the end is still in time."""
    market = falling()
    market.show(t_s, 95.5, 95.6)
    case = protected(market, luld=LULD)
    case.run(20)

    assert (case.states()[1][1] == "paused") is paused
    if not paused:
        assert case.states()[1] == (t_s, "open", "limit_state_left")


def test_a_second_limit_state_has_its_own_fifteen_seconds() -> None:
    """The first one's time does not run on."""
    market = falling()
    market.show(10, 96, 96.1)
    market.show(12, 94.9, 95.0)
    case = protected(market, luld=LULD)
    case.run(30)

    assert [state for state in case.states() if state[1] == "paused"] == [(27.0, "paused", "luld_pause")]


def test_an_order_beyond_the_band_is_held_at_it() -> None:
    """A buy at 120 rests at 105.00 in the market; the member's own limit stands in the record. A sell likewise."""
    market = Scripted()
    market.show(1, 0, 0)
    case = protected(market, luld=LULD)
    case.run(2)
    case.venue.submit(limit(1, BUY, 10, 120.0), 0)
    case.venue.submit(limit(2, SELL, 10, 105.0), 0)
    case.venue.submit(limit(3, SELL, 10, 80.0), 0)

    assert [case.market.resting[n].limit_micros for n in (1, 2, 3)] == [105_000_000, 105_000_000, 95_000_000]
    assert [one.limit_micros for one in case.accepted()] == [120_000_000, 105_000_000, 80_000_000]


@pytest.mark.parametrize("order", [at_market(1, SELL, 10), limit(1, SELL, 10, 90.0, IOC)])
def test_nothing_trades_outside_the_bands(order: object) -> None:
    """The best bid is 94.90, under the band: a sale dies unfilled."""
    case = protected(falling(), luld=LULD)
    case.run(2)
    case.venue.submit(order, 0)  # type: ignore[arg-type]

    assert case.fills() == []
    assert case.ended() == {1: (10, "ioc_remainder")}


@pytest.mark.parametrize(("bid", "filled"), [(95.0, True), (94.99, False)])
def test_a_trade_at_the_band_is_possible(bid: float, filled: bool) -> None:
    """Exactly at it; a cent beyond is not."""
    market = Scripted()
    market.show(1, bid, bid + 0.1)
    case = protected(market, luld=LULD)
    case.run(2)
    case.venue.submit(at_market(1, SELL, 10), 0)

    assert bool(case.fills()) is filled


def test_orders_follow_the_bands() -> None:
    """The reference rises to 102: the buy that was held at 105.00 moves to 107.10, the one at 106 to its own limit."""
    market = Scripted()
    market.show(1, 0, 0)
    market.trade(40, 102)
    case = protected(market, luld=LULD)
    case.run(2)
    for order_id, usd in ((1, 120.0), (2, 106.0), (3, 90.0)):
        case.venue.submit(limit(order_id, BUY, 10, usd), 0)
    case.run(41)

    assert case.market.bands["SPY"] == (96_900_000, 107_100_000)
    assert {n: order.limit_micros for n, order in case.market.resting.items()} == {
        1: 107_100_000,
        2: 106_000_000,
        3: 90_000_000,
    }
    assert list(case.market.resting) == [3, 1, 2]  # what moved has lost its place


def test_the_bands_double_before_the_close_and_end_at_it() -> None:
    """At 15:35 and at 16:00, by the clock alone."""
    case = protected(start="15:34:00", luld=LULD)
    seen = []
    for t_s in (59, 60, 1_559, 1_560):
        case.run(t_s)
        seen.append(case.market.bands["SPY"])

    assert seen == [(95_000_000, 105_000_000), (90_000_000, 110_000_000), (90_000_000, 110_000_000), (0, 0)]


def test_during_a_pause_orders_that_may_rest_wait_and_others_are_refused() -> None:
    """Accepted, but not in the market, and met by nothing; an IOC or market order is refused; a cancel passes."""
    case = protected(falling(), luld=LULD)
    case.run(20)
    case.venue.submit(limit(1, BUY, 100, 96.0), 0)
    case.venue.submit(limit(2, BUY, 100, 96.0, IOC), 0)
    case.venue.submit(at_market(3, SELL, 100), 0)
    case.venue.submit(limit(4, SELL, 100, 94.0), 0)
    case.venue.submit(CancelOrder(5, 4, "SPY"), 0)

    assert case.rejected() == {2: "halted", 3: "halted"}
    assert case.ended() == {4: (100, "requested")}
    assert case.venue.working_ids() == (1,)
    assert case.market.resting == {}
    assert [(one.touch_micros, one.touch_qty) for one in case.accepted()] == [(0, 0), (0, 0)]
    assert case.ear.heard[-1] == OrderUpdate(5, 4, OrderState.CANCELLED, "requested", 100)


def test_a_replace_during_a_pause_waits_too() -> None:
    """Of an order in the market, and of one that waits; only the last one is in the auction."""
    case = protected(falling(), luld=LULD)
    case.venue.submit(limit(1, BUY, 100, 96.0), 0)
    case.run(20)
    case.venue.submit(ReplaceOrder(2, 1, "SPY", BUY, 150, 95_500_000), 0)
    case.venue.submit(ReplaceOrder(3, 2, "SPY", BUY, 120, 94_000_000), 0)
    case.run(317)

    assert [order.order_id for order in case.market.auctions[0][0]] == [3]
    assert case.market.auctions[0][0][0].qty == 120
    assert case.rejected() == {}


def test_an_auction_ends_the_pause() -> None:
    """The waiting orders and the offers at 95.00 make one price; what is left rests; the reference is that price."""
    case = protected(falling(), luld=LULD)
    case.run(20)
    case.venue.submit(limit(1, BUY, 700, 96.0), 0)
    case.venue.submit(limit(2, SELL, 100, 94.0), 0)
    case.run(316)

    assert case.market.auctions[0][1:] == ("SPY", 94_950_000)
    assert case.fills() == [(316.0, 1, 600, 95.0), (316.0, 2, 100, 95.0)]
    assert case.market.resting[1].qty == 100
    assert case.market.bands["SPY"] == (90_250_000, 99_750_000)
    assert case.states() == PAUSE
    assert case.venue.working_ids() == (1,)


def test_the_quote_after_a_reopening_is_said_in_any_case() -> None:
    """Also if it is the one before the pause: only now may it be a mark again."""
    case = protected(falling(), luld=LULD)
    case.run(316)

    assert [(one.t_ns / S, one.ask_micros) for one in case.quotes()][-1] == (316.0, 95_000_000)
    assert case.market.bands["SPY"] == (90_200_000, 99_700_000)  # around the mid of 94.95: nothing was traded


def test_a_venue_may_refuse_everything_during_a_pause() -> None:
    """As one does that is not the listing exchange; cancels pass."""
    case = protected(falling(), luld=replace(LULD, new_orders="refuse"))
    case.venue.submit(limit(1, BUY, 100, 90.0), 0)
    case.run(20)
    case.venue.submit(limit(2, BUY, 100, 96.0), 0)
    case.venue.submit(ReplaceOrder(3, 1, "SPY", BUY, 50, 90_000_000), 0)
    case.venue.submit(CancelOrder(4, 1, "SPY"), 0)

    assert case.rejected() == {2: "halted", 3: "halted"}
    assert case.ended() == {1: (100, "requested")}


def test_a_disconnect_takes_waiting_orders_out() -> None:
    """They are orders like others."""
    case = protected(falling(), luld=LULD)
    case.run(20)
    case.venue.submit(limit(1, BUY, 100, 96.0), 0)
    case.venue.session_down("line cut")
    case.run(317)

    assert case.ended() == {1: (100, "cancel_on_disconnect")}
    assert case.fills() == []


def test_a_pause_stops_its_own_symbol_only() -> None:
    """QQQ trades on."""
    market = Scripted("SPY", "QQQ")
    market.show(1, 94.9, 95.0)
    case = protected(market, luld=LULD)
    case.run(20)
    case.venue.submit(at_market(1, BUY, 10, "QQQ"), 0)
    case.venue.submit(at_market(2, BUY, 10, "SPY"), 0)

    assert [fill[1] for fill in case.fills()] == [1]
    assert case.rejected() == {2: "halted"}
    assert case.states("QQQ") == []


def test_nothing_is_filled_while_trading_has_stopped() -> None:
    """Whatever the quotes do meanwhile."""
    market = falling()
    for t_s in range(20, 300, 10):
        market.show(t_s, 120, 121)
        market.trade(t_s, 120)
    case = protected(market, luld=LULD)
    case.venue.submit(limit(1, SELL, 100, 100.5), 0)
    case.run(315)

    assert case.fills() == []
    assert case.states()[-1][1] == "paused"


@pytest.mark.parametrize(
    "changes", [{"tier_2": ("XYZ",)}, {"leverage": {"XYZ": 3.0}}, {"previous_close_usd": {"XYZ": 3.0}}]
)
def test_a_symbol_that_is_not_traded_is_refused(changes: dict[str, object]) -> None:
    """With the key, and what is traded."""
    name = next(iter(changes))
    with pytest.raises(MarketError, match=rf"luld.{name}: XYZ is not traded here; traded are SPY"):
        protected(luld=replace(LULD, **changes))  # type: ignore[arg-type]


def test_a_price_without_class_is_refused() -> None:
    """When the venue is built, not when the price is met."""
    high = replace(LULD, classes=(replace(LULD.classes[0], above_usd=200),))
    with pytest.raises(MarketError, match="no price class of luld holds a close of 100 USD"):
        protected(luld=high)
