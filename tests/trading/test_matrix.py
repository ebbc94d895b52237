"""Each of the twenty checks just below, at and just above its limit; without a limit, with NaN, and below nothing.

One table, every row of it asked by new order and by replace. What a check does besides stands in test_checks.py and
test_twenty_checks.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from math import nan, sqrt
from typing import Any

import pytest

from engine.domain.governance import APPROVED, Control, Decision, Level
from engine.domain.orders import CancelOrder, Instruction, NewOrder, OrderState, OrderUpdate, Side
from engine.domain.quotes import MarketState, Quote
from engine.domain.records import ParentOrder
from engine.trading.limits import Bound, Limits, LossBound, WindowBound
from engine.trading.limits_source import LimitsStore
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
"""The order that a replace replaces: one share works."""

NEW, REPLACE = "new", "replace"
NONE = "no limit of its own"
"""In place of a limit: the check has none, so NaN and less than nothing are what it is asked."""

SLACK = 1e-3
"""Of a limit in standard deviations: prices are whole micro-dollars, so none is met exactly."""

Amount = Any
"""What the check looks at, in its own unit: shares, USD, milliseconds, a count, a level."""
Given = Any
"""The limit: a number, or None where the document does not give it."""
Ask = Callable[[Amount, str, Given], Decision]


def governor(given: Limits) -> ReferenceGovernor:
    """A fresh reference governor."""
    return ReferenceGovernor(given, (SPY, QQQ), "2025-08-05")


def bound(hard: Given) -> Bound | None:
    """A limit, or none."""
    return None if hard is None else Bound(hard=hard)


def of_symbol(**changes: Any) -> Limits:
    """Limits with these of SPY, the others wide."""
    wide: dict[str, Any] = {"order_qty": Bound(hard=10**6), "order_notional": Bound(hard=10**9)}
    return limits(spy=instrument_limits(**(wide | changes)))


def of_firm(**changes: Any) -> Limits:
    """Limits with these of the firm."""
    return limits(firm=firm_limits(**changes))


def desk(how: str, position: int = 0, side: Side = Side.BUY) -> PlainView:
    """A desk; with one share that works, if it is to be replaced."""
    view = desk_view(position)
    if how == REPLACE:
        view.live[TARGET] = ("SPY", side, 1)
    return view


def order(how: str, qty: Any = 2, limit_usd: Any = 100.0, side: Side = Side.BUY) -> Instruction:
    """A new order in SPY, or the replace that leaves so many open; *limit_usd* may be no number."""
    made: Any = swap(TARGET, side, 1) if how == REPLACE else (buy(1) if side is Side.BUY else sell(1))
    micros = limit_usd * USD if limit_usd != limit_usd else round(limit_usd * USD)
    changed: Instruction = bent(made, qty=qty, limit_micros=micros)
    return changed


def by_size(given: Callable[[Given], Limits], view: Callable[[str], PlainView] = desk, side: Side = Side.BUY) -> Ask:
    """A check of the order's size: *given* makes the limits of the limit."""

    def ask(amount: Amount, how: str, limit: Given) -> Decision:
        return governor(given(limit)).decide(order(how, amount, side=side), view(how))

    return ask


# ---- what is asked, check by check --------------------------------------------------------------------------------


def well_formed(amount: Amount, how: str, _: Given) -> Decision:
    """1: lots of a hundred shares."""
    lots = ReferenceGovernor(limits(), (replace(SPY, lot=100), QQQ), "2025-08-05")
    return lots.decide(order(how, amount), desk(how))


def slices(amount: Amount, how: str, limit: Given) -> Decision:
    """2: with 60 shares a moment before."""
    ours, view = governor(of_symbol(order_qty=bound(limit), slicing_ms=50)), desk(how)
    ours.decide(buy(60), view)
    added = amount + 1 if how == REPLACE else amount  # a replace counts by what it adds
    return ours.decide(order(how, added), view)


def collar(amount: Amount, how: str, limit: Given) -> Decision:
    """3: the mid is 100 USD."""
    return governor(of_symbol(collar=bound(limit))).decide(order(how, limit_usd=amount), desk(how))


def many_open(amount: Amount, how: str, limit: Given) -> Decision:
    """5: so many orders open with this one; a replace takes the place of one of them."""
    view = desk(how)
    for number in range(100, 100 + amount - 1):
        view.live[number] = ("SPY", Side.BUY, 1)
    return governor(of_firm(open_orders=bound(limit))).decide(order(how), view)


def rate(amount: Amount, how: str, limit: Given) -> Decision:
    """7: the so-maniest order within a second."""
    ours, view = governor(of_firm(rate=bound(limit))), desk(how)
    for _ in range(amount - 1):
        ours.decide(buy(1), view)
    return ours.decide(order(how), view)


def alike(amount: Amount, how: str, limit: Given) -> Decision:
    """8: the so-maniest that differs in nothing but its id."""
    window = None if limit is None else WindowBound(window_ms=100, hard=limit)
    ours, view = governor(of_symbol(duplicates=window)), desk(how)
    for _ in range(amount - 1):
        ours.decide(order(how), view)
    return ours.decide(order(how), view)


def entered_again(amount: Amount, how: str, limit: Given) -> Decision:
    """9: the so-maniest entry after a fill; a replace is no entry, and meets the stop that one entry too many was."""
    ours, view = governor(of_firm(repeated=bound(limit))), desk(how)
    answer = APPROVED
    for number in range(1, amount + 2):  # the first entry is no repeat
        view.now_ns += S
        view.show(99.99, 100.01)
        answer = ours.decide(buy(1, order_id=number), view)
        if answer.approved:
            ours.on_fill(fill(number, Side.BUY, 1, order_id=number), view)
    return answer if how == NEW else ours.decide(order(how), view)


def rejected(amount: Amount, how: str, limit: Given) -> Decision:
    """10: after so many rejects in a row."""
    ours, view = governor(of_firm(consecutive_rejects=bound(limit))), desk(how)
    for number in range(1, amount + 1):
        ours.decide(buy(1, order_id=number), view)
        ours.on_update(OrderUpdate(number, 0, OrderState.REJECTED, "venue_says_no", 0), view)
    return ours.decide(order(how), view)


def meets_own(amount: Amount, how: str, _: Given) -> Decision:
    """11: a buy at this price; an own sell rests at 100.50."""
    ours, view = governor(limits()), desk(how)
    ours.decide(sell(10, 100.50, order_id=5), view)
    view.live[5] = ("SPY", Side.SELL, 10)
    return ours.decide(order(how, limit_usd=amount), view)


def lost_usd(amount: Amount, how: str, limit: Given) -> Decision:
    """12: so much lost since the session began."""
    view = desk(how)
    view.lose(amount)
    given = of_firm(daily_loss=LossBound(hard=limit), drawdown=LossBound(hard=99))
    return governor(given).decide(order(how), view)


def fallen_pct(amount: Amount, how: str, limit: Given) -> Decision:
    """12: so much under the highest equity of the session."""
    ours = governor(of_firm(drawdown=LossBound(hard=limit), daily_loss=LossBound(hard=10**9)))
    view = desk(how)
    ours.on_timer(view)
    view.lose(amount * 10_000)
    return ours.decide(order(how), view)


def messages(amount: Amount, how: str, limit: Given) -> Decision:
    """13: so many messages and ten fills."""
    ours, view = governor(of_symbol(order_to_trade=bound(limit))), desk(how)
    for number in range(10):
        ours.on_fill(fill(number, Side.BUY, 1, order_id=-1), view)
    for _ in range(amount - 1):
        ours.decide(CancelOrder(5, TARGET, "SPY"), view)
    return ours.decide(order(how), view)


def old_quote(amount: Amount, how: str, limit: Given) -> Decision:
    """14: the last quote is so many milliseconds old."""
    view = desk(how)
    view.show(99.99, 100.01, age_ns=amount * MS)
    return governor(of_firm(quote_age=bound(limit))).decide(order(how), view)


def two_sources(amount: Amount, how: str, limit: Given) -> Decision:
    """14: our mid, where the second source has 100 USD."""
    view = desk(how)
    view.show(amount - 0.01, amount + 0.01)
    view.check_quotes["SPY"] = Quote(view.now_ns, "SPY", 99_990_000, 1, 100_010_000, 1)
    return governor(of_symbol(source_disagreement_pct=bound(limit))).decide(order(how), view)


def gap(amount: Amount, how: str, _: Given) -> Decision:
    """14: so many events of the feed were lost since the last quote."""
    view = desk(how)
    if not amount <= 0:
        view.in_doubt.add("SPY")
    return governor(limits()).decide(order(how), view)


def jump(amount: Amount, how: str, limit: Given) -> Decision:
    """14: after a hundred changes of one percent, up and down, one of so many standard deviations of them."""
    ours, view = governor(of_symbol(quote_jump_sigmas=bound(limit), collar=Bound(hard=90))), desk(how)
    mids = [100.0, 101.0] * 50 + [100.0]
    sigma = sqrt(sum((after / before - 1) ** 2 for before, after in pairwise(mids)) / 100)
    for mid in (*mids, mids[-1] * (1 + amount * sigma)):
        tick = Quote(view.now_ns, "SPY", round(mid * USD) - 10_000, 1, round(mid * USD) + 10_000, 1)
        view.quotes["SPY"] = tick
        ours.on_market(tick, view)
    return ours.decide(order(how), view)


def market_state(amount: Amount, how: str, _: Given) -> Decision:
    """15: a limit order that raises the risk in this state of the market."""
    view = desk(how)
    view.states["SPY"] = amount
    return governor(limits()).decide(order(how), view)


def short_at(amount: Amount, how: str, _: Given) -> Decision:
    """15: a short sale at this price while the venue restricts them; the bid is 99.99."""
    view = desk(how, side=Side.SELL)
    view.no_short_sales.add("SPY")
    return governor(limits()).decide(order(how, limit_usd=amount, side=Side.SELL), view)


def short_after(amount: Amount, how: str, limit: Given) -> Decision:
    """15: a short sale at the bid after a fall of so many percent, at a venue that says nothing."""
    ours, view = governor(of_symbol(short_sale_fall_pct=limit, collar=Bound(hard=50))), desk(how, side=Side.SELL)
    mid = 100 - amount
    view.show(mid - 0.01, mid + 0.01)
    ours.on_market(view.quotes["SPY"], view)
    return ours.decide(order(how, limit_usd=mid - 0.01, side=Side.SELL), view)


def in_sector(limit: Given) -> Limits:
    """17: SPY and QQQ are in one sector."""
    one = {"SPY": instrument_limits(sector="indices"), "QQQ": instrument_limits(sector="indices")}
    return replace(of_firm(sector_concentration_pct=bound(limit)), instrument=one)


def with_qqq(how: str) -> PlainView:
    """A desk that holds 5,000 USD of QQQ."""
    view = desk(how)
    view.positions["QQQ"] = 100
    return view


def children(amount: Amount, how: str, limit: Given) -> Decision:
    """18: a slice of a parent order of *limit* shares, of which 200 are out."""
    ours, view = governor(limits()), desk(how)
    if limit is not None:
        ours.on_parent(ParentOrder(0, 50, "SPY", 1, 10**6), view)
        child: NewOrder = bent(buy(200 if how == NEW else 201, order_id=TARGET), parent_id=50)
        assert ours.decide(child, view) == APPROVED
        ours.on_parent(ParentOrder(0, 50, "SPY", 1, limit), view)
        view.live[TARGET] = ("SPY", Side.BUY, 201)
    if how == NEW:
        return ours.decide(bent(order(how, amount), parent_id=50), view)
    if limit is None:  # of a parent that nobody announced no slice was ever sent that could be replaced
        return ours.decide(bent(buy(2), parent_id=50), view)
    return ours.decide(order(how, 200 + amount), view)


def silent_for(amount: Amount, how: str, limit: Given) -> Decision:
    """19: the source of the limits has said nothing for so many seconds."""
    given = of_firm(limits_age_s=bound(limit))
    ours, store, view = governor(given), LimitsStore(given), desk(how)
    ours.watch(store)
    ours.on_timer(view)
    store.limits = None
    view.now_ns += round(amount * S)
    view.show(99.99, 100.01)
    ours.on_timer(view)
    return ours.decide(order(how), view)


def at_level(amount: Amount, how: str, _: Given) -> Decision:
    """20: an order that raises the risk at this level; anything that is commanded but running holds or stops."""
    ours, view = governor(limits()), desk(how)
    if amount is Level.HOLD:
        ours.on_control(Control("pause", "firm", Level.RUNNING, "a"), view)
    elif amount is not Level.RUNNING:
        ours.on_control(Control("stop", "firm", amount, "a"), view)
    return ours.decide(order(how), view)


# ---- the table ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One check: what is asked just below, at and just above its limit, and whether that passes."""

    number: int
    reason: str
    ask: Ask
    limit: Any
    below: tuple[Amount, bool]
    at: tuple[Amount, bool]
    above: tuple[Amount, bool]
    missing: str
    """Without the limit: the reason of the deny, ``off``, a ``default``, or nothing where there is no limit."""
    by_replace: str = ""
    """The reason that a replace is denied with, where it is another one."""


def shares(limit: int) -> tuple[tuple[int, bool], tuple[int, bool], tuple[int, bool]]:
    """One less, as many, and one more, which is too many."""
    return (limit - 1, True), (limit, True), (limit + 1, False)


def exposure(name: str, hard: float) -> tuple[Ask, float]:
    """A limit of the firm of which 100 shares of 100 USD are the most."""
    return by_size(lambda limit: of_firm(**{name: bound(limit)})), hard


ROWS = [
    Row(1, "bad_qty", well_formed, NONE, (99, False), (100, True), (101, False), ""),
    Row(2, "order_qty", by_size(lambda n: of_symbol(order_qty=bound(n))), 100, *shares(100), "limit_missing"),
    Row(
        2,
        "order_notional",
        by_size(lambda usd: of_symbol(order_notional=bound(usd))),
        10_000,
        *shares(100),
        "limit_missing",
    ),
    Row(2, "slicing", slices, 100, *shares(40), "limit_missing"),
    Row(3, "price_collar", collar, 5, (104.99, True), (105.0, True), (105.01, False), "limit_missing"),
    Row(4, "position", by_size(lambda n: of_symbol(position=bound(n))), 100, *shares(100), "limit_missing"),
    Row(4, "gross_notional", *exposure("gross", 10_000), *shares(100), "limit_missing"),
    Row(
        5,
        "open_order_shares",
        by_size(lambda n: of_symbol(open_order_shares=bound(n))),
        100,
        *shares(100),
        "off",
    ),
    Row(5, "open_notional", *exposure("open_notional_usd", 10_000), *shares(100), "off"),
    Row(5, "open_orders", many_open, 3, *shares(3), "off"),
    Row(6, "buying_power", by_size(lambda pct: of_firm(margin_pct=pct)), 10_000, *shares(100), "off"),
    Row(7, "order_rate", rate, 3, *shares(3), "limit_missing"),
    Row(8, "duplicate_order", alike, 2, *shares(2), "limit_missing"),
    Row(9, "repeated_execution", entered_again, 3, *shares(3), "limit_missing", by_replace="stopped"),
    Row(10, "stopped", rejected, 3, (2, True), (3, False), (4, False), "off"),
    Row(11, "self_trade", meets_own, NONE, (100.49, True), (100.50, False), (100.51, False), ""),
    Row(12, "daily_loss", lost_usd, 10_000, (9_999, True), (10_000, False), (10_001, False), "limit_missing"),
    Row(12, "drawdown", fallen_pct, 5, (4.99, True), (5, False), (5.01, False), "limit_missing"),
    Row(13, "order_to_trade", messages, 100, *shares(1_000), "off"),
    Row(14, "stale_quote", old_quote, 500, *shares(500), "limit_missing"),
    Row(14, "source_disagreement", two_sources, 1, (100.99, True), (101.0, True), (101.01, False), "off"),
    Row(14, "sequence_gap", gap, NONE, (0, True), (1, False), (2, False), ""),
    Row(14, "quote_jump", jump, 20, (19, True), (20 - SLACK, True), (20 + SLACK, False), "off"),
    Row(
        15,
        "market_paused",
        market_state,
        NONE,
        (MarketState.OPEN, True),
        (MarketState.LIMIT_STATE, True),
        (MarketState.PAUSED, False),
        "",
    ),
    Row(15, "short_sale", short_at, NONE, (99.98, False), (99.99, False), (100.0, True), ""),
    Row(15, "short_sale", short_after, 10, (9.99, True), (10, False), (10.01, False), "off"),
    Row(
        16,
        "no_locate",
        by_size(lambda n: of_symbol(short_shares=bound(n)), lambda how: desk(how, side=Side.SELL), side=Side.SELL),
        100,
        *shares(100),
        "off",
    ),
    Row(
        17,
        "concentration",
        by_size(lambda pct: of_symbol(concentration_pct=bound(pct))),
        1,
        *shares(100),
        "off",
    ),
    Row(17, "leverage", *exposure("leverage", 0.01), *shares(100), "off"),
    Row(17, "sector_concentration", by_size(in_sector, with_qqq), 1, *shares(50), "off"),
    Row(18, "child_qty", children, 300, *shares(100), "unknown_parent"),
    Row(19, "limits_unreachable", silent_for, 5, (4.9, True), (5.0, True), (5.1, False), "default"),
    Row(20, "stopped", at_level, NONE, (Level.RUNNING, True), (Level.HOLD, False), (Level.L1, False), ""),
]

PLACES = ("below", "at", "above")


def over(rows: list[Row]) -> pytest.MarkDecorator:
    """Each of *rows*, called by number and reason."""
    return pytest.mark.parametrize("row", rows, ids=[f"{row.number}-{row.ask.__name__}-{row.reason}" for row in rows])


EACH = over(ROWS)
LIMITED = over([row for row in ROWS if row.limit is not NONE])
NUMBERS = over([row for row in ROWS if row.ask not in (market_state, gap)])
"""All but two: the market's state and a gap are no numbers of an order or a document."""
BOTH = pytest.mark.parametrize("how", [NEW, REPLACE])


def why(row: Row, how: str) -> str:
    """The reason that a deny of the row has."""
    return row.by_replace or row.reason if how == REPLACE else row.reason


@pytest.mark.parametrize("place", PLACES)
@BOTH
@EACH
def test_just_below_at_and_just_above(row: Row, how: str, place: str) -> None:
    """A value at a limit passes, a loss does not; each deny has its code, an approval has none."""
    amount, passes = getattr(row, place)

    answer = row.ask(amount, how, None if row.limit is NONE else row.limit)

    held = {"held"} if amount is Level.HOLD else set[str]()
    assert answer.approved is passes
    assert answer.reason in ({""} if passes else {why(row, how)} | held)


@BOTH
@LIMITED
def test_without_a_limit(row: Row, how: str) -> None:
    """A compulsory limit that is missing denies; one that is not is off, so that even what is beyond it passes."""
    amount = max((getattr(row, place)[0] for place in PLACES), default=0)

    answer = row.ask(amount, how, None)

    expected = {"off": "", "default": row.reason}.get(row.missing, row.missing)
    assert answer.reason == expected
    assert answer.approved is (row.missing == "off")


@pytest.mark.parametrize("number", [nan, -1], ids=["nan", "negative"])
@BOTH
@NUMBERS
def test_no_number_and_less_than_nothing_let_nothing_pass(row: Row, how: str, number: float) -> None:
    """As the limit; where a check has none, as what it is asked."""
    answer = row.ask(number, how, None) if row.limit is NONE else row.ask(row.at[0], how, number)

    assert answer.approved is False
    assert answer.reason != ""


@pytest.mark.parametrize("bad", [{"qty": nan}, {"qty": -1}, {"limit_micros": nan}, {"limit_micros": -USD}])
@BOTH
def test_an_order_of_no_number_reaches_no_check(how: str, bad: dict[str, float]) -> None:
    """It is denied before anything is counted, so that no other check has to expect it."""
    ours = governor(limits())

    answer = ours.decide(bent(order(how), **bad), desk(how))

    assert answer.reason in ("bad_qty", "bad_price")
    assert ours.snapshot()["messages"] == {}


def test_every_check_is_in_the_table_with_every_column() -> None:
    """One to twenty; of each row below, at and above say what is asked and whether that passes, and both happen."""
    assert {row.number for row in ROWS} == {*range(1, 21)}
    for row in ROWS:
        assert [name for name in (field.name for field in fields(row)) if getattr(row, name) is None] == []
        outcomes = [getattr(row, place)[1] for place in PLACES]
        assert {True, False} == set(outcomes)
        assert (row.limit is NONE) is (row.missing == "")
