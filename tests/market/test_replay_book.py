"""Tests of the book of a tape under levers and orders."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.quotes import Quote, Trade
from engine.market.replay_book import ReplayBook

from .samples import BUY, SELL, at_market, limit, parts, sides

CALM = [100_020_000, 300, 100_000_000, 200, 100_030_000, 400, 99_990_000, 500]


def book(row: list[int] | None = None) -> ReplayBook:
    """100.00 to 100.02, two levels."""
    return ReplayBook("SPY", 10_000, CALM if row is None else row)


def turn(shown: ReplayBook, row: list[int], t_ns: int = 1) -> list[object]:
    """Show another row."""
    shown.move_to(np.array([row], np.int64), 0)
    return list(shown.show(t_ns))


def test_the_opening_row_is_the_first_quote() -> None:
    """And its middle, on the grid, the first price."""
    opened = book()

    assert sides(opened.quote) == (100.0, 200, 100.02, 300)
    assert opened.instrument.price_micros == 100_010_000


@pytest.mark.parametrize(
    ("factor", "bid", "ask"), [(0.5, 50.0, 50.01), (0.8333, 83.33, 83.35), (1.1, 110.0, 110.03), (0.0, 0.01, 0.02)]
)
def test_a_price_factor_is_snapped_outwards(factor: float, bid: float, ask: float) -> None:
    """Bid down, ask up, at least a tick apart."""
    moved = book()
    moved.levers.price_factor = factor
    turn(moved, CALM)

    assert sides(moved.quote)[0::2] == (bid, ask)


def test_a_spread_factor_widens_around_the_middle() -> None:
    """Three times two cents: three cents each way."""
    wide = book()
    wide.levers.spread_factor = 3
    turn(wide, CALM)

    assert sides(wide.quote)[0::2] == (99.98, 100.04)


@given(
    st.floats(0, 3),
    st.floats(0, 50),
    st.integers(1, 10**5),
    st.integers(1, 200),
    st.lists(st.integers(1, 50), min_size=2, max_size=2),
)
def test_no_lever_crosses_the_book(price: float, spread: float, bid: int, gap: int, steps: list[int]) -> None:
    """Whatever the factors, the quote is on the grid, at least a tick, and the ask above the bid."""
    row = [(bid + gap) * 10_000, 100, bid * 10_000, 100, (bid + gap + steps[0]) * 10_000, 5]
    row += [(bid - steps[1]) * 10_000, 5] if bid > steps[1] else [0, 0]
    moved = book(row)
    moved.levers.price_factor, moved.levers.spread_factor = price, spread
    turn(moved, row)
    quote = moved.quote

    assert 10_000 <= quote.bid_micros < quote.ask_micros
    assert quote.bid_micros % 10_000 == quote.ask_micros % 10_000 == 0


def test_a_lever_counts_from_the_next_row() -> None:
    """Until then orders meet what is shown."""
    thin = book()
    thin.levers.depth_factor = 0

    assert parts(thin.submit(0, at_market(1, BUY, 10))) == [(1, 10, 100.02)]


def test_an_order_takes_what_the_row_shows() -> None:
    """Up to its levels, at their prices; the rest of a market order dies."""
    shown = book()

    assert parts(shown.submit(0, at_market(1, BUY, 1_000))) == [(1, 300, 100.02), (1, 400, 100.03)]
    assert shown.cancel(1) == 0


def test_a_bid_is_filled_when_the_ask_reaches_it() -> None:
    """At its limit, and no more than shows there."""
    shown = book()
    shown.submit(0, limit(1, BUY, 500, 100.01))
    fell = [100_010_000, 120, 100_000_000, 200, 100_020_000, 300, 99_990_000, 500]

    assert parts(turn(shown, fell)) == [(1, 120, 100.01)]  # type: ignore[arg-type]
    assert sides(shown.quote) == (100.0, 200, 100.02, 300)
    assert parts(turn(shown, fell, 2)) == []  # type: ignore[arg-type]
    assert shown.cancel(1) == 380


def test_a_bid_is_filled_when_trading_goes_through_it() -> None:
    """An execution below the limit fills up to its size, at the limit; at the limit the queue is unknown."""
    shown = book()
    shown.submit(0, limit(1, BUY, 100, 100.01))

    assert parts(shown.trade(1, SELL, 500, 100_010_000)) == []
    assert parts(shown.trade(3, BUY, 500, 100_000_000)) == []
    assert parts(shown.trade(4, SELL, 60, 100_000_000)) == [(1, 60, 100.01)]
    assert parts(shown.trade(5, SELL, 60, 100_000_000)) == [(1, 40, 100.01)]


def test_an_execution_is_printed_at_its_price() -> None:
    """Also between two ticks."""
    shown = book()

    assert shown.trade(1, BUY, 30, 100_015_000) == [Trade(1, "SPY", 100_015_000, 30, BUY)]


def test_the_volume_lever_scales_prints() -> None:
    """From the next row on; a print of no share is none."""
    busy = book()
    busy.levers.volume_factor = 2.5
    turn(busy, CALM)
    assert busy.trade(1, BUY, 3, 100_020_000) == [Trade(1, "SPY", 100_020_000, 7, BUY)]

    busy.levers.volume_factor = 0.1
    turn(busy, CALM)
    assert busy.trade(2, BUY, 9, 100_020_000) == []


def test_prints_follow_the_price_lever() -> None:
    """An execution at the ask prints at the ask that shows."""
    half = book()
    half.levers.price_factor = 0.5
    turn(half, CALM)

    assert half.trade(1, BUY, 9, 100_020_000) == [Trade(1, "SPY", 50_010_000, 9, BUY)]


def test_a_one_sided_row_is_a_one_sided_quote() -> None:
    """Levels that are empty on the tape are 0/0."""
    alone = book()
    turn(alone, [0, 0, 100_000_000, 200, 0, 0, 99_990_000, 500])

    assert sides(alone.quote) == (100.0, 200, 0, 0)
    assert alone.submit(1, at_market(1, BUY, 5)) == ()


# ---- bands, stops, auctions


def test_a_level_of_the_tape_beyond_its_band_stands_at_it() -> None:
    """Under a price factor of a half the offers are held at 90.00; the bids show where they are."""
    held = book()
    held.set_bands(0, (90_000_000, 110_000_000))
    held.levers.price_factor = 0.5
    turn(held, CALM)

    assert sides(held.quote) == (50.0, 200, 90.0, 700)


def test_an_execution_of_the_tape_outside_the_bands_is_not_printed() -> None:
    """At the band it is; beyond it nobody is filled by it either."""
    held = book()
    held.set_bands(0, (99_000_000, 101_000_000))
    held.submit(0, limit(1, BUY, 10, 99.5))

    assert held.trade(1, SELL, 50, 98_990_000) == []
    assert [type(event).__name__ for event in held.trade(1, SELL, 50, 99_000_000)] == [
        "Trade",
        "Execution",
    ]


def test_bands_change_the_quote_of_a_tape_at_once() -> None:
    """And give it back when they go."""
    held = book()
    changed = held.set_bands(1, (100_500_000, 101_000_000))
    back = held.set_bands(2, (0, 0))

    assert [sides(quote) for quote in (*changed, *back) if isinstance(quote, Quote)] == [
        (100.0, 200, 100.5, 700),
        (100.0, 200, 100.02, 300),
    ]


def test_while_others_do_not_trade_the_tape_runs_unseen() -> None:
    """No quote, no print, no fill; the auction meets the row of now."""
    held = book()
    held.submit(0, limit(1, BUY, 10, 99.0))
    held.set_trading(0, trading=False)
    fallen = [98_020_000, 300, 98_000_000, 200, 98_030_000, 400, 97_990_000, 500]

    assert turn(held, fallen, 1) == []
    assert held.trade(2, SELL, 100, 98_000_000) == []
    assert sides(held.quote) == (100.0, 200, 100.02, 300)
    events = held.uncross(3, (limit(2, SELL, 20, 97.0),), 100_000_000)
    assert parts(events) == [(1, 10, 98.0), (2, 20, 98.0)]


def test_what_an_auction_leaves_of_an_order_rests_in_a_tapes_book() -> None:
    """Like any other."""
    held = book()
    held.set_trading(0, trading=False)
    held.uncross(3, (limit(2, SELL, 20, 101.0),), 100_000_000)

    assert held.cancel(2) == 20
