"""Tests of a strategy's own order list."""

from __future__ import annotations

from engine.domain.governance import APPROVED, Decision
from engine.domain.orders import CancelOrder, Fill, Liquidity, OrderState, OrderUpdate, ReplaceOrder, Side
from engine.trading.own_orders import OwnOrders

from .desk_world import buy, sell


def fill(order_id: int, qty: int) -> Fill:
    """A fill of a resting buy."""
    return Fill(1, order_id, "SPY", Side.BUY, qty, 1, Liquidity.MAKER, 0, 0)


def one() -> OwnOrders:
    """A list with the resting buy 1 of 100 shares."""
    orders = OwnOrders()
    orders.asked(buy(1), 5)
    orders.on_update(OrderUpdate(1, 0, OrderState.WORKING, "", 100))
    return orders


def ids(orders: OwnOrders) -> list[int]:
    """The ids that stand."""
    return [order.order_id for order in orders]


def test_what_is_denied_never_was() -> None:
    """A denied order leaves the list, an approved one stays."""
    orders = OwnOrders()
    orders.asked(buy(1), 0)
    orders.asked(sell(2), 0)
    orders.on_decision(buy(1), Decision(approved=False))
    orders.on_decision(sell(2), APPROVED)

    assert ids(orders) == [2]
    assert orders.of("SPY", Side.BUY) is None
    found = orders.of("SPY", Side.SELL)
    assert found is not None
    assert found.order_id == 2


def test_a_replace_takes_over_what_was_filled() -> None:
    """The new order knows that 30 of its total are done, and is gone when the total is."""
    orders = one()
    orders.on_fill(fill(1, 30))
    orders.asked(ReplaceOrder(2, 1, "SPY", Side.BUY, 100, 7), 9)
    changing = [order.changing for order in orders]
    orders.on_update(OrderUpdate(2, 1, OrderState.WORKING, "", 70))
    [order] = orders
    seen = (order.order_id, order.filled, order.limit_micros, order.since_ns, order.changing)
    orders.on_fill(fill(2, 70))

    assert changing == [True]
    assert seen == (2, 30, 7, 9, False)
    assert ids(orders) == []


def test_a_refused_change_leaves_the_order_to_be_changed_later() -> None:
    """Denied by the governor or rejected by the venue: it stands, and its age starts anew."""
    orders = one()
    cancel = CancelOrder(2, 1, "SPY")
    orders.asked(cancel, 50)
    orders.on_decision(cancel, Decision(approved=False))
    after_denial = [(order.changing, order.since_ns) for order in orders]
    orders.asked(ReplaceOrder(3, 1, "SPY", Side.BUY, 100, 7), 60)
    orders.on_update(OrderUpdate(3, 1, OrderState.REJECTED, "session_down", 0))

    assert after_denial == [(False, 50)]
    assert [(order.order_id, order.changing, order.since_ns) for order in orders] == [(1, False, 60)]


def test_a_cancelled_order_is_gone_whoever_cancelled_it() -> None:
    """By an answer to a cancel (also the governor's), or by the venue itself."""
    for update in (
        OrderUpdate(77, 1, OrderState.CANCELLED, "requested", 100),
        OrderUpdate(1, 0, OrderState.CANCELLED, "cancel_on_disconnect", 100),
    ):
        orders = one()
        orders.on_update(update)

        assert ids(orders) == []


def test_answers_that_it_does_not_know_are_passed_over() -> None:
    """A strategy hears of all of the desk's orders; those that never rested are not its list's."""
    orders = one()
    orders.on_update(OrderUpdate(9, 0, OrderState.WORKING, "", 10))
    orders.on_update(OrderUpdate(9, 0, OrderState.REJECTED, "x", 0))
    orders.on_fill(fill(9, 10))
    orders.asked(CancelOrder(3, 9, "SPY"), 0)

    assert ids(orders) == [1]
    assert len(orders) == 1


def test_a_change_of_an_order_that_was_filled_meanwhile_is_forgotten() -> None:
    """The venue's late rejection finds nothing to put right."""
    orders = one()
    orders.asked(ReplaceOrder(2, 1, "SPY", Side.BUY, 100, 7), 9)
    orders.on_fill(fill(1, 100))
    orders.on_update(OrderUpdate(2, 1, OrderState.REJECTED, "too_late", 0))

    assert ids(orders) == []


def test_an_order_made_smaller_is_done_when_what_is_left_is_filled() -> None:
    """The venue took 70 of 100 shares out."""
    orders = one()
    orders.on_update(OrderUpdate(1, 1, OrderState.WORKING, "self_trade", 30))
    orders.on_update(OrderUpdate(9, 9, OrderState.WORKING, "self_trade", 30))
    left = ids(orders)
    orders.on_fill(fill(1, 30))

    assert (left, ids(orders)) == ([1], [])
