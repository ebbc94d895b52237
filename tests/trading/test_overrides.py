"""Overrides of a block: two people, one order, soon over, and all of it written down."""

from __future__ import annotations

import pytest

from engine.domain.governance import APPROVED, Control, Level, NoteOverride
from engine.domain.orders import CancelOrder
from engine.trading.overrides import LASTS_NS, OVERRIDABLE, SECOND_VOICE_WITHIN_NS
from engine.trading.reference import ReferenceGovernor

from .plain_view import QQQ, SPY, PlainView, bent, buy, desk_view, limits

LARGE = 501
"""One share more than an order may have."""


def governor() -> ReferenceGovernor:
    """A fresh reference governor."""
    return ReferenceGovernor(limits(), (SPY, QQQ), "2025-08-05")


def asked(
    ours: ReferenceGovernor, view: PlainView, by: str, reason: str = "order_qty", scope: str = "SPY"
) -> NoteOverride:
    """A person asks for an override; what is written down."""
    (note,) = ours.on_control(Control("override", scope, Level.RUNNING, by, reason), view)
    assert isinstance(note, NoteOverride)
    return note


def test_two_people_let_one_order_pass() -> None:
    """The first asks, the second grants, one order uses it, and it is spent; each step is written down."""
    ours, view = governor(), desk_view()
    until_ns = view.now_ns + LASTS_NS

    assert asked(ours, view, "a") == NoteOverride("asked", "SPY", "order_qty", "a", 0)
    assert ours.decide(buy(LARGE), view).reason == "order_qty"
    assert asked(ours, view, "b") == NoteOverride("granted", "SPY", "order_qty", "a+b", until_ns)
    assert ours.decide(buy(LARGE, order_id=77), view) == APPROVED
    assert ours.on_timer(view) == (NoteOverride("used", "SPY", "order_qty", "a+b", until_ns, 77),)
    assert ours.decide(buy(LARGE), view).reason == "order_qty"


def test_one_person_twice_grants_nothing() -> None:
    """Whatever the case and the spaces."""
    ours, view = governor(), desk_view()

    assert [asked(ours, view, by).what for by in ("a", "A ", " a")] == ["asked"] * 3
    assert ours.decide(buy(LARGE), view).reason == "order_qty"


@pytest.mark.parametrize("by", ["", "  ", "a+b"])
def test_nobody_and_two_at_once_are_refused(by: str) -> None:
    """Each person speaks for himself."""
    assert asked(governor(), desk_view(), by).what == "refused"


@pytest.mark.parametrize(
    "reason",
    ["stopped", "held", "daily_loss", "drawdown", "position", "gross_notional", "limit_missing", "bad_qty", "", "x"],
)
def test_what_keeps_the_firm_cannot_be_overridden(reason: str) -> None:
    """Stops are re-armed, limits are changed, and a malformed order is mended."""
    assert asked(governor(), desk_view(), "a", reason).what == "refused"
    assert reason not in OVERRIDABLE


def test_a_scope_that_nobody_knows_is_refused() -> None:
    """An override of what one does not know is none."""
    assert asked(governor(), desk_view(), "a", scope="XYZ").what == "refused"


@pytest.mark.parametrize(
    ("later_ns", "what"), [(SECOND_VOICE_WITHIN_NS, "granted"), (SECOND_VOICE_WITHIN_NS + 1, "asked")]
)
def test_the_second_person_must_agree_in_time(later_ns: int, what: str) -> None:
    """Else it is a first voice again."""
    ours, view = governor(), desk_view()
    asked(ours, view, "a")
    view.now_ns += later_ns

    assert asked(ours, view, "b").what == what


@pytest.mark.parametrize(("later_ns", "passes"), [(LASTS_NS - 1, True), (LASTS_NS, False)])
def test_an_override_that_nobody_uses_is_soon_over(later_ns: int, passes: bool) -> None:
    """At its end it lifts nothing, and that is written down."""
    ours, view = governor(), desk_view()
    asked(ours, view, "a")
    asked(ours, view, "b")
    view.now_ns += later_ns
    view.show(99.99, 100.01)

    assert ours.decide(buy(LARGE), view).approved is passes
    notes = [command for command in ours.on_timer(view) if isinstance(command, NoteOverride)]
    assert [note.what for note in notes] == (["used"] if passes else ["expired"])


def test_an_override_lifts_its_own_deny_and_no_other() -> None:
    """An order that is denied for something else does not use it up."""
    ours, view = governor(), desk_view()
    asked(ours, view, "a")
    asked(ours, view, "b")

    assert ours.decide(buy(2_001), view).reason == "order_notional"
    assert ours.decide(CancelOrder(1, 1, "SPY"), view) == APPROVED
    assert ours.decide(buy(LARGE), view) == APPROVED


def test_an_override_holds_in_its_scope() -> None:
    """Of another strategy's orders it says nothing."""
    ours, view = governor(), desk_view()
    asked(ours, view, "a", scope="strategy:x")
    asked(ours, view, "b", scope="strategy:x")

    assert ours.decide(buy(LARGE), view).reason == "order_qty"
    assert ours.decide(bent(buy(LARGE), strategy="x"), view) == APPROVED


def test_an_override_in_force_survives_a_restart() -> None:
    """Until its end, and no longer."""
    ours, view = governor(), desk_view()
    asked(ours, view, "a")
    asked(ours, view, "b")
    other = governor()
    other.restore(ours.snapshot())

    assert other.decide(buy(LARGE), view) == APPROVED
