"""The Knight checks: orders out against orders in, and children against their parent."""

from __future__ import annotations

import pytest

from engine.domain.records import Sent, VenueRejected
from engine.gates.gate import Gate
from engine.gates.judge import judge
from engine.gates.judgement import Judgement, Measurement
from engine.gates.verdict import Verdict
from engine.metrics.orders_out_of_nowhere import LEFT_NEEDED

from .logs import END, MS, S, Script, chances, measure, points

GOVERNOR = "governor"


def judged(metric: str, script: Script) -> Judgement:
    """What a gate of zero tolerance says."""
    gate = Gate(gate="check", metric=metric, must_be=0)
    return judge(gate, Measurement(measure(metric, script.evidence()), 0, END, live=False, phase="run"))


def total(metric: str, script: Script) -> float:
    """The sum of the metric."""
    return float(measure(metric, script.evidence()).value.sum())


# ---- orders out of nowhere


def order(script: Script, t_ns: int, order_id: int, qty: int = 10, side: int = 1) -> Script:
    """An order that goes its whole proper way, in three milliseconds."""
    script.intent(t_ns, order_id, side, qty).decided(t_ns + MS, order_id, intent_ns=t_ns)
    return script.sent(t_ns + MS, order_id).accepted(t_ns + 2 * MS, order_id, side, qty)


def nowhere(script: Script) -> float:
    """How many came out of nowhere."""
    return total("orders_out_of_nowhere", script)


def test_an_order_that_came_in_and_went_out_once_is_none() -> None:
    """On the wire and at the door: two looks, no finding."""
    series = measure("orders_out_of_nowhere", order(Script(), S, 1).evidence())

    assert points(series) == [(S + MS, 0.0), (S + 2 * MS, 0.0), (END, 0.0)]
    assert (chances(series), series.first) == ([2], "")


def test_an_order_at_the_venue_that_nobody_asked_for_is_one() -> None:
    """Knight: it was not sent by any way that the desk knows of either."""
    script = order(Script(), S, 1).accepted(2 * S, 77, 1, 100)

    assert nowhere(script) == 1
    first = measure("orders_out_of_nowhere", script.evidence()).first
    assert first == "order 77 came to the venue, nobody had asked for it at t=2.0 s"


def test_an_order_that_the_venue_refused_had_come_too() -> None:
    """The venue's good sense is no control of the desk's."""
    assert nowhere(Script().rejected(S, 77)) == 1


def test_an_order_sent_twice_is_one_at_each_look() -> None:
    """Again on the wire, and again at the door, where the venue knows the number."""
    script = order(Script(), S, 1).sent(2 * S, 1)

    assert nowhere(script) == 1
    assert nowhere(script.add(VenueRejected(2 * S + MS, 1, 0, "new", "duplicate_id"))) == 2


def test_an_order_that_went_around_the_governor_is_one() -> None:
    """Not decided yet, or denied; the governor's own orders need nobody's word."""
    asked = Script().intent(S, 1).sent(S + MS, 1)
    denied = Script().intent(S, 1).decided(S + MS, 1, intent_ns=S, approved=False).sent(S + 2 * MS, 1)
    late = Script().intent(S, 1).sent(S + MS, 1).decided(S + 2 * MS, 1, intent_ns=S)
    own = Script().intent(S, 1, origin=GOVERNOR).sent(S + MS, 1)

    assert [nowhere(script) for script in (asked, denied, late, own)] == [1, 1, 1, 0]


@pytest.mark.parametrize(
    ("qty", "side", "symbol", "wrong"),
    [(10, 1, "A", 0), (9, 1, "A", 0), (11, 1, "A", 1), (10, -1, "A", 1), (10, 1, "B", 1)],
)
def test_an_order_comes_to_the_venue_as_it_was_asked_for(qty: int, side: int, symbol: str, wrong: int) -> None:
    """Not larger, not on the other side, not of another symbol; smaller is what a replace of a part-filled order is."""
    script = Script().intent(S, 1).decided(S, 1, intent_ns=S).sent(S, 1).accepted(S + MS, 1, side, qty, symbol=symbol)

    assert nowhere(script) == wrong


def test_a_cancel_of_something_else_is_one() -> None:
    """The wire names another action or target than was asked for."""
    asked = Script().intent(S, 1, action="cancel", target=5).decided(S, 1, intent_ns=S)

    assert nowhere(asked.add(Sent(S + MS, 1, 6, "cancel", "strategy"))) == 1


def test_an_order_that_the_venue_made_smaller_is_no_second_one() -> None:
    """It is accepted again in its own place."""
    assert nowhere(order(Script(), S, 1).accepted(2 * S, 1, 1, 4, target=1)) == 0


def test_the_gate_needs_a_hundred_instructions_that_left_and_names_the_first_from_nowhere() -> None:
    """Two looks at each order: 49 are too few, 50 are enough; a planted one is red at once, however few."""
    script = Script()
    for number in range(1, 50):
        order(script, number * S, number)

    assert LEFT_NEEDED == 100
    assert judged("orders_out_of_nowhere", script).verdict is Verdict.NO_EVIDENCE
    assert judged("orders_out_of_nowhere", order(script, 50 * S, 50)).verdict is Verdict.PASS
    red = judged("orders_out_of_nowhere", Script().accepted(2 * S, 77, 1, 100))
    assert red.verdict is Verdict.FAIL
    assert "; first: order 77 came to the venue, nobody had asked for it at t=2.0 s" in red.reason


# ---- children and parents


def child(script: Script, t_ns: int, order_id: int, qty: int, parent: int = 9, side: int = 1) -> Script:
    """A slice that the venue takes."""
    return script.intent(t_ns, order_id, side, qty, parent=parent).accepted(t_ns + MS, order_id, side, qty)


def over(script: Script) -> float:
    """Shares too many."""
    return total("child_over_parent_shares", script)


@pytest.mark.parametrize(("last", "expected"), [(39, 0), (40, 0), (41, 1), (140, 100)])
def test_children_may_fill_and_work_as_much_as_their_parent(last: int, expected: int) -> None:
    """60 of 100 are filled; just below, at and above what is left."""
    script = child(Script().parent(0, 9, 1, 100), S, 1, 60).fill(2 * S, 1, 1, 1, 60, 100)

    assert over(child(script, 3 * S, 2, last)) == expected


def test_what_a_child_left_goes_back_to_the_parent() -> None:
    """60 were taken, 10 filled, 50 died: 90 are left."""
    script = child(Script().parent(0, 9, 1, 100), S, 1, 60).fill(2 * S, 1, 1, 1, 10, 100).cancelled(2 * S, 1, 50)

    assert over(child(script, 3 * S, 2, 90)) == 0
    assert over(child(script, 4 * S, 3, 1)) == 1


def test_a_child_too_many_counts_once() -> None:
    """Ten too many, then five more: fifteen, and not twenty-five."""
    script = child(child(Script().parent(0, 9, 1, 100), S, 1, 110), 2 * S, 2, 5)

    assert points(measure("child_over_parent_shares", script.evidence()))[:2] == [(S + MS, 10.0), (2 * S + MS, 5.0)]


def test_a_replace_of_a_child_takes_its_place() -> None:
    """It has the same parent though nobody says so; the venue's cancel of the old one is part of the change."""
    script = child(Script().parent(0, 9, 1, 100), S, 1, 60)
    script.intent(2 * S, 2, qty=100, action="replace", target=1).cancelled(2 * S, 1, 60, "replaced")

    assert over(script.accepted(2 * S, 2, 1, 100, target=1)) == 0
    script.intent(3 * S, 3, qty=101, action="replace", target=2).cancelled(3 * S, 2, 100, "replaced")
    assert over(script.accepted(3 * S, 3, 1, 101, target=2)) == 1


def test_a_parent_can_be_amended() -> None:
    """100 become 150, and then 120."""
    script = child(Script().parent(0, 9, 1, 100).parent(S, 9, 1, 150), 2 * S, 1, 150)

    assert over(script) == 0
    assert over(child(Script().parent(0, 9, 1, 100).parent(S, 9, 1, 120), 2 * S, 1, 150)) == 30


def test_a_child_of_nobody_or_of_the_other_side_is_too_much_altogether() -> None:
    """A parent that nobody gave, another side, another symbol; an order without a parent is none of this."""
    assert over(child(Script(), S, 1, 60)) == 60
    assert over(child(Script().parent(0, 9, -1, 100), S, 1, 60)) == 60
    assert over(child(Script().parent(0, 9, 1, 100, symbol="B"), S, 1, 60)) == 60
    assert over(child(Script(), S, 1, 60, parent=0)) == 0


def flatten(script: Script, t_ns: int, order_id: int, qty: int, side: int = -1) -> Script:
    """The governor gives a part of a position up."""
    script.intent(t_ns, order_id, side, qty, origin=GOVERNOR)
    return script.accepted(t_ns + MS, order_id, side, qty, origin=GOVERNOR, sent_ns=t_ns)


@pytest.mark.parametrize(("qty", "expected"), [(39, 0), (40, 0), (41, 1)])
def test_the_position_is_the_parent_of_the_governors_orders(qty: int, expected: int) -> None:
    """100 long, 60 of them sold, long ago: 40 may be given up."""
    script = flatten(Script().inventory("A", 100, 100), S, 1, 60).fill(2 * S, 1, 1, -1, 60, 100)

    assert over(flatten(script, 10 * S, 2, qty)) == expected


def test_what_was_filled_while_a_slice_was_on_its_way_is_no_mistake_of_its_sender() -> None:
    """The desk did not know it: the largest position of the last 500 ms counts."""
    script = Script().inventory("A", 100, 100).accepted(0, 5, -1, 60).fill(S + MS, 1, 5, -1, 60, 100)

    assert over(flatten(script, S, 1, 100)) == 0
    assert over(flatten(script, 3 * S, 2, 1)) == 1  # the 100 still work


def test_an_order_of_the_governors_that_takes_a_position_on_is_too_much_altogether() -> None:
    """It sells although the desk is short, and buys what it has."""
    assert over(flatten(Script().inventory("A", -100, 100), S, 1, 30)) == 30
    assert over(flatten(Script().inventory("A", 100, 100), S, 1, 30, side=1)) == 30
    assert over(flatten(Script().inventory("A", -100, 100), S, 1, 100, side=1)) == 0


def test_the_gate_needs_slices_that_came_near_to_their_parent_and_names_the_first_too_many() -> None:
    """At 79 of 100 it could hardly have been otherwise, at 80 it could; a planted one is red at once."""
    script = child(child(Script().parent(0, 9, 1, 100), S, 1, 40), 2 * S, 2, 39)

    assert judged("child_over_parent_shares", script).verdict is Verdict.NO_EVIDENCE
    assert judged("child_over_parent_shares", child(script, 3 * S, 3, 1)).verdict is Verdict.PASS
    red = judged("child_over_parent_shares", child(script, 4 * S, 4, 25))
    assert red.verdict is Verdict.FAIL
    assert "; first: order 4 at t=4.0 s, 5 shares" in red.reason


def test_one_slice_is_no_slicing() -> None:
    """The whole at once: nothing was counted together."""
    script = child(Script().parent(0, 9, 1, 100), S, 1, 100)

    assert judged("child_over_parent_shares", script).verdict is Verdict.NO_EVIDENCE


@pytest.mark.parametrize(("last", "expected"), [(19, Verdict.NO_EVIDENCE), (20, Verdict.PASS)])
def test_a_flatten_has_to_come_near_to_its_end(last: int, expected: Verdict) -> None:
    """100 long, 60 of them sold, long ago: with 19 more it is at 79 %, with 20 at 80 %."""
    script = flatten(Script().inventory("A", 100, 100), S, 1, 60).fill(2 * S, 1, 1, -1, 60, 100)

    assert judged("child_over_parent_shares", flatten(script, 10 * S, 2, last)).verdict is expected
