"""Tests of the order book that a tape's messages make, and of the desk's orders in it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.orders import NewOrder, Side
from engine.domain.ports import Execution, MarketEvent
from engine.domain.quotes import Trade
from engine.market import replay_arrays as at
from engine.market.replay_market import ReplayMarket
from engine.market.replay_order_book import TapeBook
from engine.market.tape import chunks, tape_in

from .real_data import real
from .samples import BUY, IOC, MS, SELL, S, at_market, limit, parts, replay, sides
from .tape_samples import DEEP, MID, STEPS, Exchange, Step, opened, scripted

Orders = list[tuple[str, int, int, int]]
"""Scripts of the desk: what, shares, ticks, milliseconds before."""
ORDERS = st.lists(
    st.tuples(
        st.sampled_from(["limit", "limit", "limit", "market", "ioc", "cancel"]),
        st.integers(1, 400),
        st.integers(-6, 6),
        st.integers(0, 30),
    ),
    max_size=8,
)


def market_of(exchange: Exchange) -> ReplayMarket:
    """A market that plays an exchange's tape; its first message is at one second."""
    with tempfile.TemporaryDirectory() as folder:
        market = replay(exchange.write(Path(folder)))
        market.advance(0)
        list(market.findings())
    return market


def book_of(market: ReplayMarket) -> TapeBook:
    """Its book."""
    return cast("TapeBook", market.book("TEST"))


def cents(order_id: int, side: Side, qty: int, ticks: int) -> NewOrder:
    """A day limit order at so many ticks."""
    return limit(order_id, side, qty, ticks / 100, symbol="TEST")


def shown(market: ReplayMarket, side: int, levels: int = 9) -> list[tuple[int, int]]:
    """Ticks and shares of each level of the book, the desk's orders included."""
    return book_of(market).book.levels(side, levels)


def row_of(exchange: Exchange, row: int, side: int) -> list[tuple[int, int]]:
    """Ticks and shares of each level of a side in a row of the tape."""
    cells = exchange.rows[row][1::2] if side > 0 else exchange.rows[row][0::2]
    return [(round(usd * 100), qty) for usd, qty in cells if qty]


def sound(market: ReplayMarket, *, levers: bool = False) -> None:
    """Prove that book and tape fit together: each order of the tape stands there with what it shows, and nobody of the
    background is there besides; without *levers* that is what it has, and what the desk has shifted.
    """
    shown = book_of(market)
    shown.book.check()
    there = {
        order_id: qty
        for side in (1, -1)
        for tick, _ in shown.book.levels(side, 1_000)
        for order_id, owner, qty in shown.book.queue(tick)
        if owner == 0
    }
    slots = {
        -(at.SLOTS_FROM + at.SLOT_COLUMNS * row): slot
        for row, slot in enumerate(at.slots(shown.tape).tolist())
        if slot[at.SIDE]
    }
    assert {name: slot[at.SHARES] for name, slot in slots.items() if slot[at.SHARES]} == there
    neutral = [max(slot[at.ON_TAPE] + slot[at.SHIFT], 0) for slot in slots.values()]
    assert levers or [slot[at.SHARES] for slot in slots.values()] == neutral
    assert all(slot[at.ON_TAPE] or slot[at.SHIFT] > 0 for slot in slots.values()), "a slot of nothing"


# ---- the tape alone


@settings(max_examples=150, deadline=None)
@given(STEPS, st.integers(1, 4))
def test_the_book_is_the_tapes_after_every_message(steps: list[Step], levels: int) -> None:
    """Also where levels come in from beyond the last, which no message tells."""
    exchange = scripted(levels, steps)
    market = market_of(exchange)
    for row in range(len(exchange.says)):
        market.advance(S + row * MS)
        for side in (1, -1):
            assert shown(market, side, levels) == row_of(exchange, row + 1, side)
    sound(market)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        pytest.param("AMZN", 0, 5_000, id="AMZN, the first messages"),
        pytest.param("AAPL", 0, 5_000, id="AAPL, the first messages"),
        pytest.param("AMZN", 100_000, 105_000, id="AMZN, begun late"),
        pytest.param("AMZN", 0, 155_935, id="AMZN", marks=pytest.mark.long),
        pytest.param("AAPL", 0, 118_497, id="AAPL", marks=pytest.mark.long),
    ],
)
def test_the_book_of_a_real_day_is_the_tapes_after_every_message(name: str, first: int, last: int) -> None:
    """All its levels, not only the first; begun within the day it stands on the row before."""
    tape = tape_in(real(name))
    book: TapeBook | None = None
    same = 0
    for chunk in chunks(tape):
        begun = max(first + 1 - chunk.first_row, 0)
        for place in range(begun, min(last + 1 - chunk.first_row, len(chunk.kind))):
            if book is None:
                book = TapeBook(tape.symbol, 10_000, chunk.book[max(place - 1, 0)].tolist())
            if place == begun:
                feed, known = at.fed(chunk.messages, np.array(chunk.stamp_ns), chunk.sound, book.tape)
                book.begin(chunk.book, chunk.book[0, :0])
                if chunk.first_row + place == 1:
                    at.shown_already(feed, 0)
            book.play(feed, chunk.book, known, place, place + 1, [])
            same += all(book.book.levels(side, tape.levels) == levels_of(chunk.book[place], side) for side in (1, -1))

    assert same == last - first


def levels_of(row: at.Ints, side: int) -> list[tuple[int, int]]:
    """Ticks and shares of each level of a side in a row of a real tape."""
    cells = row.tolist()[2 if side > 0 else 0 :]
    return [(price // 10_000, qty) for price, qty in zip(cells[0::4], cells[1::4], strict=False) if qty]


def test_an_order_of_the_tape_is_in_the_book_with_its_place() -> None:
    """Behind those without a number; a cut keeps the place, a deletion takes it."""
    exchange = opened(2, DEEP)
    first, second = exchange.add(1, 50, MID - 1), exchange.add(1, 60, MID - 1)
    exchange.reduce(1, 1, 20)
    market = market_of(exchange)
    market.advance(2 * S)

    assert (first, second) == (15, 16)
    assert [qty for _, _, qty in book_of(market).book.queue(MID - 1)] == [110, 30, 60]


# ---- the desk's place


def test_the_desks_order_stands_behind_what_is_there() -> None:
    """Executions and cancels in front let it move up, orders behind it do not matter."""
    exchange = opened(2, DEEP)
    exchange.add(1, 50, MID - 1)
    for _ in range(3):
        exchange.add(1, 40, MID - 1)
    exchange.reduce(1, 1, 20)  # the 50 become 30
    exchange.reduce(1, 4, 40)  # the last of those behind goes
    exchange.trade(-1, 100)
    market = market_of(exchange)
    ahead = []
    market.advance(S)
    market.submit(cents(1, BUY, 70, MID - 1))
    for row in range(7):
        market.advance(S + row * MS)
        ahead.append(book_of(market).ahead(1))

    assert ahead == [160, 160, 160, 160, 140, 140, 40]


def test_the_desks_order_in_front_is_filled_first() -> None:
    """The tape's order keeps what it would have lost, and others print only the rest."""
    exchange = opened(2, DEEP)
    exchange.trade(-1, 110)  # the bids at 99.99 go
    exchange.add(1, 100, MID - 1)
    exchange.trade(-1, 80)
    market = market_of(exchange)
    market.advance(S)
    market.submit(cents(1, BUY, 60, MID - 1))
    events = market.advance(2 * S)

    assert [(e.qty, e.price_micros, e.left, e.maker) for e in events if isinstance(e, Execution)] == [
        (60, 99_990_000, 0, True)
    ]
    assert [(e.qty, e.aggressor) for e in events if isinstance(e, Trade)] == [(20, SELL)]
    assert sides(market.quote("TEST")) == (99.99, 80, 100.01, 110)
    sound(market)


def test_a_better_priced_order_of_the_desk_is_filled_before_the_touch() -> None:
    """Inside the spread, by price; it is not in the quote. Who then comes for the next level finds what was left."""
    exchange = opened(1, DEEP)
    exchange.trade(1, 150)
    market = market_of(exchange)
    market.submit(cents(1, SELL, 30, MID))

    assert sides(market.quote("TEST")) == (99.99, 110, 100.01, 110)
    events = market.advance(2 * S)
    assert parts(events) == [(1, 30, 100.0)]
    assert [(e.qty, e.price_micros) for e in events if isinstance(e, Trade)] == [
        (80, 100_010_000),
        (30, 100_010_000),
        (10, 100_020_000),
    ]


def test_an_order_of_the_tape_that_meets_the_desks_trades_with_it() -> None:
    """At the desk's price; what is left of it rests, and is all that can be traded later."""
    exchange = opened(1, DEEP)
    exchange.add(-1, 100, MID)
    exchange.trade(1, 100)
    market = market_of(exchange)
    market.submit(cents(1, BUY, 70, MID))
    events = market.advance(S)

    assert parts(events) == [(1, 70, 100.0)]
    assert sides(market.quote("TEST")) == (99.99, 110, 100.0, 30)
    assert [e.qty for e in market.advance(2 * S) if isinstance(e, Trade)] == [30]
    sound(market)


def test_what_the_desk_takes_is_not_traded_twice() -> None:
    """Of 110 the desk takes 80: the execution of 100 finds 30, and the 10 left on the tape are gone."""
    exchange = opened(1, ((1, 500, MID - 1), (-1, 110, MID + 1)))
    exchange.trade(1, 100)
    market = market_of(exchange)

    assert parts(market.submit(at_market(1, BUY, 80, "TEST"))) == [(1, 80, 100.01)]
    assert sides(market.quote("TEST")) == (99.99, 500, 100.01, 30)
    events = market.advance(2 * S)
    assert [e.qty for e in events if isinstance(e, Trade)] == [30]
    assert sides(market.quote("TEST")) == (99.99, 500, 0, 0)
    assert book_of(market).tape[at.ASKS] == 1, "the tape still has 10"
    sound(market)


def test_an_aggressor_that_misses_its_order_goes_on_behind_it() -> None:
    """The order behind loses what the desk took from the one in front."""
    exchange = opened(1, DEEP)
    exchange.add(-1, 40, MID + 1)
    exchange.trade(1, 110)
    exchange.reduce(-1, 0, 40)
    market = market_of(exchange)
    market.advance(S)
    market.submit(at_market(1, BUY, 90, "TEST"))
    events = market.advance(S + MS)

    assert [e.qty for e in events if isinstance(e, Trade)] == [60]
    assert book_of(market).quote.ask_qty == 0
    assert market.advance(2 * S) != ()
    assert sides(market.quote("TEST")) == (99.99, 110, 100.02, 120)
    sound(market)


def test_a_level_out_of_sight_keeps_the_place_of_the_desks_order() -> None:
    """It comes back with its queue; shares that came in meanwhile stand in front."""
    exchange = opened(1, DEEP)
    exchange.add(1, 30, MID - 1)
    exchange.add(1, 20, MID)
    exchange.add(1, 5, MID - 1)  # out of sight, and so not told
    exchange.reduce(1, 0, 20)
    market = market_of(exchange)
    market.advance(S)
    market.submit(cents(1, BUY, 10, MID - 1))
    ahead = [book_of(market).ahead(1)]
    for row in (1, 2):
        market.advance(S + row * MS)
        ahead.append(book_of(market).ahead(1))

    assert ahead == [140, 140, 145]
    sound(market)


def test_levels_out_of_sight_are_forgotten() -> None:
    """There is nothing to be bought that the tape does not show."""
    exchange = opened(1, DEEP)
    exchange.add(-1, 20, MID)
    market = market_of(exchange)
    market.advance(S)

    assert parts(market.submit(at_market(1, BUY, 500, "TEST"))) == [(1, 20, 100.0)]


def test_a_level_that_the_desk_has_emptied_stays_so_out_of_sight() -> None:
    """What it took there does not come back when the level does."""
    exchange = opened(1, DEEP)
    exchange.add(-1, 20, MID)
    exchange.reduce(-1, 0, 20)
    market = market_of(exchange)
    market.submit(at_market(1, BUY, 100, "TEST"))
    market.advance(2 * S)

    assert sides(market.quote("TEST")) == (99.99, 110, 100.01, 10)


def test_an_executed_order_that_is_left_in_the_book_is_forgotten_out_of_sight() -> None:
    """Nobody knows when its owner would have given up; in sight it trades like any other."""
    exchange = opened(1, DEEP)
    exchange.trade(-1, 110)
    exchange.add(1, 100, MID - 1)
    exchange.trade(-1, 100)
    exchange.add(1, 50, MID)
    market = market_of(exchange)
    market.advance(S)
    market.submit(cents(1, BUY, 100, MID - 1))
    market.advance(S + 2 * MS)
    left = shown(market, 1)
    market.advance(2 * S)

    assert left == [(MID - 1, 100), (MID - 2, 120)]
    assert shown(market, 1) == [(MID, 50)]
    sound(market)


def test_two_orders_of_the_desk_that_meet_trade_with_each_other() -> None:
    """Both sides are told, the one that came first; to prevent it is the venue's business."""
    market = market_of(opened(1, DEEP))
    market.submit(cents(1, BUY, 30, MID))

    assert [(e.order_id, e.qty, e.left, e.maker) for e in market.submit(at_market(2, SELL, 50, "TEST"))] == [
        (2, 30, 20, False),
        (1, 30, 0, True),
        (2, 20, 0, False),
    ]
    assert sides(market.quote("TEST")) == (99.99, 90, 100.01, 110)


def test_orders_too_far_away_for_the_book_wait() -> None:
    """They can be cancelled; one that is far on the other side takes all there is."""
    market = market_of(opened(1, DEEP))

    assert market.submit(limit(1, SELL, 10, 900_000.0, symbol="TEST")) == ()
    assert parts(market.submit(limit(2, BUY, 150, 900_000.0, symbol="TEST"))) == [(2, 110, 100.01)]
    assert (market.cancel(1), market.cancel(1), market.cancel(2)) == (10, 0, 40)


# ---- the desk and the tape, drawn


def desk(market: ReplayMarket, orders: Orders, cuts: int = 1) -> list[MarketEvent]:
    """Play a script of the desk, each wait cut into so many advances; the book is proven after each step."""
    events, now_ns = list[MarketEvent](), 995 * MS
    for order_id, (what, qty, ticks, wait_ms) in enumerate(orders, 1):
        for cut in range(1, cuts + 1):
            events += market.advance(now_ns + wait_ms * MS * cut // cuts)
            market.quote("TEST")
        now_ns += wait_ms * MS
        side = BUY if qty % 2 else SELL
        if what == "cancel":
            market.cancel(1 + qty % order_id)
        elif what == "market":
            events += market.submit(at_market(order_id, side, qty, "TEST"))
        else:
            usd = (MID + ticks) / 100
            order = limit(order_id, side, qty, usd, symbol="TEST")
            events += market.submit(order if what == "limit" else limit(order_id, side, qty, usd, IOC, "TEST"))
        sound(market)
    events += market.advance(5 * S)
    sound(market)
    return events


@settings(max_examples=150, deadline=None)
@given(STEPS, ORDERS, st.integers(1, 3))
def test_book_and_tape_fit_together_whatever_the_desk_does(steps: list[Step], orders: Orders, levels: int) -> None:
    """Nothing is crossed or lost, every execution adds up, and others never trade more than on the tape."""
    exchange = scripted(levels, steps)
    market = market_of(exchange)
    events = desk(market, orders)
    left: dict[int, int] = {}
    for event in events:
        if isinstance(event, Execution):
            before = left.get(event.order_id, orders[event.order_id - 1][1])
            assert event.left == before - event.qty >= 0
            left[event.order_id] = event.left
    executed = sum(qty for kind, _, qty, _, _ in exchange.says if kind in (4, 5))
    printed = sum(event.qty for event in events if isinstance(event, Trade))

    assert printed <= executed, "what others trade because of the desk, it has taken from others"
    if not left:
        assert printed == executed


@settings(max_examples=60, deadline=None)
@given(STEPS, ORDERS, st.integers(2, 5))
def test_how_time_is_cut_changes_nothing(steps: list[Step], orders: Orders, cuts: int) -> None:
    """The same events, and the same book at the end."""
    exchange = scripted(2, steps)
    one, other = market_of(exchange), market_of(exchange)

    assert desk(one, orders) == desk(other, orders, cuts)
    assert book_of(one).book.digest() == book_of(other).book.digest()


@settings(max_examples=60, deadline=None)
@given(STEPS, st.sampled_from([BUY, SELL]), st.integers(1, 500))
def test_an_order_far_from_the_market_changes_nothing(steps: list[Step], side: Side, qty: int) -> None:
    """It is never met, and the rest of the book does not know of it."""
    exchange = scripted(2, steps)
    alone, beside = market_of(exchange), market_of(exchange)
    beside.submit(cents(1, side, qty, MID - int(side) * 5_000))

    assert alone.advance(5 * S) == beside.advance(5 * S)
    for way in (1, -1):
        far = [(MID - int(side) * 5_000, qty)] if way == side else []
        assert shown(beside, way) == shown(alone, way) + far


@settings(max_examples=150, deadline=None)
@given(STEPS, st.sampled_from([1, -1]), st.integers(0, 20))
def test_an_order_is_filled_only_when_all_before_it_is_gone(steps: list[Step], side: int, after: int) -> None:
    """As many shares must be executed or cancelled at its price as stood in front of it."""
    exchange = scripted(3, steps)
    market = market_of(exchange)
    market.advance(S + after * MS)
    touch = next(iter(shown(market, side, 1)), None)
    if touch is None:
        return
    price, qty = touch
    market.submit(cents(1, Side(side), 10, price))
    assert book_of(market).ahead(1) == qty
    gone = 0
    for row in range(after + 1, len(exchange.says)):
        events = market.advance(S + row * MS)
        kind, _, shares, at_price, way = exchange.says[row]
        if kind in (2, 3, 4) and (at_price, way) == (price, side):
            gone += shares
        if parts(events):
            through = side * (price - at_price) > 0 if kind == 4 else kind == 1 and side * (price - at_price) >= 0
            assert gone >= qty or through
            return


def test_the_same_script_gives_the_same_book_twice() -> None:
    """To the last bit."""
    steps: list[Step] = [(n % 5, 1 if n % 3 else -1, 1 + 37 * n % 300, n % 7, 11 * n % 100) for n in range(200)]
    orders: Orders = [(("limit", "market", "ioc")[n % 3], 1 + 53 * n % 400, n % 11 - 5, n % 17) for n in range(40)]
    exchange = scripted(3, steps)
    one, other = market_of(exchange), market_of(exchange)

    assert desk(one, orders) == desk(other, orders)
    assert book_of(one).book.digest() == book_of(other).book.digest()


def test_the_book_grows_with_the_tape() -> None:
    """Thousands of orders at two levels."""
    exchange = opened(2, DEEP)
    for n in range(3_000):
        exchange.add(1 if n % 2 else -1, 10 + n % 5, MID - (1 if n % 2 else -1) * (1 + n % 3 // 2))
    market = market_of(exchange)
    market.submit(cents(1, BUY, 10, MID - 1))
    market.advance(10 * S)

    assert shown(market, -1, 2) == row_of(exchange, -1, -1)
    assert shown(market, 1, 2) == [(MID - 1, row_of(exchange, -1, 1)[0][1] + 10), row_of(exchange, -1, 1)[1]]
    assert book_of(market).ahead(1) == 110
    sound(market)


@pytest.mark.parametrize("side", [BUY, SELL])
def test_an_order_at_a_price_of_its_own_has_nobody_ahead(side: Side) -> None:
    """Inside the spread."""
    market = market_of(opened(1, DEEP))
    market.submit(cents(1, side, 10, MID))

    assert book_of(market).ahead(1) == 0
    with pytest.raises(LookupError, match="a resting order was expected"):
        book_of(market).ahead(2)
