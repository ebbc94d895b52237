"""Orders and instruments: the price grid, and signs that can be multiplied."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.orders import LIVE_STATES, Instrument, OrderState, Side

SPY = Instrument("SPY", 540_000_000, 10_000)
TICKS = st.sampled_from([1, 100, 5_000, 10_000, 1_000_000])
PRICES = st.integers(1, 10**15)


def test_a_side_is_the_sign_of_a_change() -> None:
    """Buying adds, selling takes away, and each is the other's opposite."""
    assert [Side.BUY * 100, Side.SELL * 100] == [100, -100]
    assert (Side.BUY.opposite, Side.SELL.opposite) == (Side.SELL, Side.BUY)


@pytest.mark.parametrize(
    ("price_micros", "expected"),
    [
        (540_000_000, True),
        (540_010_000, True),
        (10_000, True),
        (540_005_000, False),
        (1, False),
        (0, False),
        (-10_000, False),
    ],
)
def test_a_price_is_on_the_grid_if_it_is_a_positive_number_of_ticks(price_micros: int, expected: bool) -> None:
    """Zero and negative prices are not."""
    assert SPY.on_grid(price_micros) is expected


@pytest.mark.parametrize(
    ("price", "down", "up"),
    [
        (540_000_000, 540_000_000, 540_000_000),
        (540_000_001, 540_000_000, 540_010_000),
        (540_009_999.5, 540_000_000, 540_010_000),
        (9_999, 10_000, 10_000),
        (0, 10_000, 10_000),
        (-5, 10_000, 10_000),
    ],
)
def test_prices_are_put_on_the_grid_downwards_and_upwards(price: float, down: int, up: int) -> None:
    """At least one tick, however low the price was."""
    assert (SPY.down_to_grid(price), SPY.up_to_grid(price)) == (down, up)


@given(TICKS, PRICES)
def test_the_grid_is_around_every_price(tick_micros: int, price_micros: int) -> None:
    """Below is never above, above never below, and both are less than a tick away and on the grid."""
    instrument = Instrument("X", 1, tick_micros)
    down, up = instrument.down_to_grid(price_micros), instrument.up_to_grid(price_micros)

    assert instrument.on_grid(down)
    assert instrument.on_grid(up)
    assert up - tick_micros < price_micros <= up
    assert down == tick_micros or down <= price_micros < down + tick_micros


@given(TICKS, st.integers(1, 10**9))
def test_a_price_on_the_grid_stays_where_it_is(tick_micros: int, ticks: int) -> None:
    """Putting it on the grid again changes nothing."""
    instrument = Instrument("X", 1, tick_micros)
    price = ticks * tick_micros

    assert (instrument.down_to_grid(price), instrument.up_to_grid(price)) == (price, price)


def test_what_may_still_fill_is_live() -> None:
    """Unknown counts: an order that nobody has an answer for may be working."""
    assert {state for state in OrderState if state in LIVE_STATES} == {
        OrderState.PENDING,
        OrderState.WORKING,
        OrderState.UNKNOWN,
    }
