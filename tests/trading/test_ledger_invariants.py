"""The twelve accounting invariants, after every event of a broker that says things twice, late and out of order."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.orders import (
    CORRECTED,
    Bust,
    Fill,
    Instrument,
    Liquidity,
    NewOrder,
    OrderKind,
    OrderState,
    OrderUpdate,
    ReplaceOrder,
    Side,
)
from engine.domain.records import BooksChecked, DeskBreak
from engine.kernel.world import World
from engine.trading.books import Books
from engine.trading.broker_end import BrokerEnd, Message, Statement
from engine.trading.ledger import Ledger
from engine.trading.ledger_invariants import INVARIANTS, Scene, broken
from engine.trading.ledger_replay import replayed, state_hash
from engine.trading.order_table import OrderTable

from .desk_world import CAPITAL_MICROS, DAY, FEES, SPY, buy, sell

PRICE = 540_000_000


class Case:
    """Books, and a broker's end that says to them what a test lets through."""

    def __init__(self, opening: int = 0) -> None:
        self.world = World(1)
        self.orders = OrderTable(self.world, ["SPY"])
        self.ledger = Ledger(CAPITAL_MICROS, (SPY,))
        if opening:
            self.ledger.open_inventory("SPY", opening, PRICE)
        self.told: list[OrderUpdate] = []
        nothing = lambda *_: None  # noqa: E731 - three callbacks that do nothing
        self.books = Books(self.world, self.orders, self.ledger, FEES, DAY, self.told.append, nothing, nothing)
        self.broker = BrokerEnd(self.world, nothing)

    def hear(self, message: Message) -> None:
        """The books hear *message*, and every invariant is checked."""
        if isinstance(message, Fill):
            self.books.on_fill(message)
        elif isinstance(message, Bust):
            self.books.on_bust(message)
        else:
            self.books.on_update(message)
        assert broken(Scene(self.ledger, self.orders)) == []

    def breaks(self) -> list[str]:
        """The codes of the breaks so far."""
        return [record.code for record in self.world.log.of(DeskBreak)]


def fill(exec_id: int, order_id: int, qty: int, left: int = 0, side: Side = Side.BUY, corrects: int = 0) -> Fill:
    """A fill at 540 USD."""
    return Fill(exec_id, order_id, "SPY", side, qty, PRICE, Liquidity.TAKER, 300, left, corrects)


def bust_of(one: Fill) -> Bust:
    """The venue takes *one* back."""
    return Bust(one.exec_id, one.order_id, one.symbol, one.side, one.qty, one.price_micros, one.fee_micros, "erroneous")


# ---- a random day


@dataclass(frozen=True)
class Step:
    """What one order does: its size, how much of it fills in which parts, and how it ends."""

    side: Side
    qty: int
    parts: tuple[int, ...]
    replaced: bool
    busted: tuple[bool, ...]
    corrected: bool


STEPS = st.lists(
    st.builds(
        Step,
        side=st.sampled_from(list(Side)),
        qty=st.integers(10, 500),
        parts=st.lists(st.integers(1, 200), max_size=4).map(tuple),
        replaced=st.booleans(),
        busted=st.lists(st.booleans(), min_size=4, max_size=4).map(tuple),
        corrected=st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


class Day:
    """A broker's honest day, message by message, and the orders that it is about."""

    def __init__(self, steps: list[Step]) -> None:
        self.messages: list[Message] = []
        self.instructions: list[NewOrder | ReplaceOrder] = []
        self._ids, self._execs = 0, 0
        for step in steps:
            self._play(step)

    def _play(self, step: Step) -> None:
        maker = buy if step.side is Side.BUY else sell
        order_id, left = self._next(), step.qty
        self.instructions.append(maker(order_id, step.qty))
        self.messages.append(OrderUpdate(order_id, 0, OrderState.WORKING, "", left))
        fills: list[Fill] = []
        for place, part in enumerate(step.parts):
            if step.replaced and place == 1 and left:
                old_id, order_id = order_id, self._next()
                self.instructions.append(ReplaceOrder(order_id, old_id, "SPY", step.side, step.qty, PRICE))
                self.messages.append(OrderUpdate(order_id, old_id, OrderState.WORKING, "", left))
            done = min(part, left)
            if done:
                left -= done
                self._execs += 1
                fills.append(fill(self._execs, order_id, done, left, step.side))
                self.messages.append(fills[-1])
        if left:
            self.messages.append(OrderUpdate(order_id, 0, OrderState.CANCELLED, "unsolicited", left))
        for one, busted in zip(fills, step.busted, strict=False):
            if busted and step.corrected:
                self._execs += 1
                self.messages.append(
                    replace(one, exec_id=self._execs, price_micros=PRICE + 10_000, left=0, corrects=one.exec_id)
                )
            elif busted:
                self.messages.append(bust_of(one))

    def _next(self) -> int:
        self._ids += 1
        return self._ids


def statement_of(messages: list[Message]) -> Statement:
    """The account of a broker who has said *messages*, and all that they mean."""
    end = BrokerEnd(World(1), lambda _number: None)
    for message in messages:
        if isinstance(message, Fill) and message.corrects:
            old = next(one for one in messages if isinstance(one, Fill) and one.exec_id == message.corrects)
            end.say(replace(bust_of(old), reason=CORRECTED))
        end.say(message)
    statement = end.statement()
    assert statement is not None
    return statement


@settings(max_examples=150, deadline=None)
@given(
    steps=STEPS,
    delays=st.lists(st.integers(0, 12), max_size=60),
    doubles=st.lists(st.integers(0, 15), max_size=60),
    lost=st.lists(st.booleans(), max_size=60),
    opening=st.integers(-300, 300),
)
def test_every_invariant_holds_after_every_event_however_the_broker_says_it(
    steps: list[Step], delays: list[int], doubles: list[int], lost: list[bool], opening: int
) -> None:
    """Messages late, out of order and twice, acknowledgements lost, flips, busts and corrections before their fills.

    When everything has been said, the desk holds what the broker says, and nothing is open that the broker has not.
    """
    day, case = Day(steps), Case(opening)
    for instruction in day.instructions:
        case.orders.approve(instruction)
    queue: list[tuple[int, int, Message]] = []
    for place, message in enumerate(day.messages):
        acknowledgement = isinstance(message, OrderUpdate) and message.state is OrderState.WORKING
        if acknowledgement and place < len(lost) and lost[place]:
            continue
        late = delays[place] if place < len(delays) else 0
        queue.append((place + late, place, message))
        if place < len(doubles) and doubles[place]:
            queue.append((place + late + doubles[place], place, message))
    for _, _, message in sorted(queue, key=lambda each: each[:2]):
        case.hear(message)
    for message in day.messages:  # whoever asks hears the lost answers in the end
        case.hear(message)

    assert broken(Scene(case.ledger, case.orders, statement_of(day.messages))) == []
    assert len(case.orders) == 0


@settings(max_examples=60, deadline=None)
@given(steps=STEPS, opening=st.integers(-300, 300))
def test_a_crash_at_any_point_and_a_replay_give_the_same_books(steps: list[Step], opening: int) -> None:
    """I11: the history up to any event is the books after that event, to the last bit."""
    day, case = Day(steps), Case(opening)
    seen = [(len(case.ledger.history), state_hash(case.ledger))]
    for instruction in day.instructions:
        case.orders.approve(instruction)
    for message in day.messages:
        case.hear(message)
        seen.append((len(case.ledger.history), state_hash(case.ledger)))

    for events, digest in seen:
        assert state_hash(replayed(case.ledger, case.ledger.history[:events])) == digest


# ---- one by one


def test_there_are_twelve_and_each_has_its_number() -> None:
    """Those of the reference, in its order."""
    assert list(INVARIANTS) == [f"I{number}" for number in range(1, 13)]


def test_a_late_fill_after_the_confirmed_end_is_booked_and_counts_as_a_break() -> None:
    """The end said 40 of 100 were left: 60 were filled, and until they come they count as exposure."""
    case = Case()
    case.orders.approve(buy(1))
    case.hear(OrderUpdate(1, 0, OrderState.WORKING, "", 100))
    case.hear(OrderUpdate(1, 0, OrderState.CANCELLED, "requested", 40))
    missing, unknown = case.orders.working("SPY", Side.BUY), case.orders.unknown
    case.hear(fill(1, 1, 60, 40))

    assert (missing, unknown) == (60, 1)
    assert case.breaks() == ["fill_after_cancel"]
    assert (case.ledger.position("SPY"), case.orders.working("SPY", Side.BUY), case.orders.unknown) == (60, 0, 0)


def test_a_fill_that_the_end_did_not_leave_room_for_breaks_the_books() -> None:
    """All 100 were confirmed as unfilled: a fill of any of them is a lie of the broker, booked and red."""
    case = Case()
    case.orders.approve(buy(1))
    case.hear(OrderUpdate(1, 0, OrderState.WORKING, "", 100))
    case.hear(OrderUpdate(1, 0, OrderState.CANCELLED, "requested", 100))
    case.books.on_fill(fill(1, 1, 60, 40))

    assert case.ledger.position("SPY") == 60
    assert case.breaks() == ["fill_unexpected"]
    assert [line[:3] for line in case.books.check()] == ["I5:"]
    assert case.world.log.of(BooksChecked)[-1].broken == 1


def test_a_fill_is_an_acceptance() -> None:
    """The acknowledgement was lost; the strategy hears that its order works all the same, once."""
    case = Case()
    case.orders.approve(buy(1))
    case.hear(fill(1, 1, 60, 40))
    case.hear(OrderUpdate(1, 0, OrderState.WORKING, "", 100))

    assert [(update.order_id, update.reason) for update in case.told] == [(1, "implied_by_fill")]
    assert case.orders.working("SPY", Side.BUY) == 40


def test_a_fill_of_a_replaced_order_that_comes_late_is_taken_from_its_heir() -> None:
    """Of 100 the first order filled 30; the desk hears of the replace first, and counts 100 until the fill comes."""
    case = Case()
    case.orders.approve(buy(1))
    case.hear(OrderUpdate(1, 0, OrderState.WORKING, "", 100))
    case.orders.approve(ReplaceOrder(2, 1, "SPY", Side.BUY, 100, PRICE))
    case.hear(OrderUpdate(2, 1, OrderState.WORKING, "", 70))
    before = case.orders.working("SPY", Side.BUY)
    case.hear(fill(1, 1, 30, 70))

    assert before == 100
    assert (case.ledger.position("SPY"), case.orders.working("SPY", Side.BUY)) == (30, 70)
    assert case.breaks() == ["fill_after_cancel"]


def test_a_bust_before_its_fill_waits_for_it() -> None:
    """The fill is written down and moves nothing, but the order has so much less open."""
    case = Case()
    case.orders.approve(buy(1))
    case.hear(OrderUpdate(1, 0, OrderState.WORKING, "", 100))
    case.hear(bust_of(fill(1, 1, 60, 40)))
    case.hear(fill(1, 1, 60, 40))
    case.hear(fill(1, 1, 60, 40))

    assert case.ledger.position("SPY") == 0
    assert case.ledger.cash_micros == CAPITAL_MICROS
    assert case.orders.working("SPY", Side.BUY) == 40
    assert case.breaks() == ["bust_unexpected"]


def test_a_correction_takes_the_old_execution_back_and_books_the_new_one() -> None:
    """Position as before, cash by the new price; the order is not touched."""
    case = Case()
    case.orders.approve(buy(1))
    case.hear(fill(1, 1, 100))
    case.hear(replace(fill(2, 1, 100, corrects=1), price_micros=PRICE - 1_000_000))

    assert case.ledger.position("SPY") == 100
    assert case.ledger.cash_micros == CAPITAL_MICROS - 100 * (PRICE - 1_000_000) - 300_000
    assert case.breaks() == []


def test_what_the_venue_charges_beyond_the_desks_reckoning_is_a_claim() -> None:
    """Both memo accounts move and cancel out; the books keep the desk's own fee."""
    case = Case()
    case.orders.approve(buy(1))
    case.hear(replace(fill(1, 1, 100), fee_micros=300_007))

    journal = case.ledger.journal()
    assert (journal["fees"], journal["fees_claimed"], journal["fees_disputed"]) == (300_000, 7, -7)
    case.hear(bust_of(fill(1, 1, 100)))
    assert (case.ledger.journal()["fees"], case.ledger.journal()["fees_claimed"]) == (0, 0)


def test_an_entry_that_does_not_balance_stands_in_suspense() -> None:
    """Debits are credits all the same, and the suspense account says by how much."""
    ledger = Ledger(CAPITAL_MICROS, (SPY,))
    ledger.accounts.post(("cash", 5))

    assert sum(ledger.journal().values()) == 0
    assert ledger.accounts.debits_micros == ledger.accounts.credits_micros
    assert "I10: nothing in suspense was expected, was -5 micro-dollars" in ledger.check()


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (Statement(frozenset({1, 2}), {"SPY": 100}, -100 * PRICE, {}), "execution 2 is the broker's and not ours"),
        (Statement(frozenset(), {"SPY": 100}, -100 * PRICE, {}), "execution 1 is ours and not the broker's"),
        (Statement(frozenset({1}), {"SPY": 99}, -100 * PRICE, {}), "99 SPY traded was the broker's word, ours 100"),
        (Statement(frozenset({1}), {"SPY": 100}, -1, {}), "cash flow -1 was the broker's word"),
        (Statement(frozenset({1}), {"SPY": 100}, -100 * PRICE, {7: 50}), "open orders {7: 50} were the broker's word"),
    ],
)
def test_books_that_are_not_the_brokers_are_named(statement: Statement, says: str) -> None:
    """I9: one difference each, and nothing else."""
    case = Case()
    case.orders.approve(buy(1))
    case.hear(fill(1, 1, 100))

    found = broken(Scene(case.ledger, case.orders, statement))
    assert [line[:3] for line in found] == ["I9:"]
    assert says in found[0]


def test_a_reservation_that_leaks_is_named() -> None:
    """I8: what is counted as open is what the live orders have open."""
    case = Case()
    case.orders.approve(buy(1))
    order = case.orders.get(1)
    assert order is not None
    order.open_qty = 99

    assert [line[:3] for line in broken(Scene(case.ledger, case.orders))] == ["I8:"]


def test_a_ledger_knows_only_its_symbols() -> None:
    """Nothing of another symbol is booked, and nothing of it stays behind."""
    ledger = Ledger(CAPITAL_MICROS, (Instrument("QQQ", 1, 1),))
    with pytest.raises(ValueError, match="a symbol of this ledger was expected"):
        ledger.book(fill(1, 1, 1), 0)

    assert (ledger.history, ledger.check()) == ([], [])


def test_a_market_order_is_an_order_like_others() -> None:
    """Its reservation is its quantity."""
    case = Case()
    case.orders.approve(NewOrder(1, "SPY", Side.SELL, 10, OrderKind.MARKET, None))
    case.hear(fill(1, 1, 10, side=Side.SELL))

    assert case.ledger.position("SPY") == -10
