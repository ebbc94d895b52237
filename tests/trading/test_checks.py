"""The reference governor's checks: below, at and beyond each limit, by new order and by replace."""

from __future__ import annotations

from dataclasses import replace
from math import inf, nan
from typing import Any

import pytest

from engine.domain.governance import APPROVED, Control, Decision, DeskView, Level, SoftBreach
from engine.domain.orders import CancelOrder, Instruction, OrderKind, Side, TimeInForce
from engine.trading.limits import Bound, Limits, LossBound
from engine.trading.limits_given import missing_limits
from engine.trading.reference import ReferenceGovernor

from .plain_view import (
    MS,
    QQQ,
    SPY,
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


def governor(given: Limits | None = None) -> ReferenceGovernor:
    """A fresh reference governor."""
    return ReferenceGovernor(given or limits(), (SPY, QQQ), "2025-08-05")


def asked(order: Instruction, view: DeskView | None = None, given: Limits | None = None) -> Decision:
    """What a fresh governor says to one order."""
    return governor(given).decide(order, view or desk_view())


def only(**changes: Any) -> Limits:
    """Limits in which SPY's other limits do not bind."""
    wide: dict[str, Any] = {
        "order_qty": Bound(hard=10**9),
        "order_notional": Bound(hard=10**12),
        "position": Bound(hard=10**9),
        "collar": Bound(hard=50),
    }
    return limits(spy=instrument_limits(**(wide | changes)), firm=firm_limits(gross=Bound(hard=10**12)))


# ---- well-formed ----------------------------------------------------------------------------------------------


def test_an_ordinary_order_is_approved() -> None:
    """Nothing is denied without a reason."""
    assert asked(buy(100)) == APPROVED
    assert asked(sell(100)) == APPROVED
    assert asked(buy(100, None)) == APPROVED


@pytest.mark.parametrize(
    ("order", "reason"),
    [
        (buy(100, symbol="XYZ"), "unknown_symbol"),
        (bent(buy(100), symbol=None), "unknown_symbol"),
        (bent(buy(100), symbol=["SPY"]), "unknown_symbol"),
        (buy(0), "bad_qty"),
        (buy(-1), "bad_qty"),
        (bent(buy(1), qty=nan), "bad_qty"),
        (bent(buy(1), qty=inf), "bad_qty"),
        (bent(buy(1), qty=1.0), "bad_qty"),
        (bent(buy(1), qty=True), "bad_qty"),
        (bent(buy(1), qty=None), "bad_qty"),
        (buy(1, 0.0), "bad_price"),
        (buy(1, -100.0), "bad_price"),
        (buy(1, 100.005), "bad_price"),
        (bent(buy(1), limit_micros=nan), "bad_price"),
        (bent(buy(1), limit_micros=None), "bad_price"),
        (bent(buy(1), kind=OrderKind.MARKET), "bad_price"),
        (bent(buy(1), side=0), "bad_side"),
        (bent(buy(1), side=nan), "bad_side"),
    ],
)
def test_a_malformed_order_is_denied(order: Instruction, reason: str) -> None:
    """Each mistake has its own stable code, and NaN is one."""
    decision = asked(order)

    assert (decision.approved, decision.reason) == (False, reason)


def test_a_lot_size_is_kept() -> None:
    """Shares come in lots."""
    lots = ReferenceGovernor(limits(), (replace(SPY, lot=100),), "2025-08-05")
    view = desk_view()

    assert lots.decide(buy(200), view) == APPROVED
    assert lots.decide(buy(150), view).reason == "bad_qty"


def test_a_replace_of_an_order_that_is_not_there_is_denied() -> None:
    """It has nothing to take the place of."""
    assert asked(swap(9, Side.BUY, 100)).reason == "unknown_order"


def test_a_replace_may_not_change_side_or_symbol() -> None:
    """Such a replace is an order that no check has seen."""
    ours, view = governor(), desk_view()
    assert ours.decide(buy(100, 50.0, 1, "QQQ"), view) == APPROVED
    view.live[1] = ("QQQ", Side.BUY, 100)

    assert ours.decide(swap(1, Side.BUY, 100), view).reason == "unknown_order"
    assert asked(swap(7, Side.SELL, 100), live(7, Side.BUY, 100)).reason == "bad_side"


def live(order_id: int, side: Side, left: int, position: int = 0) -> PlainView:
    """A desk with one working order in SPY."""
    view = desk_view(position)
    view.live[order_id] = ("SPY", side, left)
    return view


# ---- size and notional ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("qty", "approved"), [(499, True), (500, True), (501, False)])
def test_order_qty_is_denied_beyond_its_limit(qty: int, approved: bool) -> None:
    """At the limit passes; the deny says what was seen and what was allowed."""
    new = asked(buy(qty))
    changed = asked(swap(9, Side.BUY, qty), live(9, Side.BUY, 1))

    assert (new.approved, changed.approved) == (approved, approved)
    if not approved:
        assert new == changed == Decision(False, "order_qty", qty, 500, "instrument")


@pytest.mark.parametrize(("price", "approved"), [(99.99, True), (100.0, True), (100.01, False)])
def test_order_notional_is_denied_beyond_its_limit(price: float, approved: bool) -> None:
    """A buy is worth its limit."""
    given = only(order_notional=Bound(hard=50_000))
    new = asked(buy(500, price), given=given)
    changed = asked(swap(9, Side.BUY, 500, price), live(9, Side.BUY, 1), given)

    assert (new.approved, changed.approved) == (approved, approved)
    if not approved:
        assert new == Decision(False, "order_notional", 50_005, 50_000, "instrument")


def test_a_sell_below_the_bid_is_worth_the_bid() -> None:
    """A limit sell at 90 sells at 99.99: its worst value is the bid's."""
    given = only(order_notional=Bound(hard=9_500))

    assert asked(sell(100, 90.0), given=given).observed == 9_999
    assert asked(sell(95, 90.0), given=given) == APPROVED


def test_a_market_order_is_worth_its_worst_price() -> None:
    """A market buy the ask plus the collar, a market sell the bid."""
    given = only(order_notional=Bound(hard=10_000), collar=Bound(hard=5))

    assert asked(buy(100, None), given=given).observed == pytest.approx(10_501.05)
    assert asked(buy(95, None), given=given) == APPROVED
    assert asked(sell(100, None), given=given) == APPROVED
    assert asked(sell(101, None), given=given).observed == pytest.approx(10_098.99)


# ---- price ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("price", "approved"), [(104.99, True), (105.0, True), (105.01, False), (95.01, True), (95.0, True), (94.99, False)]
)
def test_the_price_collar_holds_on_both_sides(price: float, approved: bool) -> None:
    """Five percent of the mid of 100, up and down, at the limit passes."""
    given = only(collar=Bound(hard=5))

    for order in (buy(1, price), sell(1, price)):
        decision = asked(order, given=given)
        assert (decision.approved, decision.reason) == (approved, "" if approved else "price_collar")
    assert asked(swap(9, Side.BUY, 2, price), live(9, Side.BUY, 1), given).approved is approved


def test_a_market_order_is_collared_at_the_touch() -> None:
    """In a market 12 % wide a market order would pay six percent over the mid."""
    view = desk_view()
    view.show(94.0, 106.0)

    assert asked(buy(1, None), view, only(collar=Bound(hard=6))) == APPROVED
    assert asked(buy(1, None), view, only(collar=Bound(hard=5.99))).reason == "price_collar"


def test_the_collar_looks_at_the_last_two_sided_mid() -> None:
    """A side that vanished does not move the reference."""
    view = desk_view(position=100)
    view.show(80.0, 0)

    assert asked(sell(10, 94.99), view).reason == "price_collar"
    assert asked(sell(10, 95.0), view) == APPROVED


# ---- quotes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("age_ns", "approved"), [(499 * MS, True), (500 * MS, True), (500 * MS + 1, False)])
def test_a_stale_quote_denies_new_risk(age_ns: int, approved: bool) -> None:
    """Beyond 500 ms of venue time nothing new is bought; at it, yes."""
    view = desk_view()
    view.show(99.99, 100.01, age_ns=age_ns)

    decision = asked(buy(1), view)

    assert (decision.approved, decision.reason) == (approved, "" if approved else "stale_quote")
    if not approved:
        assert (decision.limit, decision.level) == (500, "firm")


def test_a_stale_quote_lets_a_reducing_order_pass() -> None:
    """Getting out does not wait for a quote."""
    view = desk_view(position=100)
    view.show(99.99, 100.01, age_ns=5 * S)

    assert asked(sell(100), view) == APPROVED
    assert asked(sell(100, None), view) == APPROVED
    assert asked(sell(101), view).reason == "stale_quote"


@pytest.mark.parametrize(("bid", "ask"), [(0, 100.01), (99.99, 0), (0, 0)])
def test_new_risk_needs_both_sides(bid: float, ask: float) -> None:
    """One side says nothing about what a share is worth."""
    view = desk_view()
    view.show(bid, ask)

    assert asked(buy(1), view).reason == "no_quote"


def test_without_any_quote_only_a_reducing_limit_order_passes() -> None:
    """And that only near the instrument's first price."""
    view = PlainView(now_ns=S, positions={"SPY": 100})

    assert asked(buy(1), view).reason == "no_quote"
    assert asked(sell(100, None), view).reason == "no_quote"
    assert asked(sell(100, 100.0), view) == APPROVED
    assert asked(sell(100, 90.0), view).reason == "price_collar"


def test_a_market_order_needs_somebody_to_trade_with() -> None:
    """A reducing market sell into an empty bid is denied too."""
    view = desk_view(position=100)
    view.show(0, 100.01)

    assert asked(sell(100, None), view).reason == "no_quote"


# ---- exposure -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("qty", "approved"), [(299, True), (300, True), (301, False)])
def test_position_counts_working_orders_and_the_order(qty: int, approved: bool) -> None:
    """1,000 held, 700 working to buy: 300 more reach the limit of 2,000. Working sells are no excuse."""
    view = live(8, Side.BUY, 700, position=1_000)
    view.live[9] = ("SPY", Side.SELL, 900)

    decision = asked(buy(qty), view)

    assert decision.approved is approved
    if not approved:
        assert decision == Decision(False, "position", 2_001, 2_000, "instrument")


@pytest.mark.parametrize(("qty", "approved"), [(299, True), (300, True), (301, False)])
def test_a_short_position_is_limited_alike(qty: int, approved: bool) -> None:
    """The limit holds on both sides of zero."""
    view = live(8, Side.SELL, 700, position=-1_000)

    assert asked(sell(qty), view).approved is approved


@pytest.mark.parametrize(("qty", "approved"), [(399, True), (400, True), (401, False)])
def test_a_replace_counts_what_it_adds(qty: int, approved: bool) -> None:
    """1,500 held and 200 of 300 still open elsewhere: the replaced order's 100 go out, the new quantity comes in."""
    view = live(8, Side.BUY, 100, position=1_500)
    view.live[9] = ("SPY", Side.BUY, 100)

    assert asked(swap(9, Side.BUY, qty), view).approved is approved


def test_a_replace_does_not_count_its_own_fills_twice() -> None:
    """An order of 400 that filled 300 and is replaced by 450 in all has 150 to go."""
    ours, view = governor(), desk_view(position=1_550)
    assert ours.decide(buy(400, order_id=1), view) == APPROVED
    view.positions["SPY"] = 1_850
    view.live[1] = ("SPY", Side.BUY, 100)
    ours.on_fill(fill(1, Side.BUY, 300, left=100), view)

    assert ours.decide(swap(1, Side.BUY, 451), view).reason == "position"
    assert ours.decide(swap(1, Side.BUY, 450, order_id=2), view) == APPROVED
    view.live = {2: ("SPY", Side.BUY, 150)}
    assert ours.decide(swap(2, Side.BUY, 451, order_id=3), view).reason == "position"
    assert ours.decide(swap(2, Side.BUY, 400, order_id=3), view) == APPROVED


def test_an_order_out_of_a_position_over_its_limit_passes() -> None:
    """The way back is never closed."""
    view = desk_view(position=5_000)

    assert asked(sell(500), view) == APPROVED
    assert asked(buy(1), view).reason == "position"


def test_a_sell_through_zero_is_judged_as_new_risk() -> None:
    """What goes beyond the position opens one."""
    view = desk_view(position=100)
    given = limits(spy=instrument_limits(position=Bound(hard=50)))

    assert asked(sell(150), view, given) == APPROVED
    assert asked(sell(151), view, given).reason == "position"


@pytest.mark.parametrize(("hard", "approved"), [(20_000.01, True), (20_000, True), (19_999.99, False)])
def test_gross_notional_sums_the_worse_side_of_every_symbol(hard: float, approved: bool) -> None:
    """100 SPY at 100 bought, and in QQQ the worse of 100 held + 50 bought and −100 sold: 200 at 50."""
    view = desk_view()
    view.positions["QQQ"] = 100
    view.live[8] = ("QQQ", Side.BUY, 100)
    view.live[9] = ("QQQ", Side.SELL, 250)

    decision = asked(buy(100), view, limits(firm=firm_limits(gross=Bound(hard=hard))))

    assert decision.approved is approved
    if not approved:
        assert decision == Decision(False, "gross_notional", 20_000, 19_999.99, "firm")


def test_gross_notional_takes_a_replaced_order_out() -> None:
    """100 open become 200: gross is 20,000, not 30,000."""
    given = limits(firm=firm_limits(gross=Bound(hard=20_000)))

    assert asked(swap(9, Side.BUY, 200), live(9, Side.BUY, 100), given) == APPROVED
    assert asked(swap(9, Side.BUY, 201), live(9, Side.BUY, 100), given).reason == "gross_notional"


def test_exposure_that_cannot_be_valued_denies() -> None:
    """A position without a mark makes the sum unknown, and unknown is not small."""
    view = desk_view()
    view.positions["QQQ"] = 100
    del view.marks["QQQ"]

    assert asked(buy(1), view) == Decision(False, "gross_notional", None, 10_000_000, "firm")


# ---- rate -----------------------------------------------------------------------------------------------------


def test_the_order_rate_counts_approvals_of_one_second() -> None:
    """Ten pass, the eleventh is denied; denied ones and cancels do not count."""
    ours, view = governor(), desk_view()
    for _ in range(10):
        assert ours.decide(buy(1), view) == APPROVED
        assert ours.decide(buy(501), view).reason == "order_qty"
        assert ours.decide(CancelOrder(5, 1, "SPY"), view) == APPROVED

    assert ours.decide(buy(1), view) == Decision(False, "order_rate", 11, 10, "firm")
    view.live[1] = ("SPY", Side.BUY, 1)
    assert ours.decide(swap(1, Side.BUY, 2), view).reason == "order_rate"
    assert ours.decide(CancelOrder(5, 1, "SPY"), view) == APPROVED


@pytest.mark.parametrize(("later_ns", "approved"), [(S - 1, False), (S, True), (S + 1, True)])
def test_the_rate_window_ends_after_one_second(later_ns: int, approved: bool) -> None:
    """An approval that is exactly one second old has left the window."""
    ours, view = governor(), desk_view()
    for _ in range(10):
        ours.decide(buy(1), view)
    view.now_ns += later_ns
    view.show(99.99, 100.01)

    assert ours.decide(buy(1), view).approved is approved


def test_the_window_slides() -> None:
    """Places come free one by one, not all at a full second."""
    ours, view = governor(), desk_view()
    for _ in range(10):
        assert ours.decide(buy(1), view) == APPROVED
        view.now_ns += 10 * MS
    view.now_ns = 11 * S
    view.show(99.99, 100.01)

    assert ours.decide(buy(1), view) == APPROVED
    assert ours.decide(buy(1), view).reason == "order_rate"


# ---- losses ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("usd", "approved"), [(9_999.99, True), (10_000, False), (10_000.01, False)])
def test_a_daily_loss_denies_new_risk_from_its_first_step_on(usd: float, approved: bool) -> None:
    """From the soft step on (a step is where it begins); getting out stays open."""
    view = desk_view(position=100)
    view.lose(usd)

    assert asked(buy(1), view).approved is approved
    assert asked(sell(100), view) == APPROVED
    if not approved:
        decision = asked(buy(1), view)
        assert (decision.reason, decision.limit, decision.level) == ("daily_loss", 10_000, "firm")
        assert decision.observed == pytest.approx(usd)


def test_a_drawdown_denies_new_risk_from_its_first_step_on() -> None:
    """Measured from the highest equity seen, not from the start."""
    ours, view = governor(limits(firm=firm_limits(daily_loss=LossBound(hard=10**9)))), desk_view()
    view.equity_micros = 2 * view.start_equity_micros
    assert ours.decide(buy(1), view) == APPROVED

    view.equity_micros = 1.9 * view.start_equity_micros

    assert ours.decide(buy(1), view) == Decision(False, "drawdown", 5.0, 5, "firm")


def test_an_equity_that_is_not_a_number_denies() -> None:
    """NaN is under no limit."""
    view = desk_view(position=100)
    view.equity_micros = nan

    assert asked(buy(1), view) == Decision(False, "daily_loss", None, 10_000, "firm")
    assert asked(sell(1), view) == APPROVED


# ---- missing and senseless limits -----------------------------------------------------------------------------


@pytest.mark.parametrize("empty", [None, Bound(), Bound(soft=1)])
@pytest.mark.parametrize(
    ("name", "reducing_passes"),
    [("order_qty", False), ("order_notional", False), ("collar", False), ("position", True)],
)
def test_a_missing_limit_of_the_symbol_denies(name: str, reducing_passes: bool, empty: Bound | None) -> None:
    """No number never means no limit; one that a reducing order does not need does not stop it."""
    changed: Any = {name: empty}
    given = limits(spy=instrument_limits(**changed))

    assert asked(buy(1), given=given) == Decision(False, "limit_missing", None, None, "instrument")
    assert asked(sell(1), desk_view(position=1), given).approved is reducing_passes


@pytest.mark.parametrize(
    ("name", "reducing_passes"),
    [("gross", True), ("rate", False), ("quote_age", True), ("daily_loss", True), ("drawdown", True)],
)
def test_a_missing_limit_of_the_firm_denies(name: str, reducing_passes: bool) -> None:
    """The level says in which group to look."""
    given = limits(firm=firm_limits(**{name: None}))

    assert asked(buy(1), given=given) == Decision(False, "limit_missing", None, None, "firm")
    assert asked(sell(1), desk_view(position=1), given).approved is reducing_passes


def test_a_loss_without_a_hard_limit_is_missing() -> None:
    """A soft step alone is no limit."""
    given = limits(firm=firm_limits(drawdown=LossBound(soft=5, flatten=8)))

    assert asked(buy(1), given=given).reason == "limit_missing"


def test_a_symbol_without_limits_cannot_be_traded() -> None:
    """It is known, and nothing is allowed in it."""
    given = replace(limits(), instrument={"SPY": instrument_limits()})

    assert asked(buy(1, 50.0, symbol="QQQ"), given=given).reason == "limit_missing"


def test_missing_limits_are_listed_by_name() -> None:
    """So that a person need not guess from a deny."""
    given = replace(limits(), instrument={"SPY": instrument_limits(collar=Bound(soft=1))})

    assert missing_limits(given, (SPY, QQQ)) == (
        "instrument.SPY.price_collar_pct",
        "instrument.QQQ.order_qty_shares",
        "instrument.QQQ.order_notional_usd",
        "instrument.QQQ.position_shares",
        "instrument.QQQ.price_collar_pct",
        "instrument.QQQ.duplicate_orders",
        "instrument.QQQ.slicing_ms",
    )
    assert governor().missing == ()


@pytest.mark.parametrize("name", ["order_qty", "order_notional", "position", "collar"])
def test_a_limit_that_is_not_a_number_denies(name: str) -> None:
    """The loader refuses NaN; should one come through, it allows nothing."""
    changed: Any = {name: Bound(hard=nan)}
    given = limits(spy=instrument_limits(**changed))

    assert asked(buy(1), given=given).approved is False


def test_a_limit_of_zero_allows_nothing() -> None:
    """Zero is a limit."""
    assert asked(buy(1), given=limits(spy=instrument_limits(position=Bound(hard=0)))).reason == "position"


@pytest.mark.parametrize("replaces", [False, True])
def test_a_soft_limit_alerts_and_never_denies(*, replaces: bool) -> None:
    """401 shares are beyond the soft 400, and the approval says so; a deny has no alert besides."""
    ours, view = governor(), desk_view()
    view.live[7] = ("SPY", Side.BUY, 1)

    said = [ours.decide(swap(7, Side.BUY, qty) if replaces else buy(qty), view) for qty in (400, 401, 501)]

    assert [(one.approved, one.soft) for one in said] == [
        (True, ()),
        (True, (SoftBreach("order_qty", 401, 400, "instrument"),)),
        (False, ()),
    ]
    assert said[1].limits_sha == ours.limits_sha


def test_a_soft_limit_of_no_number_alerts_at_everything() -> None:
    """Nothing is within NaN."""
    given = limits(spy=instrument_limits(order_qty=Bound(soft=nan, hard=500)))

    assert [each.reason for each in asked(buy(1), given=given).soft] == ["order_qty"]


# ---- levels ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "level", "reason"),
    [("pause", Level.RUNNING, "held"), ("stop", Level.L1, "stopped"), ("stop", Level.L2, "stopped")],
)
def test_a_hold_or_stop_lets_only_cancels_and_reducing_orders_pass(verb: str, level: Level, reason: str) -> None:
    """New risk is denied; cancels, orders out of the position, and replaces that shrink an order pass."""
    ours, view = governor(), live(9, Side.BUY, 100, position=100)
    ours.on_control(Control(verb, "firm", level, "a"), view)

    assert ours.decide(buy(1), view).reason == reason
    assert ours.decide(buy(1, 50.0, symbol="QQQ"), view).reason == reason
    assert ours.decide(sell(101), view).reason == reason
    assert ours.decide(swap(9, Side.BUY, 101), view).reason == reason
    assert ours.decide(sell(100), view) == APPROVED
    assert ours.decide(swap(9, Side.BUY, 100), view) == APPROVED
    assert ours.decide(swap(9, Side.BUY, 50), view) == APPROVED
    assert ours.decide(CancelOrder(5, 9, "SPY"), view) == APPROVED


def test_orders_that_reduce_together_may_not_reduce_too_much() -> None:
    """With 80 of 100 already on sale, 20 more reduce and 21 do not."""
    ours, view = governor(), live(9, Side.SELL, 80, position=100)
    ours.on_control(Control("pause", "firm", Level.HOLD, "a"), view)

    assert ours.decide(sell(20), view) == APPROVED
    assert ours.decide(sell(21), view).reason == "held"


def test_a_symbol_may_be_held_by_itself() -> None:
    """The deny names the level that held."""
    ours, view = governor(), desk_view()
    ours.on_control(Control("pause", "QQQ", Level.HOLD, "a"), view)

    assert ours.decide(buy(1), view) == APPROVED
    assert ours.decide(buy(1, 50.0, symbol="QQQ"), view) == Decision(False, "held", 1, None, "instrument")


def test_from_level_3_on_the_strategy_may_not_stand_in_the_flatten_s_way() -> None:
    """A resting sell would block it, and a large one would break its participation."""
    ours, view = governor(), desk_view(position=1_000)
    ours.on_control(Control("flatten", "firm", Level.RUNNING, "a"), view)
    view.volumes["SPY"] = 1_000

    assert ours.decide(sell(10), view) == Decision(False, "flattening", 10, 100, "firm")
    assert ours.decide(sell(101, tif=TimeInForce.IOC), view).reason == "flattening"
    assert ours.decide(sell(100, tif=TimeInForce.IOC), view) == APPROVED
    assert ours.decide(sell(100, None), view) == APPROVED
    assert ours.decide(CancelOrder(5, 9, "SPY"), view) == APPROVED
