"""Tests of self-trade prevention, busts and unsolicited cancels."""

from __future__ import annotations

import pytest

from engine.domain.orders import Bust, CancelOrder, Fill, Liquidity, OrderState, OrderUpdate, ReplaceOrder
from engine.domain.records import VenueAccepted, VenueBust, VenueCancelled
from engine.market.mechanics.self_trade import Mode

from .protected import Case, protected, self_trade
from .samples import BUY, IOC, SELL, at_market, limit, still
from .scripted import Scripted


def own_offer(mode: Mode, qty: int = 50) -> Case:
    """A venue in *mode*; the member's own offer of *qty* rests at 100.00, inside the spread of others."""
    case = protected(mechanics=self_trade(mode))
    case.venue.submit(limit(1, SELL, qty, 100.0), 0)
    case.ear.heard.clear()
    return case


@pytest.mark.parametrize(
    ("mode", "arriving", "ended", "open_shares"),
    [
        ("cancel_newest", 30, {2: (30, "self_trade")}, {1: 50}),
        ("cancel_oldest", 30, {1: (50, "self_trade")}, {2: 30}),
        ("cancel_both", 30, {1: (50, "self_trade"), 2: (30, "self_trade")}, {}),
        ("decrement_and_cancel", 30, {2: (30, "self_trade")}, {1: 20}),
        ("decrement_and_cancel", 80, {1: (50, "self_trade")}, {2: 30}),
        ("decrement_and_cancel", 50, {1: (50, "self_trade"), 2: (50, "self_trade")}, {}),
    ],
)
def test_each_mode_keeps_two_own_orders_apart(
    mode: Mode, arriving: int, ended: dict[int, tuple[int, str]], open_shares: dict[int, int]
) -> None:
    """A bid at the own offer's price never trades with it; what is left stands in the market."""
    case = own_offer(mode)
    case.venue.submit(limit(2, BUY, arriving, 100.0), 0)

    assert case.ended() == ended
    assert {n: order.qty for n, order in case.market.resting.items()} == open_shares
    assert case.venue.working_ids() == tuple(open_shares)
    assert case.fills() == []


@pytest.mark.parametrize("mode", ["cancel_newest", "cancel_oldest", "cancel_both", "decrement_and_cancel"])
def test_orders_that_do_not_cross_are_left_alone(mode: Mode) -> None:
    """A bid one tick below the own offer, and one on the offer's own side."""
    case = own_offer(mode)
    case.venue.submit(limit(2, BUY, 30, 99.99), 0)
    case.venue.submit(limit(3, SELL, 30, 100.0), 0)

    assert case.ended() == {}
    assert case.venue.working_ids() == (1, 2, 3)


def test_what_others_offer_better_is_taken_first() -> None:
    """Others offer at 100.01, the member at 100.05: a purchase up to 100.05 is filled before it meets itself."""
    case = protected(mechanics=self_trade("cancel_newest"))
    case.venue.submit(limit(1, SELL, 50, 100.05), 0)
    case.venue.submit(limit(2, BUY, 30, 100.05), 0)

    assert case.fills() == [(0.0, 2, 30, 100.01)]
    assert case.ended() == {}


def test_the_rest_of_an_order_meets_the_own_one_in_a_real_ladder() -> None:
    """800 shares of others stand at 540.01, the own offer at 540.02: of 1,000 the last 200 are taken out."""
    market = still()
    case = protected(market, mechanics=self_trade("cancel_newest"))  # type: ignore[arg-type]
    case.venue.submit(limit(1, SELL, 50, 540.02), 0)
    case.venue.submit(at_market(2, BUY, 1_000), 0)

    assert case.fills() == [(0.0, 2, 800, 540.01)]
    assert case.ended() == {2: (200, "self_trade")}
    assert case.venue.working_ids() == (1,)


def test_several_own_orders_are_met_in_the_order_of_price_and_time() -> None:
    """The best first, then the older of two at one price."""
    case = protected(mechanics=self_trade("decrement_and_cancel"))
    for order_id, qty, usd in ((1, 20, 100.0), (2, 20, 99.995), (3, 20, 100.0)):
        case.venue.submit(limit(order_id, SELL, qty, round(usd, 2)), 0)
    case.venue.submit(limit(9, BUY, 50, 100.0), 0)

    assert [one.order_id for one in case.world.log.of(VenueCancelled)] == [1, 2, 9]
    assert case.market.resting[3].qty == 10


def test_a_smaller_order_is_said_again_in_its_own_place() -> None:
    """Accepted with itself as target, met by nothing; the member's answer says what is left."""
    case = own_offer("decrement_and_cancel")
    case.venue.submit(limit(2, BUY, 30, 100.0), 0)

    assert case.accepted()[-1] == VenueAccepted(0, 1, 1, "SPY", -1, 20, 100_000_000, "day", "strategy", 0, 0, 0)
    assert OrderUpdate(1, 1, OrderState.WORKING, "self_trade", 20) in case.ear.heard
    assert case.ear.heard[-1] == OrderUpdate(2, 0, OrderState.CANCELLED, "self_trade", 30)


def test_a_replace_of_a_smaller_order_counts_from_what_is_left_of_it() -> None:
    """Of 50 shares 10 were filled and 30 taken out: a total of 25 leaves 15 open."""
    case = own_offer("decrement_and_cancel")
    case.market.hit(1, 10)
    case.venue.submit(limit(2, BUY, 30, 100.0), 0)
    case.venue.submit(ReplaceOrder(3, 1, "SPY", SELL, 25, 101_000_000), 0)

    assert case.market.resting[3].qty == 15


def test_a_replace_is_kept_apart_too() -> None:
    """Moved onto the own offer, it ends."""
    case = own_offer("cancel_newest")
    case.venue.submit(limit(2, BUY, 30, 99.0), 0)
    case.venue.submit(ReplaceOrder(3, 2, "SPY", BUY, 30, 100_000_000), 0)

    assert case.ended() == {2: (30, "replaced"), 3: (30, "self_trade")}


def test_an_ioc_order_that_meets_itself_ends_once() -> None:
    """As a self-trade, and not as a remainder too."""
    case = own_offer("cancel_newest")
    case.venue.submit(limit(2, BUY, 30, 100.0, IOC), 0)

    assert [one.reason for one in case.world.log.of(VenueCancelled)] == ["self_trade"]


def test_without_the_mechanism_nothing_is_kept_apart() -> None:
    """Both rest."""
    case = protected()
    case.venue.submit(limit(1, SELL, 50, 100.0), 0)
    case.venue.submit(limit(2, BUY, 50, 100.0), 0)

    assert case.venue.working_ids() == (1, 2)


def test_a_venue_cancels_an_order_that_nobody_asked_to_cancel() -> None:
    """With its reason, under the order's own number."""
    case = protected()
    case.venue.submit(limit(1, BUY, 10, 99.0), 0)
    case.venue.cancel_unsolicited(1, "supervisory")

    assert case.ended() == {1: (10, "supervisory")}
    assert case.ear.heard[-1] == OrderUpdate(1, 0, OrderState.CANCELLED, "supervisory", 10)
    assert case.market.resting == {}


@pytest.mark.parametrize("order_id", [1, 2, 77])
def test_only_an_open_order_can_be_cancelled(order_id: int) -> None:
    """Not a filled one, not a cancelled one, not one that never was."""
    case = protected()
    case.venue.submit(at_market(1, BUY, 10), 0)
    case.venue.submit(limit(2, BUY, 10, 99.0), 0)
    case.venue.submit(CancelOrder(3, 2, "SPY"), 0)

    with pytest.raises(LookupError, match=f"an order that the venue holds was expected, was {order_id}"):
        case.venue.cancel_unsolicited(order_id, "supervisory")


def test_a_bust_says_again_what_is_taken_back() -> None:
    """Every field as in the fill, the fee with it; the order's state does not change."""
    case = protected()
    case.venue.submit(at_market(1, SELL, 10), 0)
    fill = next(each for each in case.ear.heard if isinstance(each, Fill))
    case.venue.bust([1], "clearly_erroneous")

    assert fill.liquidity is Liquidity.TAKER
    assert case.records()[-1] == VenueBust(0, 1, 1, "SPY", -1, 10, 99_990_000, fill.fee_micros, "clearly_erroneous")
    assert case.ear.heard[-1] == Bust(1, 1, "SPY", SELL, 10, 99_990_000, fill.fee_micros, "clearly_erroneous")


def test_several_executions_are_taken_back_in_the_order_given() -> None:
    """And the others stand."""
    case = protected()
    for order_id in (1, 2, 3):
        case.venue.submit(at_market(order_id, BUY, 10), 0)
    case.venue.bust([3, 1], "clearly_erroneous")

    assert [bust.exec_id for bust in case.world.log.of(VenueBust)] == [3, 1]


@pytest.mark.parametrize("exec_ids", [[0], [2], [-1], [1, 1], [1, 2]])
def test_what_does_not_stand_cannot_be_taken_back(exec_ids: list[int]) -> None:
    """Neither unknown nor twice; and then nothing is."""
    case = protected()
    case.venue.submit(at_market(1, BUY, 10), 0)

    with pytest.raises(LookupError, match="an execution that stands was expected"):
        case.venue.bust(exec_ids, "clearly_erroneous")
    assert case.world.log.of(VenueBust) == []

    case.venue.bust([1], "clearly_erroneous")
    with pytest.raises(LookupError, match="an execution that stands was expected, was 1"):
        case.venue.bust([1], "clearly_erroneous")


def test_orders_that_wait_for_an_auction_are_kept_apart() -> None:
    """The auction never matches a member with itself."""
    from .protected import STOP_LOGIC

    market = Scripted()
    market.trade(1, 100)
    market.trade(1.5, 99)
    rule = self_trade("cancel_oldest").self_trade
    case = protected(market, stop_logic=STOP_LOGIC, self_trade=rule)
    case.run(2)
    case.venue.submit(limit(1, SELL, 30, 99.0), 0)
    case.venue.submit(limit(2, BUY, 40, 101.0), 0)
    case.run(7)

    assert case.ended() == {1: (30, "self_trade")}
    assert [order.order_id for order in case.market.auctions[0][0]] == [2]
