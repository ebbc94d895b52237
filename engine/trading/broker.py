"""The broker session: the line between gateway and venue, and what is lost and resent when it fails.

This is the desk's end. It knows what it sent and has no answer for, and which number the next message must have: a
number that was passed over is a gap, and what is missing is asked for again. What stays without an answer is asked
for too, and is unknown meanwhile. Heartbeats tell both ends that the other is there, and show a gap at the end.

The line fails in four ways: it is cut (:meth:`BrokerSession.drop`), nothing arrives although it looks up
(:meth:`BrokerSession.fall_silent`), the broker logs out in good order (:meth:`BrokerSession.close`), or the desk
leaves for good (:meth:`BrokerSession.log_out`).
"""

from __future__ import annotations

from functools import partial

from engine.base.units import NS_PER_MS, NS_PER_S
from engine.domain.orders import CancelOrder, Instruction, NewOrder
from engine.domain.ports import Venue
from engine.domain.records import DeskGap, DeskSession, Sent
from engine.kernel.world import World
from engine.trading.broker_end import NOT_KNOWN, BrokerEnd, Message, Statement
from engine.trading.broker_inbox import Inbox, SessionListener
from engine.trading.broker_line import Down, Line
from engine.trading.stages import Link

__all__ = ["NOT_KNOWN", "BrokerSession", "SessionListener", "action_of"]

NOTICE_NS = 50 * NS_PER_MS
"""How long after a drop the desk notices it: our assumption for a TCP reset seen by a session layer."""

HEARTBEAT_NS = 250 * NS_PER_MS
"""How often each end says that it is there, so how late a gap at the end shows at most: our assumption."""

SILENCE_NS = 5 * NS_PER_S
"""How long nothing may be heard before an end takes the other for dead: our assumption, twenty heartbeats."""

ANSWER_PATIENCE_NS = 2 * NS_PER_S
"""How long an instruction may stay without an answer before the broker is asked for it: our assumption."""

NO_HEARTBEAT = "no_heartbeat"
"""Why both ends gave the session up: nothing was heard of the other."""


class BrokerSession:
    """One order session with the venue. Faults pull ``meddlers`` and ``losses``, and cut and mend the line."""

    def __init__(
        self,
        world: World,
        venue: Venue,
        order_link: Link,
        ack_link: Link,
        listener: SessionListener,
        notice_ns: int = NOTICE_NS,
    ) -> None:
        self._world = world
        self._venue = venue
        self._listener = listener
        self._notice_ns = notice_ns
        self._line = Line(world, order_link, ack_link)
        self._broker = BrokerEnd(world, self._carry)
        self._inbox = Inbox(world, listener)
        self._behind = False
        """Whether a drop was noticed and not everything that was missed has been resent since."""
        self._renewed = False
        """Whether the session is a new one, and what the old one left unsaid has not been asked for."""
        self._heard_ns = world.now_ns
        self.losses = self._line.losses
        """Faults: each is asked of every message to the desk whether it is lost on the wire."""
        self.meddlers = self._broker.meddlers
        """Faults: the first that has a way with a message of the broker decides what becomes of it."""
        self.say_later = self._broker.say_later
        """For faults: ``say_later(delay_ns, message)``, and no other fault meddles with that."""
        self.cancel_delay_ns = 0
        """What a fault adds to the way of a cancel request, in nanoseconds (>= 0)."""
        self.clock_offset_ns = 0
        """How far the clock that stamps what is sent runs ahead of the true time (< 0: behind); for faults."""
        self.known_up = True
        """Whether the session is up, as far as the desk knows."""
        self.on_update = self._broker.say
        self.on_fill = self._broker.say
        self.on_bust = self._broker.say
        self._plan_heartbeat()

    @property
    def extra_delay_ns(self) -> int:
        """What is added to the delay of every message sent from now on, each way. Raise ValueError below 0."""
        return self._line.extra_delay_ns

    @extra_delay_ns.setter
    def extra_delay_ns(self, delay_ns: int) -> None:
        self._line.extra_delay_ns = delay_ns

    @property
    def connected(self) -> bool:
        """Whether messages pass now."""
        return self._line.connected

    @property
    def unresolved(self) -> bool:
        """Whether the desk still misses something: messages to be resent, or answers that are overdue."""
        return self._behind or self._inbox.gap_open or bool(self._inbox.doubtful)

    def statement(self) -> Statement | None:
        """The broker's account, if everything that it said has arrived and everything sent is answered; else None."""
        if not self.connected or self.losses or self.unresolved or self._inbox.unanswered:
            return None
        return self._broker.statement() if self._inbox.expected > self._broker.last_number else None

    # ---- the desk's end

    def send(self, instruction: Instruction) -> bool:
        """Put *instruction* on the wire (Sent record); False, and nothing sent, if the desk knows it is down."""
        if not self.known_up:
            return False
        sent_ns = self._world.now_ns
        order_id = instruction.order_id
        target_id = 0 if isinstance(instruction, NewOrder) else instruction.target_id
        self._world.record(Sent(sent_ns, order_id, target_id, action_of(instruction), instruction.origin.value))
        self._inbox.sent(instruction)
        if self.connected:
            stamp_ns = sent_ns + self.clock_offset_ns
            self._line.to_venue(lambda: self._arrive(instruction, stamp_ns))
        return True

    def log_out(self, reason: str) -> None:
        """Leave the session for good, as a disconnect; it stays down, whatever the line does, until :meth:`log_in`."""
        if not self._line.is_down(Down.LOGGED_OUT):
            if self._line.block(Down.LOGGED_OUT):
                self._venue.session_down(reason)
            self._notice()

    def log_in(self, reason: str) -> None:
        """Allow the session again after a logout; it comes up if the line is up."""
        self._unblock(Down.LOGGED_OUT, reason)

    # ---- the line

    def drop(self, reason: str) -> None:
        """Cut the line without a word. What is on the wire is lost to the desk until the line is restored."""
        if not self._line.is_down(Down.CUT) and self._line.block(Down.CUT):
            self._venue.session_down(reason)
            still = self._line.unchanged()
            self._world.at(self._world.now_ns + self._notice_ns, lambda: self._notice() if still() else None)

    def restore(self, reason: str = "restored") -> None:
        """Mend the line: the venue resends what the desk has missed, in order, then the desk asks for the rest."""
        self._unblock(Down.CUT, reason)

    def fall_silent(self) -> None:
        """Let nothing pass from now on, either way, while both ends take the line for up."""
        self._line.block(Down.SILENT)

    def speak_again(self, reason: str = "restored") -> None:
        """Let messages pass again; if the silence was noticed, the desk logs on anew."""
        self._line.unblock(Down.SILENT)
        self._unblock(Down.GIVEN_UP, reason)

    def close(self, reason: str) -> None:
        """The broker logs out in good order: no cancel-on-disconnect, and the desk knows at once."""
        if not self._line.is_down(Down.CLOSED):
            if self._line.block(Down.CLOSED):
                self._venue.session_down(reason, graceful=True)
            self._notice()

    def reopen(self, reason: str, *, renewed: bool = False) -> None:
        """The broker lets the desk log on again. A *renewed* session counts from 1, and resends nothing of the old."""
        if self._line.is_down(Down.CLOSED):
            self._renewed = self._renewed or renewed
            self._unblock(Down.CLOSED, reason)

    def _unblock(self, why: Down, reason: str) -> None:
        if self._line.is_down(why):
            self._line.unblock(why)
            self._mend(reason)

    def _mend(self, reason: str) -> None:
        if not self.connected:
            return
        self._notice()  # a line that was mended before the desk noticed shows itself in the logon
        self._line.begin()
        last = self._broker.last_number
        if self._renewed:
            self._inbox.expected = last + 1
        self._line.to_desk(self._log_on)
        self._venue.session_up(reason)
        for number in range(self._inbox.expected, last + 1):
            self._carry(number)
        self._line.to_desk(self._ask)

    def _carry(self, number: int) -> None:
        """Message *number* of the broker goes towards the desk, if it gets there."""
        self._line.numbered(partial(self._deliver, number))

    # ---- what the desk's end learns

    def _notice(self) -> None:
        if not self.known_up:
            return
        self.known_up = False
        self._behind = True
        self._world.record(DeskSession(self._world.now_ns, up=False))
        self._listener.on_session(self._inbox.lose_sight())

    def _log_on(self) -> None:
        self._heard_ns = self._world.now_ns
        self.known_up = True
        self._world.record(DeskSession(self._world.now_ns, up=True))

    def _deliver(self, number: int) -> None:
        """Message *number* arrives: the next one is taken in, one after a gap is thrown away and will come again."""
        self._heard_ns = self._world.now_ns
        if number == self._inbox.expected:
            self._inbox.take(self._broker.message(number))
        else:
            self._look_for_gap(number)

    def _look_for_gap(self, number: int) -> None:
        """The broker has said message *number*: ask for everything before it that has not arrived."""
        expected = self._inbox.expected
        if number < expected:
            return
        wait_ns = self._inbox.ask_again(number)
        if wait_ns is not None:
            self._world.record(DeskGap(self._world.now_ns, expected, number))
            self._line.to_venue(partial(self._resend, expected))
            self._world.at(self._world.now_ns + wait_ns, partial(self._insist, expected, number))

    def _insist(self, expected: int, number: int) -> None:
        """The wait for message *expected* is over."""
        if self.known_up and self._inbox.missing_for(expected):
            self._look_for_gap(number)

    def _ask(self) -> None:
        """Everything that was resent has arrived: ask for what still has no answer."""
        self._behind = self._renewed
        for instruction in self._inbox.doubtful.values():
            self._line.to_venue(partial(self._asked, instruction))
        if self._renewed:
            self._line.to_venue(partial(self._recap, self._listener.open_orders()))

    def _plan_heartbeat(self) -> None:
        self._world.at(self._world.now_ns + HEARTBEAT_NS, self._on_heartbeat)

    def _on_heartbeat(self) -> None:
        """Both ends say that they are there, and look whether they have heard of the other."""
        self._plan_heartbeat()
        self._line.heartbeat(partial(self._on_heard, self._broker.last_number))
        if self.known_up and self._world.now_ns - self._heard_ns > SILENCE_NS:
            self._give_up()
        elif self.known_up:
            for instruction in self._inbox.overdue(ANSWER_PATIENCE_NS):
                if not isinstance(instruction, CancelOrder):
                    self._listener.on_unanswered(instruction)
                if self.connected:
                    self._line.to_venue(partial(self._asked, instruction))

    def _on_heard(self, number: int) -> None:
        self._heard_ns = self._world.now_ns
        self._look_for_gap(number)

    def _give_up(self) -> None:
        """Nothing was heard for too long: the session is over, and a new logon is tried as long as it takes."""
        self._line.block(Down.GIVEN_UP)
        self._venue.session_down(NO_HEARTBEAT)
        self._notice()
        if not self._line.is_down(Down.SILENT):  # only slow, or cut as well: a logon gets through, or will
            self._unblock(Down.GIVEN_UP, NO_HEARTBEAT)

    # ---- what the desk's end asks of the broker's

    def _arrive(self, instruction: Instruction, sent_ns: int) -> None:
        self._broker.arrive(instruction)
        if isinstance(instruction, CancelOrder) and self.cancel_delay_ns:
            at_ns = self._world.now_ns + self.cancel_delay_ns
            self._world.at(at_ns, lambda: self._venue.submit(instruction, sent_ns))
        else:
            self._venue.submit(instruction, sent_ns)

    def _asked(self, instruction: Instruction) -> None:
        """The broker is asked what became of *instruction*."""
        answer = self._broker.status(instruction)
        if answer is not None:
            self._tell(answer)

    def _resend(self, first: int) -> None:
        """The broker is asked for everything from message *first* on."""
        for number in range(first, self._broker.last_number + 1):
            self._carry(number)

    def _recap(self, order_ids: tuple[int, ...]) -> None:
        """After a renewal the broker is asked for every execution of the day and for what became of these orders."""
        for order_id in order_ids:
            word = self._broker.word(order_id)
            if word is not None:
                self._tell(word)
        for execution in self._broker.executions():
            self._tell(execution)
        self._line.to_desk(self._caught_up)

    def _tell(self, message: Message) -> None:
        """An answer to a question, which has no number."""
        self._line.to_desk(partial(self._inbox.told, message))

    def _caught_up(self) -> None:
        self._behind = self._renewed = False


def action_of(instruction: Instruction) -> str:
    """``new``, ``cancel`` or ``replace``."""
    if isinstance(instruction, NewOrder):
        return "new"
    return "cancel" if isinstance(instruction, CancelOrder) else "replace"
