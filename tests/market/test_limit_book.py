"""The order book against a naive one on random streams, and its edges one by one."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.market import book_arrays as at
from engine.market.limit_book import LimitBook, Match
from tests.market.book_streams import CENTRE, NO_PLACE, Player, Step, played, stream
from tests.market.naive_book import NaiveBook

TICKS = st.one_of(
    st.integers(CENTRE - 6, CENTRE + 6),
    st.integers(CENTRE - 6, CENTRE + 6),
    st.integers(1, 3),
    st.integers(CENTRE - 4_000, CENTRE + 4_000),
    st.integers(CENTRE, CENTRE + 300_000),
    st.sampled_from([2**20, 2**21, at.MOST]),
)
"""At the market mostly; else at the lowest prices, where the window must move, where it must grow, out of reach."""
SUBMITS = st.builds(
    Step,
    kind=st.just("submit"),
    side=st.sampled_from([1, -1]),
    qty=st.one_of(st.integers(1, 10), st.integers(1, 1000)),
    tick=st.one_of(TICKS, TICKS, TICKS, st.none()),
    owner=st.integers(0, 3),
    rests=st.sampled_from([True, True, True, False]),
)
OTHERS = st.builds(
    Step,
    kind=st.sampled_from(["cancel", "reduce", "replace", "drain"]),
    side=st.sampled_from([1, -1]),
    qty=st.integers(1, 20),
    tick=TICKS,
    owner=st.integers(1, 3),
    pick=st.integers(0, 10_000),
)
STREAMS = st.lists(st.one_of(SUBMITS, SUBMITS, OTHERS), max_size=60)
ROWS = st.sampled_from([1, 2, 3, 8, 4096])
THOROUGH = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def same_state(book: LimitBook, naive: NaiveBook) -> None:
    """Compare everything that the two books show."""
    assert book.top() == naive.top()
    for side in (1, -1):
        assert book.levels(side, 100) == naive.levels(side)
        for tick, _ in naive.levels(side):
            assert book.queue(tick) == naive.queue(tick)
    known = [order.order_id for order in naive.orders if order.owner]
    assert book.resting() == tuple(known)
    for number in known:
        found = naive.find(number)
        assert found is not None
        assert (book.left(number), book.ahead(number)) == (found.qty, naive.ahead(number))


@THOROUGH
@given(steps=STREAMS, rows=ROWS)
def test_it_does_what_the_naive_book_does(steps: list[Step], rows: int) -> None:
    """Every answer, every fill in its order, every queue, the top: after each step, from however small a pool."""
    player = Player(LimitBook(CENTRE, rows=rows), NaiveBook())
    assert player.naive is not None
    for step in [*steps, Step("drain")]:
        before = player.book.digest()

        accepted = player.play(step)

        player.book.check()
        same_state(player.book, player.naive)
        if not accepted and step.kind == "submit":
            assert player.book.digest() == before  # what is refused changes nothing


@THOROUGH
@given(steps=STREAMS, rows=ROWS)
def test_shares_are_conserved(steps: list[Step], rows: int) -> None:
    """What was submitted rests, was traded (by a maker and by a taker), was taken out, or died unmatched."""
    player = played(steps, rows=rows)

    resting = sum(qty for side in (1, -1) for _, qty in player.book.levels(side, 1_000))
    traded = sum(trade.qty for trade in player.trades)

    tally = player.tally
    assert tally.submitted == resting + 2 * traded + tally.taken_out + tally.died


@THOROUGH
@given(steps=STREAMS, rows=ROWS)
def test_the_same_stream_leaves_the_same_digest(steps: list[Step], rows: int) -> None:
    """However large the pool was at first, and whatever was read or drained between."""
    nosy = Player(LimitBook(CENTRE, rows=rows))
    for step in steps:
        nosy.play(step)
        nosy.play(Step("drain"))
        nosy.now_ns -= 1
        nosy.book.top(), nosy.book.levels(1, 3), nosy.book.resting(), nosy.book.digest()

    assert nosy.book.digest() == played(steps).book.digest()


@THOROUGH
@given(one=STREAMS, other=STREAMS)
def test_books_that_differ_differ_in_their_digest(one: list[Step], other: list[Step]) -> None:
    """Whatever two streams have left in any queue."""
    books = [played(steps).book for steps in (one, other)]
    queues = [[book.queue(tick) for side in (1, -1) for tick, _ in book.levels(side, 1_000)] for book in books]

    if queues[0] != queues[1]:
        assert books[0].digest() != books[1].digest()


def test_each_part_of_an_order_counts_in_the_digest() -> None:
    """Side, price, quantity, owner, number and place in the queue."""
    orders = [
        [(1, 1, 1, 5, 100)],
        [(1, 1, -1, 5, 100)],
        [(1, 1, 1, 6, 100)],
        [(1, 1, 1, 5, 101)],
        [(2, 1, 1, 5, 100)],
        [(1, 2, 1, 5, 100)],
        [(1, 1, 1, 5, 100), (1, 2, 1, 5, 100)],
        [(1, 2, 1, 5, 100), (1, 1, 1, 5, 100)],
        [(0, 0, 1, 5, 100)],
        [],
    ]
    digests = set()
    for each in orders:
        book = LimitBook(CENTRE)
        for owner, number, side, qty, tick in each:
            book.submit(0, owner, number, side, qty, tick, rests=True)
        digests.add(book.digest())

    assert len(digests) == len(orders)


def test_a_long_stream_agrees_too() -> None:
    """Two thousand steps: deep queues, a pool that grows ten times, a window that moves often."""
    player = Player(LimitBook(CENTRE, rows=1), NaiveBook())
    assert player.naive is not None
    for step in stream(7, 2_000):
        player.play(step)
    player.play(Step("drain"))

    player.book.check()
    same_state(player.book, player.naive)
    assert len(player.trades) > 300


# ---- single moves


def book_with(*orders: tuple[int, int, int, int]) -> LimitBook:
    """A book with resting orders of owner 2: number, side, shares, price."""
    book = LimitBook(CENTRE)
    for number, side, qty, tick in orders:
        book.submit(0, 2, number, side, qty, tick, rests=True)
    return book


def test_an_empty_book_shows_nothing() -> None:
    """No prices, no levels, no queue, no trades."""
    book = LimitBook(CENTRE)

    book.check()
    assert book.top() == (0, 0, 0, 0)
    assert (book.levels(1, 5), book.levels(-1, 5), book.queue(CENTRE), book.resting()) == ([], [], [], ())
    assert (book.shares_at(CENTRE), book.drain(), book.others()) == (0, [], [])


def test_a_market_order_finds_nobody_in_an_empty_book() -> None:
    """It dies whole; nothing is left behind."""
    book = LimitBook(CENTRE)

    assert book.submit(0, 1, 1, 1, 100, None, rests=True) == 100
    assert (book.top(), book.resting()) == ((0, 0, 0, 0), ())


def test_one_side_may_be_empty() -> None:
    """A book of bids alone has no ask, and the touch moves on down to the last of them."""
    book = book_with((1, 1, 100, 99), (2, 1, 50, 7))

    assert book.top() == (99, 100, 0, 0)
    book.submit(0, 1, 9, -1, 100, None, rests=False)
    assert book.top() == (7, 50, 0, 0)
    assert book.submit(0, 1, 10, -1, 60, None, rests=False) == 10
    assert book.top() == (0, 0, 0, 0)
    book.check()


def test_the_first_in_line_trades_first_and_keeps_its_place_when_cut() -> None:
    """Price, then time; a reduction costs no priority, a replacement does."""
    book = book_with((1, -1, 100, 101), (2, -1, 100, 101), (3, -1, 100, 100))
    assert book.reduce(1, 40) == 60
    assert book.cancel(2) == 100
    book.submit(0, 2, 4, -1, 100, 101, rests=True)

    book.submit(5, 1, 9, 1, 170, 101, rests=False)

    assert book.drain() == [
        Match(5, 100, 100, 1, 2, 3, 0, 1, 9),
        Match(5, 101, 60, 1, 2, 1, 0, 1, 9),
        Match(5, 101, 10, 1, 2, 4, 90, 1, 9),
    ]
    assert book.queue(101) == [(4, 2, 90)]


def test_a_limit_order_takes_up_to_its_price_and_rests_with_what_is_left() -> None:
    """It becomes the best of its side; a level beyond its price is not touched."""
    book = book_with((1, -1, 100, 101), (2, -1, 100, 103))

    assert book.submit(0, 1, 9, 1, 150, 102, rests=True) == 50

    assert book.top() == (102, 50, 103, 100)
    assert (book.left(9), book.ahead(9)) == (50, 0)


@pytest.mark.parametrize(("side", "tick"), [(1, 101), (-1, 99)])
def test_a_price_equal_to_the_other_side_trades(side: int, tick: int) -> None:
    """Locked is crossed."""
    book = book_with((1, 1, 100, 99), (2, -1, 100, 101))

    assert book.submit(0, 1, 9, side, 100, tick, rests=True) == 0
    assert [trade.tick for trade in book.drain()] == [tick]
    book.check()


def test_a_fill_before_its_cancel_leaves_the_cancel_nothing() -> None:
    """The race at the venue: the cancel comes second, finds 0 shares, and the number is free again."""
    book = book_with((1, 1, 100, 99))
    book.submit(0, 1, 9, -1, 100, 99, rests=False)

    assert (book.cancel(1), book.reduce(1, 5), book.left(1)) == (0, 0, 0)
    assert book.submit(0, 2, 1, 1, 10, 99, rests=True) == 10


def test_a_cancel_before_the_fill_leaves_the_taker_nothing() -> None:
    """The same race the other way round."""
    book = book_with((1, 1, 100, 99))

    assert book.cancel(1) == 100
    assert book.submit(0, 1, 9, -1, 100, 99, rests=False) == 100
    assert book.drain() == []


def test_a_partial_fill_before_a_replacement_leaves_the_rest_to_cancel() -> None:
    """The new order joins the end of its queue with a quantity of its own."""
    book = book_with((1, 1, 100, 99), (2, 1, 100, 99))
    book.submit(0, 1, 9, -1, 30, 99, rests=False)

    assert book.cancel(1) == 70
    book.submit(0, 2, 3, 1, 70, 99, rests=True)
    assert book.queue(99) == [(2, 2, 100), (3, 2, 70)]


def test_an_order_of_the_background_may_bear_the_number_of_a_known_one() -> None:
    """They are told apart by their owners: the fill of one does not make the other unknown."""
    book = book_with((1, 1, 100, 98))
    book.submit(0, at.BACKGROUND, 1, 1, 100, 99, rests=True)

    book.submit(0, 3, 9, -1, 100, 99, rests=False)

    book.check()
    assert (book.left(1), book.cancel(1)) == (100, 100)


def test_the_background_is_listed() -> None:
    """Its orders, and nobody else's."""
    book = book_with((1, 1, 100, 98))
    book.submit(0, at.BACKGROUND, 0, -1, 70, 101, rests=True)

    (other,) = book.others()

    assert book.memory[other + at.SIGNED_QTY] == -70


def test_an_order_can_be_taken_from_its_place_in_the_queue() -> None:
    """Whoever owns it: in part it keeps its place, whole it leaves the queue and is not known any more."""
    book = book_with((1, 1, 100, 99), (2, 1, 70, 99))
    book.submit(0, at.BACKGROUND, 1, 1, 50, 99, rests=True)
    book.record(on=True)

    assert book.reduce_at(99, 1, 30, 5) == 40
    assert book.reduce_at(99, 2, 50, 6) == 0  # the background's number 1 is not our number 1
    assert (book.queue(99), book.left(1)) == ([(1, 2, 100), (2, 2, 40)], 100)
    assert book.reduce_at(99, 0, 999, 7) == 0

    book.check()
    assert (book.queue(99), book.resting()) == ([(2, 2, 40)], (2,))
    assert book.messages()[:, at.MESSAGE_NS].tolist() == [5, 6, 7]


@pytest.mark.parametrize(("tick", "place"), [(99, 1), (99, -1), (98, 0), (10_000_000, 0)])
def test_a_place_where_nobody_stands_cannot_be_reduced(tick: int, place: int) -> None:
    """Behind the end of the queue, before its beginning, at an empty price, outside the window."""
    book = book_with((1, 1, 100, 99))

    with pytest.raises(
        LookupError, match=f"an order at place {place} was expected, was a queue of . orders at {tick} ticks"
    ):
        book.reduce_at(tick, place, 5)


def test_the_lowest_price_is_one_tick() -> None:
    """Orders rest and trade there; the window cannot go below."""
    book = book_with((1, 1, 100, 1))

    assert (book.top(), book.queue(0), book.shares_at(0), book.shares_at(-1)) == ((1, 100, 0, 0), [], 0, 0)
    assert book.submit(0, 1, 9, -1, 100, 1, rests=True) == 0


def test_levels_are_counted_from_the_touch() -> None:
    """As many as asked for, none if none is asked for."""
    book = book_with((1, 1, 1, 99), (2, 1, 2, 50), (3, 1, 4, 98))

    assert [book.levels(1, n) for n in (-1, 0, 1, 9)] == [[], [], [(99, 1)], [(99, 1), (98, 4), (50, 2)]]


def test_a_price_far_away_can_be_taken_to_though_not_rest_at() -> None:
    """An order that does not rest needs no place in the book."""
    book = book_with((1, -1, 100, 101))

    assert book.submit(0, 1, 9, 1, 150, at.MOST, rests=False) == 50


def test_ahead_of_an_order_that_does_not_rest_is_an_error() -> None:
    """It says which."""
    with pytest.raises(LookupError, match="a resting order was expected, was 7, which is not in this book"):
        LimitBook(CENTRE).ahead(7)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"side": 0}, r"a side of 1 \(buy\) or -1 \(sell\) was expected, was 0"),
        ({"side": 2}, r"a side of 1 \(buy\) or -1 \(sell\) was expected, was 2"),
        ({"qty": 0}, "a quantity of 1 to 1099511627776 shares was expected, was 0"),
        ({"qty": -5}, "a quantity of 1 to 1099511627776 shares was expected, was -5"),
        ({"qty": at.MOST + 1}, "a quantity of 1 to 1099511627776 shares was expected, was 1099511627777"),
        ({"limit_tick": 0}, "a price of 1 to 1099511627776 ticks was expected, was 0"),
        ({"limit_tick": -3}, "a price of 1 to 1099511627776 ticks was expected, was -3"),
        ({"limit_tick": at.MOST + 1}, "a price of 1 to 1099511627776 ticks was expected, was 1099511627777"),
        ({"owner": -1}, "an owner of 0 .background. or more was expected, was -1"),
        ({"order_id": 0}, "an order number of 1 or more was expected, was 0"),
        ({"order_id": 1}, "a new order number was expected, was 1, which rests in this book already"),
        (
            {"limit_tick": 2_000_000},
            f"a price that leaves the book no wider than 1047552 ticks was expected, was 2000000 ticks: {NO_PLACE}",
        ),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(changes: dict[str, int], words: str) -> None:
    """In words that say what was expected and what was there."""
    book = book_with((1, 1, 100, 99))
    before = book.digest()
    order = {"t_ns": 0, "owner": 2, "order_id": 2, "side": 1, "qty": 10, "limit_tick": 99} | changes

    with pytest.raises(ValueError, match=words):
        book.submit(**order, rests=True)

    assert book.digest() == before


@pytest.mark.parametrize("qty", [0, -1])
def test_a_reduction_by_nothing_is_refused(qty: int) -> None:
    """It would be a mistake of the caller."""
    with pytest.raises(
        ValueError, match=f"a quantity to take off of 1 to 1099511627776 shares was expected, was {qty}"
    ):
        book_with((1, 1, 100, 99)).reduce(1, qty)
    with pytest.raises(ValueError, match="a quantity to take off"):
        book_with((1, 1, 100, 99)).reduce_at(99, 0, qty)


@pytest.mark.parametrize(
    ("centre_tick", "rows", "words"),
    [(0, 1, "middle of the book, was 0"), (-4, 1, "middle of the book, was -4"), (5, 0, "at least one order .* was 0")],
)
def test_a_book_needs_a_price_and_a_row(centre_tick: int, rows: int, words: str) -> None:
    """Else it is refused."""
    with pytest.raises(ValueError, match=words):
        LimitBook(centre_tick, rows=rows)


def test_an_order_at_the_very_end_of_reach_rests() -> None:
    """As far from the other orders as the message of the refusal says, and no farther."""
    lowest = 3_000_000
    reach = at.MOST_WINDOW - 2 * at.EDGE
    book = book_with((1, 1, 100, lowest))

    assert book.submit(0, 2, 2, -1, 10, lowest + reach - 1, rests=True) == 10
    assert book.levels(-1, 1) == [(lowest + reach - 1, 10)]
    book.check()
    with pytest.raises(ValueError, match=f"wider than {reach} ticks was expected, was {lowest + reach} ticks"):
        book.submit(0, 2, 3, -1, 10, lowest + reach, rests=True)


def test_an_order_may_go_where_the_others_have_left() -> None:
    """Reach is counted from the orders that rest now."""
    book = book_with((1, 1, 100, 99))
    book.cancel(1)

    assert book.submit(0, 2, 2, 1, 10, 5_000_000, rests=True) == 10
    book.check()


@given(
    orders=st.lists(st.tuples(st.sampled_from((1, -1)), st.integers(1, 6), st.integers(1, 3)), min_size=1, max_size=12),
    which=st.integers(0, 11),
)
def test_the_best_besides_an_order_is_the_best_without_it(orders: list[tuple[int, int, int]], which: int) -> None:
    """Whether it stands alone at the touch, with others, or deeper; as found by taking it out."""
    book = LimitBook(100)
    for number, (side, away, qty) in enumerate(orders, start=1):
        book.submit(0, 2, number, side, qty, 100 - side * away, rests=True)
    number = which % len(orders) + 1
    side = orders[number - 1][0]
    besides = book.best_besides(number, side)
    book.cancel(number)

    assert besides == book.best()[0 if side > 0 else 1]
    assert book.best_besides(number, side) == besides, "an order that is not there changes nothing"
    assert book.best() == (book.top()[0], book.top()[2])
