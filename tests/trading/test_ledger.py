"""The ledger: exact books, idempotent, checked against naive oracles."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.orders import Bust, Fill, Instrument, Liquidity, Side
from engine.trading.ledger import CASH, Ledger

USD = 1_000_000
CAPITAL = 1_000_000 * USD
INSTRUMENTS = (Instrument("SPY", 100 * USD, 10_000), Instrument("QQQ", 50 * USD, 10_000))


def fresh() -> Ledger:
    """A ledger with a million and nothing in it."""
    return Ledger(CAPITAL, INSTRUMENTS)


def made(
    exec_id: int, side: Side, qty: int, price_micros: int, symbol: str = "SPY", order_id: int = 1, left: int = 0
) -> Fill:
    """A fill as the venue tells it."""
    return Fill(exec_id, order_id, symbol, side, qty, price_micros, Liquidity.TAKER, 0, left)


def test_a_buy_moves_cash_position_and_fees() -> None:
    """Cash pays price and fee; the fee is kept apart."""
    ledger = fresh()

    booked = ledger.book(made(1, Side.BUY, 10, 100 * USD), 5_000)

    assert booked
    assert (ledger.position("SPY"), ledger.cash_micros, ledger.fees_micros) == (
        10,
        CAPITAL - 1_000 * USD - 5_000,
        5_000,
    )


def test_the_same_execution_is_booked_once() -> None:
    """I3: a redelivered fill changes nothing, and is no break."""
    ledger = fresh()
    ledger.book(made(1, Side.BUY, 10, 100 * USD), 5_000)
    before = (ledger.journal(), ledger.position("SPY"))

    again = ledger.book(made(1, Side.BUY, 10, 100 * USD), 5_000)

    assert again is False
    assert (ledger.journal(), ledger.position("SPY")) == before
    assert ledger.check() == []


def test_one_execution_id_with_two_contents_is_a_break() -> None:
    """I3: the second is not booked, and does not go unnoticed."""
    ledger = fresh()
    ledger.book(made(1, Side.BUY, 10, 100 * USD), 0)

    assert ledger.book(made(1, Side.BUY, 11, 100 * USD), 0) is False
    assert [line[:3] for line in ledger.check()] == ["I3:"]
    assert ledger.position("SPY") == 10


def test_a_flip_opens_at_the_fill_price() -> None:
    """I6: what goes through zero costs what this fill cost, and nothing of the old position."""
    ledger = fresh()
    ledger.book(made(1, Side.BUY, 10, 100 * USD), 0)

    ledger.book(made(2, Side.SELL, 25, 110 * USD), 0)

    assert ledger.position("SPY") == -15
    assert ledger.average_micros("SPY") == 110 * USD
    assert ledger.realised_micros == 100 * USD
    assert ledger.check() == []


def test_a_flat_position_has_no_average_and_no_cost_left() -> None:
    """Thirds of a micro-dollar do not stay behind."""
    ledger = fresh()
    ledger.book(made(1, Side.BUY, 3, 100), 0)
    ledger.book(made(2, Side.BUY, 4, 101), 0)
    for exec_id in (3, 4, 5, 6, 7, 8, 9):
        ledger.book(made(exec_id, Side.SELL, 1, 100), 0)

    assert ledger.average_micros("SPY") is None
    assert ledger.journal()["inventory:SPY"] == 0
    assert ledger.realised_micros == 700 - 704


def test_inventory_is_taken_over_at_its_price() -> None:
    """Capital turns into shares; equity is the capital until the price moves."""
    ledger = fresh()

    ledger.open_inventory("SPY", 7_400, 100 * USD)

    assert ledger.cash_micros == CAPITAL - 740_000 * USD
    assert ledger.equity_micros() == CAPITAL
    assert ledger.equity_micros({"SPY": 99.5 * USD}) == CAPITAL - 3_700 * USD
    assert ledger.check() == []


def test_a_short_inventory_gains_when_the_price_falls() -> None:
    """The signs hold below zero."""
    ledger = fresh()
    ledger.open_inventory("SPY", -100, 100 * USD)
    ledger.mark("SPY", 90 * USD)

    assert ledger.unrealised_micros == 1_000 * USD
    assert ledger.check() == []


def test_inventory_after_a_fill_is_refused() -> None:
    """The opening position opens."""
    ledger = fresh()
    ledger.book(made(1, Side.BUY, 10, 100 * USD), 0)

    with pytest.raises(ValueError, match="before anything else"):
        ledger.open_inventory("QQQ", 10, 50 * USD)


@pytest.mark.parametrize(
    ("fill", "words"),
    [
        (made(1, Side.BUY, 0, 100), "shares > 0"),
        (made(1, Side.BUY, -5, 100), "shares > 0"),
        (made(1, Side.BUY, 5, 0), "price > 0"),
        (made(1, Side.BUY, 5, 100, "XYZ"), "SPY, QQQ.*was XYZ"),
    ],
)
def test_a_senseless_fill_is_refused_and_changes_nothing(fill: Fill, words: str) -> None:
    """Nothing of it is booked, and its id stays free."""
    ledger = fresh()

    with pytest.raises(ValueError, match=words):
        ledger.book(fill, 0)

    assert not ledger.has_booked(1)
    assert ledger.cash_micros == CAPITAL


@pytest.mark.parametrize("mid", [0.0, -1.0, float("nan"), float("inf")])
def test_a_senseless_mark_is_refused(mid: float) -> None:
    """NaN would make every later equity NaN."""
    with pytest.raises(ValueError, match="a mark above 0"):
        fresh().mark("SPY", mid)


@pytest.mark.parametrize("capital", [0, -1])
def test_a_ledger_needs_capital(capital: int) -> None:
    """Capital is compulsory."""
    with pytest.raises(ValueError, match="capital above 0"):
        Ledger(capital, INSTRUMENTS)


def test_an_overfill_is_booked_and_named() -> None:
    """I4: the shares are real, and so is the break."""
    ledger = fresh()
    ledger.order(1, 10)
    ledger.book(made(1, Side.BUY, 10, 100 * USD), 0)
    assert ledger.check() == []

    ledger.book(made(2, Side.BUY, 1, 100 * USD), 0)

    assert ledger.position("SPY") == 11
    assert [line[:3] for line in ledger.check()] == ["I4:"]


def test_a_fill_that_leaves_less_than_nothing_is_named() -> None:
    """I4 holds also for orders whose quantity nobody told."""
    ledger = fresh()
    ledger.book(made(1, Side.BUY, 1, 100 * USD, left=-1), 0)

    assert [line[:3] for line in ledger.check()] == ["I4:"]


def test_a_fill_after_the_confirmed_end_is_named() -> None:
    """I5: after a cancel request a fill is legal, after its confirmation it is a break."""
    ledger = fresh()
    ledger.book(made(1, Side.BUY, 1, 100 * USD, left=9), 0)
    assert ledger.check() == []
    ledger.order_closed(1)

    ledger.book(made(2, Side.BUY, 1, 100 * USD, left=8), 0)

    assert [line[:3] for line in ledger.check()] == ["I5:"]


@pytest.mark.parametrize(
    ("tamper", "named"),
    [
        (lambda ledger: shift(ledger, CASH), {"I1", "I10", "I11", "I12"}),
        (lambda ledger: shift(ledger, "fees"), {"I10", "I11"}),
        (lambda ledger: shift(ledger, "suspense"), {"I10", "I11"}),
        (lambda ledger: setattr(ledger.holdings["SPY"], "position", 9), {"I2", "I6", "I11"}),
        (lambda ledger: setattr(ledger.holdings["SPY"], "cost_micros", 9), {"I6", "I11", "I12"}),
        (lambda ledger: setattr(ledger.holdings["SPY"], "cost_micros", -1_000 * USD), {"I6", "I11", "I12"}),
        (lambda ledger: setattr(ledger.holdings["SPY"], "cost_micros", 999 * USD), {"I6", "I11", "I12"}),
        (lambda ledger: setattr(ledger.holdings["SPY"], "realised_micros", 9), {"I11", "I12"}),
        (lambda ledger: setattr(ledger.orders.of(1), "filled", 9), {"I4", "I11"}),
        (lambda ledger: ledger.busted.add(7), {"I3", "I11"}),
        (lambda ledger: ledger.booked.clear(), {"I2", "I4", "I6", "I11"}),
    ],
)
def test_books_that_were_tampered_with_are_noticed(tamper: Callable[[Ledger], None], named: set[str]) -> None:
    """The invariants are computed from different numbers than they check."""
    ledger = fresh()
    ledger.book(made(1, Side.BUY, 10, 100 * USD), 5_000)
    assert ledger.check() == []

    tamper(ledger)

    assert {line.partition(":")[0] for line in ledger.check()} == named


def shift(ledger: Ledger, account: str) -> None:
    """One account is a micro-dollar too high."""
    ledger.accounts.balances[account] += 1


Deal = tuple[int, str, Side, int, int, int]
DEALS = st.lists(
    st.tuples(
        st.integers(1, 30),
        st.sampled_from(["SPY", "QQQ"]),
        st.sampled_from(Side),
        st.integers(1, 700),
        st.integers(1, 10**9),
        st.integers(-10_000, 10_000),
    ),
    max_size=40,
)


def booked_once(deals: list[Deal]) -> list[Deal]:
    """The deals whose id comes for the first time."""
    seen: set[int] = set()
    return [deal for deal in deals if not (deal[0] in seen or seen.add(deal[0]))]  # type: ignore[func-returns-value]


def average_cost(deals: list[Deal]) -> Fraction:
    """Realised profit by unrounded average cost."""
    position, cost, realised = 0, Fraction(0), Fraction(0)
    for _, _, side, qty, price, _ in deals:
        delta = side * qty
        if position * delta < 0:
            closing = min(qty, abs(position))
            sign = 1 if position > 0 else -1
            released = cost * closing / abs(position)
            realised += sign * closing * price - released
            position, cost, delta = position - sign * closing, cost - released, delta + sign * closing
        position, cost = position + delta, cost + delta * price
    return realised


def first_in_first_out(deals: list[Deal], mark: Fraction) -> Fraction:
    """Total profit, closing the oldest lot first."""
    lots: deque[tuple[int, int]] = deque()
    realised = Fraction(0)
    for _, _, side, qty, price, _ in deals:
        left = qty
        while left and lots and lots[0][0] * side < 0:
            size, paid = lots.popleft()
            closing = min(left, abs(size))
            realised += -side * closing * (price - paid)
            left -= closing
            if abs(size) > closing:
                lots.appendleft((size + side * closing, paid))
        if left:
            lots.append((side * left, price))
    return realised + sum(size * (mark - paid) for size, paid in lots)


@given(deals=DEALS, half_micros=st.integers(1, 2 * 10**9))
def test_profit_is_the_same_by_any_way_of_counting(deals: list[Deal], half_micros: int) -> None:
    """Cash plus shares, realised plus unrealised, average cost and FIFO: one and the same total, to the last micro."""
    ledger = fresh()
    mark = half_micros / 2
    for exec_id, symbol, side, qty, price, fee in deals:
        ledger.book(made(exec_id, side, qty, price, symbol, order_id=exec_id), fee)
    for symbol in ("SPY", "QQQ"):
        ledger.mark(symbol, mark)
    once = booked_once(deals)
    fees = sum(deal[5] for deal in once)
    by_symbol = [[deal for deal in once if deal[1] == symbol] for symbol in ("SPY", "QQQ")]
    gained = sum(first_in_first_out(part, Fraction(mark)) for part in by_symbol)

    assert ledger.fees_micros == fees
    assert Fraction(ledger.equity_micros()) == CAPITAL + gained - fees
    assert ledger.realised_micros + Fraction(ledger.unrealised_micros) == gained
    assert sum(ledger.journal().values()) == 0
    assert [line for line in ledger.check() if not line.startswith("I3")] == []


@given(deals=DEALS)
def test_realised_profit_is_average_cost_to_half_a_micro_a_fill(deals: list[Deal]) -> None:
    """Whole micro-dollars cost at most half of one per close against unrounded fractions."""
    ledger = fresh()
    only_spy = [deal for deal in booked_once(deals) if deal[1] == "SPY"]
    for exec_id, symbol, side, qty, price, fee in only_spy:
        ledger.book(made(exec_id, side, qty, price, symbol, order_id=exec_id), fee)

    assert abs(ledger.realised_micros - average_cost(only_spy)) <= Fraction(len(only_spy), 2)


@given(deals=DEALS)
def test_a_replay_of_any_prefix_changes_nothing(deals: list[Deal]) -> None:
    """I3: everything twice is everything once."""
    once, twice = fresh(), fresh()
    for exec_id, symbol, side, qty, price, fee in booked_once(deals):
        once.book(made(exec_id, side, qty, price, symbol, order_id=exec_id), fee)
    for exec_id, symbol, side, qty, price, fee in booked_once(deals) * 2:
        twice.book(made(exec_id, side, qty, price, symbol, order_id=exec_id), fee)

    assert twice.journal() == once.journal()
    assert twice.check() == []


def taken_back(fill: Fill, qty: int | None = None) -> Bust:
    """The venue takes *fill* back, perhaps naming another quantity."""
    shares = fill.qty if qty is None else qty
    return Bust(fill.exec_id, fill.order_id, fill.symbol, fill.side, shares, fill.price_micros, 0, "clearly_erroneous")


TRADES = st.lists(
    st.tuples(
        st.sampled_from(["SPY", "QQQ"]),
        st.sampled_from(list(Side)),
        st.integers(1, 500),
        st.integers(1, 200 * USD),
        st.integers(-5_000, 5_000),
        st.booleans(),
    ),
    max_size=25,
)


@given(TRADES, st.integers(-300, 300))
def test_a_bust_reverses_exactly(trades: list[tuple[str, Side, int, int, int, bool]], opening: int) -> None:
    """I7: the books are those of a ledger that never booked what was taken back, to the last micro-dollar."""
    whole, without = fresh(), fresh()
    for ledger in (whole, without):
        if opening:
            ledger.open_inventory("SPY", opening, 99 * USD)
    busts = []
    for exec_id, (symbol, side, qty, price, fee, stays) in enumerate(trades, 1):
        fill = made(exec_id, side, qty, price, symbol, order_id=exec_id)
        whole.book(fill, fee)
        if stays:
            without.book(fill, fee)
        else:
            busts.append(fill)
    done = [whole.bust(taken_back(fill)) for fill in reversed(busts)]

    assert all(done)
    assert whole.journal() == without.journal()
    for symbol in ("SPY", "QQQ"):
        assert whole.position(symbol) == without.position(symbol)
        assert whole.average_micros(symbol) == without.average_micros(symbol)
    assert whole.equity_micros() == without.equity_micros()
    assert whole.check() == []


def test_a_bust_comes_once_and_its_execution_never_again() -> None:
    """A second bust, one of an unknown execution and a redelivered fill change nothing."""
    ledger, fill = fresh(), made(1, Side.BUY, 10, 100 * USD)
    ledger.book(fill, 5_000)

    assert ledger.bust(taken_back(fill)) is True
    assert ledger.bust(taken_back(fill)) is False
    assert ledger.bust(taken_back(made(2, Side.BUY, 1, USD))) is False
    assert ledger.book(fill, 5_000) is False
    assert (ledger.position("SPY"), ledger.cash_micros, ledger.fees_micros) == (0, CAPITAL, 0)
    assert ledger.check() == []


def test_a_bust_with_other_contents_is_a_break() -> None:
    """What was booked is taken back, and the difference is told."""
    ledger, fill = fresh(), made(1, Side.BUY, 10, 100 * USD)
    ledger.book(fill, 0)
    ledger.bust(taken_back(fill, qty=9))

    assert ledger.position("SPY") == 0
    assert [line[:41] for line in ledger.check()] == ["I7: execution 1 was taken back with other"]


def test_a_smaller_order_may_be_filled_to_what_is_left_of_it() -> None:
    """Of 100 shares 20 are filled, then only 30 are open: 30 more are right, one more is an overfill."""
    ledger = fresh()
    ledger.order(1, 100)
    ledger.book(made(1, Side.BUY, 20, USD, left=80), 0)
    ledger.order_made_smaller(1, 30)
    ledger.book(made(2, Side.BUY, 30, USD), 0)
    sound = ledger.check()
    ledger.book(made(3, Side.BUY, 1, USD), 0)

    assert sound == []
    assert [line[:2] for line in ledger.check()] == ["I4"]
