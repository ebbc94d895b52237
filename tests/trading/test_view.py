"""Tests of the desk's view."""

from __future__ import annotations

from engine.domain.governance import DeskView
from engine.domain.orders import CancelOrder, Fill, Liquidity, OrderState, ReplaceOrder, Side
from engine.domain.quotes import MarketState, StateChange, Trade
from engine.domain.records import DeskSession, Record
from engine.kernel.world import World
from engine.trading.desk import Desk
from engine.trading.view import View

from .desk_world import CAPITAL_MICROS, SPY, MemoryVenue, Script, buy, desk_in, quote, run_ms, sell


def desk() -> tuple[World, Desk, View]:
    """A desk that has seen nothing."""
    world = World(1)
    made = desk_in(world, MemoryVenue(world), Script())
    return world, made, made.view


def filled(desk: Desk, exec_id: int, side: Side, qty: int) -> None:
    """Book a fill of SPY at 540 USD without a fee."""
    fill = Fill(exec_id, exec_id, "SPY", side, qty, 540_000_000, Liquidity.TAKER, 0, 0)
    desk.ledger.book(fill, 0)
    desk.view.booked()


def test_the_view_is_a_desk_view() -> None:
    """Types are checked here: what governors are promised is what they get."""
    view: DeskView = desk()[2]

    assert view.symbols() == ("SPY",)


def test_before_the_first_quote_there_is_no_mark() -> None:
    """Nothing is made up: no quote, no mark, no volume, and equity is the capital."""
    _, _, view = desk()

    assert (view.quote("SPY"), view.mark_micros("SPY"), view.volume("SPY")) == (None, None, 0)
    assert view.equity_micros == view.start_equity_micros == CAPITAL_MICROS


def test_a_one_sided_quote_is_shown_but_the_mark_stays() -> None:
    """The mark is the last two-sided mid."""
    _, _, view = desk()
    view.see(quote(bid=539_000_000, ask=541_000_000))
    view.see(quote(bid=0, ask=530_000_000))

    assert view.mark_micros("SPY") == 540_000_000
    shown = view.quote("SPY")
    assert shown is not None
    assert shown.bid_micros == 0


def test_equity_follows_marks_and_fills() -> None:
    """100 shares and a mid 2 USD higher are 200 USD more, at once."""
    _, made, view = desk()
    view.see(quote(bid=539_000_000, ask=541_000_000))
    filled(made, 1, Side.BUY, 100)
    flat = view.equity_micros
    view.see(quote(bid=541_000_000, ask=543_000_000))

    assert flat == CAPITAL_MICROS
    assert view.equity_micros == CAPITAL_MICROS + 200_000_000


def test_inventory_is_valued_at_its_opening_price_until_the_first_quote() -> None:
    """Taking over a position makes neither a profit nor a loss, wherever the reference price stands."""
    world = World(1)
    made = desk_in(world, MemoryVenue(world), Script())
    made.open_inventory("SPY", -1000, SPY.price_micros + 5_000_000)
    made.view.start()

    assert made.view.equity_micros == made.view.start_equity_micros == CAPITAL_MICROS


def test_the_start_equity_does_not_move() -> None:
    """Losses are measured from where the session began."""
    _, made, view = desk()
    filled(made, 1, Side.BUY, 100)
    view.see(quote(bid=529_000_000, ask=531_000_000))

    assert view.start_equity_micros - view.equity_micros == 1_000_000_000


def test_volume_is_what_the_trades_say() -> None:
    """Trades add up; quotes do not count."""
    _, _, view = desk()
    for qty in (100, 250):
        view.see(Trade(0, "SPY", 540_000_000, qty, Side.SELL))
    view.see(quote())

    assert view.volume("SPY") == 350


def test_books_do_not_agree_while_an_order_is_unknown_or_the_session_is_down() -> None:
    """A hold must not be released on books that nobody can vouch for."""
    world, made, view = desk()
    agree = [view.books_agree]
    made.orders.approve(buy(1))
    made.orders.lose_sight(1, "x")
    agree.append(view.books_agree)
    made.orders.accept(1)
    agree.append(view.books_agree)
    made.session.drop("x")
    run_ms(world, 60)
    agree.append(view.books_agree)

    assert agree == [True, False, True, False]
    assert view.session_up is False


def test_after_a_logon_the_books_agree_only_when_everything_was_resent() -> None:
    """The session is up again, but a fill of the outage may still be on its way."""
    world, made, view = desk()
    at_session: list[tuple[bool, bool]] = []

    def look(record: Record) -> None:
        if isinstance(record, DeskSession):
            at_session.append((view.session_up, view.books_agree))

    world.log.observers.append(look)
    made.session.drop("x")
    run_ms(world, 60)
    made.session.restore()
    run_ms(world, 5)

    assert at_session == [(False, False), (True, False)]
    assert view.books_agree is True


def test_order_left_knows_live_orders_only() -> None:
    """Side and open shares, and None when it is over."""
    _, made, view = desk()
    made.orders.approve(sell(1, 70))
    live = view.order_left(1)
    made.orders.fill(1, 70)

    assert (live, view.order_left(1)) == ((Side.SELL, 70), None)


def test_increasing_is_judged_on_the_worse_side() -> None:
    """Long 500 with 100 of buys: a buy raises the worst case, a sell does so only when it could turn the position."""
    _, made, view = desk()
    filled(made, 1, Side.BUY, 500)
    made.orders.approve(buy(11, 100))
    made.orders.accept(11)

    assert view.increases(buy(2, 1)) is True
    assert view.increases(sell(2, 1100)) is False
    assert view.increases(sell(2, 1101)) is True
    assert view.increases(CancelOrder(2, 11, "SPY")) is False
    assert view.increases(ReplaceOrder(2, 11, "SPY", Side.BUY, 100, 1)) is False
    assert view.increases(ReplaceOrder(2, 11, "SPY", Side.BUY, 101, 1)) is True
    assert view.increases(ReplaceOrder(2, 99, "SPY", Side.BUY, 900, 1)) is False


def test_working_sells_count_against_a_long_position_only_beyond_it() -> None:
    """Sells of the whole position twice over could leave the desk short as much as it was long: no increase yet."""
    _, made, view = desk()
    filled(made, 1, Side.BUY, 100)
    made.orders.approve(sell(11, 150))

    assert view.increases(sell(2, 50)) is False
    assert view.increases(sell(2, 51)) is True


def test_a_quote_of_a_stop_is_no_mark() -> None:
    """It is shown; the mark is that of before the stop until trading goes on."""
    _, _, view = desk()
    view.see(quote(bid=539_000_000, ask=541_000_000))
    view.see_state(StateChange(0, "SPY", MarketState.PAUSED, "luld_pause"))
    view.see(quote(bid=499_000_000, ask=501_000_000))
    marks = [view.mark_micros("SPY")]
    view.see_state(StateChange(0, "SPY", MarketState.OPEN, "reopened"))
    view.see(quote(bid=499_000_000, ask=501_000_000))
    marks.append(view.mark_micros("SPY"))

    assert marks == [540_000_000, 500_000_000]


def test_a_symbol_is_open_until_somebody_says_else() -> None:
    """A limit state trades, and its quotes are marks."""
    _, _, view = desk()
    seen = [view.market_state("SPY")]
    view.see_state(StateChange(0, "SPY", MarketState.LIMIT_STATE, "luld_limit"))
    view.see(quote(bid=499_000_000, ask=501_000_000))

    seen.append(view.market_state("SPY"))

    assert seen == [MarketState.OPEN, MarketState.LIMIT_STATE]
    assert view.mark_micros("SPY") == 500_000_000


def test_after_a_gap_a_symbol_is_in_doubt_until_its_next_quote() -> None:
    """A trade does not mend it, a quote does; also one that shows one side: it is a full one."""
    _, made, view = desk()
    seen = [view.feed_gap("SPY")]
    view.see_gap()
    seen.append(view.feed_gap("SPY"))
    view.see(Trade(0, "SPY", 540_000_000, 1, Side.BUY))
    seen.append(view.feed_gap("SPY"))
    view.see(quote(bid=0))
    seen.append(view.feed_gap("SPY"))

    assert seen == [False, True, True, False]
    assert made.view is view


def test_a_restriction_of_short_sales_stays_once_it_was_told() -> None:
    """Every later state says it again; one that forgets does not lift it."""
    _, _, view = desk()
    before = view.short_sale_restricted("SPY")
    view.see_state(StateChange(0, "SPY", MarketState.OPEN, "short_sale_restriction", True))
    view.see_state(StateChange(0, "SPY", MarketState.OPEN, "reopened"))

    assert (before, view.short_sale_restricted("SPY"), view.market_state("SPY")) == (False, True, MarketState.OPEN)


def test_what_has_moved_is_named_since_a_number() -> None:
    """Marks, working orders and bookings; an acceptance and a trade move nothing that is worth anything."""
    _, made, view = desk()
    number, everything = view.moved(-1)
    named = []
    for change in (
        lambda: view.see(quote()),
        lambda: made.orders.approve(buy(1)),
        lambda: made.orders.accept(1),
        lambda: made.orders.fill(1, 40),
        lambda: filled(made, 2, Side.BUY, 10),
        lambda: view.see(Trade(0, "SPY", 540_000_000, 1, Side.BUY)),
        lambda: made.orders.end(1, OrderState.CANCELLED, "requested"),
    ):
        change()
        number, moved = view.moved(number)
        named.append(moved)

    assert everything == ("SPY",)
    assert named == [("SPY",), ("SPY",), (), ("SPY",), ("SPY",), (), ("SPY",)]
    assert view.moved(number) == (number, ())
