"""The broker session: the line between gateway and venue, and what is lost and resent when it drops.

Both ends of the line live here. The desk's end knows what it sent and has no answer for; the venue's end keeps
every message until the desk has it, as a FIX session does with its sequence numbers (FIX 4.4, ResendRequest).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Protocol

from engine.base.units import NS_PER_MS
from engine.domain.orders import Bust, CancelOrder, Fill, Instruction, NewOrder, OrderState, OrderUpdate
from engine.domain.ports import Venue
from engine.domain.records import DeskSession, Sent
from engine.kernel.world import World
from engine.trading.stages import Link

NOTICE_NS = 50 * NS_PER_MS
"""How long after a drop the desk notices it: our assumption for a TCP reset seen by a session layer."""

NOT_KNOWN = "not_known"
"""The venue's answer when it is asked for an instruction that never arrived."""


class SessionListener(Protocol):
    """The desk's books: what they learn from the session, after the line's delay."""

    def on_update(self, update: OrderUpdate) -> None:
        """The venue answered an instruction, or an order ended."""
        ...

    def on_fill(self, fill: Fill) -> None:
        """An order was filled."""
        ...

    def on_bust(self, bust: Bust) -> None:
        """An execution was taken back."""
        ...

    def on_session(self, lost: tuple[Instruction, ...]) -> None:
        """The session was noticed to be down; *lost* were sent and have no answer yet."""
        ...


class BrokerSession:
    """One order session with the venue. ``drop`` and ``restore`` cut and mend the line, ``log_out`` leaves for good."""

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
        self._order_link = order_link
        self._ack_link = ack_link
        self._listener = listener
        self._notice_ns = notice_ns
        self._line_up = True
        self._logged_in = True
        self._epoch = 0
        """Counts drops and restores; a message of an earlier epoch was on the wire then, and is lost."""
        self._unanswered: dict[int, Instruction] = {}
        self._doubtful: dict[int, Instruction] = {}
        """Of the unanswered, what was sent before a drop."""
        self._behind = False
        """Whether a drop was noticed and not everything that was missed has been resent since."""
        self._at_venue: set[int] = set()
        self._outbox: deque[OrderUpdate | Fill | Bust] = deque()
        """What the venue has said and the desk has not yet received."""
        self.known_up = True
        """Whether the session is up, as far as the desk knows."""

    @property
    def extra_delay_ns(self) -> int:
        """What is added to the delay of every message sent from now on, each way. Raise ValueError below 0."""
        return self._order_link.extra_delay_ns

    @extra_delay_ns.setter
    def extra_delay_ns(self, delay_ns: int) -> None:
        if delay_ns < 0:
            raise ValueError(f"a broker delay of 0 ns or more was expected, was {delay_ns}")
        self._order_link.extra_delay_ns = self._ack_link.extra_delay_ns = delay_ns

    @property
    def connected(self) -> bool:
        """Whether messages pass now."""
        return self._line_up and self._logged_in

    @property
    def unresolved(self) -> bool:
        """Whether the desk still misses something of a drop: messages to be resent, or answers to what it sent."""
        return self._behind or bool(self._doubtful)

    # ---- the desk's end

    def send(self, instruction: Instruction) -> bool:
        """Put *instruction* on the wire (Sent record); False, and nothing sent, if the desk knows it is down."""
        if not self.known_up:
            return False
        sent_ns = self._world.now_ns
        order_id = instruction.order_id
        target_id = 0 if isinstance(instruction, NewOrder) else instruction.target_id
        self._world.record(Sent(sent_ns, order_id, target_id, action_of(instruction), instruction.origin.value))
        self._unanswered[order_id] = instruction
        if self.connected:
            self._to_venue(lambda: self._arrive(instruction, sent_ns))
        return True

    def log_out(self, reason: str) -> None:
        """Leave the session; it stays down, also when the line is mended, until :meth:`log_in`."""
        if self._logged_in:
            was_connected = self.connected
            self._logged_in = False
            if was_connected:
                self._cut(reason)
            self._notice()

    def log_in(self, reason: str) -> None:
        """Allow the session again after a logout; it comes up if the line is up."""
        if not self._logged_in:
            self._logged_in = True
            self._mend(reason)

    # ---- the line

    def drop(self, reason: str) -> None:
        """Cut the line without a word. What is on the wire is lost to the desk until the line is restored."""
        if not self._line_up:
            return
        was_connected = self.connected
        self._line_up = False
        if was_connected:
            self._cut(reason)
            epoch = self._epoch
            self._world.at(
                self._world.now_ns + self._notice_ns, lambda: self._notice() if epoch == self._epoch else None
            )

    def restore(self, reason: str = "restored") -> None:
        """Mend the line: the venue resends what the desk has missed, in order, then the desk asks for the rest."""
        if not self._line_up:
            self._line_up = True
            self._mend(reason)

    def _cut(self, reason: str) -> None:
        self._epoch += 1
        self._venue.session_down(reason)

    def _mend(self, reason: str) -> None:
        if not self.connected:
            return
        self._notice()  # a line that was mended before the desk noticed shows itself in the logon
        self._epoch += 1
        missed = len(self._outbox)
        self._to_desk(self._log_on)
        self._venue.session_up(reason)
        for _ in range(missed):
            self._to_desk(self._deliver)
        self._to_desk(self._ask)

    def _to_venue(self, do: Callable[[], None]) -> None:
        epoch = self._epoch
        self._order_link.carry(lambda: do() if epoch == self._epoch else None)

    def _to_desk(self, do: Callable[[], None]) -> None:
        epoch = self._epoch
        self._ack_link.carry(lambda: do() if epoch == self._epoch else None)

    # ---- what the desk's end learns

    def _notice(self) -> None:
        if not self.known_up:
            return
        self.known_up = False
        self._behind = True
        self._doubtful.update(self._unanswered)
        self._world.record(DeskSession(self._world.now_ns, up=False))
        self._listener.on_session(tuple(self._unanswered.values()))

    def _log_on(self) -> None:
        self.known_up = True
        self._world.record(DeskSession(self._world.now_ns, up=True))

    def _deliver(self) -> None:
        """The oldest message that the desk has not yet received arrives."""
        message = self._outbox.popleft()
        if isinstance(message, Bust):  # of an order that was answered long ago
            self._listener.on_bust(message)
            return
        self._unanswered.pop(message.order_id, None)
        self._doubtful.pop(message.order_id, None)
        self._at_venue.discard(message.order_id)
        if isinstance(message, Fill):
            self._listener.on_fill(message)
        else:
            self._listener.on_update(message)

    def _ask(self) -> None:
        """Everything that was resent has arrived: ask for what still has no answer."""
        self._behind = False
        for instruction in tuple(self._doubtful.values()):
            self._to_venue(partial(self._asked, instruction))

    # ---- the venue's end

    def on_update(self, update: OrderUpdate) -> None:
        """The venue says *update*; the desk gets it when the line lets it through."""
        self._say(update)

    def on_fill(self, fill: Fill) -> None:
        """The venue says *fill*; the desk gets it when the line lets it through."""
        self._say(fill)

    def on_bust(self, bust: Bust) -> None:
        """The venue takes an execution back; the desk hears of it when the line lets it through."""
        self._say(bust)

    def _say(self, message: OrderUpdate | Fill | Bust) -> None:
        self._outbox.append(message)
        if self.connected:
            self._to_desk(self._deliver)

    def _arrive(self, instruction: Instruction, sent_ns: int) -> None:
        self._at_venue.add(instruction.order_id)
        self._venue.submit(instruction, sent_ns)

    def _asked(self, instruction: Instruction) -> None:
        if instruction.order_id not in self._at_venue:
            target_id = 0 if isinstance(instruction, NewOrder) else instruction.target_id
            self._say(OrderUpdate(instruction.order_id, target_id, OrderState.REJECTED, NOT_KNOWN, 0))


def action_of(instruction: Instruction) -> str:
    """``new``, ``cancel`` or ``replace``."""
    if isinstance(instruction, NewOrder):
        return "new"
    return "cancel" if isinstance(instruction, CancelOrder) else "replace"
