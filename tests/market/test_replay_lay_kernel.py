"""Tests of levers, halts, bands and stops over a tape's order book."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.ports import Execution
from engine.domain.quotes import Quote, Trade
from engine.market import replay_arrays as at
from engine.market.replay_market import ReplayMarket

from .samples import BUY, MS, SELL, S, at_market, limit, parts, sides
from .tape_samples import DEEP, MID, STEPS, Exchange, Step, opened, scripted
from .test_replay_order_book import book_of, cents, market_of, row_of, shown

QUIET = 1_000
"""A second of a quiet tape, in messages."""


def busy(levels: int = 3, extra: int = 60) -> Exchange:
    """Seven levels on each side, and a tape that says something far behind every millisecond."""
    exchange = opened(levels, DEEP)
    for n in range(extra):
        exchange.hidden(1, 1 + n, MID)
    return exchange


def pull(market: ReplayMarket, **factors: float) -> None:
    """Set levers."""
    for name, value in factors.items():
        setattr(market.levers("TEST"), f"{name}_factor", value)


def quote(market: ReplayMarket, t_ns: int) -> tuple[float, int, float, int]:
    """The quote after some more of the tape."""
    market.advance(t_ns)
    return sides(market.quote("TEST"))


# ---- price


def test_a_falling_market_fills_what_it_reaches() -> None:
    """At the order's limit, and no more than is shown there or better."""
    market = market_of(busy())
    market.submit(cents(1, BUY, 400, 9_950))
    pull(market, price=0.994)
    events = market.advance(S)

    assert parts(events) == [(1, 110, 99.5), (1, 120, 99.5), (1, 130, 99.5)]
    assert sides(market.quote("TEST")) == (99.39, 110, 0, 0)
    assert market.cancel(1) == 40, "the tape shows three levels, and so 360 shares"


def test_those_who_come_from_another_price_stand_behind() -> None:
    """The bids at the desk's price moved down; those from above came there after it."""
    market = market_of(busy())
    market.submit(cents(1, BUY, 10, MID - 3))
    before = book_of(market).ahead(1)
    pull(market, price=0.9999)
    market.advance(S)

    assert (before, book_of(market).ahead(1)) == (130, 0)
    assert shown(market, 1) == [(MID - 2, 110), (MID - 3, 130), (MID - 4, 130)]


def test_a_moved_market_keeps_its_orders_in_line() -> None:
    """Two orders at a price are in the same order at the next."""
    exchange = opened(1, DEEP)
    exchange.add(1, 40, MID - 1)
    exchange.add(1, 50, MID - 1)
    for _ in range(9):
        exchange.hidden(1, 1, MID)
    market = market_of(exchange)
    market.advance(S + MS)
    pull(market, price=0.5)
    market.advance(S + 2 * MS)

    assert [qty for _, _, qty in book_of(market).book.queue(4_999)] == [110, 40, 50]


@pytest.mark.parametrize("factor", [0.0, 1e-9, 0.004, 0.3, 3.0])
def test_no_price_factor_crosses_the_book(factor: float) -> None:
    """Even where all prices fall on one tick, nobody of the tape trades with the other side."""
    market = market_of(busy())
    pull(market, price=factor)
    events = [event for event in market.advance(S + 3 * MS) if not isinstance(event, Trade) or event.qty > 9]
    quote = market.quote("TEST")

    assert 0 < quote.bid_micros < quote.ask_micros
    assert [type(event) for event in events] == [Quote]


# ---- depth, spread, volume


def test_depth_thins_out_in_place() -> None:
    """Half of those ahead are half as far; when they come back they stand where they stood."""
    exchange = opened(1, DEEP)
    exchange.add(1, 41, MID - 1)
    for _ in range(9):
        exchange.hidden(1, 1, MID)
    market = market_of(exchange)
    market.submit(cents(1, BUY, 10, MID - 1))
    ahead = []
    for row, depth in enumerate((1.0, 0.5, 0.0, 1.0)):
        pull(market, depth=depth)
        market.advance(S + row * MS)
        ahead.append((book_of(market).ahead(1), market.quote("TEST").bid_qty))

    assert ahead == [(110, 151), (55, 75), (0, 0), (110, 151)]


def test_depth_is_that_of_the_level_and_not_of_its_orders() -> None:
    """A third of ten orders of a share is three shares, not ten times none."""
    exchange = opened(1, ((1, 100, MID - 2), (-1, 100, MID + 1)))
    for _ in range(10):
        exchange.add(1, 1, MID - 1)
    exchange.hidden(1, 1, MID)
    market = market_of(exchange)
    market.advance(S + 9 * MS)
    pull(market, depth=0.33)

    assert quote(market, 2 * S) == (99.99, 3, 100.01, 33)


def test_what_the_desk_took_is_missing_from_a_thinner_book_too() -> None:
    """Of 110 a half is 55, less the 30 that it took."""
    market = market_of(busy())
    market.submit(at_market(1, BUY, 30, "TEST"))
    pull(market, depth=0.5)
    thin = quote(market, S)
    pull(market, depth=1.0)

    assert (thin[3], quote(market, 2 * S)[3]) == (25, 80)


def test_a_wider_spread_moves_both_sides() -> None:
    """Five times two cents: four cents each way."""
    market = market_of(busy())
    pull(market, spread=5.0)

    assert quote(market, S) == (99.95, 110, 100.05, 110)


def test_more_volume_reaches_farther_and_leaves_the_book_as_it_was() -> None:
    """An execution of 50 is one of 150: past the 110 it fills the desk's 10; the tape's order loses 50."""
    exchange = opened(1, DEEP)
    exchange.trade(-1, 50)
    market = market_of(exchange)
    market.submit(cents(1, BUY, 10, MID - 1))
    pull(market, volume=3.0)
    events = market.advance(2 * S)

    assert parts(events) == [(1, 10, 99.99)]
    assert sum(event.qty for event in events if isinstance(event, Trade)) == 140
    assert sides(market.quote("TEST")) == (99.99, 60, 100.01, 110)


def test_without_volume_nobody_trades() -> None:
    """The tape's order is gone all the same."""
    exchange = opened(1, DEEP)
    exchange.trade(-1, 50)
    market = market_of(exchange)
    market.submit(cents(1, BUY, 10, MID))
    pull(market, volume=0.0)

    assert [type(event) for event in market.advance(2 * S)] == [Quote]
    assert sides(market.quote("TEST")) == (99.99, 60, 100.01, 110)


FACTORS = (0.0, 0.004, 0.5, 0.97, 1.2, 3.0)
PULLS = st.lists(
    st.tuples(st.sampled_from(["price", "depth", "spread", "volume"]), st.sampled_from(FACTORS)), max_size=5
)


@settings(max_examples=80, deadline=None)
@given(STEPS, PULLS, st.integers(1, 3))
def test_levers_let_go_leave_nothing_behind(steps: list[Step], pulls: list[tuple[str, float]], levels: int) -> None:
    """Without the desk the book is the tape's again."""
    exchange = scripted(levels, steps)
    exchange.hidden(1, 1, MID)
    market = market_of(exchange)
    last_ns = S + (len(exchange.says) - 1) * MS
    for n, (name, asked) in enumerate(pulls):
        factor = max(asked, 0.5) if name == "spread" else asked  # no fault closes a spread; 0 is known to leave traces
        pull(market, **{name: factor})
        market.advance(S - 2 * MS + n * (last_ns - S) // 6)
        book_of(market).book.check()
    market.advance(last_ns - 1)
    pull(market, price=1.0, depth=1.0, spread=1.0, volume=1.0)
    market.advance(last_ns)

    for side in (1, -1):
        assert shown(market, side, levels) == row_of(exchange, -1, side)


# ---- halts, stops, bands


def halted(*, resumes: bool = True) -> Exchange:
    """A tape on which trading is halted in its first message, and resumed in its fourth."""
    exchange = busy(extra=6)
    exchange.says[0] = (7, 0, 0, 0, -1)
    if resumes:
        exchange.says[3] = (7, 0, 0, 1, -1)
    return exchange


def test_a_halt_keeps_every_place() -> None:
    """The tape's orders come back before the desk's that came after them, and behind those that did not."""
    market = market_of(halted())
    market.submit(cents(1, BUY, 10, MID - 1))
    market.advance(S)
    shut = shown(market, 1)
    market.submit(cents(2, BUY, 20, MID - 1))

    assert market.submit(at_market(3, BUY, 10, "TEST")) == ()
    market.advance(2 * S)
    assert shut == [(MID - 1, 10)]
    assert (book_of(market).ahead(1), book_of(market).ahead(2)) == (110, 120)


def test_an_order_that_came_in_a_halt_is_filled_when_the_market_is_back() -> None:
    """At its limit."""
    market = market_of(halted())
    market.advance(S)
    market.submit(cents(1, BUY, 150, MID + 2))

    assert parts(market.advance(2 * S)) == [(1, 110, 100.02), (1, 40, 100.02)]


def test_while_the_venue_has_stopped_trading_the_tape_runs_beneath() -> None:
    """No quote, no print, no fill; then the quote of then, and every place as it was."""
    exchange = opened(1, DEEP)
    exchange.trade(-1, 50)
    exchange.add(1, 30, MID)
    exchange.hidden(1, 1, MID)
    market = market_of(exchange)
    market.submit(cents(1, BUY, 10, MID - 1))
    market.set_trading("TEST", trading=False)

    assert market.advance(2 * S) == ()
    assert sides(market.quote("TEST")) == (99.99, 110, 100.01, 110)
    market.set_trading("TEST", trading=True)
    assert [sides(event) for event in market.advance(3 * S) if isinstance(event, Quote)] == [(100.0, 30, 100.01, 110)]
    assert book_of(market).ahead(1) == 60


def test_nobody_of_the_tape_stands_beyond_a_band() -> None:
    """At once; what it reaches is filled, and all comes back with the bands gone."""
    market = market_of(busy())
    market.set_bands("TEST", 100_020_000, 101_000_000)
    held = quote(market, 1)
    market.set_bands("TEST", 0, 0)

    assert held == (99.99, 110, 100.02, 230)
    assert quote(market, 2) == (99.99, 110, 100.01, 110)


def test_an_execution_beyond_a_band_trades_with_nobody() -> None:
    """It is not printed and fills no one."""
    exchange = opened(1, DEEP)
    exchange.trade(-1, 50)
    market = market_of(exchange)
    market.submit(cents(1, BUY, 10, MID))
    market.set_bands("TEST", 99_995_000 // 10_000 * 10_000 + 10_000, 101_000_000)

    assert not [e for e in market.advance(2 * S) if isinstance(e, Trade | Execution)]


# ---- rows that cannot be shown


def test_a_crossed_row_is_made_good_by_the_next_sound_one() -> None:
    """Its message is not applied, and is not missing either."""
    exchange = opened(1, DEEP)
    exchange.add(1, 30, MID)
    exchange.reduce(1, 0, 10)
    crossed: Any = exchange.rows[1]
    exchange.rows[1] = ((99.0, 110), crossed[1])
    market = market_of(exchange)

    assert market.advance(S) == ()
    assert quote(market, 2 * S) == (100.0, 20, 100.01, 110)


def test_levels_far_out_are_quoted_and_cannot_be_traded() -> None:
    """A stub quote at 199,999.99 is as far as the tape has it; a market order finds nobody."""
    market = market_of(opened(1, ((1, 100, MID - 1), (-1, 100, 19_999_999))))

    assert sides(market.quote("TEST")) == (99.99, 100, 199_999.99, 100)
    assert market.submit(at_market(1, BUY, 10, "TEST")) == ()
    assert market.submit(limit(2, SELL, 10, 99.99, symbol="TEST")) != ()


def test_an_undisturbed_tape_needs_few_slots() -> None:
    """Those out of sight are given back: here there are never more than what a row shows."""
    exchange = opened(1, DEEP)
    for _ in range(500):
        exchange.add(1, 10, MID)
        exchange.reduce(1, 0, 10)
    market = market_of(exchange)
    market.advance(3 * S)

    assert book_of(market).tape[at.SLOTS_USED] < 6
