"""Recovery after an outage: the first instant after which all is well for 5 s."""

from __future__ import annotations

import math

from .logs import END, MS, S, Script, chances, measure, points

NEVER = [(END, math.inf)]


def outage() -> Script:
    """A disconnect from 10 s to 20 s; the session comes up 1 s after its heal."""
    script = Script().fault(10 * S, 20 * S).session(10 * S, up=False)
    return script.session(21 * S, up=True)


def recovery(script: Script) -> list[tuple[int, float]]:
    """The samples of recovery_s."""
    return points(measure("recovery_s", script.evidence()))


def test_recovery_is_from_heal_to_the_first_good_five_seconds() -> None:
    """Up at 21 s, an increasing order accepted at 22 s: well from 21 s on."""
    script = outage().accepted(22 * S, 1, 1, 10)
    series = measure("recovery_s", script.evidence())

    assert points(series) == [(26 * S, 1.0)]
    assert points(measure("outage_s", script.evidence())) == [(26 * S, 11.0)]
    assert chances(series) == [1]


def test_an_order_answered_late_puts_recovery_off() -> None:
    """The first order is accepted at 40 s: only five seconds that hold it are good."""
    assert recovery(outage().accepted(40 * S, 1, 1, 10)) == [(40 * S, 15.0)]


def test_no_order_answered_is_no_recovery() -> None:
    """Nobody knows whether the desk can trade; a reducing order does not show it."""
    assert recovery(outage()) == NEVER
    assert recovery(outage().inventory("A", 50, 100).accepted(22 * S, 1, -1, 10)) == NEVER


def test_an_unknown_order_is_no_recovery_until_resolved() -> None:
    """Unknown from 10 s to 30 s."""
    script = outage().desk_order(10 * S, 9, "unknown").desk_order(30 * S, 9, "rejected").accepted(31 * S, 1, 1, 10)

    assert recovery(script) == [(35 * S, 10.0)]


def test_books_that_differ_are_no_recovery() -> None:
    """A fill of 15 s is booked at 25 s; a fill that is booked within 500 ms does not matter."""
    script = outage().quote(0, 99, 101).accepted(22 * S, 1, 1, 10).accepted(9 * S, 2, 1, 20)
    script.fill(15 * S, 1, 2, 1, 10, 100, booked_ns=25 * S).fill(26 * S, 2, 2, 1, 10, 100, booked_ns=26 * S + 400 * MS)

    assert recovery(script.accepted(27 * S, 3, 1, 10)) == [(30 * S, 5.0)]


def test_two_lost_fills_that_cancel_out_are_still_missing() -> None:
    """The position is right, the books are not."""
    script = outage().quote(0, 99, 101).accepted(22 * S, 1, 1, 10)
    script.fill(15 * S, 1, 2, 1, 10, 100).fill(15 * S, 2, 3, -1, 10, 100)

    assert recovery(script) == NEVER


def test_under_a_hold_a_denied_order_is_the_right_answer() -> None:
    """Held from 10 s on: an increasing order denied at 23 s is right, an accepted one would be a leak."""
    script = outage().state(10 * S, 1).intent(23 * S, 1)
    script.decided(23 * S, 1, intent_ns=23 * S, approved=False, reason="held")

    assert recovery(script) == [(26 * S, 1.0)]
    assert recovery(script.accepted(24 * S, 2, 1, 10)) == NEVER  # from 21 s to the leak are only 3 s


def test_a_denial_without_a_hold_is_no_right_answer() -> None:
    """A desk that denies everything has not recovered; nor has one whose governor fails under a hold."""
    script = outage().intent(23 * S, 1).decided(23 * S, 1, intent_ns=23 * S, approved=False, reason="position")
    failing = outage().state(10 * S, 1).intent(23 * S, 1)
    failing.decided(23 * S, 1, intent_ns=23 * S, approved=False, reason="governor_failed")

    assert (recovery(script), recovery(failing)) == (NEVER, NEVER)


def test_a_denied_cancel_or_an_unanswered_order_is_ill() -> None:
    """Cancels have to pass, and orders to be answered."""
    script = outage().accepted(22 * S, 1, 1, 10).intent(24 * S, 2, action="cancel")
    script.decided(24 * S, 2, intent_ns=24 * S, approved=False, reason="position").accepted(29 * S, 3, 1, 10)

    assert recovery(script) == [(29 * S + 1, 4.000000001)]
    assert recovery(script.intent(28 * S, 4)) == NEVER


def test_a_second_drop_within_five_seconds_starts_anew() -> None:
    """Up at 21 s, down at 25 s, up at 27 s."""
    script = outage().session(25 * S, up=False).session(27 * S, up=True)

    assert recovery(script.accepted(22 * S, 1, 1, 10).accepted(28 * S, 2, 1, 10)) == [(32 * S, 7.0)]


def test_five_seconds_must_fit_before_the_end() -> None:
    """Up 4 s before the end is not recovered."""
    script = Script().fault(10 * S, 95 * S).session(10 * S, up=False).session(96 * S, up=True)

    assert recovery(script.accepted(97 * S, 1, 1, 10)) == NEVER


def test_an_outage_that_was_not_seen_is_no_evidence() -> None:
    """The fault ran, and the session stayed up."""
    series = measure("recovery_s", Script().fault(10 * S, 20 * S).accepted(22 * S, 1, 1, 10).evidence())

    assert (points(series), chances(series)) == ([], [0])


def test_an_outage_that_never_healed_is_noted() -> None:
    """There is no heal to count from."""
    series = measure("recovery_s", Script().fault(10 * S, None).session(10 * S, up=False).evidence())

    assert (points(series), "'cut'" in series.note) == ([], True)


def test_an_outage_belongs_to_the_fault_that_caused_it() -> None:
    """A price shock that overlaps the disconnect has no outage of its own."""
    script = outage().fault(9 * S, 60 * S, "price_shock", "crash").fault(10 * S, 50 * S, "feed_delay", "slow")

    assert recovery(script.accepted(22 * S, 1, 1, 10)) == [(26 * S, 1.0)]


def test_a_desk_that_leaves_by_order_has_no_outage() -> None:
    """L4 disconnects: that is a stop, not an outage."""
    script = Script().fault(9 * S, 60 * S, "price_shock", "crash").state(10 * S, 5).session(10 * S, up=False)

    assert recovery(script) == []
