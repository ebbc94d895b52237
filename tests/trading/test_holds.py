"""Looking at the desk: a look that is passed over because nothing is new is one that would have changed nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.governance import Command, Control, DeskView, Level, SetState
from engine.trading.holds import Holds
from engine.trading.limits import Bound
from engine.trading.reference import ReferenceGovernor

from .plain_view import MS, QQQ, SPY, PlainView, desk_view, firm_limits, limits

Change = Callable[[PlainView], object]


class Thorough(Holds):
    """Looks at everything, every time."""

    def _as_before(self, view: DeskView, now_ns: int) -> bool:
        return False


def governor(*, thorough: bool) -> ReferenceGovernor:
    """A fresh reference governor; a thorough one passes over nothing."""
    firm = replace(firm_limits(), session_down_s=Bound(hard=2))
    made = ReferenceGovernor(limits(firm=firm), (SPY, QQQ), "2025-08-05")
    if thorough:
        made._stops._holds.__class__ = Thorough
    return made


def _later(ms: int) -> Change:
    def change(view: PlainView) -> None:
        view.now_ns += ms * MS

    return change


CHANGES: st.SearchStrategy[Change] = st.one_of(
    st.integers(0, 1_500).map(_later),
    st.integers(0, 1_500).map(_later),
    st.sampled_from((0, 7_900, 8_100, 9_999, 10_000, 15_000, 20_000, 60_000, -5_000)).map(
        lambda usd: lambda view: view.lose(usd)
    ),
    st.just(lambda view: setattr(view, "equity_micros", float("nan"))),
    st.booleans().map(lambda up: lambda view: setattr(view, "session_up", up)),
    st.booleans().map(lambda agree: lambda view: setattr(view, "books_agree", agree)),
    st.just(lambda view: view.show(99.99, 100.01)),
    st.just(lambda view: view.show(49.99, 50.01, "QQQ")),
    st.sampled_from((0, 100, -100)).map(lambda qty: lambda view: view.positions.update(SPY=qty)),
    st.sampled_from((0, 100)).map(lambda qty: lambda view: view.positions.update(QQQ=qty)),
)
PRESSES = st.tuples(
    st.sampled_from(("pause", "resume", "stop", "flatten")), st.sampled_from(("firm", "SPY")), st.text()
)


@settings(max_examples=300)
@given(st.lists(st.one_of(CHANGES, PRESSES), max_size=40))
def test_passing_over_what_is_not_new_changes_nothing(events: list[Change | tuple[str, str, str]]) -> None:
    """Whatever happens to the desk and whoever commands: the same commands, at the same instants."""
    view, quick, thorough = desk_view(100), governor(thorough=False), governor(thorough=True)
    said: list[tuple[tuple[Command, ...], tuple[Command, ...]]] = []
    for event in events:
        if isinstance(event, tuple):
            control = Control(event[0], event[1], Level.L1, event[2])
            said.append((quick.on_control(control, view), thorough.on_control(control, view)))
        else:
            event(view)
            said.append((quick.on_timer(view), thorough.on_timer(view)))

    assert [ours for ours, _ in said] == [theirs for _, theirs in said]


def test_hardly_any_look_at_a_quiet_desk_is_a_whole_one() -> None:
    """That is what makes it cheap: of a thousand looks one."""
    whole: list[int] = []

    class Counting(Holds):
        """Notes its whole looks."""

        def _as_before(self, view: DeskView, now_ns: int) -> bool:
            passed_over = super()._as_before(view, now_ns)
            whole.extend([] if passed_over else [now_ns])
            return passed_over

    view, ours = desk_view(100), governor(thorough=False)
    ours._stops._holds.__class__ = Counting
    for _ in range(1_000):
        view.now_ns += MS
        view.show(99.99, 100.01)
        view.show(49.99, 50.01, "QQQ")
        ours.on_timer(view)

    assert len(whole) == 1


def test_without_an_age_limit_no_quote_is_too_old() -> None:
    """What is not limited holds nothing, however long it lasts."""
    ours = ReferenceGovernor(limits(firm=firm_limits(quote_age=Bound())), (SPY, QQQ), "2025-08-05")
    view = desk_view(100)
    first = ours.on_timer(view)
    view.now_ns += 3_600_000 * MS

    assert (first, ours.on_timer(view)) == ((), ())


def test_a_quote_that_was_old_before_it_mattered_holds_from_the_last_look_on() -> None:
    """Nothing is held, so an old quote is nobody's trouble; the fill after the last look makes it one."""
    view, ours = desk_view(), governor(thorough=False)
    ours.on_timer(view)
    view.now_ns += 5_000 * MS
    before = ours.on_timer(view)
    last_look_ns = view.now_ns
    view.now_ns += 100 * MS
    view.positions["SPY"] = 100

    assert (before, ours.on_timer(view)) == ((), (SetState("firm", Level.HOLD, "stale_quote", last_look_ns),))
