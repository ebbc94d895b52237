"""The orderly flatten: within its participation, inside its collar, never through zero, never on a bad quote."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.governance import Control, Level, Reduce
from engine.domain.orders import NewOrder, OrderKind, Origin, Side, TimeInForce
from engine.trading.limits import Bound, FlattenRules, Limits
from engine.trading.reference import ReferenceGovernor

from .plain_view import (
    MS,
    QQQ,
    SPY,
    USD,
    PlainView,
    S,
    desk_view,
    fill,
    firm_limits,
    instrument_limits,
    limits,
)

RULES = FlattenRules(participation_pct=10, collar_pct=1, slice_ms=500)


def flattening(view: PlainView, given_limits: Limits | None = None) -> ReferenceGovernor:
    """A governor that was told to flatten the firm, now."""
    ours = ReferenceGovernor(given_limits or limits(flatten=RULES), (SPY, QQQ), "2025-08-05")
    ours.on_control(Control("flatten", "firm", Level.L3, "a"), view)
    return ours


def slices(ours: ReferenceGovernor, view: PlainView) -> list[NewOrder]:
    """The orders that the timer sends."""
    return [command.order for command in ours.on_timer(view) if isinstance(command, Reduce)]


def trade(view: PlainView, shares: int, symbol: str = "SPY") -> None:
    """Others trade at the venue."""
    view.volumes[symbol] = view.volume(symbol) + shares


def test_a_slice_is_an_ioc_order_of_the_governor_at_the_collar() -> None:
    """Ten percent of 1,000 shares, one percent under the bid of 99.99, rounded up to the cent."""
    view = desk_view(position=1_000)
    ours = flattening(view)
    trade(view, 1_000)

    assert slices(ours, view) == [
        NewOrder(0, "SPY", Side.SELL, 100, OrderKind.LIMIT, 99_000_000, TimeInForce.IOC, Origin.GOVERNOR)
    ]


@pytest.mark.parametrize("position", [1_000, -1_000])
@pytest.mark.parametrize(("bid", "ask"), [(99.99, 100.01), (0.01, 0.02), (33.33, 33.34)])
def test_a_slice_never_crosses_its_collar(position: int, bid: float, ask: float) -> None:
    """However coarse the grid, and on both sides."""
    view = desk_view(position)
    view.show(bid, ask)
    ours = flattening(view)
    trade(view, 1_000)

    (order,) = slices(ours, view)

    assert order.limit_micros is not None
    assert order.side is (Side.SELL if position > 0 else Side.BUY)
    assert SPY.on_grid(order.limit_micros)
    touch = round((bid if position > 0 else ask) * USD)
    away = touch - order.limit_micros if position > 0 else order.limit_micros - touch
    assert 0 <= away * 100 <= touch


def test_volume_before_the_flatten_does_not_count() -> None:
    """Nothing has traded since it began, so nothing may be sent."""
    view = desk_view(position=1_000)
    trade(view, 10**6)
    ours = flattening(view)

    assert slices(ours, view) == []


@pytest.mark.parametrize(
    ("volume", "qty"), [(9, 0), (10, 1), (19, 1), (20, 2), (4_990, 499), (5_000, 500), (9_000, 500)]
)
def test_a_slice_is_within_participation_and_order_size(volume: int, qty: int) -> None:
    """Whole shares, rounded down; never over the hard order size of 500."""
    view = desk_view(position=1_000)
    ours = flattening(view)
    trade(view, volume)

    assert [order.qty for order in slices(ours, view)] == ([qty] if qty else [])


def test_a_slice_is_within_the_order_notional() -> None:
    """10,000 USD at a bid of 99.99 is 100 shares."""
    view = desk_view(position=1_000)
    spy = instrument_limits(order_notional=Bound(hard=10_000))
    ours = flattening(view, limits(spy=spy, flatten=RULES))
    trade(view, 10**6)

    assert [order.qty for order in slices(ours, view)] == [100]


def test_a_missing_order_limit_does_not_stop_the_flatten() -> None:
    """Going safe does not wait for a document."""
    view = desk_view(position=1_000)
    ours = flattening(view, limits(spy=instrument_limits(order_qty=None, order_notional=None), flatten=RULES))
    trade(view, 10**6)

    assert [order.qty for order in slices(ours, view)] == [1_000]


def test_a_slice_is_never_more_than_the_position() -> None:
    """The last slice ends at zero."""
    view = desk_view(position=30)
    ours = flattening(view)
    trade(view, 10**6)

    assert [order.qty for order in slices(ours, view)] == [30]
    view.positions["SPY"] = 0
    view.now_ns += S
    view.show(99.99, 100.01)
    assert slices(ours, view) == []


def test_a_slice_on_its_way_is_waited_for() -> None:
    """At most one per symbol; an order in an unknown state is one."""
    view = desk_view(position=1_000)
    ours = flattening(view)
    trade(view, 1_000)
    (order,) = slices(ours, view)
    view.live[7] = ("SPY", order.side, order.qty)
    view.now_ns += 5 * S
    view.show(99.99, 100.01)
    trade(view, 10**6)

    assert slices(ours, view) == []


def test_slices_keep_their_distance() -> None:
    """Half a second between two."""
    view = desk_view(position=1_000)
    ours = flattening(view)
    trade(view, 1_000)
    assert len(slices(ours, view)) == 1

    view.now_ns += 499 * MS
    assert slices(ours, view) == []
    view.now_ns += 1 * MS
    assert len(slices(ours, view)) == 1


def test_own_fills_use_up_the_participation_and_unfilled_shares_come_back() -> None:
    """Of 100 sent 40 were filled: 60 may be sent again."""
    view = desk_view(position=1_000)
    ours = flattening(view)
    trade(view, 1_000)
    slices(ours, view)
    view.positions["SPY"] = 960
    ours.on_fill(fill(1, Side.SELL, 40), view)
    view.now_ns += 500 * MS

    assert [order.qty for order in slices(ours, view)] == [60]


def test_fills_of_the_strategy_count_as_own() -> None:
    """Participation is the desk's, whoever sent the order."""
    view = desk_view(position=1_000)
    ours = flattening(view)
    trade(view, 1_000)
    ours.on_fill(fill(1, Side.BUY, 70), view)

    assert [order.qty for order in slices(ours, view)] == [30]


@pytest.mark.parametrize(
    ("bid", "ask", "age_ns", "sent"),
    [
        (99.99, 100.01, 500 * MS, True),
        (99.99, 100.01, 500 * MS + 1, False),
        (0, 100.01, 0, False),
        (99.99, 0, 0, True),
        (0, 0, 0, False),
    ],
)
def test_nothing_is_sent_on_a_quote_that_is_old_or_empty(bid: float, ask: float, age_ns: int, sent: bool) -> None:
    """A sell needs a bid, and a fresh one."""
    view = desk_view(position=1_000)
    ours = flattening(view)
    trade(view, 1_000)
    view.show(bid, ask, age_ns=age_ns)

    assert bool(slices(ours, view)) is sent


def test_nothing_is_sent_without_a_quote_a_session_or_an_age_limit() -> None:
    """Each of them alone is enough to wait."""
    view = desk_view(position=1_000)
    ours, blind = flattening(view), flattening(view, limits(firm=firm_limits(quote_age=None), flatten=RULES))
    trade(view, 1_000)

    view.session_up = False
    assert slices(ours, view) == []
    view.session_up = True
    quote = view.quotes.pop("SPY")
    assert slices(ours, view) == []
    view.quotes["SPY"] = quote
    assert slices(blind, view) == []
    assert len(slices(ours, view)) == 1


def test_every_symbol_is_flattened_and_a_short_one_bought_back() -> None:
    """Each by its own volume."""
    view = desk_view(position=1_000)
    view.positions["QQQ"] = -300
    ours = flattening(view)
    trade(view, 1_000)
    trade(view, 500, "QQQ")

    assert [(o.symbol, o.side, o.qty) for o in slices(ours, view)] == [("SPY", Side.SELL, 100), ("QQQ", Side.BUY, 50)]


def test_a_symbol_alone_may_be_flattened() -> None:
    """The other keeps its position."""
    view = desk_view(position=1_000)
    view.positions["QQQ"] = 300
    ours = ReferenceGovernor(limits(flatten=RULES), (SPY, QQQ), "2025-08-05")
    ours.on_control(Control("flatten", "QQQ", Level.L3, "a"), view)
    trade(view, 1_000)
    trade(view, 1_000, "QQQ")

    assert [order.symbol for order in slices(ours, view)] == ["QQQ"]


def test_a_lot_is_not_broken() -> None:
    """110 shares allowed in lots of 100 is one lot."""
    view = desk_view(position=1_000)
    ours = ReferenceGovernor(limits(flatten=RULES), (replace(SPY, lot=100), QQQ), "2025-08-05")
    ours.on_control(Control("flatten", "firm", Level.L3, "a"), view)
    trade(view, 1_100)

    assert [order.qty for order in slices(ours, view)] == [100]


def test_rearming_ends_the_flatten() -> None:
    """What two people re-armed is not sold any more."""
    view = desk_view(position=1_000)
    ours = flattening(view)
    trade(view, 1_000)
    for who in ("a", "b"):
        ours.on_control(Control("resume", "firm", Level.RUNNING, who), view)

    assert slices(ours, view) == []


@given(
    position=st.integers(-2_000, 2_000),
    steps=st.lists(st.tuples(st.integers(0, 3_000), st.integers(0, 100), st.integers(0, 900)), max_size=40),
    participation_pct=st.sampled_from([0.5, 7.0, 9.0, 29.0, 100.0]),
)
@settings(max_examples=200, deadline=None)
def test_a_flatten_keeps_to_its_share_and_never_flips(
    position: int, steps: list[tuple[int, int, int]], participation_pct: float
) -> None:
    """Whatever trades, and whatever part of a slice is filled: own ≤ p · V, and the position only shrinks."""
    view = desk_view(position)
    rules = FlattenRules(participation_pct=participation_pct, collar_pct=1, slice_ms=100)
    ours = flattening(view, limits(flatten=rules))
    own = 0
    for volume, filled_pct, wait_ms in steps:
        trade(view, volume)
        view.now_ns += wait_ms * MS
        view.show(99.99, 100.01)
        for order in slices(ours, view):
            qty = order.qty * filled_pct // 100
            own += order.qty
            assert own * 100 <= participation_pct * view.volume("SPY")
            own -= order.qty - qty
            view.positions["SPY"] = view.position("SPY") + order.side * qty
            assert view.position("SPY") * position >= 0
            if qty:
                ours.on_fill(fill(0, order.side, qty, order_id=77), view)
    assert abs(view.position("SPY")) <= abs(position)
