"""What survives a restart of the reference governor, and who lets it run again."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.governance import APPROVED, VENUE, CancelAll, Control, Level, Reduce, SetState
from engine.domain.orders import Side
from engine.trading.governor_state import STATE_SCHEMA
from engine.trading.limits import Bound, Limits
from engine.trading.limits_source import LimitsStore
from engine.trading.reference import ReferenceGovernor

from .plain_view import CAPITAL, QQQ, SPY, PlainView, S, bent, buy, desk_view, fill, firm_limits, limits, sell

DAY = "2025-08-05"


def governor(given_: Limits | None = None, day: str = DAY) -> ReferenceGovernor:
    """A fresh reference governor."""
    return ReferenceGovernor(given_ or limits(), (SPY, QQQ), day)


def restarted(ours: ReferenceGovernor, given_: Limits | None = None, day: str = DAY) -> ReferenceGovernor:
    """Another process, which has only what was written down."""
    other = governor(given_, day)
    other.restore(json.loads(json.dumps(ours.snapshot())))
    return other


def press(ours: ReferenceGovernor, view: PlainView, verb: str, scope: str, by: str = "a", level: int = 2) -> Any:
    """A person gives a command."""
    return ours.on_control(Control(verb, scope, Level(level), by), view)


@pytest.mark.parametrize("scope", ["firm", VENUE, "SPY", "strategy:main"])
@pytest.mark.parametrize("level", [Level.L1, Level.L2, Level.L3, Level.L4])
def test_a_stop_of_any_scope_survives_a_restart_and_takes_two_people(scope: str, level: Level) -> None:
    """It is told again, denies again, and one person twice is one person."""
    ours, view = governor(), desk_view()
    press(ours, view, "stop", scope, level=int(level))
    other = restarted(ours)

    assert SetState(scope, level, "stop", 0) in other.on_timer(view)
    assert other.decide(buy(1), view).reason in ("stopped", "flattening")
    press(other, view, "resume", scope, "a")
    press(other, view, "resume", scope, " A ")
    assert other.level("SPY" if scope == "SPY" else scope) is level
    press(other, view, "resume", scope, "b")
    assert other.decide(buy(1), view) == APPROVED


@pytest.mark.parametrize("level", [Level.L3, Level.L4])
def test_a_flatten_goes_on_after_a_restart(level: Level) -> None:
    """The stop stands, so the position is given up, by a tenth of what is traded from now on."""
    ours, view = governor(), desk_view(position=1_000)
    press(ours, view, "stop", "firm", level=int(level))
    other = restarted(ours)

    assert CancelAll("firm") in other.on_timer(view)
    view.volumes["SPY"] = 1_000
    (sent,) = other.on_timer(view)
    assert isinstance(sent, Reduce)
    assert (sent.order.side, sent.order.qty) == (Side.SELL, 100)


def test_half_a_rearming_is_lost_in_a_restart() -> None:
    """The second person must have been asked by the governor that runs."""
    ours, view = governor(), desk_view()
    press(ours, view, "stop", "firm")
    press(ours, view, "resume", "firm", "a")
    other = restarted(ours)
    press(other, view, "resume", "firm", "b")

    assert other.level() is Level.L1


def test_a_pause_survives_and_an_automatic_hold_begins_anew() -> None:
    """The session that was down is up again after the restart."""
    ours, view = governor(), desk_view()
    press(ours, view, "pause", "SPY")
    view.session_up = view.books_agree = False
    ours.on_timer(view)
    view.session_up = view.books_agree = True
    other = restarted(ours)

    assert other.on_timer(view) == (SetState("SPY", Level.HOLD, "paused", 0),)
    assert other.decide(buy(1, 50.0, symbol="QQQ"), view) == APPROVED


def test_the_highest_equity_survives_the_session_and_no_longer() -> None:
    """The drawdown's clock is the session's."""
    ours, view = governor(), desk_view()
    view.equity_micros = 2.0 * CAPITAL
    ours.on_timer(view)
    view.equity_micros = 1.85 * CAPITAL

    same, next_day = restarted(ours), restarted(ours, day="2025-08-06")

    assert same.decide(buy(1), view).reason == "drawdown"
    assert next_day.decide(buy(1), view) == APPROVED


def test_repeats_are_counted_on_and_their_latch_survives_the_session() -> None:
    """A process that is started anew is no word from a person, and neither is a new day."""
    given_ = limits(firm=firm_limits(repeated=Bound(hard=2)))
    ours, view = governor(given_), desk_view()
    for number in range(1, 4):
        view.now_ns += S
        view.show(99.99, 100.01)
        assert ours.decide(buy(1, order_id=number), view) == APPROVED
        ours.on_fill(fill(number, Side.BUY, 1, order_id=number), view)

    other = restarted(ours, given_)
    other.decide(buy(1, order_id=4), view)
    other.on_fill(fill(4, Side.BUY, 1, order_id=4), view)
    assert other.decide(buy(1, order_id=5), view).reason == "repeated_execution"
    assert restarted(other, given_, "2025-08-06").decide(buy(1, order_id=6), view).reason == "stopped"


def test_an_id_of_before_the_restart_is_not_new() -> None:
    """A client that replays its orders sends none a second time."""
    ours, view = governor(), desk_view()
    ours.decide(buy(1, order_id=41), view)

    assert restarted(ours).decide(buy(1, order_id=41), view).reason == "duplicate_id"
    assert restarted(ours).decide(buy(1, order_id=42), view) == APPROVED
    assert restarted(restarted(ours)).decide(buy(1, order_id=41), view).reason == "duplicate_id"


def test_limits_older_than_those_of_before_take_no_new_risk() -> None:
    """An old document that came back with the restart."""
    newer = replace(limits(), version=2)
    other = restarted(governor(newer), limits())

    assert other.decide(buy(1), desk_view()).reason == "limits_older"
    assert other.decide(sell(1), desk_view(position=1)) == APPROVED
    assert restarted(governor(newer), replace(limits(), version=3)).decide(buy(1), desk_view()) == APPROVED


def test_a_source_that_gives_the_older_limits_again_does_not_make_them_newer() -> None:
    """Read and read again: held until the newer ones are there."""
    newer = replace(limits(), version=2)
    other, view, store = restarted(governor(newer), limits()), desk_view(), LimitsStore(limits())
    other.watch(store)
    for _ in range(3):
        other.on_timer(view)
        assert other.decide(buy(1), view).reason == "limits_older"
    store.limits = newer
    other.on_timer(view)

    assert other.decide(buy(1), view) == APPROVED


SOUND = governor().snapshot()


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"schema": "stress.governor_state/2"},
        SOUND | {"levels": {"stopped": {"firm": [9, "x", 0]}, "paused": {}}},
        SOUND | {"levels": {"stopped": {}}},
        SOUND | {"levels": None},
        SOUND | {"peak_micros": "much"},
        SOUND | {"peak_micros": float("nan")},
        SOUND | {"re_entries": {"main": -1}},
        SOUND | {"re_entries": [1]},
        SOUND | {"overrides": [["SPY"]]},
        SOUND | {"sliced": {"x": 1}},
        SOUND | {"known_upto": None},
        {name: value for name, value in SOUND.items() if name != "rejects"},
    ],
    ids=lambda state: str(sorted(state.items()))[-40:],
)
def test_a_state_that_cannot_be_read_stops_the_firm(state: dict[str, Any]) -> None:
    """What is not known to be safe is not: latched, and two people let it run."""
    ours, view = governor(), desk_view()
    ours.restore(state)

    assert ours.on_timer(view) == (SetState("firm", Level.L1, "state_lost", 0),)
    assert ours.decide(buy(1), view).reason == "stopped"


@given(st.recursive(st.none() | st.integers() | st.text() | st.floats(), lambda part: st.dictionaries(st.text(), part)))
def test_whatever_the_state_is_restoring_it_never_raises(found: object) -> None:
    """A governor that cannot start is no reason to trade without."""
    state: Any = found
    ours = governor()
    ours.restore(state)

    assert ours.level() is Level.L1


def test_the_snapshot_says_what_it_is() -> None:
    """Schema, session, and the limits that were in force."""
    ours = governor()

    assert ours.snapshot() == SOUND
    assert (SOUND["schema"], SOUND["day"], SOUND["limits_sha256"]) == (STATE_SCHEMA, DAY, ours.limits_sha)


# ---- scopes ---------------------------------------------------------------------------------------------------------


def test_a_stop_of_a_strategy_is_that_strategy_s() -> None:
    """Another one goes on; level 2 cancels only its orders."""
    ours, view = governor(), desk_view()

    said = press(ours, view, "stop", "strategy:a", level=int(Level.L2))

    assert said == (SetState("strategy:a", Level.L2, "stop", view.now_ns), CancelAll("strategy:a"))
    denied = ours.decide(bent(buy(1), strategy="a"), view)
    assert (denied.reason, denied.level) == ("stopped", "strategy")
    assert ours.decide(buy(1), view) == APPROVED


def test_a_stop_of_the_venue_covers_everything_and_is_latched_apart() -> None:
    """Re-arming the firm does not re-arm the venue."""
    ours, view = governor(), desk_view()
    press(ours, view, "stop", VENUE)
    press(ours, view, "stop", "firm")
    for by in ("a", "b"):
        press(ours, view, "resume", "firm", by)

    assert ours.decide(buy(1), view).reason == "stopped"
    for by in ("a", "b"):
        press(ours, view, "resume", VENUE, by)
    assert ours.decide(buy(1), view) == APPROVED


def test_flattening_a_strategy_gives_up_what_it_holds() -> None:
    """It holds SPY, and QQQ is another's."""
    ours, view = governor(), desk_view()
    ours.decide(bent(buy(100, order_id=1), strategy="a"), view)
    ours.on_fill(fill(1, Side.BUY, 100, order_id=1), view)
    view.positions = {"SPY": 100, "QQQ": 100}
    press(ours, view, "flatten", "strategy:a")
    view.volumes = {"SPY": 1_000, "QQQ": 1_000}

    assert [c.order.symbol for c in ours.on_timer(view) if isinstance(c, Reduce)] == ["SPY"]


@pytest.mark.parametrize("scope", ["strategy:", "strategy", "nobody", "", "venue:x"])
def test_a_scope_that_nobody_knows_is_the_firm_s(scope: str) -> None:
    """Going safe is never refused, and resuming it does nothing."""
    ours, view = governor(), desk_view()
    press(ours, view, "stop", scope)
    assert ours.level() is Level.L1

    for by in ("a", "b"):
        press(ours, view, "resume", scope, by)
    assert ours.level() is Level.L1
