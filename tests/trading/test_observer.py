"""The venue observer: position, working shares, money and equity from the venue's records alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.records import (
    Record,
    Sent,
    VenueAccepted,
    VenueBust,
    VenueCancelled,
    VenueFill,
    VenueInventory,
    VenueQuote,
    VenueRejected,
    VenueSession,
    VenueState,
    VenueTrade,
)
from engine.trading.observer import VenueObserver


def accepted(order_id: int, side: int, qty: int, target: int = 0, symbol: str = "A") -> VenueAccepted:
    """The venue took an order."""
    return VenueAccepted(0, order_id, target, symbol, side, qty, 100, "day", "strategy", 0, 100, 10)


def fill(exec_id: int, order_id: int, side: int, qty: int, price: int = 100, fee: int = 0) -> VenueFill:
    """The venue filled an order."""
    return VenueFill(0, exec_id, order_id, "A", side, qty, price, "taker", fee, 0)


def quote(bid: int, ask: int, t_ns: int = 0) -> VenueQuote:
    """The top of book."""
    return VenueQuote(t_ns, "A", bid, 1 if bid else 0, ask, 1 if ask else 0)


def state(*records: Record) -> tuple[int, int, int]:
    """Position and working buys and sells of A after *records*."""
    account = VenueObserver.of(records).account("A")
    return account.position, account.buys, account.sells


def test_working_is_accepted_less_filled_less_cancelled() -> None:
    """Each step of an order's life."""
    life = (accepted(1, 1, 10), fill(1, 1, 1, 4), accepted(2, -1, 5), VenueCancelled(0, 1, "A", 6, "requested"))

    assert [state(*life[:n]) for n in range(5)] == [(0, 0, 0), (0, 10, 0), (4, 6, 0), (4, 6, 5), (4, 0, 5)]


def test_a_replace_takes_the_place_of_its_target() -> None:
    """With or without the venue's cancel of the target just before."""
    cancelled = VenueCancelled(0, 1, "A", 10, "replaced")

    assert state(accepted(1, 1, 10), accepted(2, 1, 7, target=1)) == (0, 7, 0)
    assert state(accepted(1, 1, 10), cancelled, accepted(2, 1, 7, target=1)) == (0, 7, 0)


def test_a_replaced_order_whose_replacement_never_came_is_gone() -> None:
    """At the end of the stream, and when something else comes first."""
    cancelled = VenueCancelled(0, 1, "A", 10, "replaced")

    assert state(accepted(1, 1, 10), cancelled) == (0, 0, 0)
    assert state(accepted(1, 1, 10), cancelled, accepted(3, 1, 2)) == (0, 2, 0)
    assert state(accepted(1, 1, 10), cancelled, fill(1, 1, 1, 10)) == (10, 0, 0)


def test_a_replace_raises_exposure_only_by_its_difference() -> None:
    """10 to 10 does not, 10 to 11 does."""
    for qty, expected in ((10, False), (11, True)):
        records = (accepted(1, 1, 10), VenueCancelled(0, 1, "A", 10, "replaced"), accepted(2, 1, qty, target=1))

        assert VenueObserver.of(records).acceptances[-1].increases is expected


@pytest.mark.parametrize(("side", "qty", "expected"), [(-1, 20, False), (-1, 21, True), (1, 1, True)])
def test_increases_asks_for_the_worse_side(side: int, qty: int, expected: bool) -> None:
    """10 long: selling 20 can end at most 10 short."""
    observer = VenueObserver.of([VenueInventory(0, "A", 10, 100)])

    assert observer.increases(accepted(1, side, qty)) is expected
    assert observer.account("A").exposure_shares == 10


def test_an_execution_said_twice_counts_once() -> None:
    """The execution's number is its identity."""
    observer = VenueObserver.of([accepted(1, 1, 10), fill(1, 1, 1, 4, fee=3), fill(1, 1, 1, 4, fee=3)])

    assert observer.account("A").position == 4
    assert (observer.cash_micros(), observer.fees_micros(), len(observer.executions)) == (-403, 3, 1)


def test_cash_holds_inventory_fills_and_fees() -> None:
    """A rebate is a fee below zero."""
    records: list[Record] = [
        VenueInventory(0, "A", 10, 100),
        fill(1, 1, -1, 4, 110, fee=-2),
        fill(2, 2, 1, 1, 90, fee=5),
    ]
    observer = VenueObserver.of(records)

    assert (observer.cash_micros(), observer.fees_micros()) == (-1_000 + 442 - 95, 3)


def test_a_fill_after_a_cancel_is_booked() -> None:
    """The venue said that it traded, so it did; nothing works any more."""
    assert state(accepted(1, 1, 10), VenueCancelled(0, 1, "A", 10, "requested"), fill(1, 1, 1, 4)) == (4, 0, 0)


def test_an_order_has_an_end_when_it_is_filled_cancelled_or_replaced() -> None:
    """1 is replaced by 2 at place 2, 2 filled at 3, 4 cancelled at 5; 6 still works, made smaller in its own place."""
    records: list[Record] = [
        accepted(1, 1, 10),
        VenueCancelled(0, 1, "A", 10, "replaced"),
        accepted(2, 1, 8, target=1),
        fill(1, 2, 1, 8),
        accepted(4, -1, 5),
        VenueCancelled(0, 4, "A", 5, "requested"),
        accepted(6, 1, 9),
        VenueCancelled(0, 6, "A", 9, "replaced"),
        accepted(6, 1, 3, target=6),
    ]
    observer = VenueObserver.of(records)

    assert observer.ended == {1: (2, 0), 2: (3, 0), 4: (5, 0)}
    assert {order_id: order.left for order_id, order in observer.working.items()} == {6: 3}


def test_the_mark_is_the_last_two_sided_mid() -> None:
    """Reference price first, then mids; a half micro-dollar is kept."""
    inventory, quotes = VenueInventory(0, "A", 10, 100), (quote(100, 105), quote(0, 90))
    marks = [VenueObserver.of([inventory, *quotes[:n]]).account("A").mark_micros() for n in range(3)]

    assert marks == [100.0, 102.5, 102.5]
    assert VenueObserver.of([inventory, *quotes]).equity_change_micros() == 25.0


def test_equity_has_a_point_for_each_fill_and_each_change_of_the_mid() -> None:
    """The same mid again and a one-sided quote are none."""
    quotes = [quote(98, 102, 1), quote(99, 101, 2), quote(0, 101, 3), quote(101, 103, 4)]
    change = VenueObserver.of([VenueInventory(0, "A", 10, 100), *quotes, fill(1, 1, -1, 10, 99)]).equity_change()

    assert (change.seq.tolist(), change.micros.tolist()) == ([0, 1, 4, 5], [0.0, 0.0, 20.0, -10.0])


def test_unmarked_time_is_clipped_to_the_window() -> None:
    """Two-sided from 10 to 20 and from 50 on."""
    observer = VenueObserver.of([quote(0, 5, 0), quote(4, 5, 10), quote(4, 0, 20), quote(4, 5, 50)])

    assert observer.unmarked_ns("A", 0, 100) == 40
    assert observer.unmarked_ns("A", 15, 30) == 10
    assert observer.unmarked_ns("A", 60, 60) == 0
    assert observer.unmarked_ns("B", 0, 100) == 100


def test_other_peoples_records_are_passed_by_and_counted() -> None:
    """Session, rejections and volume are kept; the desk's own records only move the place."""
    records: list[Record] = [
        Sent(0, 1, 0, "new", "strategy"),
        VenueTrade(0, "A", 100, 7, 1),
        VenueRejected(0, 1, 0, "new", "no"),
    ]
    observer = VenueObserver.of([*records, VenueSession(0, False, "cut")])

    assert (observer.seen, observer.account("A").volume, observer.session_up) == (4, 7, False)
    assert [record.order_id for record in observer.rejections] == [1]


Move = tuple[str, int, int, int]
MOVES = st.lists(
    st.tuples(
        st.sampled_from(["new", "fill", "cancel", "replace", "quote", "again"]),
        st.integers(0, 9),
        st.sampled_from([1, -1]),
        st.integers(1, 50),
    ),
    max_size=60,
)


def stream_of(moves: Sequence[Move]) -> list[Record]:
    """A stream that a venue could have written: fills and cancels of orders that work."""
    records: list[Record] = [VenueInventory(0, "A", 5, 1_000)]
    left: dict[int, tuple[int, int]] = {}
    fills: list[VenueFill] = []
    for number, (what, pick, side, qty) in enumerate(moves, start=1):
        target = sorted(left)[pick % len(left)] if left else 0
        if what == "quote":
            records.append(quote(1_000 + qty if pick else 0, 1_051 + qty))
        elif what == "new":
            records.append(accepted(number, side, qty))
            left[number] = (side, qty)
        elif what == "again" and fills:
            records.append(fills[pick % len(fills)])
        elif target and what == "cancel":
            records.append(VenueCancelled(0, target, "A", left.pop(target)[1], "requested"))
        elif target and what == "replace":
            own_side, open_qty = left.pop(target)
            records += [VenueCancelled(0, target, "A", open_qty, "replaced"), accepted(number, own_side, qty, target)]
            left[number] = (own_side, qty)
        elif target and what == "fill":
            own_side, open_qty = left[target]
            done = min(qty, open_qty)
            left[target] = (own_side, open_qty - done)
            if open_qty == done:
                del left[target]
            fills.append(fill(number, target, own_side, done, 1_000 + qty, fee=side))
            records.append(fills[-1])
    return records


def recount(records: Sequence[Record]) -> tuple[int, int, int, int, float]:
    """Position, cash, working buys and sells, and equity, counted the slow and plain way."""
    fills = {record.exec_id: record for record in records if isinstance(record, VenueFill)}
    position = 5 + sum(one.side * one.qty for one in fills.values())
    cash = -5_000 - sum(one.side * one.qty * one.price_micros + one.fee_micros for one in fills.values())
    ended = {record.order_id for record in records if isinstance(record, VenueCancelled)}
    working = {1: 0, -1: 0}
    for order in records:
        if isinstance(order, VenueAccepted) and order.order_id not in ended:
            done = sum(one.qty for one in fills.values() if one.order_id == order.order_id)
            working[order.side] += order.qty - done
    mids = [(one.bid_micros + one.ask_micros) / 2 for one in records if isinstance(one, VenueQuote) and one.bid_micros]
    return position, cash, working[1], working[-1], cash + position * (mids[-1] if mids else 1_000)


@given(MOVES)
def test_the_fold_equals_a_naive_recount(moves: Sequence[Move]) -> None:
    """After any stream, as one fold or one record at a time, and as the last point of the equity series."""
    records = stream_of(moves)
    whole, stepwise = VenueObserver.of(records), VenueObserver()
    for record in records:
        stepwise.observe(record)

    for observer in (whole, stepwise):
        account = observer.account("A")
        equity = observer.equity_change_micros()
        assert (account.position, account.cash_micros, account.buys, account.sells, equity) == recount(records)
    assert whole.equity_change().micros[-1] == whole.equity_change_micros()


@given(MOVES)
def test_the_equity_series_equals_the_recount_of_every_prefix(moves: Sequence[Move]) -> None:
    """The vectorised series says what the slow way says after each record."""
    records = stream_of(moves)
    expected = [recount(records[: n + 1])[4] for n in range(len(records))]

    assert VenueObserver.of(records).equity_change_at(np.arange(len(records))).tolist() == expected


def test_steps_and_columns_are_made_anew_when_more_was_seen() -> None:
    """Asked twice they are the same thing; asked after another record they hold it."""
    observer = VenueObserver()
    records: list[Record] = [accepted(1, 1, 10), fill(1, 1, 1, 4), fill(2, 1, 1, 6)]
    for record in records[:2]:
        observer.observe(record)
    steps = observer.account("A").steps()
    again = observer.account("A").steps()
    observer.observe(records[2])

    assert again is steps
    assert (steps.position.tolist(), observer.account("A").steps().position.tolist()) == ([0, 0, 4], [0, 0, 4, 10])


def bust(exec_id: int, side: int, qty: int, price: int = 100, fee: int = 0) -> VenueBust:
    """The venue takes an execution back."""
    return VenueBust(0, exec_id, 1, "A", side, qty, price, fee, "clearly_erroneous")


def test_a_bust_takes_position_cash_and_fees_back() -> None:
    """As if it had never been; what was open of its order stays so."""
    observer = VenueObserver.of([accepted(1, 1, 10), fill(1, 1, 1, 4, fee=3), bust(1, 1, 4, fee=3)])

    assert state(accepted(1, 1, 10), fill(1, 1, 1, 4, fee=3), bust(1, 1, 4, fee=3)) == (0, 6, 0)
    assert (observer.cash_micros(), observer.fees_micros()) == (0, 0)
    assert observer.account("A").steps().position.tolist() == [0, 0, 4, 0]


def test_only_an_execution_that_stands_is_taken_back() -> None:
    """Not an unknown one, and none twice."""
    records: list[Record] = [accepted(1, 1, 10), fill(1, 1, 1, 4), bust(2, 1, 9), bust(1, 1, 4), bust(1, 1, 4)]

    assert state(*records) == (0, 6, 0)


def test_an_order_made_smaller_works_for_what_is_left() -> None:
    """Accepted again in its own place; that raises nothing."""
    records: list[Record] = [accepted(1, 1, 10), fill(1, 1, 1, 4), accepted(1, 1, 2, target=1)]

    assert state(*records) == (4, 2, 0)
    assert VenueObserver.of(records).acceptances[-1].increases is False


def market(t_ns: int, state: str) -> VenueState:
    """A state of A."""
    return VenueState(t_ns, "A", state, "test")


def test_a_quote_of_a_stop_is_no_mark() -> None:
    """The last two-sided mid from before it stands until a quote after it."""
    records: list[Record] = [quote(99, 101, 0), market(10, "paused"), quote(49, 51, 11), market(20, "open")]
    stopped = VenueObserver.of(records).account("A").mark_micros()
    after = VenueObserver.of([*records, quote(49, 51, 20)]).account("A").mark_micros()

    assert (stopped, after) == (100.0, 50.0)


def test_a_stop_is_no_unmarked_time() -> None:
    """One-sided from 5, paused from 10 to 60, one-sided to 70: fifteen are unmarked."""
    records: list[Record] = [quote(4, 6, 0), quote(4, 0, 5), market(10, "paused"), quote(0, 0, 30)]
    observer = VenueObserver.of([*records, market(60, "open"), quote(4, 0, 60), quote(4, 6, 70)])

    assert observer.unmarked_ns("A", 0, 100) == 15
    assert observer.unmarked_ns("A", 20, 65) == 5


def test_a_stop_that_never_ends_lasts_to_the_end() -> None:
    """A limit state is no stop."""
    observer = VenueObserver.of([quote(4, 0, 0), market(40, "limit_state"), market(50, "halted"), market(60, "paused")])

    assert observer.unmarked_ns("A", 0, 100) == 50
    assert observer.account("A").ended_in_stop


@pytest.mark.parametrize(("last", "ended"), [("paused", True), ("halted", True), ("closed", False), ("open", False)])
def test_after_the_close_a_run_may_end(last: str, ended: bool) -> None:
    """In a pause or a halt it may not."""
    assert VenueObserver.of([quote(4, 6, 0), market(50, last)]).account("A").ended_in_stop is ended
