"""Desk = broker = venue observer: what is a break, what is still on its way, and which one was the first."""

from __future__ import annotations

import pytest

from engine.domain.records import DeskBust, VenueBust
from engine.gates.gate import Gate
from engine.gates.judge import judge
from engine.gates.judgement import Measurement
from engine.gates.verdict import Verdict
from engine.metrics.reconciliation import breaks
from engine.metrics.reconciliation_breaks import COMPARED_NEEDED

from .logs import CAPITAL_USD, END, MS, USD, S, Script, chances, measure, points


def agreeing() -> Script:
    """Order 1 buys 10 at 100 with a fee of 0.50: it works, is filled, is booked, is stated. All three agree."""
    script = Script().intent(S, 1).desk_order(S, 1, "pending").accepted(S + MS, 1, 1, 10)
    script.desk_order(S + 2 * MS, 1, "working").fill(S + 3 * MS, 7, 1, 1, 10, 100, fee=0.5, booked_ns=S + 4 * MS)
    return script.desk_order(S + 4 * MS, 1, "filled").stated(2 * S, 10, -1000.5, "7").stated_orders(2 * S)


def said(script: Script) -> list[tuple[float, str, str, str, str]]:
    """Every break: second, what, and what desk, broker and observer say."""
    found = breaks(script.evidence())
    return [(each.t_ns / S, each.what, each.desk, each.broker, each.observer) for each in found]


def test_three_books_that_agree_have_no_break() -> None:
    """One statement, and the end."""
    series = measure("reconciliation_breaks", agreeing().evidence())

    assert said(agreeing()) == []
    assert points(series) == [(2 * S, 0.0), (END, 0.0), (END, 0.0)]
    assert (chances(series), series.first) == ([1, 1], "")


def test_a_fill_that_the_desk_never_books_is_named_with_what_follows_from_it() -> None:
    """Said at 2.3 s: at 2.5 s it may still come, at 3 s it is a break; position and cash follow. By hand: 5 at 100."""
    script = agreeing().intent(2 * S, 2).desk_order(2 * S, 2, "pending").accepted(2 * S, 2, 1, 5)
    script.fill(2300 * MS, 8, 2, 1, 5, 100).desk_order(2300 * MS, 2, "filled")
    script.stated(2500 * MS, 15, -1500.5, "8").stated_orders(3 * S)

    assert said(script) == [
        (3.0, "execution 8", "no", "yes", "yes"),
        (3.0, "position", "10", "15", "15"),
        (3.0, "cash", "-1,000.50 USD", "-1,500.50 USD", "-1,500.50 USD"),
    ]
    first = measure("reconciliation_breaks", script.evidence()).first
    assert first == "A execution 8 at t=3.0 s: desk no, broker yes, observer yes"


def test_a_fill_that_comes_late_is_no_break() -> None:
    """Ten seconds late, and stated all the while: it was in flight."""
    script = agreeing().fill(3 * S, 8, 1, 1, 5, 100, booked_ns=13 * S).stated(4 * S, 15, -1500.5, "8")

    assert said(script.stated_orders(9 * S)) == []


def test_a_fill_just_before_the_end_may_still_come() -> None:
    """500 ms are allowed, to the nanosecond."""
    late = agreeing().fill(END - 500 * MS + 1, 8, 1, 1, 5, 100).stated(END - 400 * MS, 15, -1500.5, "8")
    just = agreeing().fill(END - 500 * MS, 8, 1, 1, 5, 100).stated(END - 400 * MS, 15, -1500.5, "8")

    assert said(late) == []
    assert [what for _, what, *_ in said(just)] == ["execution 8", "position", "cash"]


def test_a_fill_that_the_venue_never_made_is_a_break_at_once() -> None:
    """The desk has one more than broker and observer."""
    script = agreeing().booked(3 * S, 99, 1, 1, 5, 100).stated_orders(3 * S)

    assert said(script) == [
        (3.0, "execution 99", "yes", "no", "no"),
        (3.0, "position", "15", "10", "10"),
        (3.0, "cash", "-1,500.50 USD", "-1,000.50 USD", "-1,000.50 USD"),
    ]


def test_a_fill_that_is_booked_twice_is_a_break() -> None:
    """Its number stands in the desk's books two times."""
    script = agreeing().booked(3 * S, 7, 1, 1, 10, 100, fee=0.5).stated_orders(3 * S)

    assert said(script)[0] == (3.0, "execution 7", "2 times", "once", "once")


def test_a_fill_that_the_venue_says_twice_is_one() -> None:
    """A duplicate that everybody passes over."""
    assert said(agreeing().fill(3 * S, 7, 1, 1, 10, 100, fee=0.5).stated_orders(3 * S)) == []


@pytest.mark.parametrize(("fee", "wrong"), [(0.5, False), (0.509, False), (0.51, True), (0.49, True)])
def test_cash_is_compared_to_the_cent(fee: float, wrong: bool) -> None:
    """The desk reckons fees of its own: 0.9 cents are rounding, one cent is a break."""
    script = Script().fill(S, 7, 1, 1, 10, 100, fee=0.5).booked(S, 7, 1, 1, 10, 100, fee=fee)

    assert [what for _, what, *_ in said(script.stated(2 * S, 10, -1000.5, "7"))] == (["cash"] if wrong else [])


def test_a_difference_that_stays_is_told_once_and_again_when_it_changes() -> None:
    """Five shares off at 3 s, still at 4 s, ten off at 5 s."""
    script = agreeing().booked(3 * S, 99, 1, 1, 5, 100).stated_orders(3 * S).stated_orders(4 * S)
    script.booked(5 * S, 98, 1, 1, 5, 100).stated_orders(5 * S)

    assert [(t, desk) for t, what, desk, *_ in said(script) if what == "position"] == [(3.0, "15"), (5.0, "20")]


def test_a_broker_that_stands_apart_is_named_as_the_odd_one() -> None:
    """It lacks the fill that desk and observer have, in executions, position and cash."""
    script = agreeing().fill(3 * S, 8, 1, 1, 5, 100, booked_ns=3 * S).stated_orders(4 * S)

    assert said(script) == [
        (4.0, "execution 8", "yes", "no", "yes"),
        (4.0, "position", "15", "10", "15"),
        (4.0, "cash", "-1,500.50 USD", "-1,000.50 USD", "-1,500.50 USD"),
    ]


def test_a_bust_that_the_desk_does_not_hear_of_is_a_break() -> None:
    """The venue took execution 7 back; the desk still has it. Booked, it is none."""
    bust = VenueBust(3 * S, 7, 1, "A", 1, 10, 100 * USD, USD // 2, "erroneous")
    script = agreeing().add(bust).stated(4 * S, 0, 0, "-7")
    booked = DeskBust(3 * S + MS, 7, 1, "A", 0, CAPITAL_USD * USD, 0)

    assert said(script) == [
        (4.0, "bust of execution 7", "no", "yes", "yes"),
        (4.0, "position", "10", "0", "0"),
        (4.0, "cash", "-1,000.50 USD", "0.00 USD", "0.00 USD"),
    ]
    assert said(script.add(booked)) == []


def test_a_bust_of_the_desks_own_is_a_break() -> None:
    """Nobody else took anything back."""
    script = agreeing().add(DeskBust(3 * S, 7, 1, "A", 0, CAPITAL_USD * USD, 0)).stated_orders(4 * S)

    assert said(script)[0] == (4.0, "bust of execution 7", "yes", "no", "no")


def working() -> Script:
    """Order 1 works, by everybody's books."""
    script = Script().intent(S, 1).desk_order(S, 1, "pending").accepted(S + MS, 1, 1, 10)
    return script.desk_order(S + 2 * MS, 1, "working").stated_orders(2 * S, "1")


def test_an_order_that_works_though_the_desk_takes_it_for_dead_is_a_break() -> None:
    """The venue never said that it was over: nothing can be in flight. It is one even if it is over later."""
    script = working().desk_order(3 * S, 1, "cancelled").stated_orders(4 * S, "1").cancelled(9 * S, 1)

    assert said(script.stated_orders(9 * S)) == [(4.0, "order 1", "not open", "open", "open")]


def test_an_order_at_the_venue_that_the_desk_has_never_heard_of_is_a_break() -> None:
    """Out of nowhere, it works."""
    assert said(Script().accepted(S, 5, 1, 10).stated_orders(2 * S, "5")) == [
        (2.0, "order 5", "not open", "open", "open")
    ]


def test_an_order_that_is_over_and_that_the_desk_learns_of_is_none() -> None:
    """Late, but it was in flight."""
    assert said(working().cancelled(3 * S, 1).stated_orders(4 * S).desk_order(60 * S, 1, "cancelled")) == []


def test_an_order_that_is_over_and_that_the_desk_never_learns_of_is_a_break() -> None:
    """Half a second is allowed; then the desk holds on to nothing."""
    script = working().cancelled(3 * S, 1).stated_orders(3400 * MS).stated_orders(4 * S)

    assert said(script) == [(4.0, "order 1", "open", "not open", "not open")]


def test_an_order_that_never_came_to_the_venue_is_a_break_if_the_desk_holds_on_to_it() -> None:
    """Pending for ever; one that is unknown to the end is none: the desk knows that it does not know."""
    script = Script().intent(S, 1).desk_order(S, 1, "pending").stated_orders(2 * S)

    assert said(script) == [(2.0, "order 1", "open", "not open", "not open")]
    assert said(script.desk_order(1200 * MS, 1, "unknown")) == []


def test_a_broker_that_lists_other_orders_than_the_venue_works_is_a_break_once() -> None:
    """It misses order 1, and has an order 6 that nobody knows."""
    script = Script().intent(S, 1).desk_order(S, 1, "pending").accepted(S, 1, 1, 10).desk_order(S, 1, "working")
    script.stated_orders(2 * S, "6").stated_orders(3 * S, "6")

    assert said(script) == [
        (2.0, "order 1", "nothing", "not open", "open"),
        (2.0, "order 6", "nothing", "open", "not open"),
    ]


def test_a_replaced_order_is_over_for_all_three() -> None:
    """The new one stands in its place."""
    script = working().intent(3 * S, 2, action="replace", target=1).desk_order(3 * S, 2, "pending")
    script.cancelled(3 * S + MS, 1, 10, "replaced").accepted(3 * S + MS, 2, 1, 8, target=1)
    script.desk_order(3 * S + 2 * MS, 1, "cancelled").desk_order(3 * S + 2 * MS, 2, "working")

    assert said(script.stated_orders(4 * S, "2")) == []


def test_without_statements_desk_and_observer_are_compared_at_the_end() -> None:
    """The broker says nothing, and is not blamed for it."""
    script = Script().fill(S, 7, 1, 1, 10, 100)

    assert said(script) == [
        (100.0, "execution 7", "no", "nothing", "yes"),
        (100.0, "position", "0", "nothing", "10"),
        (100.0, "cash", "0.00 USD", "nothing", "-1,000.00 USD"),
    ]


def test_the_gate_needs_a_hundred_fills_and_ten_statements() -> None:
    """100 fills in 9 statements are too few, in 10 they are enough; a break is red however few, and is named."""
    gate, script, position, cash = Gate(gate="check", metric="reconciliation_breaks", must_be=0), Script(), 0, 0.0
    for number in range(1, 101):
        script.fill(number * 100 * MS, number, 1, 1, 1, 100, booked_ns=number * 100 * MS)
        position, cash = position + 1, cash - 100
        if number in range(20, 101, 10):
            names = " ".join(str(each) for each in range(number - 9 if number > 20 else 1, number + 1))
            script.stated(number * 100 * MS + MS, position, cash, names)
    few = judge(gate, measurement(script))
    enough = judge(gate, measurement(script.stated_orders(20 * S)))
    red = judge(gate, measurement(script.booked(21 * S, 999, 1, 1, 1, 100)))

    assert COMPARED_NEEDED == 10
    assert (few.verdict, enough.verdict, red.verdict) == (Verdict.NO_EVIDENCE, Verdict.PASS, Verdict.FAIL)
    assert "; first: A execution 999 at t=100.0 s: desk yes, broker no, observer no" in red.reason


def measurement(script: Script) -> Measurement:
    """The whole run."""
    return Measurement(measure("reconciliation_breaks", script.evidence()), 0, END, live=False, phase="run")
