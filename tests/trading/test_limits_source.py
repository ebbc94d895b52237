"""Limits that change, vanish or are tampered with while the governor runs: no new risk, and the way out stays open."""

from __future__ import annotations

from dataclasses import replace
from math import nan
from typing import Any

import pytest

from engine.domain.governance import APPROVED, Level, SetState
from engine.domain.orders import CancelOrder
from engine.faults.limit_tamper import TAMPERED
from engine.trading.limits import Bound, Limits, LossBound
from engine.trading.limits_sha import limits_sha
from engine.trading.limits_source import LimitsStore
from engine.trading.reference import ReferenceGovernor

from .plain_view import QQQ, SPY, PlainView, S, buy, desk_view, firm_limits, instrument_limits, limits, sell

WHY = {
    "emptied": "limits_emptied",
    "nan": "limits_unsound",
    "older": "limits_older",
    "changed": "limits_changed",
}


def watching(given: Limits | None = None) -> tuple[ReferenceGovernor, LimitsStore, PlainView]:
    """A governor that has read its limits once from a store, and a desk that holds ten shares."""
    first = given or limits()
    ours, store, view = ReferenceGovernor(first, (SPY, QQQ), "2025-08-05"), LimitsStore(first), desk_view(position=10)
    ours.watch(store)
    assert ours.on_timer(view) == ()
    return ours, store, view


@pytest.mark.parametrize("what", WHY)
def test_limits_that_may_not_be_judged_by_take_no_new_risk(what: str) -> None:
    """From the next look on held and denied with its reason; cancels and what reduces pass, by the old limits."""
    ours, store, view = watching()
    sound = store.limits
    assert sound is not None
    store.limits = TAMPERED[what](sound)
    view.now_ns += S // 10
    view.show(99.99, 100.01)

    assert ours.on_timer(view) == (SetState("firm", Level.HOLD, WHY[what], view.now_ns),)
    denied = ours.decide(buy(1), view)
    assert (denied.reason, denied.level, denied.limits_sha) == (WHY[what], "firm", limits_sha(sound))
    assert ours.decide(sell(10), view) == APPROVED
    view.positions["SPY"] = 1_000
    assert ours.decide(sell(501), view).reason == "order_qty"
    view.positions["SPY"] = 10
    assert ours.decide(CancelOrder(1, 1, "SPY"), view) == APPROVED
    store.limits = sound
    assert ours.on_timer(view) == (SetState("firm", Level.RUNNING, "released", view.now_ns),)
    assert ours.decide(buy(1), view) == APPROVED


@pytest.mark.parametrize(("silent_ns", "approved"), [(5 * S - 1, True), (5 * S, True), (5 * S + 1, False)])
def test_a_silent_source_is_bridged_for_as_long_as_the_limits_say(silent_ns: int, approved: bool) -> None:
    """Five seconds unless the document says else; beyond it the deny says how long, and of how much."""
    ours, store, view = watching()
    store.limits = None
    view.now_ns += silent_ns
    view.show(99.99, 100.01)

    decision = ours.decide(buy(1), view)

    assert decision.approved is approved
    if not approved:
        assert (decision.reason, decision.limit, decision.level) == ("limits_unreachable", 5.0, "firm")
        assert decision.observed == pytest.approx(silent_ns / S)
    ours.on_timer(view)
    assert (ours.level() is Level.HOLD) is not approved


def test_the_document_says_how_long_silence_is_bridged() -> None:
    """One second; and a timer that does not come is silence too."""
    ours, _, view = watching(limits(firm=firm_limits(limits_age_s=Bound(hard=1))))
    view.now_ns += S + 1
    view.show(99.99, 100.01)

    assert ours.decide(buy(1), view).reason == "limits_unreachable"


def test_newer_limits_are_in_force_from_the_next_look_on() -> None:
    """A cut of the position is honoured for the next order; the digest in the deny is the new one's."""
    ours, store, view = watching()
    small = {"SPY": instrument_limits(position=Bound(hard=50)), "QQQ": instrument_limits()}
    cut = replace(limits(), version=2, instrument=small)
    store.limits = cut
    assert ours.decide(buy(100), view) == APPROVED
    assert ours.on_timer(view) == ()

    denied = ours.decide(buy(41), view)

    assert (denied.reason, denied.limit, denied.limits_sha) == ("position", 50, limits_sha(cut))
    assert ours.decide(buy(40), view) == APPROVED


def test_newer_loss_limits_hold_at_once() -> None:
    """The loss is the same, the step is not."""
    ours, store, view = watching()
    view.lose(500)
    tight = firm_limits(daily_loss=LossBound(soft=400, flatten=20_000, hard=40_000))
    store.limits = replace(limits(), version=2, firm=tight)

    assert ours.on_timer(view) == (SetState("firm", Level.HOLD, "daily_loss_soft", view.now_ns),)


def test_an_older_document_is_refused_although_a_newer_one_was_in_force_for_a_moment_only() -> None:
    """Once a version was in force there is no way back to one before it."""
    ours, store, view = watching()
    store.limits = replace(limits(), version=3)
    ours.on_timer(view)
    store.limits = limits()
    ours.on_timer(view)

    assert ours.decide(buy(1), view).reason == "limits_older"
    assert ours.level() is Level.HOLD


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"approved_by": ("a",)}, "limits_unapproved"),
        ({"approved_by": ("a", " A")}, "limits_unapproved"),
        ({"approved_by": ()}, "limits_unapproved"),
        ({"effective_from": "2025-08-06"}, "limits_not_in_force"),
        ({"effective_from": "2025-08-05"}, ""),
        ({"instrument": {"SPY": instrument_limits()}}, "limits_emptied"),
        ({"instrument": {"SPY": instrument_limits(collar=None), "QQQ": instrument_limits()}}, "limits_emptied"),
        ({"firm": firm_limits(gross=Bound(hard=-1))}, "limits_unsound"),
        ({"firm": firm_limits(margin_pct=nan)}, "limits_unsound"),
        ({"capital_usd": float("inf")}, "limits_unsound"),
    ],
)
def test_a_new_document_must_be_sound_approved_and_in_force(changes: dict[str, Any], why: str) -> None:
    """Each fault has its own reason."""
    ours, store, view = watching()
    store.limits = replace(limits(), version=2, **changes)

    said = ours.on_timer(view)

    assert said == ((SetState("firm", Level.HOLD, why, view.now_ns),) if why else ())


def test_a_compulsory_limit_that_was_missing_before_is_nothing_new() -> None:
    """Its orders are denied as they were."""
    poor = limits(firm=firm_limits(rate=None))
    ours, store, view = watching(poor)
    store.limits = replace(poor, version=2)

    assert ours.on_timer(view) == ()
    assert ours.decide(buy(1), view).reason == "limit_missing"


def test_what_is_no_limits_document_is_not_judged_by() -> None:
    """Garbage in the store."""
    ours, store, view = watching()
    garbage: Any = {"limits": "x"}
    store.limits = garbage
    ours.on_timer(view)

    assert ours.level() is Level.HOLD
    assert ours.decide(sell(10), view) == APPROVED
