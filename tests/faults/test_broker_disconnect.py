"""The broker disconnect: the session drops, comes back, and the check reads the venue's side of it."""

from __future__ import annotations

import pytest

from engine.base.units import NS_PER_S
from engine.domain.orders import OrderState
from engine.domain.records import DeskFill, DeskOrder, DeskSession, Sent, VenueFill, VenueSession
from engine.faults.broker_disconnect import BrokerDisconnect
from engine.trading.broker import NOTICE_NS
from tests.faults.driver import T0_S, UNTOUCHED, Outcome, play_fault, quiet_log

CUT = BrokerDisconnect()
T0_NS = round(T0_S * NS_PER_S)


@pytest.fixture(scope="module")
def cut() -> Outcome:
    """The disconnect, played once."""
    return play_fault(CUT, 20)


def session(second: float, *, up: bool) -> VenueSession:
    """The session at the venue's door."""
    return VenueSession(round(second * NS_PER_S), up, "test")


def test_the_session_drops_and_comes_back(cut: Outcome) -> None:
    """At the venue at once, at the desk when it notices; nothing but the session is touched."""
    inside = [state for t_ns, state in cut.seen.items() if T0_NS < t_ns < T0_NS + 20 * NS_PER_S]

    assert [(record.t_ns, record.up) for record in cut.log.of(VenueSession)] == [
        (T0_NS, False),
        (T0_NS + 20 * NS_PER_S, True),
    ]
    assert cut.log.of(DeskSession)[0] == DeskSession(T0_NS + NOTICE_NS, up=False)
    assert not any(state.connected for state in inside)
    assert all(state.levers == UNTOUCHED.levers and state.extra_delay_ns == 0 for state in inside)
    assert cut.end == UNTOUCHED


def test_nothing_is_sent_while_the_desk_knows(cut: Outcome) -> None:
    """And trading goes on afterwards, as before."""
    sent_ns = [record.t_ns for record in cut.log.of(Sent)]

    assert not [t_ns for t_ns in sent_ns if T0_NS + NOTICE_NS < t_ns < T0_NS + 20 * NS_PER_S]
    assert [t_ns for t_ns in sent_ns if t_ns < T0_NS]
    assert [t_ns for t_ns in sent_ns if t_ns > T0_NS + 21 * NS_PER_S]


def test_after_the_heal_desk_and_venue_agree(cut: Outcome) -> None:
    """No order stays unknown, and every fill of the venue is in the desk's books, once."""
    last = {record.order_id: OrderState(record.state) for record in cut.log.of(DeskOrder)}
    venue = {fill.exec_id for fill in cut.log.of(VenueFill)}
    desk = {fill.exec_id for fill in cut.log.of(DeskFill)}

    assert OrderState.UNKNOWN not in last.values()
    assert venue - desk <= {fill.exec_id for fill in cut.log.of(VenueFill)[-2:]}  # on the wire at the end
    assert desk <= venue
    assert len(cut.log.of(DeskFill)) == len(desk)


def test_an_early_heal_brings_it_back_early() -> None:
    """Also before the desk has noticed anything."""
    outcome = play_fault(CUT, 0.02)

    assert outcome.at(T0_S + 0.1) == UNTOUCHED
    assert outcome.effect.value == pytest.approx(0.02)
    assert outcome.effect.held


def test_the_broker_may_take_its_time_to_accept_the_logon() -> None:
    """The line is back at 20 s, the session 3 s later; the fault itself is healed when the line is."""
    outcome = play_fault(BrokerDisconnect(logon_s=3), 20)
    ups = [record.t_ns for record in outcome.log.of(VenueSession) if record.up]

    assert ups == [T0_NS + 23 * NS_PER_S]
    assert outcome.effect.held
    assert outcome.end == UNTOUCHED


def test_a_disconnect_lasts_until_it_is_healed() -> None:
    """Its item must say how long; there is no value at which it does nothing."""
    assert CUT.own_length_s is None
    assert CUT.symbols() == ()
    assert CUT.no_effect == {}


@pytest.mark.parametrize(
    ("records", "down_s"),
    [
        ([], 0),
        ([session(60, up=False), session(80, up=True)], 20),
        ([session(60, up=False), session(75, up=True)], 15),
        ([session(60, up=False)], 20),
        ([session(60, up=False), session(500, up=True)], 20),
        ([session(10, up=False), session(70, up=True)], 10),
        ([session(10, up=False), session(20, up=True)], 0),
        ([session(90, up=False), session(95, up=True)], 0),
        ([session(60, up=False), session(61, up=True), session(70, up=False), session(75, up=True)], 6),
        ([session(60, up=False), session(65, up=False), session(70, up=True)], 10),
    ],
)
def test_only_the_time_down_inside_the_fault_counts(records: list[VenueSession], down_s: float) -> None:
    """Before it began, after its heal and up in between are no effect; four fifths of it are needed."""
    effect = CUT.effect(quiet_log(records), 60 * NS_PER_S, 80 * NS_PER_S)

    assert (effect.metric, effect.value) == ("session_down_s", down_s)
    assert effect.needed == pytest.approx(16)
    assert effect.held is (down_s >= 16)
