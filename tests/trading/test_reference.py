"""The reference governor: holds release themselves, stops stay, and no stream of orders breaks a hard limit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from math import nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.governance import APPROVED, CancelAll, Command, Control, Level, Reduce, SetState
from engine.domain.orders import CancelOrder, Instruction, ReplaceOrder, Side
from engine.domain.ports import Governor
from engine.domain.quotes import Quote
from engine.trading.levels import REARM_WITHIN_NS, Levels
from engine.trading.limits import Bound, LossBound
from engine.trading.reference import ReferenceGovernor

from .plain_view import (
    CAPITAL,
    MS,
    QQQ,
    SPY,
    PlainView,
    S,
    buy,
    desk_view,
    fill,
    firm_limits,
    instrument_limits,
    limits,
    sell,
    swap,
)


def governor() -> ReferenceGovernor:
    """A fresh reference governor."""
    return ReferenceGovernor(limits(), (SPY, QQQ), "2025-08-05")


def states(commands: Iterable[Command]) -> list[tuple[str, Level, str]]:
    """What was said about levels."""
    return [(c.scope, c.level, c.reason) for c in commands if isinstance(c, SetState)]


def tick(view: PlainView) -> Quote:
    """The quote in view, as a tick."""
    return view.quotes["SPY"]


def look(ours: ReferenceGovernor, view: PlainView) -> list[tuple[str, Level, str]]:
    """The timer runs."""
    return states(ours.on_timer(view))


def press(ours: ReferenceGovernor, view: PlainView, verb: str, by: str = "a", level: Level = Level.L1) -> list[Command]:
    """A person gives a command to the firm."""
    return list(ours.on_control(Control(verb, "firm", level, by), view))


def test_it_is_a_governor_and_says_what_it_can() -> None:
    """The contract's type fits, and capabilities are words."""
    ours: Governor = governor()

    assert isinstance(ours, ReferenceGovernor)
    assert {"flatten", "hold", "stop", "position", "price_collar"} <= ours.capabilities


# ---- holds ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("usd", "held"), [(9_999, False), (10_000, True), (19_999, True)])
def test_a_soft_daily_loss_holds_from_its_step_on(usd: float, held: bool) -> None:
    """At 10,000 no new risk is taken; it is said once."""
    ours, view = governor(), desk_view()
    view.lose(usd)

    said = states(ours.on_market(tick(view), view))

    assert said == ([("firm", Level.HOLD, "daily_loss_soft")] if held else [])
    assert ours.on_market(tick(view), view) == ()


def test_a_hold_for_a_loss_releases_itself_under_80_percent() -> None:
    """Not at 8,000, but under it, and only when the books agree."""
    ours, view = governor(), desk_view()
    view.lose(10_000)
    look(ours, view)

    view.lose(8_000)
    assert look(ours, view) == []
    view.lose(7_999)
    view.books_agree = False
    assert look(ours, view) == []
    view.books_agree = True
    assert look(ours, view) == [("firm", Level.RUNNING, "released")]
    assert ours.decide(buy(1), view) == APPROVED


def test_the_equity_peak_is_never_re_based() -> None:
    """Five percent under the highest equity holds, however long ago that was, and however it got there."""
    ours, view = governor(), desk_view()
    for equity in (1.0, 1.2, 1.15, 1.141):
        view.equity_micros = equity * CAPITAL
        assert look(ours, view) == []

    view.equity_micros = 1.14 * CAPITAL

    assert look(ours, view) == [("firm", Level.HOLD, "drawdown_soft")]


def test_a_session_that_is_down_holds_until_it_is_up_and_the_books_agree() -> None:
    """Reconnecting is not enough while an order's fate is unknown."""
    ours, view = governor(), desk_view()
    view.session_up = view.books_agree = False
    assert look(ours, view) == [("firm", Level.HOLD, "session_down")]
    assert ours.decide(buy(1), view).reason == "held"

    view.session_up = True
    assert look(ours, view) == []
    view.books_agree = True
    assert look(ours, view) == [("firm", Level.RUNNING, "released")]


def test_a_session_that_is_down_for_too_long_stops() -> None:
    """At 15 s it still holds, beyond it is a stop, latched; without the limit it never is."""
    bounded, unbounded = limits(firm=replace(firm_limits(), session_down_s=Bound(hard=15))), limits()
    for bounds, expected in ((bounded, [("firm", Level.L3, "session_down")]), (unbounded, [])):
        ours, view = ReferenceGovernor(bounds, (SPY, QQQ), "2025-08-05"), desk_view()
        view.session_up = False
        assert look(ours, view) == [("firm", Level.HOLD, "session_down")]
        view.now_ns += 15 * S
        assert look(ours, view) == []
        view.now_ns += 1
        assert look(ours, view) == expected


def test_two_short_outages_are_not_one_long_one() -> None:
    """The time counts anew from each loss of the session."""
    ours, view = (
        ReferenceGovernor(limits(firm=replace(firm_limits(), session_down_s=Bound(hard=15))), (SPY, QQQ), "2025-08-05"),
        desk_view(),
    )
    for _ in range(2):
        view.session_up = False
        look(ours, view)
        view.now_ns += 14 * S
        assert look(ours, view) == []
        view.session_up = True
        look(ours, view)


def test_books_that_disagree_for_long_hold() -> None:
    """A second is the patience; the trigger is when it ended."""
    ours, view = governor(), desk_view()
    view.books_agree = False
    look(ours, view)
    view.now_ns += S
    assert look(ours, view) == []

    view.now_ns += 1
    (said,) = ours.on_timer(view)

    assert said == SetState("firm", Level.HOLD, "books_disagree", 11 * S)
    view.books_agree = True
    assert look(ours, view) == [("firm", Level.RUNNING, "released")]


def test_a_stale_quote_of_something_held_holds() -> None:
    """From the instant its age passed the limit; a fresh quote releases."""
    ours, view = governor(), desk_view(position=10)
    look(ours, view)
    view.now_ns += 500 * MS
    assert look(ours, view) == []

    view.now_ns += 40 * MS
    (said,) = ours.on_timer(view)

    assert said == SetState("firm", Level.HOLD, "stale_quote", 10 * S + 500 * MS)
    view.show(99.99, 100.01)
    assert look(ours, view) == [("firm", Level.RUNNING, "released")]


def test_a_stale_quote_of_something_flat_does_not_hold() -> None:
    """What is not held cannot lose."""
    ours, view = governor(), desk_view()
    view.now_ns += 10 * S

    assert look(ours, view) == []


def test_what_comes_to_be_held_with_an_old_quote_is_stale_at_once() -> None:
    """While SPY was quoted QQQ grew old unheld; the moment it is held it counts."""
    ours, view = governor(), desk_view(position=10)
    look(ours, view)
    for _ in range(8):
        view.now_ns += 100 * MS
        view.show(99.99, 100.01)
        assert look(ours, view) == []
    view.positions["QQQ"] = 5

    assert look(ours, view) == [("firm", Level.HOLD, "stale_quote")]


def test_inventory_that_is_never_quoted_holds_once_the_quote_is_due() -> None:
    """Counted from the first look: a feed that never starts is no fresh feed."""
    ours, view = governor(), PlainView(positions={"SPY": 10})
    assert look(ours, view) == []
    view.now_ns = 500 * MS + 1

    assert look(ours, view) == [("firm", Level.HOLD, "stale_quote")]


def test_a_hold_that_comes_and_goes_between_two_looks_is_not_told() -> None:
    """A stop that is re-armed before anybody asks has changed nothing; what has changed is told once."""
    levels = Levels(("SPY",))
    levels.hold("stale_quote", 5)
    levels.release("stale_quote")
    assert levels.changes(10) == ()

    levels.hold("stale_quote", 11)
    levels.hold("stale_quote", 12)
    assert levels.changes(12) == (SetState("firm", Level.HOLD, "stale_quote", 11),)
    levels.stop("SPY", Level.L2, "manual", 13)
    levels.pause("SPY", "manual", 13)
    assert levels.changes(13) == (SetState("SPY", Level.L2, "manual", 13),)
    assert levels.changes(14) == ()
    levels.release("stale_quote")
    assert levels.changes(15) == (SetState("firm", Level.RUNNING, "released", 15),)


def test_a_hold_lasts_until_its_last_reason_has_cleared() -> None:
    """Two reasons, one SetState each way."""
    ours, view = governor(), desk_view()
    view.lose(10_000)
    assert look(ours, view) == [("firm", Level.HOLD, "daily_loss_soft")]
    view.session_up = False
    assert look(ours, view) == []
    view.lose(0)
    assert look(ours, view) == []
    view.session_up = True
    assert look(ours, view) == [("firm", Level.RUNNING, "released")]


def test_an_equity_that_is_not_a_number_holds_and_never_flattens() -> None:
    """Selling everything on garbage would be the greater harm."""
    ours, view = governor(), desk_view(position=100)
    look(ours, view)
    view.equity_micros = nan

    assert look(ours, view) == [("firm", Level.HOLD, "daily_loss_soft")]


# ---- stops ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("usd", "level"), [(19_999, Level.HOLD), (20_000, Level.L3), (50_000, Level.L3)])
def test_a_loss_at_its_flatten_step_stops(usd: float, level: Level) -> None:
    """Latched, with every working order cancelled, in one answer."""
    ours, view = governor(), desk_view(position=100)
    view.lose(usd)

    said = ours.on_market(tick(view), view)

    assert states(said)[0][:2] == ("firm", level)
    assert (CancelAll("firm") in said) is (level is Level.L3)


def test_a_fill_may_trip_the_loss_stop() -> None:
    """The loss is looked at with every fill, not only with every quote."""
    ours, view = governor(), desk_view(position=100)
    view.lose(20_000)

    assert states(ours.on_fill(fill(1, Side.SELL, 1), view)) == [("firm", Level.L3, "daily_loss")]


def test_the_hard_limit_flattens_where_no_flatten_step_is_given() -> None:
    """A limits document without it is not a document without a stop."""
    bound = LossBound(soft=10_000, hard=40_000)
    ours = ReferenceGovernor(limits(firm=firm_limits(daily_loss=bound)), (SPY, QQQ), "2025-08-05")
    view = desk_view()
    view.lose(39_999)
    assert look(ours, view) == [("firm", Level.HOLD, "daily_loss_soft")]

    view.lose(40_000)

    assert look(ours, view) == [("firm", Level.L3, "daily_loss")]


def test_a_stop_does_not_release_itself() -> None:
    """Not when the loss is gone, the books agree and an hour has passed."""
    ours, view = governor(), desk_view()
    view.lose(20_000)
    look(ours, view)
    view.lose(-1_000)
    view.now_ns += 3_600 * S
    view.show(99.99, 100.01)

    assert look(ours, view) == []
    assert ours.decide(buy(1), view).reason == "stopped"


def test_stop_levels_only_rise_and_say_so_once() -> None:
    """The same command twice is the same as once; a lower one changes nothing."""
    ours, view = governor(), desk_view()

    assert states(press(ours, view, "stop", level=Level.L2)) == [("firm", Level.L2, "stop")]
    assert press(ours, view, "stop", level=Level.L2) == []
    assert press(ours, view, "stop", level=Level.L1) == []
    assert states(press(ours, view, "flatten")) == [("firm", Level.L3, "flatten")]
    assert press(ours, view, "flatten") == []
    assert states(press(ours, view, "stop", level=Level.L4)) == [("firm", Level.L4, "stop")]


@pytest.mark.parametrize("level", list(Level))
def test_each_stop_level_does_what_it_says(level: Level) -> None:
    """Cancels from L2 on; a stop without a stop's level is L1."""
    ours, view = governor(), desk_view()

    said = press(ours, view, "stop", level=level)

    assert states(said) == [("firm", max(level, Level.L1), "stop")]
    assert (CancelAll("firm") in said) is (level >= Level.L2)


def test_one_person_resumes_a_pause() -> None:
    """A manual hold is no stop."""
    ours, view = governor(), desk_view()
    assert states(press(ours, view, "pause")) == [("firm", Level.HOLD, "paused")]
    assert press(ours, view, "pause") == []
    assert look(ours, view) == []

    assert states(press(ours, view, "resume")) == [("firm", Level.RUNNING, "resumed")]


def test_a_resume_does_not_end_an_automatic_hold() -> None:
    """What clears by itself is not talked away."""
    ours, view = governor(), desk_view()
    view.session_up = False
    look(ours, view)

    assert press(ours, view, "resume") == []
    assert ours.level() is Level.HOLD


@pytest.mark.parametrize(
    ("first", "second", "apart_ns", "rearmed"),
    [
        ("a", "b", 0, True),
        ("a", "b", REARM_WITHIN_NS, True),
        ("a", "b", REARM_WITHIN_NS + 1, False),
        ("a", "a", S, False),
        ("a", " A ", S, False),
        ("a+b", "c", S, False),
        ("c", "a+b", S, False),
        ("a+b", "a+b", S, False),
        ("", "b", S, False),
        ("a", " ", S, False),
    ],
)
def test_a_stop_is_rearmed_by_two_people_in_ten_minutes(first: str, second: str, apart_ns: int, rearmed: bool) -> None:
    """Two controls by two names; one control with two names in it is nobody's voice."""
    ours, view = governor(), desk_view()
    press(ours, view, "stop")
    assert press(ours, view, "resume", first) == []
    view.now_ns += apart_ns

    said = states(press(ours, view, "resume", second))

    assert said == ([("firm", Level.RUNNING, "rearmed")] if rearmed else [])


def test_a_late_second_voice_is_a_first_one() -> None:
    """The ten minutes begin anew with it."""
    ours, view = governor(), desk_view()
    press(ours, view, "stop")
    press(ours, view, "resume", "a")
    view.now_ns += REARM_WITHIN_NS + 1
    press(ours, view, "resume", "b")

    assert states(press(ours, view, "resume", "a")) == [("firm", Level.RUNNING, "rearmed")]


def test_a_new_stop_takes_back_half_a_rearming() -> None:
    """Whoever stops again wants two people again."""
    ours, view = governor(), desk_view()
    press(ours, view, "stop")
    press(ours, view, "resume", "a")
    press(ours, view, "stop")

    assert press(ours, view, "resume", "b") == []


def test_a_rearmed_desk_is_held_while_a_hold_s_reason_stands() -> None:
    """A stop hides a hold, it does not end it."""
    ours, view = governor(), desk_view()
    press(ours, view, "stop")
    view.session_up = False
    assert look(ours, view) == []
    press(ours, view, "resume", "a")

    assert states(press(ours, view, "resume", "b")) == [("firm", Level.HOLD, "session_down")]


def test_a_stop_for_a_loss_trips_again_while_the_loss_stands() -> None:
    """Two people cannot talk a loss away; the cancels go out again and no other level is announced."""
    ours, view = governor(), desk_view()
    view.lose(20_000)
    look(ours, view)
    press(ours, view, "resume", "a")

    assert press(ours, view, "resume", "b") == [CancelAll("firm")]
    assert ours.level() is Level.L3


def test_a_symbol_is_stopped_and_rearmed_by_itself() -> None:
    """The firm goes on; a firm's resume does not re-arm the symbol."""
    ours, view = governor(), desk_view()
    said = ours.on_control(Control("stop", "QQQ", Level.L2, "a"), view)

    assert said == (SetState("QQQ", Level.L2, "stop", view.now_ns), CancelAll("QQQ"))
    assert ours.decide(buy(1), view) == APPROVED
    for who in ("a", "b"):
        press(ours, view, "resume", who)
    assert ours.level("QQQ") is Level.L2
    for who in ("a", "b"):
        ours.on_control(Control("resume", "QQQ", Level.RUNNING, who), view)
    assert ours.level("QQQ") is Level.RUNNING


def test_what_is_not_understood_goes_safe() -> None:
    """An unknown verb pauses, an unknown scope is the firm; an unknown scope is never resumed."""
    ours, view = governor(), desk_view()

    assert states(ours.on_control(Control("halt!", "firm", Level.L1, "a"), view)) == [
        ("firm", Level.HOLD, "unknown_control")
    ]
    assert states(ours.on_control(Control("stop", "XYZ", Level.L1, "a"), view)) == [("firm", Level.L1, "stop")]
    for who in ("a", "b"):
        assert ours.on_control(Control("resume", "XYZ", Level.RUNNING, who), view) == ()


def test_a_stop_cancels_again_when_the_session_returns() -> None:
    """What was cancelled while nobody listened is cancelled again, once."""
    ours, view = governor(), desk_view()
    view.session_up = False
    look(ours, view)
    press(ours, view, "stop", level=Level.L2)
    view.session_up = True

    assert ours.on_timer(view) == (CancelAll("firm"),)
    assert ours.on_timer(view) == ()


# ---- the hard limit holds -------------------------------------------------------------------------------------

LIMIT = 300
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["new", "replace", "cancel", "fill", "race", "pause", "resume"]),
        st.sampled_from(Side),
        st.integers(1, 250),
        st.integers(0, 10),
    ),
    max_size=60,
)


class PlainDesk:
    """A desk with a venue that fills what it likes: orders live from approval on, a replace is done at once."""

    def __init__(self) -> None:
        self.view = desk_view()
        self.ours = ReferenceGovernor(
            limits(
                spy=instrument_limits(position=Bound(hard=LIMIT)),
                firm=firm_limits(rate=Bound(hard=10**6), gross=Bound(hard=LIMIT * 100)),
            ),
            (SPY, QQQ),
            "2025-08-05",
        )
        self.totals: dict[int, int] = {}
        self.filled: dict[int, int] = {}
        self.next_id = 1

    def do(self, what: str, side: Side, qty: int, pick: int) -> None:
        """One step of the stream."""
        live = sorted(self.view.live)
        target = live[pick % len(live)] if live else 0
        if what == "new":
            self.ask((buy if side is Side.BUY else sell)(qty, order_id=self.next_id))
        elif what in ("pause", "resume"):
            press(self.ours, self.view, what)
        elif target and what == "replace":
            self.ask(swap(target, self.view.live[target][1], qty, order_id=self.next_id))
        elif target and what == "cancel":
            assert self.ours.decide(CancelOrder(0, target, "SPY"), self.view) == APPROVED
            del self.view.live[target]
        elif target and what == "fill":
            self.fill(target, qty)

    def ask(self, order: Instruction) -> None:
        """Ask the governor; what it approves is live."""
        assert not isinstance(order, CancelOrder)
        decision = self.ours.decide(order, self.view)
        self.next_id += 1
        if not decision.approved:
            return
        done = 0
        if isinstance(order, ReplaceOrder):
            done = self.filled[order.target_id]
            del self.view.live[order.target_id]
        self.totals[order.order_id], self.filled[order.order_id] = order.qty, done
        if order.qty > done:
            self.view.live[order.order_id] = ("SPY", order.side, order.qty - done)

    def fill(self, target: int, most: int) -> None:
        """Fill some of a live order."""
        _, side, left = self.view.live[target]
        qty = min(left, most)
        self.filled[target] += qty
        self.view.positions["SPY"] = self.view.position("SPY") + side * qty
        self.view.live[target] = ("SPY", side, left - qty)
        if left == qty:
            del self.view.live[target]
        self.ours.on_fill(fill(0, side, qty, order_id=target, left=left - qty), self.view)

    def worst(self) -> int:
        """The largest position that could come of what is live."""
        position = self.view.position("SPY")
        return max(position + self.view.working("SPY", Side.BUY), self.view.working("SPY", Side.SELL) - position)


@given(steps=STEPS)
@settings(max_examples=300, deadline=None)
def test_no_stream_of_orders_gets_position_and_working_beyond_the_hard_limit(
    steps: list[tuple[str, Side, int, int]],
) -> None:
    """New orders, replaces, cancels, partial fills, pauses: the worst case never exceeds the limit."""
    desk = PlainDesk()
    for what, side, qty, pick in steps:
        desk.do(what, side, qty, pick)
        assert desk.worst() <= LIMIT


@given(steps=STEPS)
@settings(max_examples=200, deadline=None)
def test_nothing_raises_exposure_during_a_hold(steps: list[tuple[str, Side, int, int]]) -> None:
    """While paused the worst case only falls: that is what the venue observer counts as a leak."""
    desk = PlainDesk()
    for what, side, qty, pick in steps:
        before, paused = desk.worst(), desk.ours.level() is Level.HOLD
        desk.do(what, side, qty, pick)
        assert not (paused and desk.worst() > before)


def test_the_stream_reaches_the_limit() -> None:
    """The property above is not true for lack of orders."""
    desk = PlainDesk()
    for _ in range(10):
        desk.do("new", Side.BUY, 100, 0)

    assert desk.worst() == LIMIT


def test_a_reduce_is_only_sent_in_a_flatten() -> None:
    """No level below L3 trades by itself."""
    ours, view = governor(), desk_view(position=100)
    press(ours, view, "stop", level=Level.L2)
    view.volumes["SPY"] = 10**6

    assert [c for c in ours.on_timer(view) if isinstance(c, Reduce)] == []
