"""Tests of the order table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.orders import CancelOrder, NewOrder, OrderState, ReplaceOrder, Side
from engine.domain.records import DeskOrder
from engine.kernel.world import World
from engine.trading.order_table import OrderTable

from .desk_world import buy, sell


def table() -> tuple[World, OrderTable]:
    """An empty table of SPY and AAPL."""
    world = World(1)
    return world, OrderTable(world, ["SPY", "AAPL"])


def replace_buy(order_id: int, target_id: int, qty: int) -> ReplaceOrder:
    """A replace of a buy of SPY."""
    return ReplaceOrder(order_id, target_id, "SPY", Side.BUY, qty, 540_000_000)


def states(world: World) -> list[tuple[int, str, str]]:
    """What the log says of the orders."""
    return [(record.order_id, record.state, record.reason) for record in world.log.of(DeskOrder)]


def test_an_order_counts_from_its_approval() -> None:
    """Before anything is sent the shares are open, on their own side and symbol only."""
    world, orders = table()
    orders.approve(buy(1, 300))

    assert [orders.working(symbol, side) for symbol in ("SPY", "AAPL") for side in Side] == [300, 0, 0, 0]
    assert states(world) == [(1, "pending", "")]


def test_an_order_id_that_is_live_is_refused() -> None:
    """Two live orders of one id would make the sums a guess."""
    _, orders = table()
    orders.approve(buy(1))

    with pytest.raises(ValueError, match="a new order id was expected, was 1"):
        orders.approve(buy(1))


def test_an_order_lives_through_its_states() -> None:
    """Pending, working, partly filled, filled: each change of state is one record, and the sum falls with the fills."""
    world, orders = table()
    orders.approve(sell(1, 300))
    orders.accept(1)
    orders.fill(1, 100)
    partly = orders.working("SPY", Side.SELL)
    orders.fill(1, 200)

    assert partly == 200
    assert orders.working("SPY", Side.SELL) == 0
    assert states(world) == [(1, "pending", ""), (1, "working", ""), (1, "filled", "")]
    assert orders.get(1) is None


@pytest.mark.parametrize("state", [OrderState.CANCELLED, OrderState.REJECTED])
def test_a_dead_order_counts_no_more(state: OrderState) -> None:
    """Cancelled and rejected orders leave the sums at once, with the reason in the record."""
    world, orders = table()
    orders.approve(buy(1))
    orders.end(1, state, "why")

    assert (orders.working("SPY", Side.BUY), len(orders)) == (0, 0)
    assert states(world)[-1] == (1, state.value, "why")


def test_an_unknown_order_keeps_counting() -> None:
    """Until its fate is known an order is exposure; when it is accepted after all it is known again."""
    world, orders = table()
    orders.approve(buy(1))
    orders.lose_sight(1, "session_lost")
    during = (orders.unknown, orders.working("SPY", Side.BUY))
    orders.accept(1)

    assert during == (1, 100)
    assert (orders.unknown, orders.working("SPY", Side.BUY)) == (0, 100)
    assert states(world)[1:] == [(1, "unknown", "session_lost"), (1, "working", "")]


@pytest.mark.parametrize(("qty", "worst"), [(300, 300), (100, 200), (200, 200)])
def test_while_a_replace_is_in_flight_the_larger_of_both_counts(qty: int, worst: int) -> None:
    """The venue may hold the old order or the new one, so the worst case counts."""
    _, orders = table()
    orders.approve(buy(1, 200))
    orders.accept(1)
    orders.approve(replace_buy(2, 1, qty))

    assert orders.working("SPY", Side.BUY) == worst


def test_an_accepted_replace_takes_the_place_of_its_target() -> None:
    """Its total counts what the target had filled, and the target is cancelled as replaced."""
    world, orders = table()
    orders.approve(buy(1, 200))
    orders.accept(1)
    orders.fill(1, 50)
    orders.approve(replace_buy(2, 1, 300))
    orders.fill(1, 30)
    in_flight = orders.working("SPY", Side.BUY)
    orders.accept(2)

    assert in_flight == 300 - 80
    assert orders.working("SPY", Side.BUY) == 300 - 80
    assert orders.get(1) is None
    assert states(world)[-2:] == [(1, "cancelled", "replaced"), (2, "working", "")]


def test_a_rejected_replace_leaves_its_target_as_it_was() -> None:
    """Only the larger size is taken back."""
    _, orders = table()
    orders.approve(buy(1, 200))
    orders.accept(1)
    orders.approve(replace_buy(2, 1, 300))
    orders.end(2, OrderState.REJECTED, "too_late")

    assert orders.working("SPY", Side.BUY) == 200
    assert [order.order_id for order in orders.live()] == [1]


def test_a_chain_of_replaces_carries_what_was_filled() -> None:
    """A replace of a replace counts the fills of the first order too."""
    _, orders = table()
    orders.approve(buy(1, 200))
    orders.accept(1)
    orders.fill(1, 150)
    for order_id in (2, 3):
        orders.approve(replace_buy(order_id, order_id - 1, 200))
        orders.accept(order_id)

    assert orders.working("SPY", Side.BUY) == 50
    assert orders.fill(3, 50) is True
    assert len(orders) == 0


def test_added_open_is_nothing_for_cancels_and_for_replaces_of_the_dead() -> None:
    """What cannot add shares at the venue adds none."""
    _, orders = table()
    orders.approve(buy(1, 200))

    assert orders.added_open(CancelOrder(9, 1, "SPY"))[1] == 0
    assert orders.added_open(replace_buy(9, 7, 500)) == (Side.BUY, 0)
    assert orders.added_open(replace_buy(9, 1, 500)) == (Side.BUY, 300)
    assert orders.added_open(ReplaceOrder(9, 1, "SPY", Side.SELL, 500, 1)) == (Side.SELL, 500)
    assert orders.added_open(sell(9, 70)) == (Side.SELL, 70)


def test_a_fill_that_nobody_can_place_is_told() -> None:
    """An unknown id, a replace that was not accepted, and more than was open are each answered with False."""
    _, orders = table()
    orders.approve(buy(1, 100))
    orders.accept(1)
    orders.approve(replace_buy(2, 1, 200))

    assert orders.fill(9, 10) is False
    assert orders.fill(2, 10) is False
    assert orders.fill(1, 101) is False
    assert orders.get(1) is None


def test_answers_for_orders_that_are_not_live_change_nothing() -> None:
    """Late answers find no order and leave no trace."""
    world, orders = table()
    orders.accept(1)
    orders.end(1, OrderState.CANCELLED, "x")
    orders.lose_sight(1, "x")

    assert (len(orders), len(world.log), orders.unknown) == (0, 0, 0)


def test_live_orders_are_listed_by_scope_oldest_first() -> None:
    """A symbol's scope leaves the other symbols out."""
    _, orders = table()
    orders.approve(buy(1))
    orders.approve(NewOrder(2, "AAPL", Side.SELL, 50, buy(1).kind, 1))
    orders.approve(sell(3))

    assert [order.order_id for order in orders.live()] == [1, 2, 3]
    assert [order.order_id for order in orders.live("SPY")] == [1, 3]


STEP = st.tuples(
    st.sampled_from(["buy", "sell", "replace", "accept", "fill", "cancel", "reject", "lose"]),
    st.integers(0, 30),
    st.integers(1, 400),
)


@given(st.lists(STEP, max_size=120))
def test_the_running_sums_always_equal_a_naive_recount(steps: list[tuple[str, int, int]]) -> None:
    """After any sequence of events, possible or not, the sums are what a walk over all live orders gives."""
    world, orders = table()
    for number, (what, pick, qty) in enumerate(steps, start=100):
        live = list(orders.live())
        chosen = live[pick % len(live)].order_id if live else pick
        match what:
            case "buy":
                orders.approve(buy(number, qty))
            case "sell":
                orders.approve(sell(number, qty))
            case "replace":
                orders.approve(replace_buy(number, chosen, qty))
            case "accept":
                orders.accept(chosen)
            case "fill":
                orders.fill(chosen, qty)
            case "lose":
                orders.lose_sight(chosen, "lost")
            case _:
                orders.end(chosen, OrderState.CANCELLED if what == "cancel" else OrderState.REJECTED, what)
        live = list(orders.live())
        for side in Side:
            assert orders.working("SPY", side) == sum(order.open_qty for order in live if order.side is side)
        assert orders.unknown == sum(order.state is OrderState.UNKNOWN for order in live)
        assert all(order.open_qty >= 0 for order in live)
    final = {record.order_id: record.state for record in world.log.of(DeskOrder)}
    assert {order.order_id: order.state.value for order in orders.live()} == {
        order_id: state for order_id, state in final.items() if state in ("pending", "working", "unknown")
    }


@given(st.integers(1, 500), st.integers(0, 499), st.integers(1, 500))
def test_a_replace_in_flight_never_counts_less_than_either_outcome(old: int, filled: int, new: int) -> None:
    """Whether the venue takes or refuses the replace, the shares then open were counted before."""
    filled %= old
    counts = []
    for accepted in (True, False):
        _, orders = table()
        orders.approve(buy(1, old))
        orders.accept(1)
        if filled:
            orders.fill(1, filled)
        orders.approve(replace_buy(2, 1, new))
        before = orders.working("SPY", Side.BUY)
        if accepted:
            orders.accept(2)
        else:
            orders.end(2, OrderState.REJECTED, "too_late")
        counts.append((before, orders.working("SPY", Side.BUY)))

    assert all(before >= after for before, after in counts)
    assert counts[0][0] == max(after for _, after in counts)


def test_an_order_made_smaller_counts_for_what_is_left() -> None:
    """Of 300 shares 100 are filled, then 50 are open; a later replace is compared with the new total."""
    _, orders = table()
    orders.approve(buy(1, 300))
    orders.accept(1)
    orders.fill(1, 100)
    orders.restate(1, 50)
    orders.restate(77, 50)

    assert orders.working("SPY", Side.BUY) == 50
    assert orders.added_open(replace_buy(2, 1, 160)) == (Side.BUY, 10)
