"""Holds in effect, leaks, what was in flight, and how long holding took."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.metrics.holds import HeldTimes, Stretches, holds

from .logs import END, MS, S, Script, chances, measure, points


def leaks_of(script: Script) -> float:
    """How many leaks the metric counts."""
    return float(measure("order_leaks", script.evidence()).value.sum())


def test_a_hold_is_in_effect_from_its_acknowledgement() -> None:
    """Triggered at 1 s, acknowledged after 10 ms, released at 2 s."""
    (hold,) = holds(Script().state(S + 10 * MS, 1, trigger_ns=S).state(2 * S, 0).log())

    assert (hold.effect_ns, hold.end_ns, hold.level) == (S + 10 * MS, 2 * S, 1)


def test_a_hold_is_in_effect_at_the_deadline_at_the_latest() -> None:
    """Acknowledged a second after its trigger: in effect 250 ms after it."""
    (hold,) = holds(Script().state(2 * S, 1, trigger_ns=S).log())

    assert hold.effect_ns == S + 250 * MS


def test_a_command_that_is_never_acknowledged_holds_all_the_same() -> None:
    """The governor ignores a pause: it is in effect after the deadline and until somebody resumes."""
    script = Script().control(S, "pause").control(5 * S, "resume")
    (hold,) = holds(script.log())

    assert (hold.ack_ns, hold.effect_ns, hold.end_ns) == (None, S + 250 * MS, 5 * S)
    assert points(measure("time_to_hold_ms", script.evidence())) == [(S + 250 * MS, np.inf)]


def test_a_commanded_hold_is_acknowledged_by_the_next_state() -> None:
    """20 ms from the command to the state."""
    script = Script().control(S, "pause").state(S + 20 * MS, 1)

    assert len(holds(script.log())) == 1
    assert points(measure("time_to_hold_ms", script.evidence())) == [(S + 20 * MS, 20.0)]


def test_a_pause_during_an_automatic_hold_needs_no_new_state() -> None:
    """It is held already; the pause outlasts the automatic hold until resume and RUNNING."""
    script = Script().state(S, 1).control(2 * S, "pause").control(4 * S, "resume").state(5 * S, 0)
    automatic, commanded = holds(script.log())

    assert (automatic.end_ns, commanded.effect_ns, commanded.end_ns) == (5 * S, 2 * S, 5 * S)


def test_a_stop_does_not_end_by_itself() -> None:
    """RUNNING without a resume ends an automatic hold, and not a stop."""
    (stop,) = holds(Script().state(S, 4).state(2 * S, 0).log())
    two = Script().state(S, 4).control(2 * S, "resume", by="a").control(2 * S, "resume", by="b")
    (rearmed,) = holds(two.state(3 * S, 0).log())

    assert stop.end_ns is None
    assert rearmed.end_ns == 3 * S


def test_a_rise_of_level_is_a_hold_of_its_own() -> None:
    """A hold at 1 s becomes a stop at 2 s; the fall back to hold in between is none."""
    found = holds(Script().state(S, 1).state(2 * S, 4, trigger_ns=2 * S - 5 * MS).state(3 * S, 1).log())

    assert [(hold.level, hold.effect_ns) for hold in found] == [(1, S), (4, 2 * S)]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=8))
def test_stretches_hold_what_any_of_them_holds(stretches: list[tuple[int, int]]) -> None:
    """Whatever overlaps, touches or is empty: an instant is in them if it is strictly inside one."""
    together = Stretches(stretches)

    expected = [any(start < t < end for start, end in stretches) for t in range(-1, 22)]
    assert [t in together for t in range(-1, 22)] == expected


def test_a_hold_of_one_symbol_leaves_the_other_alone() -> None:
    """The scope decides."""
    found = holds(Script().state(S, 1, scope="A").log())

    assert (HeldTimes(found).held("A", 2 * S), HeldTimes(found).held("B", 2 * S)) == (True, False)


@pytest.mark.parametrize(("sent_ns", "expected"), [(S, 0), (S + 1, 1), (3 * S - 1, 1), (3 * S, 0)])
def test_a_leak_is_sent_after_the_in_effect_instant_and_before_the_end(sent_ns: int, expected: int) -> None:
    """At the instant it is none, a nanosecond later it is; a nanosecond before the end it is, at the end it is none."""
    script = Script().state(S, 1).state(3 * S, 0).accepted(4 * S, 7, 1, 10, sent_ns=sent_ns)

    assert leaks_of(script) == expected


def test_what_does_not_raise_exposure_is_no_leak() -> None:
    """With 10 long, selling 20 turns it to 10 short, which is no more; 21 is."""
    script = Script().inventory("A", 10, 100).state(S, 1)

    assert leaks_of(script.accepted(2 * S, 7, -1, 20)) == 0
    assert leaks_of(script.accepted(3 * S, 8, -1, 1)) == 1


def test_a_replace_leaks_only_by_what_it_adds() -> None:
    """A replace takes its target's place: the venue's cancel of the target just before is part of it."""
    script = Script().accepted(0, 1, 1, 50).state(S, 1)
    script.cancelled(2 * S, 1, 50, "replaced").accepted(2 * S, 2, 1, 50, target=1)

    assert leaks_of(script) == 0
    assert leaks_of(script.cancelled(3 * S, 2, 50, "replaced").accepted(3 * S, 3, 1, 51, target=2)) == 1


def test_one_order_in_two_holds_is_one_leak() -> None:
    """Held and stopped at once."""
    assert leaks_of(Script().state(S, 1).state(S, 4).accepted(2 * S, 7, 1, 10)) == 1


def test_attempts_under_a_hold_are_the_opportunity() -> None:
    """Increasing orders count, cancels, reducing ones and those at the in-effect instant do not."""
    script = Script().state(S, 1).intent(S, 1).intent(2 * S, 2).intent(2 * S, 3, increasing=False)
    script.intent(2 * S, 4, action="cancel").intent(3 * S, 5)
    series = measure("order_leaks", script.evidence())

    assert chances(series) == [2]
    assert points(series) == [(2 * S, 0.0), (3 * S, 0.0), (END, 0.0)]
    assert chances(measure("order_leaks", script.evidence(start_ns=3 * S))) == [1]


def test_no_hold_is_no_opportunity() -> None:
    """Nothing can leak where nothing was held; a zero says so with its count."""
    series = measure("order_leaks", Script().intent(S, 1).accepted(S, 1, 1, 10).evidence())

    assert (points(series), chances(series)) == ([(END, 0.0)], [0])


def test_in_flight_at_hold_is_what_was_sent_and_not_answered() -> None:
    """Order 1 was answered before, 2 is on the wire, 3 goes out at that instant, 4 after it, 5 is another symbol's."""
    script = Script().state(S, 1, scope="A")
    for order_id, sent_ns in ((1, S - 2), (2, S - 1), (3, S), (4, S + 1)):
        script.intent(sent_ns, order_id).sent(sent_ns, order_id)
    script.intent(S - 1, 5, symbol="B").sent(S - 1, 5).accepted(S - 1, 1, 1, 10).accepted(2 * S, 2, 1, 10)

    assert points(measure("in_flight_at_hold", script.evidence())) == [(S, 2.0)]


def test_a_command_just_before_the_end_is_not_judged() -> None:
    """Its deadline lies behind the end."""
    assert len(measure("time_to_hold_ms", Script().control(END - MS, "stop", 2).evidence())) == 0


@pytest.mark.parametrize(("first", "second", "ended"), [("a", "b", True), ("a", "a", False), ("a", " A ", False)])
def test_a_stop_is_rearmed_by_two_different_people(first: str, second: str, ended: bool) -> None:
    """One person who says it twice is one; a governor that runs again for them still stands stopped here, and leaks."""
    script = Script().state(S, 2).control(2 * S, "resume", by=first).control(2 * S, "resume", by=second)
    script.state(3 * S, 0).accepted(5 * S, 7, 1, 10, sent_ns=4 * S)

    assert (holds(script.log())[0].end_ns == 3 * S) is ended
    assert leaks_of(script) == (0 if ended else 1)


def test_a_pause_is_ended_by_one_person() -> None:
    """It is a hold, and no stop."""
    (pause,) = holds(Script().control(S, "pause").state(S, 1).control(2 * S, "resume").state(2 * S, 0).log())

    assert pause.end_ns == 2 * S


@pytest.mark.parametrize("scope", ["venue", "strategy:main"])
def test_a_hold_of_venue_or_strategy_covers_what_the_desk_does(scope: str) -> None:
    """The desk has one venue and one strategy."""
    found = holds(Script().state(S, 1, scope=scope).log())

    assert HeldTimes(found).held("A", 2 * S)
    assert not HeldTimes(holds(Script().state(S, 1, scope="strategy:other").log())).held("A", 2 * S)


def test_in_flight_at_hold_needs_a_desk_that_was_sending() -> None:
    """An order sent in the second before could have been on the wire; an older one could not."""
    script = Script().state(5 * S, 1).intent(4 * S, 1).sent(4 * S, 1).accepted(4 * S, 1, 1, 10)

    assert chances(measure("in_flight_at_hold", script.evidence())) == [0]
    script.intent(4 * S + 1, 2).sent(4 * S + 1, 2).accepted(4 * S + 1, 2, 1, 10)
    assert chances(measure("in_flight_at_hold", script.evidence())) == [1]


def test_hold_to_last_accept_is_the_last_increasing_acceptance_under_the_hold() -> None:
    """In effect at 1 s: 3 ms and 40 ms later; not at once, after its end, reducing, or of another symbol."""
    script = Script().inventory("A", 50, 100).state(S, 1, scope="A").state(2 * S, 0, scope="A")
    script.intent(S, 1).sent(S, 1)
    for order_id, (t_ns, side, symbol) in enumerate(
        [(S, 1, "A"), (S + 3 * MS, 1, "A"), (S + 40 * MS, 1, "A"), (S + 60 * MS, -1, "A"), (S + 70 * MS, 1, "B")], 1
    ):
        script.accepted(t_ns, order_id, side, 10, symbol=symbol)
    script.accepted(2 * S, 9, 1, 10)
    series = measure("hold_to_last_accept_ms", script.evidence())

    assert points(series) == [(S + 40 * MS, 40.0)]


def test_hold_to_last_accept_is_zero_if_the_venue_took_none() -> None:
    """With an attempt under the hold it means something, without one nothing."""
    script = Script().state(S, 1)

    series = measure("hold_to_last_accept_ms", script.evidence())
    assert (points(series), chances(series)) == ([(S, 0.0)], [0])
    assert chances(measure("hold_to_last_accept_ms", script.intent(2 * S, 1).evidence())) == [1]


def test_what_was_on_the_wire_when_the_hold_began_is_an_opportunity_too() -> None:
    """It is taken 5 ms after the hold."""
    script = Script().state(S, 1).intent(S - MS, 1).sent(S - MS, 1).accepted(S + 5 * MS, 1, 1, 10, sent_ns=S - MS)
    series = measure("hold_to_last_accept_ms", script.evidence())

    assert (points(series), chances(series)) == ([(S + 5 * MS, 5.0)], [1])
