"""Tests of the books."""

from __future__ import annotations

from engine.domain.orders import Bust, CancelOrder, Fill, Liquidity, OrderState, OrderUpdate, Side
from engine.domain.records import DeskBust, DeskFill, DeskOrder, Finding
from engine.kernel.world import World
from engine.trading.books import Books
from engine.trading.ledger import Ledger
from engine.trading.order_table import OrderTable

from .desk_world import CAPITAL_MICROS, DAY, FEES, SPY, buy, sell


class Case:
    """Books with what they told."""

    def __init__(self) -> None:
        self.world = World(1)
        self.orders = OrderTable(self.world, ["SPY"])
        self.ledger = Ledger(CAPITAL_MICROS, (SPY,))
        self.told: list[OrderUpdate] = []
        self.booked: list[Fill] = []
        self.books = Books(
            self.world,
            self.orders,
            self.ledger,
            FEES,
            DAY,
            told=self.told.append,
            booked=self.booked.append,
            busted=self._on_busted,
        )
        self.busts = 0

    def _on_busted(self) -> None:
        self.busts += 1

    def working(self, order_id: int, qty: int = 100) -> None:
        """A buy that the venue has accepted."""
        self.orders.approve(buy(order_id, qty))
        self.books.on_update(OrderUpdate(order_id, 0, OrderState.WORKING, "", qty))

    def states(self) -> list[tuple[int, str, str]]:
        """What the log says of the orders."""
        return [(record.order_id, record.state, record.reason) for record in self.world.log.of(DeskOrder)]


def fill(exec_id: int, order_id: int, qty: int, liquidity: Liquidity = Liquidity.TAKER) -> Fill:
    """A fill of a buy at 540 USD for which the venue charged an absurd fee."""
    return Fill(exec_id, order_id, "SPY", Side.BUY, qty, 540_000_000, liquidity, 777_777_777, 0)


def test_the_fee_is_the_desks_own_and_never_the_venues() -> None:
    """100 shares taken at 0.003 USD are 0.30 USD, whatever the venue's message says; the strategy hears the same."""
    case = Case()
    case.working(1)
    case.books.on_fill(fill(1, 1, 100))

    [record] = case.world.log.of(DeskFill)
    assert record.fee_micros == record.fees_micros == case.ledger.fees_micros == 300_000
    assert [told.fee_micros for told in case.booked] == [300_000]


def test_a_makers_fill_earns_the_rebate() -> None:
    """The liquidity flag of the fill decides which fee it is."""
    case = Case()
    case.working(1)
    case.books.on_fill(fill(1, 1, 100, Liquidity.MAKER))

    assert case.ledger.fees_micros == -200_000


def test_a_fill_record_carries_the_ledger_after_it() -> None:
    """Position, cash and fees are the ledger's own, after the booking."""
    case = Case()
    case.working(1, 300)
    case.books.on_fill(fill(1, 1, 100))
    case.books.on_fill(fill(2, 1, 200))

    last = case.world.log.of(DeskFill)[-1]
    assert (last.position, last.cash_micros, last.fees_micros) == (
        300,
        CAPITAL_MICROS - 300 * 540_000_000 - 900_000,
        900_000,
    )
    assert case.states()[-1] == (1, "filled", "")


def test_a_fill_that_comes_twice_is_booked_once() -> None:
    """A resend may repeat an execution; its exec_id tells."""
    case = Case()
    case.working(1, 300)
    case.books.on_fill(fill(1, 1, 100))
    case.books.on_fill(fill(1, 1, 100))

    assert len(case.world.log.of(DeskFill)) == len(case.booked) == 1
    assert (case.ledger.position("SPY"), case.orders.working("SPY", Side.BUY)) == (100, 200)


def test_a_fill_of_an_order_that_is_not_open_is_booked_and_reported() -> None:
    """Money moved, so the ledger has it; that it should not have is a finding."""
    case = Case()
    case.books.on_fill(fill(1, 9, 100))

    assert case.ledger.position("SPY") == 100
    [finding] = case.world.log.of(Finding)
    assert finding.code == "fill_unexpected"
    assert finding.text == "fill 1 of 100 shares came for order 9, which is not open for it"


def test_the_answer_to_a_cancel_ends_its_target() -> None:
    """The update names the cancel and, as target, the order that is gone."""
    case = Case()
    case.working(1)
    case.books.on_update(OrderUpdate(2, 1, OrderState.CANCELLED, "requested", 100))

    assert case.states()[-1] == (1, "cancelled", "requested")
    assert case.orders.working("SPY", Side.BUY) == 0


def test_an_order_that_ended_by_itself_names_only_itself() -> None:
    """The rest of an IOC, or a cancel on disconnect."""
    case = Case()
    case.working(1)
    case.books.on_update(OrderUpdate(1, 0, OrderState.CANCELLED, "ioc_remainder", 100))

    assert case.states()[-1] == (1, "cancelled", "ioc_remainder")


def test_a_refused_cancel_may_be_tried_again() -> None:
    """The cancel is recorded as rejected, and its target no longer counts as being cancelled."""
    case = Case()
    case.working(1)
    order = case.orders.get(1)
    assert order is not None
    order.cancelling = True
    case.books.on_update(OrderUpdate(2, 1, OrderState.REJECTED, "session_down", 0))

    assert order.cancelling is False
    assert case.states()[-1] == (2, "rejected", "session_down")


def test_a_lost_session_makes_sent_orders_unknown_but_not_cancels() -> None:
    """A cancel is no exposure; the order behind it keeps its own state."""
    case = Case()
    case.working(1)
    case.orders.approve(sell(2))
    case.books.on_session((sell(2), CancelOrder(3, 1, "SPY")))

    assert case.states()[-1] == (2, "unknown", "session_lost")
    assert case.orders.unknown == 1


def test_every_answer_is_passed_on_after_it_was_booked() -> None:
    """The strategy hears of what is already in the books."""
    case = Case()
    case.working(1)

    assert case.told == [OrderUpdate(1, 0, OrderState.WORKING, "", 100)]


def test_an_order_that_nobody_knows_is_told_of() -> None:
    """Somebody sent it past the desk's books: who compares orders out with orders in has to hear of it, once."""
    case = Case()
    stray = OrderUpdate(77, 0, OrderState.WORKING, "", 100)
    case.books.on_update(stray)
    case.books.on_update(stray)

    assert case.told == [stray]


def test_the_ledger_notices_a_fill_after_the_confirmed_end() -> None:
    """The books tell the ledger which orders are over, so that its invariant I5 can break."""
    case = Case()
    case.working(1)
    case.books.on_update(OrderUpdate(1, 0, OrderState.CANCELLED, "ioc_remainder", 100))
    sound = case.ledger.check()
    case.books.on_fill(fill(1, 1, 100))

    assert sound == []
    assert [line[:2] for line in case.ledger.check()] == ["I5"]


def test_a_bust_is_booked_and_recorded() -> None:
    """Position, cash and fees as before the fill; the order stays as it is."""
    case = Case()
    case.working(1)
    case.books.on_fill(fill(1, 1, 40))
    case.books.on_bust(Bust(1, 1, "SPY", Side.BUY, 40, 540_000_000, 0, "clearly_erroneous"))

    assert case.world.log.of(DeskBust) == [DeskBust(0, 1, 1, "SPY", 0, CAPITAL_MICROS, 0)]
    assert case.busts == 1
    assert case.orders.working("SPY", Side.BUY) == 60
    assert case.ledger.check() == []


def test_a_bust_of_what_was_never_booked_is_found() -> None:
    """A finding, and nothing else."""
    case = Case()
    case.books.on_bust(Bust(7, 1, "SPY", Side.BUY, 40, 540_000_000, 0, "clearly_erroneous"))

    assert [found.code for found in case.world.log.of(Finding)] == ["bust_unexpected"]
    assert case.world.log.of(DeskBust) == []
    assert case.busts == 0


def test_an_order_that_the_venue_made_smaller_counts_for_less() -> None:
    """Still working, with what is left; the strategy hears of it."""
    case = Case()
    case.working(1)
    update = OrderUpdate(1, 1, OrderState.WORKING, "self_trade", 30)
    case.books.on_update(update)
    case.books.on_fill(fill(1, 1, 30))

    assert case.told[-1] == update
    assert case.orders.working("SPY", Side.BUY) == 0
    assert case.states()[-1] == (1, "filled", "")
    assert case.ledger.check() == []
