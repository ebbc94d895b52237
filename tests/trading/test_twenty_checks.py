"""The twenty checks of the reference governor: below, at and beyond each limit, by new order and by replace.

Those that are older stand in test_checks.py; here are the others, and for every check what it does without its limit,
with one that is no number, and with one below nothing.
"""

from __future__ import annotations

from dataclasses import replace
from math import nan
from typing import Any

import pytest

from engine.domain.governance import APPROVED, CancelAll, Control, Decision, Level, SetState
from engine.domain.orders import CancelOrder, NewOrder, OrderState, OrderUpdate, Side, TimeInForce
from engine.domain.quotes import MarketState, Quote
from engine.domain.records import ParentOrder
from engine.trading.checks import CHECKS
from engine.trading.checks_flow import RATIO_FROM
from engine.trading.limits import Bound, FirmLimits, GroupLimits, InstrumentLimits, Limits, RateBound, WindowBound
from engine.trading.limits_sha import limits_sha
from engine.trading.reference import ReferenceGovernor

from .plain_view import (
    MS,
    QQQ,
    SPY,
    USD,
    PlainView,
    S,
    bent,
    buy,
    desk_view,
    fill,
    firm_limits,
    instrument_limits,
    limits,
    sell,
    swap,
)

TARGET = 7
"""The order that replaces replace."""


def governor(given: Limits | None = None) -> ReferenceGovernor:
    """A fresh reference governor."""
    return ReferenceGovernor(given or limits(), (SPY, QQQ), "2025-08-05")


def of_symbol(**changes: Any) -> Limits:
    """Limits with these of SPY."""
    return limits(spy=instrument_limits(**changes))


def of_firm(**changes: Any) -> Limits:
    """Limits with these of the firm."""
    return limits(firm=firm_limits(**changes))


def one_working(left: int, position: int = 0, side: Side = Side.BUY) -> PlainView:
    """A desk with one working order in SPY."""
    view = desk_view(position)
    view.live[TARGET] = ("SPY", side, left)
    return view


def by_new_and_by_replace(given: Limits, qty: int, position: int = 0) -> tuple[Decision, Decision]:
    """What a fresh governor says to a buy of *qty*, and to a replace that leaves so many open."""
    new = governor(given).decide(buy(qty), desk_view(position))
    changed = governor(given).decide(swap(TARGET, Side.BUY, qty), one_working(1, position))
    return new, changed


# ---- 5, 6, 17: open orders, buying power, concentration, leverage -----------------------------------------------

EXPOSURES = [
    # limits in which 100 shares of 100 USD are the most; the reason; observed and limit of 101 shares, and its level
    ("open_order_shares", of_symbol(open_order_shares=Bound(hard=100)), 101, 100, "instrument"),
    ("open_notional", of_firm(open_notional_usd=Bound(hard=10_000)), 10_100, 10_000, "firm"),
    ("buying_power", of_firm(margin_pct=10_000), 1_010_000, 1_000_000, "firm"),
    ("concentration", of_symbol(concentration_pct=Bound(hard=1)), 1.01, 1, "instrument"),
    ("leverage", of_firm(leverage=Bound(hard=0.01)), 0.0101, 0.01, "firm"),
]


@pytest.mark.parametrize(
    ("reason", "given", "observed", "limit", "level"), EXPOSURES, ids=lambda value: str(value)[:20]
)
def test_exposure_is_denied_beyond_its_limit(
    reason: str, given: Limits, observed: float, limit: float, level: str
) -> None:
    """99 and 100 shares pass, 101 do not; the deny says what was seen, what was allowed, and where that stands."""
    for qty in (99, 100):
        assert by_new_and_by_replace(given, qty) == (APPROVED, APPROVED)
    for denied in by_new_and_by_replace(given, 101):
        assert (denied.approved, denied.reason, denied.level) == (False, reason, level)
        assert denied.observed == pytest.approx(observed)
        assert denied.limit == pytest.approx(limit)


@pytest.mark.parametrize(
    ("reason", "given", "observed", "limit", "level"), EXPOSURES, ids=lambda value: str(value)[:20]
)
def test_what_reduces_passes_every_limit_on_exposure(
    reason: str, given: Limits, observed: float, limit: float, level: str
) -> None:
    """The way back is never closed."""
    assert governor(given).decide(sell(500), desk_view(position=1_500)) == APPROVED


@pytest.mark.parametrize("side", list(Side))
def test_working_orders_of_both_sides_count_as_open(side: Side) -> None:
    """Ninety are working; ten more are the most, on either side."""
    given = of_symbol(open_order_shares=Bound(hard=100))
    order = buy if side is Side.BUY else sell

    assert governor(given).decide(order(10, 100.0), one_working(90, side=Side.BUY)) in (APPROVED,)
    assert governor(given).decide(order(11, 100.0), one_working(90, side=Side.BUY)).reason == "open_order_shares"


@pytest.mark.parametrize(("working", "approved"), [(1, True), (2, False), (3, False)])
def test_the_number_of_open_orders_is_limited(working: int, approved: bool) -> None:
    """Two orders may be open; a replace takes the place of one and adds none."""
    given, view = of_firm(open_orders=Bound(hard=2)), desk_view()
    view.live = dict.fromkeys(range(1, working + 1), ("SPY", Side.BUY, 1))

    new, changed = governor(given).decide(buy(1), view), governor(given).decide(swap(1, Side.BUY, 2), view)

    assert new == (APPROVED if approved else Decision(False, "open_orders", working + 1, 2, "firm"))
    assert changed.approved is (working <= 2)


def test_buying_power_is_released_when_a_cancel_is_answered_and_not_when_it_is_sent() -> None:
    """100 shares are all that equity covers: as long as the first order is live, nothing else passes."""
    ours, view = governor(of_firm(margin_pct=10_000)), desk_view()
    first = buy(100, order_id=1)
    assert ours.decide(first, view) == APPROVED
    view.live[1] = ("SPY", Side.BUY, 100)

    assert ours.decide(CancelOrder(2, 1, "SPY"), view) == APPROVED
    assert ours.decide(buy(1), view).reason == "buying_power"
    del view.live[1]
    assert ours.decide(buy(100), view) == APPROVED


def test_equity_that_is_not_a_number_buys_nothing() -> None:
    """Neither margin nor leverage is kept by NaN."""
    for given in (of_firm(margin_pct=1), of_firm(leverage=Bound(hard=1_000))):
        view = desk_view()
        view.equity_micros = nan
        assert governor(given).decide(buy(1), view).approved is False


# ---- 7: throttles ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "level"),
    [
        (of_symbol(order_rate_per_s=RateBound(hard=3)), "instrument"),
        (replace(limits(), strategy={"main": GroupLimits(order_rate_per_s=RateBound(hard=3))}), "strategy"),
        (replace(limits(), trader={"desk": GroupLimits(order_rate_per_s=RateBound(hard=3))}), "trader"),
        (replace(limits(), desk=GroupLimits(order_rate_per_s=RateBound(hard=3))), "desk"),
        (of_firm(rate=Bound(hard=3)), "firm"),
    ],
)
def test_a_rate_is_counted_at_its_own_level_and_never_meets_a_cancel(given: Limits, level: str) -> None:
    """Three pass in a second, the fourth names the level; a cancel passes at any rate, a second later everything."""
    ours, view = governor(given), desk_view()
    for _ in range(3):
        assert ours.decide(buy(1), view) == APPROVED

    assert ours.decide(buy(1), view) == Decision(False, "order_rate", 4, 3, level)
    view.live[TARGET] = ("SPY", Side.BUY, 5)
    assert ours.decide(swap(TARGET, Side.BUY, 5), view) == Decision(False, "order_rate", 4, 3, level)
    assert ours.decide(CancelOrder(9, TARGET, "SPY"), view) == APPROVED
    view.now_ns += S
    view.show(99.99, 100.01)
    assert ours.decide(buy(1), view) == APPROVED


def test_a_strategy_that_asks_beyond_all_measure_is_stopped() -> None:
    """Six asked for in a second, denied ones included: stopped at L2, its orders cancelled, others go on."""
    given = replace(limits(), strategy={"wild": GroupLimits(order_rate_per_s=RateBound(hard=2, terminate=5))})
    ours, view = governor(given), desk_view()
    reasons = [ours.decide(bent(buy(1), strategy="wild"), view).reason for _ in range(6)]

    assert reasons == ["", "", "order_rate", "order_rate", "order_rate", "rate_terminated"]
    said = ours.on_timer(view)
    assert said == (
        SetState("strategy:wild", Level.L2, "rate_terminated", view.now_ns),
        CancelAll("strategy:wild"),
    )
    view.now_ns += 2 * S
    view.show(99.99, 100.01)
    denied = ours.decide(bent(buy(1), strategy="wild"), view)
    assert (denied.reason, denied.level) == ("stopped", "strategy")
    assert ours.decide(buy(1), view) == APPROVED


# ---- 8: duplicates, and slices of one order ----------------------------------------------------------------------


@pytest.mark.parametrize(("gap_ns", "approved"), [(100 * MS - 1, False), (100 * MS, True), (100 * MS + 1, True)])
def test_orders_alike_in_all_but_their_id_are_counted_in_a_window(gap_ns: int, approved: bool) -> None:
    """Two are the most within 100 ms; one that differs in anything is another order."""
    given, view = of_symbol(duplicates=WindowBound(window_ms=100, hard=2)), desk_view()
    ours = governor(given)
    assert [ours.decide(buy(10), view), ours.decide(buy(10), view)] == [APPROVED, APPROVED]

    for other in (buy(11), buy(10, 99.0), sell(10, 101.0), bent(buy(10), tif=TimeInForce.IOC), buy(10, None)):
        assert ours.decide(other, view) == APPROVED
    view.now_ns += gap_ns
    view.show(99.99, 100.01)
    third = ours.decide(buy(10), view)

    assert third == (APPROVED if approved else Decision(False, "duplicate_order", 3, 2, "instrument"))


def test_a_replace_that_is_sent_again_is_a_duplicate() -> None:
    """The same change of the same order; of another order it is another."""
    given, view = of_symbol(duplicates=WindowBound(window_ms=100, hard=1)), one_working(5)
    view.live[8] = ("SPY", Side.BUY, 5)
    ours = governor(given)

    assert ours.decide(swap(TARGET, Side.BUY, 6), view) == APPROVED
    assert ours.decide(swap(TARGET, Side.BUY, 6), view).reason == "duplicate_order"
    assert ours.decide(swap(8, Side.BUY, 6), view) == APPROVED


def test_an_id_that_comes_twice_is_one_order() -> None:
    """However often it is replayed: it is denied, and nothing is counted a second time."""
    ours, view = governor(), desk_view()
    order = buy(10, order_id=5)
    assert ours.decide(order, view) == APPROVED
    for _ in range(20):
        assert ours.decide(order, view) == Decision(False, "duplicate_id", 5, None, "instrument")

    for _ in range(9):
        assert ours.decide(buy(10), view) == APPROVED


@pytest.mark.parametrize("wrong", ["5", None, 5.0, True])
def test_an_id_that_is_no_number_is_refused(wrong: Any) -> None:
    """Nothing could be answered for it."""
    assert governor().decide(bent(buy(1), order_id=wrong), desk_view()).reason == "bad_id"


@pytest.mark.parametrize(("last", "approved"), [(99, True), (100, True), (101, False)])
def test_slices_of_one_side_are_held_against_the_size_of_one_order(last: int, approved: bool) -> None:
    """500 shares are the most of one order, and of all buys within 50 ms; sells are another side."""
    ours, view = governor(of_symbol(slicing_ms=50)), desk_view()
    for _ in range(4):
        assert ours.decide(buy(100), view) == APPROVED
        view.now_ns += 10 * MS
    assert ours.decide(sell(400, 100.5), view) == APPROVED

    sliced = ours.decide(buy(last), view)

    assert sliced == (APPROVED if approved else Decision(False, "slicing", 400 + last, 500, "instrument"))
    view.now_ns += 50 * MS
    assert ours.decide(buy(500), view) == APPROVED


def test_slices_are_held_against_the_value_of_one_order() -> None:
    """20,000 USD are the most; replaces count by what they add, and one that adds nothing is no slice."""
    given = of_symbol(slicing_ms=50, order_notional=Bound(hard=20_000))
    ours, view = governor(given), one_working(10)
    assert ours.decide(buy(150), view) == APPROVED

    assert ours.decide(swap(TARGET, Side.BUY, 61), view) == Decision(False, "slicing", 20_100, 20_000, "instrument")
    assert ours.decide(swap(TARGET, Side.BUY, 60), view) == APPROVED
    assert ours.decide(swap(TARGET, Side.BUY, 9), view) == APPROVED


def test_a_market_order_is_sliced_at_its_worst_price() -> None:
    """The ask and the collar of 5 % on top: 105.01 USD a share."""
    given = of_symbol(slicing_ms=50, order_notional=Bound(hard=20_000))
    ours, view = governor(given), desk_view()
    assert ours.decide(buy(100, None), view) == APPROVED

    assert ours.decide(buy(91, None), view).reason == "slicing"
    assert ours.decide(buy(90, None), view) == APPROVED


# ---- 9, 10: repeats and rejects ---------------------------------------------------------------------------------


def filled_again(ours: ReferenceGovernor, view: PlainView, number: int, strategy: str = "main") -> Decision:
    """The strategy enters with one share, and is filled if it may."""
    view.now_ns += S
    view.show(99.99, 100.01)
    decision = ours.decide(bent(buy(1, order_id=number), strategy=strategy), view)
    if decision.approved:
        ours.on_fill(fill(number, Side.BUY, 1, order_id=number), view)
    return decision


def test_a_strategy_that_enters_again_and_again_is_stopped_until_two_people_let_it() -> None:
    """The first entry is no repeat; three repeats pass, the fourth stops this strategy and no other."""
    ours, view = governor(of_firm(repeated=Bound(hard=3))), desk_view()
    assert [filled_again(ours, view, number) for number in range(1, 5)] == [APPROVED] * 4

    assert filled_again(ours, view, 5) == Decision(False, "repeated_execution", 4, 3, "firm")
    assert ours.on_timer(view) == (SetState("strategy:main", Level.L1, "repeated_execution", view.now_ns),)
    assert filled_again(ours, view, 6).reason == "stopped"
    assert filled_again(ours, view, 7, "other") == APPROVED
    for by in ("a", "b"):
        ours.on_control(Control("resume", "strategy:main", Level.RUNNING, by), view)
    assert [filled_again(ours, view, number).reason for number in range(8, 12)] == ["", "", "", "repeated_execution"]


def test_a_word_from_a_person_begins_the_count_anew() -> None:
    """Nothing is stopped yet: whoever resumes has looked."""
    ours, view = governor(of_firm(repeated=Bound(hard=3))), desk_view()
    for number in range(1, 5):
        filled_again(ours, view, number)
    ours.on_control(Control("resume", "firm", Level.RUNNING, "a"), view)

    assert filled_again(ours, view, 5) == APPROVED


def rejected(order_id: int, reason: str = "venue_says_no") -> OrderUpdate:
    """The venue rejects a new order."""
    return OrderUpdate(order_id, 0, OrderState.REJECTED, reason, 0)


@pytest.mark.parametrize(("rejects", "stopped"), [(2, False), (3, True), (4, True)])
def test_rejects_one_after_the_other_stop_the_strategy(rejects: int, stopped: bool) -> None:
    """From the third on, latched; the stop is said at once."""
    ours, view = governor(of_firm(consecutive_rejects=Bound(hard=3))), desk_view()
    said: list[object] = []
    for number in range(1, rejects + 1):
        assert ours.decide(buy(1, order_id=number), view).approved is (number <= 3)
        said += ours.on_update(rejected(number), view)

    assert (ours.level("strategy:main") is Level.L1) is stopped
    assert said == ([SetState("strategy:main", Level.L1, "consecutive_rejects", view.now_ns)] if stopped else [])


@pytest.mark.parametrize(
    "between", [OrderUpdate(3, 0, OrderState.WORKING, "", 1), rejected(3, "session_down"), rejected(99)]
)
def test_only_rejects_in_a_row_count(between: OrderUpdate) -> None:
    """An acceptance begins anew; what the desk itself did not send, or nobody asked for, is no reject."""
    ours, view = governor(of_firm(consecutive_rejects=Bound(hard=3))), desk_view()
    for number in range(1, 6):
        ours.decide(buy(1, order_id=number), view)
    for update in (rejected(1), rejected(2), between):
        ours.on_update(update, view)

    assert ours.level("strategy:main") is Level.RUNNING


# ---- 11: self-trades ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("limit_usd", "approved"), [(100.49, True), (100.50, False), (100.51, False), (None, False)])
def test_an_order_that_would_meet_ones_own_is_refused(limit_usd: float | None, approved: bool) -> None:
    """A sell rests at 100.50; by replace likewise, and once it is over it is in nobody's way."""
    ours, view = governor(), desk_view()
    assert ours.decide(sell(10, 100.50, order_id=1), view) == APPROVED
    view.live = {1: ("SPY", Side.SELL, 10), TARGET: ("SPY", Side.BUY, 10)}

    assert ours.decide(buy(10, limit_usd), view).approved is approved
    if limit_usd is not None:
        denied = ours.decide(swap(TARGET, Side.BUY, 10, limit_usd), view)
        assert denied == (APPROVED if approved else Decision(False, "self_trade", limit_usd, 100.5, "instrument"))
    del view.live[1]
    assert ours.decide(buy(10, limit_usd), view) == APPROVED


def test_the_best_of_many_own_orders_is_the_one_that_is_met() -> None:
    """Hundreds of dead orders are swept away, and what lives behind them is still found."""
    ours, view = governor(of_firm(rate=Bound(hard=10**6))), desk_view()
    for number in range(1, 400):
        assert ours.decide(sell(1, 100.50 + number % 7 / 100, order_id=number), view) == APPROVED
        view.live = {4: ("SPY", Side.SELL, 1), number: ("SPY", Side.SELL, 1)}
    view.live = {4: ("SPY", Side.SELL, 1)}

    assert ours.decide(buy(1, 100.53), view) == APPROVED
    assert ours.decide(buy(1, 100.54), view).limit == 100.54


# ---- 13: orders for each trade ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("messages", "approved"), [(999, True), (1_000, True), (1_001, False)])
def test_orders_for_each_trade_are_limited(messages: int, approved: bool) -> None:
    """Ten fills allow a thousand messages, cancels among them; a cancel itself is never refused."""
    ours, view = governor(of_symbol(order_to_trade=Bound(hard=100))), desk_view()
    for number in range(10):
        ours.on_fill(fill(number, Side.BUY, 1, order_id=-1), view)
    for _ in range(messages - 1):
        assert ours.decide(CancelOrder(5, TARGET, "SPY"), view) == APPROVED

    decision = ours.decide(buy(1), view)

    assert decision == (APPROVED if approved else Decision(False, "order_to_trade", 100.1, 100, "instrument"))


def test_the_ratio_is_not_one_of_chance() -> None:
    """Below a thousand messages nothing is denied, trade or no trade."""
    ours, view = governor(of_symbol(order_to_trade=Bound(hard=0))), desk_view()
    for _ in range(RATIO_FROM - 2):
        ours.decide(CancelOrder(5, TARGET, "SPY"), view)

    assert ours.decide(buy(1), view) == APPROVED
    assert ours.decide(buy(1), view).reason == "order_to_trade"


# ---- 14: absurd data ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("ask_usd", "approved"), [(100.0, False), (99.99, False), (100.01, True)])
def test_a_crossed_or_locked_quote_takes_no_new_risk(ask_usd: float, approved: bool) -> None:
    """Bid 100.00; getting out stays open."""
    view = desk_view(position=10)
    view.show(100.0, ask_usd)

    assert governor().decide(buy(1), view).approved is approved
    assert governor().decide(sell(10), view) == APPROVED
    if not approved:
        assert governor().decide(buy(1), view).reason == "crossed_quote"


def quoted(ours: ReferenceGovernor, view: PlainView, mid_usd: float) -> None:
    """A quote around *mid_usd* arrives."""
    view.now_ns += 10 * MS
    view.show(mid_usd - 0.01, mid_usd + 0.01)
    ours.on_market(view.quotes["SPY"], view)


def test_a_jump_beyond_everything_usual_takes_no_new_risk_until_it_is_confirmed() -> None:
    """Two cents up and down are usual; a fall of 40 % is no price until five quotes in a row say so."""
    ours, view = governor(of_symbol(quote_jump_sigmas=Bound(hard=30))), desk_view()
    for number in range(200):
        quoted(ours, view, 100.0 + number % 2 / 50)
    assert ours.decide(buy(1), view) == APPROVED

    for _ in range(4):
        quoted(ours, view, 60.0)
        denied = ours.decide(buy(1, 60.0), view)
        assert (denied.reason, denied.limit, denied.level) == ("quote_jump", 30, "instrument")
        assert denied.observed is not None
        assert denied.observed > 1_000
    quoted(ours, view, 60.02)
    assert ours.decide(buy(1, 60.0), view) == APPROVED


def test_a_print_that_nobody_confirms_was_none() -> None:
    """One absurd quote, and the next is as before."""
    ours, view = governor(of_symbol(quote_jump_sigmas=Bound(hard=30))), desk_view()
    for number in range(200):
        quoted(ours, view, 100.0 + number % 2 / 50)
    quoted(ours, view, 0.05)
    assert ours.decide(buy(1, 0.05), view).reason == "quote_jump"
    quoted(ours, view, 100.0)

    assert ours.decide(buy(1), view) == APPROVED


def test_a_loss_at_a_price_that_nobody_confirms_stops_nobody_and_a_gain_is_no_peak() -> None:
    """Of one absurd quote no stop, and no drawdown from a height that never was; confirmed, it is a loss."""
    ours, view = governor(of_symbol(quote_jump_sigmas=Bound(hard=30))), desk_view(position=1_000)
    for number in range(200):
        quoted(ours, view, 100.0 + number % 2 / 50)
    start = view.equity_micros
    for absurd in (0.05, 900.0):
        view.equity_micros = round(start + 1_000 * (absurd - 100) * 1_000_000)
        quoted(ours, view, absurd)
        assert ours.level() is Level.RUNNING
        view.equity_micros = start
        quoted(ours, view, 100.0)
        assert ours.level() is Level.RUNNING
    view.lose(60_000)
    for _ in range(4):
        quoted(ours, view, 40.0)
        assert ours.level() is Level.RUNNING
    quoted(ours, view, 40.0)
    assert ours.level() is Level.L3


def test_a_quote_from_before_the_last_one_takes_no_new_risk() -> None:
    """A feed that goes back in time has lost its order."""
    ours, view = governor(of_symbol(quote_jump_sigmas=Bound(hard=30))), desk_view()
    quoted(ours, view, 100.0)
    old = Quote(view.now_ns - 1, "SPY", 99_990_000, 1, 100_010_000, 1)
    view.quotes["SPY"] = old
    ours.on_market(old, view)

    assert ours.decide(buy(1), view).reason == "quote_backwards"


def test_a_second_source_that_is_silent_or_old_takes_no_new_risk() -> None:
    """No witness, no risk; what reduces passes, and without such a limit nobody asks for one."""
    given = of_symbol(source_disagreement_pct=Bound(hard=1))
    view = desk_view(position=10)
    silent = governor(given).decide(buy(1), view)
    view.check_quotes["SPY"] = Quote(view.now_ns - 500 * MS - 1, "SPY", 99_990_000, 1, 100_010_000, 1)
    old = governor(given).decide(buy(1), view)
    view.check_quotes["SPY"] = Quote(view.now_ns, "SPY", 0, 0, 100_010_000, 1)
    one_sided = governor(given).decide(buy(1), view)

    assert [one.reason for one in (silent, old, one_sided)] == ["no_check_quote"] * 3
    assert (old.limit, old.level) == (500, "firm")
    assert governor(given).decide(sell(10), view) == APPROVED
    assert governor().decide(buy(1), view) == APPROVED


def test_the_deny_of_two_sources_says_how_far_apart_they_are() -> None:
    """Ours is 2 % below the second's."""
    view = desk_view()
    view.check_quotes["SPY"] = Quote(view.now_ns, "SPY", 102_030_816, 1, 102_050_816, 1)
    denied = governor(of_symbol(source_disagreement_pct=Bound(soft=1, hard=1.5))).decide(buy(1), view)

    assert (denied.reason, denied.limit, denied.level) == ("source_disagreement", 1.5, "instrument")
    assert denied.observed == pytest.approx(2.0, abs=1e-3)


def test_after_a_gap_of_the_feed_the_way_out_stays_open() -> None:
    """In that symbol no new risk; another one whose quote has come is not in doubt."""
    view = desk_view(position=10)
    view.in_doubt.add("SPY")

    assert governor().decide(buy(1), view) == Decision(False, "sequence_gap", None, None, "firm")
    assert governor().decide(sell(10), view) == APPROVED
    assert governor().decide(buy(1, 50.0, symbol="QQQ"), view) == APPROVED


# ---- 15: the market's state ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "limit_up", "market_up", "limit_down", "market_down"),
    [
        (MarketState.OPEN, True, True, True, True),
        (MarketState.LIMIT_STATE, True, False, True, False),
        (MarketState.PAUSED, False, False, True, False),
        (MarketState.HALTED, False, False, True, False),
        (MarketState.CLOSED, False, False, False, False),
    ],
)
def test_what_may_be_sent_by_the_market_s_state(
    state: MarketState, limit_up: bool, market_up: bool, limit_down: bool, market_down: bool
) -> None:
    """Limit and market orders that raise risk, and that reduce it; a cancel always passes."""
    view = desk_view(position=10)
    view.states["SPY"] = state
    asked = (buy(1), buy(1, None), sell(10), sell(10, None))

    answers = [governor().decide(order, view) for order in asked]

    assert [answer.approved for answer in answers] == [limit_up, market_up, limit_down, market_down]
    assert {answer.reason for answer in answers if not answer.approved} <= {f"market_{state.value}"}
    assert governor().decide(CancelOrder(1, 1, "SPY"), view) == APPROVED


def restricted_view(position: int = 0) -> PlainView:
    """A desk whose venue restricts short sales of SPY; the bid is 99.99."""
    view = desk_view(position)
    view.no_short_sales.add("SPY")
    return view


@pytest.mark.parametrize(
    ("qty", "limit_usd", "approved"),
    [(10, 99.99, True), (11, 99.99, False), (11, 100.0, True), (10, None, True), (11, None, False)],
)
def test_under_a_restriction_only_a_sale_that_goes_short_is_held_above_the_bid(
    qty: int, limit_usd: float | None, approved: bool
) -> None:
    """Ten shares are held: they may be sold at any price, an eleventh only above the bid, and never at the market."""
    view = restricted_view(position=10)
    answer = governor().decide(sell(qty, limit_usd), view)

    assert answer == (APPROVED if approved else Decision(False, "short_sale", limit_usd, 99.99, "instrument"))
    assert governor().decide(buy(1), view) == APPROVED


def test_a_replace_may_not_bring_a_short_sale_down_to_the_bid() -> None:
    """It asks for no more shares, and is a short sale all the same."""
    view = restricted_view()
    view.live[TARGET] = ("SPY", Side.SELL, 10)

    assert governor().decide(swap(TARGET, Side.SELL, 10, 99.99), view).reason == "short_sale"
    assert governor().decide(swap(TARGET, Side.SELL, 10, 100.0), view) == APPROVED


def test_a_fall_restricts_for_the_rest_of_the_session_and_over_a_restart() -> None:
    """The price comes back, the restriction stays; another session begins without it."""
    given = of_symbol(short_sale_fall_pct=10)
    ours, view = governor(given), desk_view()
    quoted(ours, view, 90.0)
    quoted(ours, view, 100.0)
    again = governor(given)
    again.restore(ours.snapshot())
    tomorrow = ReferenceGovernor(given, (SPY, QQQ), "2025-08-06")
    tomorrow.restore(ours.snapshot())

    said = [one.decide(sell(1, 99.99, order_id=10**9), view).reason for one in (ours, again, tomorrow)]

    assert said == ["short_sale", "short_sale", ""]


# ---- 17: sectors --------------------------------------------------------------------------------------------------


def test_a_sector_is_the_sum_of_its_symbols_and_who_has_none_counts_together() -> None:
    """One percent of a million: 10,000 USD in each sector, the worse side of each symbol, working orders included."""
    of_two = {"SPY": instrument_limits(sector="indices"), "QQQ": instrument_limits(sector="growth")}
    of_none = {"SPY": instrument_limits(), "QQQ": instrument_limits()}
    firm = firm_limits(sector_concentration_pct=Bound(hard=1))
    view = desk_view()
    view.positions["QQQ"] = -60
    view.live[5] = ("QQQ", Side.SELL, 40)

    apart, together = (replace(limits(firm=firm), instrument=each) for each in (of_two, of_none))

    assert governor(apart).decide(buy(100), view) == APPROVED
    assert governor(together).decide(buy(50), view) == APPROVED
    denied = governor(together).decide(buy(51), view)
    assert (denied.reason, denied.limit, denied.level) == ("sector_concentration", 1, "firm")
    assert denied.observed == pytest.approx(1.01)


# ---- 16: rights -----------------------------------------------------------------------------------------------------


def test_what_is_restricted_may_only_be_given_up() -> None:
    """The list wins over every limit."""
    given = of_firm(restricted=("SPY",))

    assert governor(given).decide(buy(1), desk_view()) == Decision(False, "restricted", None, None, "firm")
    assert governor(given).decide(sell(10), desk_view(position=10)) == APPROVED
    assert governor(given).decide(buy(1, 50.0, symbol="QQQ"), desk_view()) == APPROVED


@pytest.mark.parametrize("level", ["strategy", "trader", "desk"])
def test_only_who_is_permitted_trades(level: str) -> None:
    """A list of symbols at any level; without one, everything."""
    only_qqq = GroupLimits(may_trade=("QQQ",))
    where: dict[str, Any] = {
        "strategy": {"strategy": {"main": only_qqq}},
        "trader": {"trader": {"desk": only_qqq}},
        "desk": {"desk": only_qqq},
    }
    given = replace(limits(), **where[level])

    assert governor(given).decide(buy(1), desk_view()) == Decision(False, "not_permitted", None, None, level)
    assert governor(given).decide(buy(1, 50.0, symbol="QQQ"), desk_view()) == APPROVED


def test_a_replace_of_somebody_else_s_order_is_not_permitted() -> None:
    """Whose order it is does not change."""
    ours, view = governor(), desk_view()
    assert ours.decide(buy(10, order_id=TARGET), view) == APPROVED
    view.live[TARGET] = ("SPY", Side.BUY, 10)

    assert ours.decide(bent(swap(TARGET, Side.BUY, 9), strategy="other"), view).reason == "not_permitted"
    assert ours.decide(swap(TARGET, Side.BUY, 9), view) == APPROVED


@pytest.mark.parametrize(("qty", "approved"), [(109, True), (110, True), (111, False)])
def test_a_short_sale_needs_located_shares(qty: int, approved: bool) -> None:
    """Ten are held and a hundred located; by new order and by replace."""
    given = of_symbol(short_shares=Bound(hard=100))

    new = governor(given).decide(sell(qty), desk_view(position=10))
    changed = governor(given).decide(swap(TARGET, Side.SELL, qty), one_working(1, 10, Side.SELL))

    assert new == changed == (APPROVED if approved else Decision(False, "no_locate", 101, 100, "instrument"))


# ---- 18: output = input -------------------------------------------------------------------------------------------


def child(qty: int, parent_id: int = 50, order_id: int = 0) -> NewOrder:
    """A slice of a parent order."""
    made: NewOrder = bent(buy(qty, order_id=order_id) if order_id else buy(qty), parent_id=parent_id)
    return made


def test_children_are_together_no_larger_than_their_parent() -> None:
    """Three hundred shares: 100, 150 and 50 pass, one more does not; what died unfilled may be sent again."""
    ours, view = governor(), desk_view()
    ours.on_parent(ParentOrder(0, 50, "SPY", 1, 300), view)
    assert [ours.decide(child(qty, order_id=qty), view) for qty in (100, 150, 50)] == [APPROVED] * 3
    assert ours.decide(child(1), view) == Decision(False, "child_qty", 301, 300, "instrument")

    ours.on_fill(fill(1, Side.BUY, 30, order_id=100, left=70), view)
    ours.on_update(OrderUpdate(100, 0, OrderState.CANCELLED, "requested", 70), view)

    assert ours.decide(child(71), view).reason == "child_qty"
    assert ours.decide(child(70), view) == APPROVED


def test_a_child_that_is_replaced_is_still_one_of_its_parent() -> None:
    """A replace adds what it asks for beyond the order it replaces."""
    ours, view = governor(), desk_view()
    ours.on_parent(ParentOrder(0, 50, "SPY", 1, 300), view)
    assert ours.decide(child(200, order_id=TARGET), view) == APPROVED
    view.live[TARGET] = ("SPY", Side.BUY, 200)

    assert ours.decide(swap(TARGET, Side.BUY, 301), view) == Decision(False, "child_qty", 301, 300, "instrument")
    assert ours.decide(swap(TARGET, Side.BUY, 300), view) == APPROVED


@pytest.mark.parametrize("parent", [None, ParentOrder(0, 50, "QQQ", 1, 300), ParentOrder(0, 50, "SPY", -1, 300)])
def test_a_child_of_nobody_is_refused(parent: ParentOrder | None) -> None:
    """Nobody announced the parent, or it is of another symbol or side."""
    ours, view = governor(), desk_view()
    if parent is not None:
        ours.on_parent(parent, view)

    assert ours.decide(child(1), view).reason == "unknown_parent"


def test_an_order_that_nobody_approved_stops_the_firm() -> None:
    """Orders leaving are compared with orders that entered: one stray, and everything is cancelled."""
    ours, view = governor(), desk_view()
    ours.decide(buy(1, order_id=1), view)
    assert ours.on_update(OrderUpdate(1, 0, OrderState.WORKING, "", 1), view) == ()

    said = ours.on_update(OrderUpdate(2, 0, OrderState.WORKING, "", 1), view)

    assert said == (SetState("firm", Level.L2, "stray_orders", view.now_ns), CancelAll("firm"))


def test_two_people_who_know_of_the_strays_can_re_arm_and_another_stray_stops_again() -> None:
    """What has been looked at is no news; the next one is."""
    ours, view = governor(), desk_view()
    ours.on_update(OrderUpdate(2, 0, OrderState.WORKING, "", 1), view)
    for person in ("a", "b"):
        ours.on_control(Control("resume", "firm", Level.RUNNING, person), view)
    ours.on_update(OrderUpdate(2, 0, OrderState.CANCELLED, "", 0), view)
    assert ours.level() is Level.RUNNING

    ours.on_update(OrderUpdate(3, 0, OrderState.WORKING, "", 1), view)
    assert ours.level() is Level.L2


def test_the_governor_s_own_orders_are_no_strays() -> None:
    """It knows how many it commanded."""
    ours, view = governor(), desk_view(position=1_000)
    ours.on_control(Control("flatten", "firm", Level.RUNNING, "a"), view)
    view.volumes["SPY"] = 1_000
    assert len(ours.on_timer(view)) == 1

    assert ours.on_update(OrderUpdate(2, 0, OrderState.WORKING, "", 1), view) == ()
    assert ours.level() is Level.L3


# ---- nested limits --------------------------------------------------------------------------------------------------


def nested(**by_level: GroupLimits) -> Limits:
    """Limits with groups at some levels."""
    return replace(
        limits(),
        desk=by_level.get("desk"),
        trader={"desk": by_level["trader"]} if "trader" in by_level else {},
        strategy={"main": by_level["strategy"]} if "strategy" in by_level else {},
    )


@pytest.mark.parametrize(
    ("tight", "level"),
    [
        ({"strategy": 300}, "strategy"),
        ({"trader": 300}, "trader"),
        ({"desk": 300}, "desk"),
        ({"strategy": 300, "trader": 200, "desk": 400}, "trader"),
        ({"strategy": 600, "trader": 600, "desk": 600}, "instrument"),
    ],
)
@pytest.mark.parametrize(
    ("field", "reason"), [("order_qty_shares", "order_qty"), ("position_shares", "position")], ids=lambda value: value
)
def test_of_nested_limits_the_tightest_wins_and_is_named(
    tight: dict[str, int], level: str, field: str, reason: str
) -> None:
    """The symbol itself allows 500, the others what they say; at the limit passes, one more is denied."""
    own = Bound(hard=500)
    groups = {name: GroupLimits(**{field: Bound(hard=hard)}) for name, hard in tight.items()}  # type: ignore[arg-type]
    wide = {"order_qty": Bound(hard=10**6), "order_notional": Bound(hard=10**9), "position": Bound(hard=10**6)}
    each = instrument_limits(**(wide | {reason: own}))  # type: ignore[arg-type]
    given = replace(nested(**groups), instrument={"SPY": each})
    most = min(500, *tight.values())

    assert by_new_and_by_replace(given, most) == (APPROVED, APPROVED)
    for denied in by_new_and_by_replace(given, most + 1):
        assert denied.reason == reason
        assert (denied.limit, denied.level) == (most, level)


def test_a_strategy_s_position_is_its_own() -> None:
    """Another strategy's shares do not count; fills become position, and what dies is released when that is told."""
    given = replace(limits(), strategy={"a": GroupLimits(position_shares=Bound(hard=100))})
    ours, view = governor(given), desk_view()

    def mine(qty: int, order_id: int = 0) -> NewOrder:
        made: NewOrder = bent(buy(qty, order_id=order_id), strategy="a")
        return made

    assert ours.decide(bent(buy(400), strategy="b"), view) == APPROVED
    assert ours.decide(mine(100, 1), view) == APPROVED
    assert ours.decide(mine(1), view) == Decision(False, "position", 101, 100, "strategy")

    ours.on_fill(fill(1, Side.BUY, 40, order_id=1, left=60), view)
    ours.on_update(OrderUpdate(9, 1, OrderState.CANCELLED, "requested", 60), view)

    assert ours.decide(mine(61), view).reason == "position"
    assert ours.decide(mine(60), view) == APPROVED


def test_a_strategy_s_gross_value_is_its_own() -> None:
    """Ten thousand USD over both symbols."""
    given = replace(limits(), trader={"t": GroupLimits(gross_notional_usd=Bound(hard=10_000))})
    ours, view = governor(given), desk_view()
    assert ours.decide(bent(buy(100, 50.0, symbol="QQQ"), trader="t"), view) == APPROVED

    assert ours.decide(bent(buy(51), trader="t"), view) == Decision(False, "gross_notional", 10_100, 10_000, "trader")
    assert ours.decide(bent(buy(50), trader="t"), view) == APPROVED
    assert ours.decide(buy(51), view) == APPROVED


def test_the_opening_inventory_is_the_first_strategy_s() -> None:
    """It is what the desk's own strategy took over."""
    given = replace(limits(), strategy={name: GroupLimits(position_shares=Bound(hard=100)) for name in ("main", "b")})
    ours, view = governor(given), desk_view(position=90)

    assert ours.decide(buy(11), view).level == "strategy"
    assert ours.decide(bent(buy(100), strategy="b"), view) == APPROVED


# ---- every check: no limit, no number, less than nothing ------------------------------------------------------------

NEEDED_FIRM = {"gross", "daily_loss", "drawdown", "rate", "quote_age", "repeated"}
NEEDED_SYMBOL = {"order_qty", "order_notional", "position", "collar", "duplicates", "slicing_ms"}


@pytest.mark.parametrize("name", sorted(NEEDED_FIRM | NEEDED_SYMBOL))
def test_a_compulsory_limit_that_is_missing_denies(name: str) -> None:
    """No number never means no limit; by new order and by replace that asks for more."""
    given = of_firm(**{name: None}) if name in NEEDED_FIRM else of_symbol(**{name: None})

    for denied in by_new_and_by_replace(given, 2):
        assert (denied.approved, denied.reason) == (False, "limit_missing")
        assert denied.level == ("firm" if name in NEEDED_FIRM else "instrument")


def test_a_limit_that_is_not_compulsory_is_off_and_said_to_be() -> None:
    """Every key that is no compulsory limit, and nothing is denied for want of it."""
    ours = governor()

    assert ours.decide(buy(1), desk_view()) == APPROVED
    assert "firm.leverage" in ours.off
    assert "instrument.QQQ.order_to_trade" in ours.off
    assert ours.missing == ()
    assert governor(of_firm(leverage=Bound(hard=3))).off == tuple(name for name in ours.off if name != "firm.leverage")


SENSELESS = [
    *(("firm", name) for name in ("gross", "rate", "quote_age", "open_orders", "open_notional_usd", "leverage")),
    *(("spy", name) for name in ("order_qty", "order_notional", "position", "collar", "open_order_shares")),
    *(("spy", name) for name in ("concentration_pct",)),
]


@pytest.mark.parametrize("number", [nan, -1.0])
@pytest.mark.parametrize(("where", "name"), SENSELESS)
def test_a_limit_that_is_no_number_or_below_nothing_allows_nothing(where: str, name: str, number: float) -> None:
    """The loader refuses both; should one come through, it denies."""
    change: Any = {name: Bound(hard=number)}
    given = of_firm(**change) if where == "firm" else of_symbol(**change)

    assert [decision.approved for decision in by_new_and_by_replace(given, 2)] == [False, False]


@pytest.mark.parametrize(
    "given",
    [
        of_symbol(order_rate_per_s=RateBound(hard=nan)),
        of_symbol(order_rate_per_s=RateBound(hard=-1)),
        of_symbol(duplicates=WindowBound(window_ms=100, hard=nan)),
        of_symbol(duplicates=WindowBound(window_ms=100, hard=-1)),
        of_firm(margin_pct=nan),
        replace(limits(), strategy={"main": GroupLimits(position_shares=Bound(hard=nan))}),
        replace(limits(), strategy={"main": GroupLimits(order_qty_shares=Bound(hard=nan))}),
        replace(limits(), desk=GroupLimits(gross_notional_usd=Bound(hard=-1))),
    ],
)
def test_a_senseless_number_at_any_level_allows_nothing(given: Limits) -> None:
    """What is not within a limit is beyond it, and NaN is within nothing."""
    assert governor(given).decide(buy(1), desk_view()).approved is False


@pytest.mark.parametrize("changes", [{"qty": nan}, {"qty": -1}, {"limit_micros": nan}, {"limit_micros": -USD}])
def test_an_order_with_senseless_numbers_is_denied_before_it_is_counted(changes: dict[str, Any]) -> None:
    """By new order and by replace."""
    for order in (bent(buy(1), **changes), bent(swap(TARGET, Side.BUY, 1), **changes)):
        ours = governor()
        assert ours.decide(order, one_working(1)).approved is False
        assert ours.snapshot()["messages"] == {}


@pytest.mark.parametrize("changes", [{"strategy": None}, {"strategy": ["a"]}, {"trader": 5}])
def test_an_order_of_nobody_is_denied(changes: dict[str, Any]) -> None:
    """Whose it is must be a word."""
    assert governor().decide(bent(buy(1), **changes), desk_view()).approved is False


@pytest.mark.parametrize("changes", [{"kind": "limit"}, {"tif": "day"}, {"kind": None}])
def test_an_order_of_an_unknown_kind_is_denied(changes: dict[str, Any]) -> None:
    """A word that looks like one is none."""
    assert governor().decide(bent(buy(1), **changes), desk_view()).reason == "bad_kind"


def test_every_deny_names_the_limits_it_was_made_by() -> None:
    """The digest of the canonical document; an order of the keys is no other document."""
    ours = governor()
    denied = ours.decide(buy(501), desk_view())

    assert denied.limits_sha == ours.limits_sha == limits_sha(limits())
    assert limits_sha(of_firm(leverage=Bound(hard=3))) != ours.limits_sha


def test_every_check_can_deny_and_can_let_pass() -> None:
    """Each function of the list is asked here or in test_checks.py; a new one is to be added to both."""
    assert [check.__name__.removeprefix("check_") for check in CHECKS] == [
        "source",
        "level",
        "flattening",
        "rights",
        "market_state",
        "short_sale",
        "quote",
        "absurd",
        "second_source",
        "order_qty",
        "order_notional",
        "price_collar",
        "parent",
        "slicing",
        "duplicates",
        "self_trade",
        "short",
        "position",
        "open_orders",
        "gross_notional",
        "buying_power",
        "concentration",
        "sector",
        "leverage",
        "order_rate",
        "order_to_trade",
        "repeated",
        "losses",
    ]


def test_a_soft_limit_of_any_kind_is_said_and_lets_pass() -> None:
    """One limit after the other, soft at nothing, each with its level."""
    soft = Bound(soft=0)
    given = limits(
        spy=instrument_limits(
            open_order_shares=soft, concentration_pct=soft, order_rate_per_s=RateBound(soft=0), short_shares=soft
        ),
        firm=firm_limits(open_orders=soft, open_notional_usd=soft, leverage=soft, sector_concentration_pct=soft),
    )
    ours = governor(given)

    said = ours.decide(sell(1), desk_view())

    assert said == APPROVED
    assert [(each.reason, each.level) for each in said.soft] == [
        ("no_locate", "instrument"),
        ("open_order_shares", "instrument"),
        ("open_orders", "firm"),
        ("open_notional", "firm"),
        ("concentration", "instrument"),
        ("sector_concentration", "firm"),
        ("leverage", "firm"),
        ("order_rate", "instrument"),
    ]


def test_an_order_to_trade_ratio_alerts_first_and_then_denies() -> None:
    """Soft at 100 messages for each fill, hard at 101: with ten fills the 1,001st alerts, the 1,011th is denied."""
    ours, view = governor(of_symbol(order_to_trade=Bound(soft=100, hard=101))), desk_view()
    for number in range(10):
        ours.on_fill(fill(number, Side.BUY, 1, order_id=-1), view)
    said = []
    for last in (1_000, 1_001, 1_011):
        while ours.snapshot()["messages"].get("SPY", 0) < last - 1:
            ours.decide(CancelOrder(5, TARGET, "SPY"), view)
        said.append(ours.decide(buy(1), view))

    assert [(one.approved, [each.reason for each in one.soft]) for one in said] == [
        (True, []),
        (True, ["order_to_trade"]),
        (False, []),
    ]


def test_the_soft_step_of_nested_limits_names_its_own_level() -> None:
    """The symbol has the hard one, the strategy the soft one."""
    given = replace(
        of_symbol(order_qty=Bound(hard=500)), strategy={"main": GroupLimits(order_qty_shares=Bound(soft=10, hard=900))}
    )
    ours = governor(given)

    assert [(each.limit, each.level) for each in ours.decide(buy(11), desk_view()).soft] == [(10, "strategy")]
    assert ours.decide(buy(501), desk_view()).level == "instrument"


def test_the_fields_of_the_documents_are_all_looked_at() -> None:
    """A limit that nobody holds anything against would be a promise that is not kept."""
    ours = governor(
        replace(limits(firm=FirmLimits()), instrument={"SPY": InstrumentLimits(), "QQQ": InstrumentLimits()})
    )
    said = {name.rpartition(".")[2] for name in (*ours.missing, *ours.off)}

    assert said == {*FirmLimits.__dataclass_fields__, *InstrumentLimits.__dataclass_fields__} - {"restricted", "sector"}
