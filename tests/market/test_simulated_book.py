"""One symbol of the order book model: what it says, when it says it, and that slices change nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.base.units import NS_PER_MS, NS_PER_S
from engine.domain.orders import Instrument, NewOrder, OrderKind, Side, TimeInForce
from engine.domain.ports import Execution, MarketEvent
from engine.domain.quotes import Quote, Trade
from engine.kernel.world import World
from engine.market.order_book import BookInstrument
from engine.market.order_book_market import OrderBookMarket, simulated_book
from engine.market.simulated_book import SimulatedBook

TICK_MICROS = 10_000
PRICE_MICROS = 223_000_000
INSTRUMENT = Instrument("AMZN", PRICE_MICROS, TICK_MICROS)
DOCUMENT = BookInstrument(symbol="AMZN", price=223.0)


def book(*, seed: int = 1, feed_ms: int = 0) -> SimulatedBook:
    """A book of the default flow."""
    return simulated_book(DOCUMENT, INSTRUMENT, World(seed), feed_ms * NS_PER_MS)


def order(
    order_id: int, side: Side, qty: int, limit_micros: int | None, tif: TimeInForce = TimeInForce.DAY
) -> NewOrder:
    """An order of the desk."""
    kind = OrderKind.MARKET if limit_micros is None else OrderKind.LIMIT
    return NewOrder(order_id, "AMZN", side, qty, kind, limit_micros, tif)


def played(each: SimulatedBook, stops: Sequence[int], orders: dict[int, NewOrder]) -> list[MarketEvent]:
    """What *each* says when it is read at *stops*, with *orders* sent at their times, which are among them."""
    events: list[MarketEvent] = []
    for stop_ns in stops:
        events += each.advance(stop_ns)
        if stop_ns in orders:
            events += each.executions(orders[stop_ns], each.submit(stop_ns, 1, orders[stop_ns]))
            events += each.advance(stop_ns)
    return events


ORDERS = {
    5 * NS_PER_S: order(1, Side.BUY, 150, None),
    9 * NS_PER_S: order(2, Side.SELL, 300, PRICE_MICROS + 20 * TICK_MICROS),
    20 * NS_PER_S: order(3, Side.BUY, 500, PRICE_MICROS + 30 * TICK_MICROS, TimeInForce.IOC),
    31 * NS_PER_S: order(4, Side.BUY, 200, PRICE_MICROS - 5 * TICK_MICROS),
}
END_NS = 60 * NS_PER_S


@pytest.mark.parametrize("feed_ms", [0, 100])
def test_slices_of_a_millisecond_and_of_a_tenth_of_a_second_give_the_same(feed_ms: int) -> None:
    """Pending arrivals are kept, so how often the book is read changes neither what it says nor what it is."""
    fine, coarse = book(feed_ms=feed_ms), book(feed_ms=feed_ms)
    by_ms = played(fine, range(0, END_NS + 1, NS_PER_MS), ORDERS)
    by_tenths = played(coarse, range(0, END_NS + 1, 100 * NS_PER_MS), ORDERS)
    assert by_ms == by_tenths
    assert fine.book.digest() == coarse.book.digest()
    assert len(by_ms) > 50


@settings(deadline=None, max_examples=20)
@given(reads=st.lists(st.integers(0, END_NS), max_size=40), seed=st.integers(0, 50))
def test_extra_reads_at_any_time_change_nothing(reads: list[int], seed: int) -> None:
    """A read moves the book to an instant, and the rest follows as it would have."""
    plain, read = book(seed=seed), book(seed=seed)
    stops = [*ORDERS, END_NS]
    assert played(plain, stops, ORDERS) == played(read, sorted({*stops, *reads}), ORDERS)
    assert plain.book.digest() == read.book.digest()


@pytest.mark.parametrize("feed_ms", [0, 100])
def test_a_fill_of_the_desk_stops_the_book_at_its_very_instant(feed_ms: int) -> None:
    """The desk hears of a fill when it happens, also while the feed is held back."""
    each = book(feed_ms=feed_ms)
    each.advance(NS_PER_S)
    bid_micros = each.quote(NS_PER_S).bid_micros
    each.submit(NS_PER_S, 1, order(1, Side.BUY, 100, bid_micros + TICK_MICROS))
    while True:
        reached_ns = each.look_ahead(600 * NS_PER_S)
        fills = [event for event in each.advance(reached_ns) if isinstance(event, Execution)]
        if fills:
            break
        assert reached_ns < 600 * NS_PER_S, "nobody sold to the best bid in ten minutes"
    assert [fill.t_ns for fill in fills] == [reached_ns] * len(fills)
    assert each.flow.now_ns == reached_ns
    assert fills[0].maker
    assert fills[0].left == 100 - fills[0].qty


def test_a_feed_every_tenth_of_a_second_prints_the_same_volume_as_one_of_every_change() -> None:
    """Conflation holds quotes back and adds trades up; it loses no share."""
    every, tenth = book(feed_ms=0), book(feed_ms=100)
    volume = [
        sum(event.qty for event in played(each, [END_NS], {}) if isinstance(event, Trade)) for each in (every, tenth)
    ]
    assert volume[0] == volume[1] > 0


def test_quotes_are_said_once_and_never_crossed() -> None:
    """Each quote differs from the one before, and bid stays below ask."""
    quotes = [event for event in played(book(), [END_NS], {}) if isinstance(event, Quote)]
    tops = [(quote.bid_micros, quote.bid_qty, quote.ask_micros, quote.ask_qty) for quote in quotes]
    assert all(one != other for one, other in pairwise(tops))
    assert all(quote.bid_micros < quote.ask_micros for quote in quotes if quote.two_sided)
    assert quotes[0].t_ns == 0


def test_what_the_desk_takes_moves_the_reference_price() -> None:
    """The others learn from an aggressive order of the desk as from any other."""
    each = book()
    each.advance(NS_PER_S)
    before = each.flow.reference_tick
    each.submit(NS_PER_S, 1, order(1, Side.SELL, 400, None))
    assert each.flow.reference_tick < before


def test_nobody_trades_while_trading_is_halted_and_quotes_go_on() -> None:
    """A halt stops matches, not adds and cancels: depth may come back in a pause."""
    each = book()
    each.advance(5 * NS_PER_S)
    each.set_trading(trading=False)
    halted = each.advance(120 * NS_PER_S)
    assert not [event for event in halted if not isinstance(event, Quote)]
    assert len(halted) > 10
    each.set_trading(trading=True)
    assert [event for event in each.advance(300 * NS_PER_S) if isinstance(event, Trade)]


def test_bands_hold_quotes_and_trades_inside() -> None:
    """Nobody bids above the upper band, offers below the lower, or trades outside."""
    each = book()
    each.advance(10 * NS_PER_S)
    mid_micros = each.quote(0).mid_micros
    assert mid_micros is not None
    lower = INSTRUMENT.down_to_grid(mid_micros - 5 * TICK_MICROS)
    upper = INSTRUMENT.up_to_grid(mid_micros + 5 * TICK_MICROS)
    each.set_bands(lower, upper, 10 * NS_PER_S)
    events = each.advance(600 * NS_PER_S)
    assert all(lower <= event.price_micros <= upper for event in events if isinstance(event, Trade))
    later = [event for event in events if isinstance(event, Quote) and event.t_ns > 10 * NS_PER_S]
    assert all(quote.bid_micros <= upper for quote in later)
    assert all(quote.ask_micros >= lower for quote in later if quote.ask_micros)


def test_an_auction_trades_at_one_price_and_leaves_the_rest() -> None:
    """Orders collected in a stop meet the book at a single price; what is left of them rests."""
    each = book()
    each.advance(10 * NS_PER_S)
    each.set_trading(trading=False)
    quote = each.quote(0)
    wish = order(1, Side.BUY, 1_000, quote.ask_micros + 2 * TICK_MICROS)
    events = each.uncross(10 * NS_PER_S, [wish], quote.ask_micros)
    fills = [event for event in events if isinstance(event, Execution)]
    assert len({fill.price_micros for fill in fills}) == 1
    assert each.book.left(1) == 1_000 - sum(fill.qty for fill in fills)
    each.book.check()


def test_several_books_give_the_same_however_often_they_are_read() -> None:
    """Books of one market are moved together, the earliest message first."""

    def market() -> OrderBookMarket:
        world = World(3)
        other = Instrument("XYZ", 50_000_000, TICK_MICROS)
        return OrderBookMarket(
            [
                simulated_book(DOCUMENT, INSTRUMENT, world, 0),
                simulated_book(BookInstrument(symbol="XYZ", price=50.0), other, world, 0),
            ]
        )

    often, seldom, chance = market(), market(), Random(1)  # noqa: S311 - times to read at
    stops = sorted({*(chance.randrange(END_NS) for _ in range(500)), END_NS})
    read = [event for stop_ns in stops for event in often.advance(stop_ns)]
    assert read == list(seldom.advance(END_NS))
    ahead = market()
    heard: list[MarketEvent] = []
    while True:
        reached_ns = ahead.look_ahead(END_NS)
        if not ahead.pending:
            break
        heard += ahead.advance(reached_ns)
    assert heard == read


def test_a_feed_at_intervals_repeats_a_top_that_has_stood_half_a_second() -> None:
    """A quiet market is no dead feed: whoever asks how old the quote is finds it at most half a second old."""
    quiet = replace(DOCUMENT, flow=replace(DOCUMENT.flow, messages_per_s=0.1))
    each = simulated_book(quiet, INSTRUMENT, World(1), 100 * NS_PER_MS)
    quotes = [event for event in each.advance(120 * NS_PER_S) if isinstance(event, Quote)]

    gaps = {later.t_ns - earlier.t_ns for earlier, later in pairwise(quotes)}
    assert max(gaps) == 500 * NS_PER_MS
    assert any(replace(later, t_ns=earlier.t_ns) == earlier for earlier, later in pairwise(quotes))


def test_a_feed_of_every_change_says_nothing_while_nothing_changes() -> None:
    """It is the market itself, and has no times of its own."""
    quotes = [event for event in book().advance(60 * NS_PER_S) if isinstance(event, Quote)]

    assert not any(replace(later, t_ns=earlier.t_ns) == earlier for earlier, later in pairwise(quotes))
