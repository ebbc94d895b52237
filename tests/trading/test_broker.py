"""Tests of the broker session: what a drop loses, what a restore brings back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.base.units import NS_PER_MS
from engine.domain.orders import Bust, CancelOrder, Fill, Instruction, OrderState, OrderUpdate, Side, TimeInForce
from engine.domain.records import DeskGap, DeskHeard, DeskSession, Sent, VenueSession
from engine.kernel.world import World
from engine.trading.broker import BrokerSession, action_of
from engine.trading.broker_end import Message
from engine.trading.stages import Link

from .desk_world import MemoryVenue, buy, fixed, run_ms


@dataclass
class Ear:
    """Hears what the session delivers."""

    heard: list[tuple[int, int, str]] = field(default_factory=list)
    lost: list[tuple[int, ...]] = field(default_factory=list)
    unanswered: list[int] = field(default_factory=list)
    world: World | None = None

    def on_update(self, update: OrderUpdate) -> None:
        assert self.world is not None
        self.heard.append((self.world.now_ns, update.order_id, update.reason or update.state.value))

    def on_fill(self, fill: Fill) -> None:
        assert self.world is not None
        self.heard.append((self.world.now_ns, fill.order_id, f"filled {fill.qty}"))

    def on_bust(self, bust: Bust) -> None:
        assert self.world is not None
        self.heard.append((self.world.now_ns, bust.order_id, f"busted {bust.qty}"))

    def on_session(self, lost: tuple[Instruction, ...]) -> None:
        self.lost.append(tuple(instruction.order_id for instruction in lost))

    def on_unanswered(self, instruction: Instruction) -> None:
        self.unanswered.append(instruction.order_id)

    def open_orders(self) -> tuple[int, ...]:
        return tuple(sorted({order_id for _, order_id, _ in self.heard}))

    @property
    def said(self) -> list[tuple[int, str]]:
        """What was heard, without times."""
        return [(order_id, what) for _, order_id, what in self.heard]


def line(*, cancel_on_disconnect: bool = False) -> tuple[World, MemoryVenue, BrokerSession, Ear]:
    """A session over links of at most 1 ms each way."""
    world = World(1)
    venue = MemoryVenue(world, cancel_on_disconnect=cancel_on_disconnect)
    ear = Ear(world=world)
    order_link, ack_link = Link(world, "order_link", fixed(1000)), Link(world, "ack_link", fixed(1000))
    session = BrokerSession(world, venue, order_link, ack_link, ear)
    venue.listener = VenueEnd(session)
    return world, venue, session, ear


class VenueEnd:
    """The venue's end of the session, without a feed."""

    def __init__(self, session: BrokerSession) -> None:
        self.on_update = session.on_update
        self.on_fill = session.on_fill
        self.on_bust = session.on_bust

    def on_state(self, change: object) -> None:
        raise AssertionError("this line carries no states")

    def on_tick(self, tick: object) -> None:
        raise AssertionError("this line carries no ticks")


PASSIVE = 530_000_000


def test_an_order_and_its_answer_cross_the_line() -> None:
    """Sent is written when it leaves, the venue gets the sending time, the answer comes a link later."""
    world, venue, session, ear = line()
    sent = session.send(buy(1, limit=PASSIVE))
    run_ms(world, 3)

    assert sent is True
    assert world.log.of(Sent) == [Sent(0, 1, 0, "new", "strategy")]
    assert [(instruction, sent_ns) for _, instruction, sent_ns in venue.arrived] == [(buy(1, limit=PASSIVE), 0)]
    assert 0 < venue.arrived[0][0] < ear.heard[0][0]
    assert ear.said == [(1, "working")]


def test_a_drop_is_known_to_the_venue_at_once_and_to_the_desk_50_ms_later() -> None:
    """VenueSession and DeskSession stand 50 ms apart."""
    world, _, session, _ = line()
    session.drop("broker_disconnect")
    believed = session.known_up
    run_ms(world, 60)

    assert believed is True
    assert world.log.of(VenueSession) == [VenueSession(0, up=False, reason="broker_disconnect")]
    assert world.log.of(DeskSession) == [DeskSession(50 * NS_PER_MS, up=False)]


def test_what_the_desk_sends_before_it_notices_is_lost() -> None:
    """In the first 50 ms the desk talks into a dead line; the order never arrives and is doubtful afterwards."""
    world, venue, session, ear = line()
    session.drop("x")
    sent = session.send(buy(1))
    run_ms(world, 60)

    assert (sent, venue.arrived, ear.lost, session.unresolved) == (True, [], [(1,)], True)


def test_what_is_on_the_wire_to_the_venue_is_lost() -> None:
    """An order that had left but not arrived when the line was cut never arrives."""
    world, venue, session, ear = line()
    session.send(buy(1))
    session.drop("x")
    run_ms(world, 60)

    assert (venue.arrived, ear.lost) == ([], [(1,)])


def test_when_the_desk_knows_that_the_session_is_down_it_sends_nothing() -> None:
    """The gateway is told, and nothing counts as sent."""
    world, _, session, _ = line()
    session.drop("x")
    run_ms(world, 60)

    assert session.send(buy(1)) is False
    assert world.log.of(Sent) == []


def test_an_order_that_never_arrived_is_not_known_after_the_restore() -> None:
    """The desk asks for it, and the venue's answer settles it as rejected."""
    world, _, session, ear = line()
    session.send(buy(1))
    session.drop("x")
    run_ms(world, 100)
    session.restore()
    run_ms(world, 2)
    before = session.unresolved
    run_ms(world, 4)

    assert before is True
    assert ear.said == [(1, "not_known")]
    assert session.unresolved is False


def test_what_the_venue_did_meanwhile_is_resent_in_order_after_the_logon() -> None:
    """An answer on the wire at the drop, and fills during the outage, come in the order in which they happened."""
    world, venue, session, ear = line()
    session.send(buy(1, 300, limit=PASSIVE))
    while not venue.arrived:
        run_ms(world, 0.05)
    session.drop("x")
    venue.hit(1, 100)
    run_ms(world, 100)
    venue.hit(1, 200)
    before = ear.said
    session.restore()
    restored_ns = world.now_ns
    run_ms(world, 5)

    up_ns = world.log.of(DeskSession)[-1].t_ns
    assert before == []
    assert ear.said == [(1, "working"), (1, "filled 100"), (1, "filled 200")]
    assert restored_ns < up_ns <= ear.heard[0][0]
    assert session.unresolved is False


def test_until_everything_is_resent_the_books_are_behind() -> None:
    """A working order with an answer is not doubtful, but fills of it may be on their way until the resend is over."""
    world, venue, session, ear = line()
    session.send(buy(1, limit=PASSIVE))
    run_ms(world, 3)
    session.drop("x")
    run_ms(world, 60)
    venue.hit(1, 100)
    session.restore()
    while not session.known_up:
        run_ms(world, 0.01)
    at_logon = (session.unresolved, len(ear.heard))
    run_ms(world, 3)

    assert at_logon == (True, 1)
    assert (session.unresolved, ear.said[-1]) == (False, (1, "filled 100"))


def test_what_the_venue_has_but_has_not_answered_yet_is_not_denied() -> None:
    """A venue that takes its time is asked, says nothing wrong, and its answer settles the order when it comes."""
    world, venue, session, ear = line()
    held: list[OrderUpdate] = []
    venue.say = held.append  # type: ignore[assignment]  # the venue keeps its answer to itself for now
    session.send(buy(1, limit=PASSIVE))
    run_ms(world, 2)
    session.drop("x")
    run_ms(world, 60)
    session.restore()
    run_ms(world, 10)
    before = (list(ear.said), session.unresolved)
    session.on_update(held[0])
    run_ms(world, 2)

    assert before == ([], True)
    assert (ear.said, session.unresolved) == ([(1, "working")], False)


def test_a_cancel_that_was_lost_is_settled_too() -> None:
    """The lost cancel is answered not_known; the order that it aimed at still stands at the venue."""
    world, venue, session, ear = line()
    session.send(buy(1, limit=PASSIVE))
    run_ms(world, 3)
    session.send(CancelOrder(2, 1, "SPY"))
    session.drop("x")
    run_ms(world, 60)
    session.restore()
    run_ms(world, 6)

    assert ear.said == [(1, "working"), (2, "not_known")]
    assert list(venue.resting) == [1]


def test_a_cancel_on_disconnect_reaches_the_desk_with_the_resend() -> None:
    """The venue took the order out at once; the desk learns of it after the restore."""
    world, venue, session, ear = line(cancel_on_disconnect=True)
    session.send(buy(1, limit=PASSIVE))
    run_ms(world, 3)
    session.drop("x")
    at_venue = dict(venue.resting)
    run_ms(world, 60)
    before = ear.said
    session.restore()
    run_ms(world, 3)

    assert (at_venue, before) == ({}, [(1, "working")])
    assert ear.said[1:] == [(1, "cancel_on_disconnect")]


def test_a_line_mended_before_it_was_missed_still_shows_as_a_session_that_was_down() -> None:
    """The desk notices at the logon at the latest, and what was on the wire is settled all the same."""
    world, _, session, ear = line()
    session.send(buy(1))
    session.drop("x")
    run_ms(world, 10)
    session.restore()
    run_ms(world, 100)

    assert [record.up for record in world.log.of(DeskSession)] == [False, True]
    assert ear.said == [(1, "not_known")]


def test_a_second_drop_during_the_resend_loses_nothing() -> None:
    """What was being resent when the line failed again is resent once more, and arrives once."""
    world, venue, session, ear = line()
    session.send(buy(1, 300, limit=PASSIVE))
    while not venue.arrived:
        run_ms(world, 0.05)
    session.drop("x")
    venue.hit(1, 300)
    run_ms(world, 60)
    session.restore()
    session.drop("again")
    run_ms(world, 60)
    heard = list(ear.said)
    session.restore()
    run_ms(world, 5)

    assert heard == []
    assert ear.said == [(1, "working"), (1, "filled 300")]


def test_drop_and_restore_twice_do_nothing_more() -> None:
    """A line is up or down: the second drop and the second restore change nothing."""
    world, _, session, _ = line()
    session.restore()
    session.drop("x")
    session.drop("y")
    run_ms(world, 60)
    session.restore()
    session.restore()
    run_ms(world, 5)

    assert [record.up for record in world.log.of(VenueSession)] == [False, True]
    assert [record.up for record in world.log.of(DeskSession)] == [False, True]


def test_after_a_logout_only_a_login_brings_the_session_back() -> None:
    """A mended line does not log in by itself: an L4 is left by a person."""
    world, _, session, _ = line()
    session.log_out("L4")
    session.drop("x")
    session.restore()
    run_ms(world, 5)
    left = session.known_up
    session.log_in("re-armed")
    run_ms(world, 5)

    assert (left, session.known_up) == (False, True)
    assert [record.reason for record in world.log.of(VenueSession)] == ["L4", "re-armed"]


def test_actions_have_their_words() -> None:
    """The three words of the records."""
    assert (action_of(buy(1)), action_of(CancelOrder(2, 1, "SPY"))) == ("new", "cancel")


@given(
    orders=st.lists(st.tuples(st.integers(0, 400), st.sampled_from(list(TimeInForce)), st.booleans()), max_size=25),
    cuts=st.lists(st.integers(1, 120), max_size=6),
)
def test_however_the_line_fails_every_instruction_is_answered_once(
    orders: list[tuple[int, TimeInForce, bool]], cuts: list[int]
) -> None:
    """After the last restore everything sent has exactly one first answer, all fills arrived, and none twice."""
    world, venue, session, ear = line()
    sent: list[int] = []

    def send(order_id: int, tif: TimeInForce, limit: int) -> Callable[[], None]:
        return lambda: sent.append(order_id) if session.send(buy(order_id, limit=limit, tif=tif)) else None

    for number, (at_ms, tif, passive) in enumerate(orders, start=1):
        world.at(at_ms * NS_PER_MS, send(number, tif, PASSIVE if passive else 541_000_000))
    t_ms = 0
    for place, gap_ms in enumerate(cuts):
        t_ms += gap_ms
        world.at(t_ms * NS_PER_MS, session.restore if place % 2 else lambda: session.drop("x"))
    world.at(800 * NS_PER_MS, session.restore)
    run_ms(world, 1_000)

    answers = [order_id for order_id, what in ear.said if what in (OrderState.WORKING.value, "not_known")]
    arrived = [instruction.order_id for _, instruction, _ in venue.arrived]
    fills = [order_id for order_id, what in ear.said if what.startswith("filled")]
    assert sorted(answers) == sorted(sent)
    assert sorted(order_id for order_id, what in ear.said if what == "not_known") == sorted(set(sent) - set(arrived))
    assert sorted(fills) == sorted(order_id for order_id, qty in venue.filled.items() if qty)
    assert (session.unresolved, session.known_up) == (False, True)


def test_a_slow_line_delays_orders_and_answers() -> None:
    """A second each way; what is sent after it does not overtake."""
    world, venue, session, ear = line()
    session.extra_delay_ns += 1_000 * NS_PER_MS
    session.send(buy(1))
    run_ms(world, 500)
    session.extra_delay_ns -= 1_000 * NS_PER_MS
    session.send(buy(2))
    run_ms(world, 600)
    arrived = [(instruction.order_id, t_ns >= 1_000 * NS_PER_MS) for t_ns, instruction, _ in venue.arrived]
    session.extra_delay_ns += 1_000 * NS_PER_MS
    session.send(buy(3))
    run_ms(world, 2_100)
    heard = [t_ns for t_ns, order_id, _ in ear.heard if order_id == 3]

    assert arrived == [(1, True), (2, True)]
    assert min(heard) >= 3_100 * NS_PER_MS
    assert session.extra_delay_ns == 1_000 * NS_PER_MS


def test_a_negative_delay_of_the_line_is_refused() -> None:
    """Nothing arrives before it was sent."""
    _, _, session, _ = line()

    with pytest.raises(ValueError, match="0 ns or more was expected, was -1"):
        session.extra_delay_ns = -1


def test_a_bust_crosses_the_line_after_its_fill_also_through_a_drop() -> None:
    """What the venue said while the line was down is resent in order."""
    world, venue, session, ear = line()
    session.send(buy(1, limit=PASSIVE))
    run_ms(world, 3)
    session.drop("x")
    venue.hit(1, 40)
    session.on_bust(Bust(1, 1, "SPY", Side.BUY, 40, PASSIVE, 0, "clearly_erroneous"))
    session.restore()
    run_ms(world, 60)

    assert ear.said[-2:] == [(1, "filled 40"), (1, "busted 40")]


# ---- a broker that misbehaves


def test_an_answer_that_was_never_given_is_asked_for() -> None:
    """After two seconds the order is unknown, the broker is asked, and says what it knows."""
    world, _, session, ear = line()
    session.meddlers.append(lambda _message: ())
    session.send(buy(1, limit=PASSIVE))
    run_ms(world, 1_900)
    before = (list(ear.said), list(ear.unanswered))
    run_ms(world, 600)

    assert before == ([], [])
    assert ear.unanswered == [1]
    assert ear.said == [(1, "working")]
    assert session.unresolved is False


def test_the_end_of_an_order_answers_it_too() -> None:
    """An order whose acknowledgement was lost is not asked for once it is cancelled."""
    world, _, session, ear = line()
    session.meddlers.append(lambda message: () if isinstance(message, OrderUpdate) and message.order_id == 1 else None)
    session.send(buy(1, limit=PASSIVE))
    run_ms(world, 3)
    session.send(CancelOrder(2, 1, "SPY"))
    run_ms(world, 10_000)

    assert ear.said == [(2, "requested")]
    assert (ear.unanswered, session.unresolved) == ([], False)


def test_a_message_lost_on_the_line_is_noticed_by_the_next_number_and_sent_again() -> None:
    """The one after the gap is not taken in before the one that is missing."""
    world, venue, session, ear = line()
    losses = iter([False, True])
    session.losses.append(lambda: next(losses, False))
    session.send(buy(1, 300, limit=PASSIVE))
    run_ms(world, 3)
    venue.hit(1, 100)
    run_ms(world, 3)
    venue.hit(1, 50)
    run_ms(world, 1.1)
    in_the_gap = session.unresolved
    run_ms(world, 5)

    assert in_the_gap is True
    assert ear.said == [(1, "working"), (1, "filled 100"), (1, "filled 50")]
    assert [(gap.expected, gap.said) for gap in world.log.of(DeskGap)] == [(2, 3)]
    assert session.unresolved is False


def test_a_gap_at_the_end_shows_at_the_next_heartbeat() -> None:
    """Nothing comes after the lost message; the heartbeat says how many there were."""
    world, _, session, ear = line()
    losses = iter([True])
    session.losses.append(lambda: next(losses, False))
    session.send(buy(1, limit=PASSIVE))
    run_ms(world, 200)
    before = list(ear.said)
    run_ms(world, 100)

    assert (before, ear.said) == ([], [(1, "working")])


def test_a_line_that_loses_nearly_everything_delivers_everything_once_in_the_end() -> None:
    """Resends are lost too, and asked for again; what arrives is in order and comes once."""
    world, venue, session, ear = line()
    chance = world.stream("test/losses")
    session.losses.append(lambda: bool(chance.random() < 0.8))
    session.send(buy(1, 1_000, limit=PASSIVE))
    run_ms(world, 3)
    for _ in range(10):
        venue.hit(1, 100)
    run_ms(world, 60_000)

    assert ear.said == [(1, "working"), *[(1, "filled 100")] * 10]


def test_an_execution_that_comes_twice_or_after_a_later_one_is_written_down() -> None:
    """By what arrives on the line, not by what a fault says that it did."""
    world, venue, session, _ = line()
    kept: list[Message] = []

    def twist(message: Message) -> list[tuple[int, Message]] | None:
        if not isinstance(message, Fill):
            return None
        if message.exec_id == 1:
            kept.append(message)
            return []
        return [(0, message), (0, message), (0, kept[0])]

    session.meddlers.append(twist)
    session.send(buy(1, 300, limit=PASSIVE))
    run_ms(world, 3)
    venue.hit(1, 100)
    venue.hit(1, 100)
    run_ms(world, 3)

    assert [(one.what, one.exec_id) for one in world.log.of(DeskHeard)] == [("duplicate", 2), ("reordered", 1)]


def test_a_half_open_line_is_given_up_after_five_silent_seconds() -> None:
    """Until then the desk talks to nobody; then both ends know, and the logon brings the rest."""
    world, venue, session, ear = line(cancel_on_disconnect=True)
    session.send(buy(1, limit=PASSIVE))
    run_ms(world, 1_000)
    session.fall_silent()
    session.send(buy(2, limit=PASSIVE))
    run_ms(world, 4_000)
    believed = (session.known_up, session.connected, len(venue.resting))
    run_ms(world, 2_000)
    noticed = (session.known_up, len(venue.resting), ear.lost)
    session.speak_again()
    run_ms(world, 10)

    assert believed == (True, False, 1)
    assert noticed == (False, 0, [(2,)])
    assert [one.reason for one in world.log.of(VenueSession)] == ["no_heartbeat", "restored"]
    assert ear.said == [(1, "working"), (1, "cancel_on_disconnect"), (2, "not_known")]
    assert (session.known_up, session.unresolved) == (True, False)


def test_a_silence_that_nobody_noticed_leaves_a_gap_and_no_logon() -> None:
    """What the broker said meanwhile is missing by its number; what the desk sent is not known."""
    world, venue, session, ear = line()
    session.send(buy(1, 300, limit=PASSIVE))
    run_ms(world, 1_000)
    session.fall_silent()
    session.send(buy(2, limit=PASSIVE))
    venue.hit(1, 100)
    run_ms(world, 1_000)
    session.speak_again()
    run_ms(world, 2_000)

    assert world.log.of(DeskSession) == []
    assert ear.said == [(1, "working"), (1, "filled 100"), (2, "not_known")]


def test_after_a_graceful_logout_every_order_goes_on_working() -> None:
    """No cancel-on-disconnect; the desk knows at once, and hears of the fills after the logon."""
    world, venue, session, ear = line(cancel_on_disconnect=True)
    session.send(buy(1, 300, limit=PASSIVE))
    run_ms(world, 3)
    session.close("end of session")
    knew, sent = session.known_up, session.send(buy(2))
    venue.hit(1, 100)
    run_ms(world, 1_000)
    session.reopen("next session")
    run_ms(world, 10)

    assert (knew, sent) == (False, False)
    assert list(venue.resting) == [1]
    assert ear.said == [(1, "working"), (1, "filled 100")]


def test_a_renewed_session_resends_nothing_and_is_asked_for_everything() -> None:
    """Executions of the day and the last word on what is open; what was known comes again and does no harm."""
    world, venue, session, ear = line()
    session.send(buy(1, 300, limit=PASSIVE))
    run_ms(world, 3)
    venue.hit(1, 100)
    run_ms(world, 3)
    session.close("renewal")
    venue.hit(1, 50)
    session.reopen("renewal", renewed=True)
    while not session.known_up:
        run_ms(world, 0.01)
    before = session.unresolved
    run_ms(world, 10)

    assert before is True
    assert ear.said == [(1, "working"), (1, "filled 100"), (1, "working"), (1, "filled 100"), (1, "filled 50")]
    assert session.unresolved is False


def test_a_drop_during_a_renewal_only_delays_it() -> None:
    """What was being told is asked for again after the next logon."""
    world, venue, session, ear = line()
    session.send(buy(1, 300, limit=PASSIVE))
    run_ms(world, 3)
    session.close("renewal")
    venue.hit(1, 50)
    session.reopen("renewal", renewed=True)
    while not session.known_up:
        run_ms(world, 0.01)
    session.drop("x")
    run_ms(world, 100)
    session.restore()
    run_ms(world, 10)

    assert ear.said[-1] == (1, "filled 50")
    assert session.unresolved is False


def test_a_slow_cancel_arrives_late_and_alone() -> None:
    """Orders are not slowed; what fills in between is a fill after a cancel request."""
    world, venue, session, ear = line()
    session.cancel_delay_ns = 500 * NS_PER_MS
    session.send(buy(1, 300, limit=PASSIVE))
    run_ms(world, 3)
    session.send(CancelOrder(2, 1, "SPY"))
    run_ms(world, 100)
    venue.hit(1, 100)
    run_ms(world, 1_000)

    assert ear.said == [(1, "working"), (1, "filled 100"), (2, "requested")]


def test_the_brokers_account_is_told_only_when_nothing_is_under_way() -> None:
    """With an order on the wire, or a fault in force, it would prove nothing."""
    world, venue, session, _ = line()
    session.send(buy(1, 300, limit=PASSIVE))
    on_the_wire = session.statement()
    run_ms(world, 3)
    venue.hit(1, 100)
    run_ms(world, 3)
    statement = session.statement()
    session.meddlers.append(lambda _message: None)

    assert on_the_wire is None
    assert statement is not None
    assert (statement.executions, statement.positions, statement.open_orders) == (
        frozenset({1}),
        {"SPY": 100},
        {1: 200},
    )
    assert session.statement() is None
