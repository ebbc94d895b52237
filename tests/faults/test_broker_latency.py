"""The slow broker: orders and answers take longer, in order, and the check reads both ways."""

from __future__ import annotations

import math

import pytest

from engine.base.units import NS_PER_MS, NS_PER_S
from engine.domain.records import DeskOrder, VenueAccepted
from engine.faults.broker_disconnect import BrokerDisconnect
from engine.faults.broker_latency import BrokerLatency
from tests.faults.driver import T0_S, UNTOUCHED, Outcome, Timed, play_fault, play_faults, quiet_log

SLOW = BrokerLatency(add_ms=250)
T0_NS, HEAL_NS = round(T0_S * NS_PER_S), round((T0_S + 20) * NS_PER_S)


@pytest.fixture(scope="module")
def slow() -> Outcome:
    """The slow line, played once."""
    return play_fault(SLOW, 20)


def test_orders_and_answers_take_longer_while_it_lasts(slow: Outcome) -> None:
    """A quarter of a second there; before and after it less than two milliseconds."""
    way = [(order.sent_ns, order.t_ns - order.sent_ns) for order in slow.log.of(VenueAccepted)]

    assert all(250 * NS_PER_MS < ns < 252 * NS_PER_MS for sent_ns, ns in way if T0_NS < sent_ns < HEAL_NS)
    assert all(ns < 2 * NS_PER_MS for sent_ns, ns in way if sent_ns < T0_NS or sent_ns > HEAL_NS + NS_PER_S)
    assert slow.at(T0_S + 10).broker_delay_ns == 250 * NS_PER_MS
    assert slow.end == UNTOUCHED


def test_no_order_overtakes_another_at_the_heal(slow: Outcome) -> None:
    """What is sent after the heal waits for what is still on the wire."""
    accepted = slow.log.of(VenueAccepted)

    assert [order.sent_ns for order in accepted] == sorted(order.sent_ns for order in accepted)


def test_two_delays_add_up_and_leave_apart() -> None:
    """Each takes its own share back."""
    outcome = play_faults(Timed(SLOW, 60, 80), Timed(BrokerLatency(add_ms=10), 70, 90))

    delays = [outcome.at(second).broker_delay_ns // NS_PER_MS for second in (65, 75, 85, 95)]

    assert delays == [250, 260, 10, 0]


def test_a_disconnect_in_a_slow_line_heals_with_it() -> None:
    """Two faults at the session, each with its own lever, and the books agree afterwards."""
    outcome = play_faults(Timed(SLOW, 60, 90), Timed(BrokerDisconnect(), 70, 80))

    assert [effect.held for effect in outcome.effects] == [True, True]
    assert outcome.site.desk.view.books_agree
    assert outcome.end == UNTOUCHED


def test_a_slow_line_lasts_until_it_is_healed() -> None:
    """Its item must say how long; adding nothing does nothing."""
    assert SLOW.own_length_s is None
    assert SLOW.symbols() == ()
    assert SLOW.no_effect == {"add_ms": 0}


def order(order_id: int, sent_s: float, there_ms: float, back_ms: float | None) -> list[VenueAccepted | DeskOrder]:
    """An order that took so long there, and so long until the desk knew (None: it never did)."""
    sent_ns = round(sent_s * NS_PER_S)
    at_ns = sent_ns + round(there_ms * NS_PER_MS)
    taken = VenueAccepted(at_ns, order_id, 0, "SPY", 1, 1, 1, "day", "strategy", sent_ns, 0, 0)
    known = [] if back_ms is None else [DeskOrder(at_ns + round(back_ms * NS_PER_MS), order_id, "working", "")]
    return [taken, *known]


@pytest.mark.parametrize(
    ("during", "added_ms"),
    [
        (order(2, 61, 251, 251), 250),
        (order(2, 61, 251, 1), 0),
        (order(2, 61, 1, 251), 0),
        (order(2, 79.9, 251, 1), 250),
        (order(2, 61, 251, None), 250),
        (order(2, 61, 251, 251) + order(3, 62, 1, 1), 0),
        ([], math.nan),
        (order(2, 81, 251, 251), math.nan),
    ],
)
def test_the_less_delayed_way_counts(during: list[VenueAccepted | DeskOrder], added_ms: float) -> None:
    """A line that is slow one way only is another fault; a delay that outlasts the fault has no answers to delay."""
    records = sorted(order(1, 30, 1, 1) + during, key=lambda record: record.t_ns)
    effect = SLOW.effect(quiet_log(records), T0_NS, HEAL_NS)

    assert effect.value == pytest.approx(added_ms, nan_ok=True)
    assert effect.held is (added_ms == 250)


def test_without_orders_before_there_is_nothing_to_compare_with() -> None:
    """NaN has not held."""
    assert not SLOW.effect(quiet_log(order(2, 61, 251, 251)), T0_NS, HEAL_NS).held
