"""The desk's inbox: what it has sent without an answer, and what the broker's messages bring, number by number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from engine.base.units import NS_PER_MS, NS_PER_S
from engine.domain.orders import Bust, Fill, Instruction, OrderState, OrderUpdate
from engine.domain.records import DeskHeard
from engine.kernel.world import World
from engine.trading.broker_end import Message

DUPLICATE = "duplicate"
"""An execution came a second time, in a message of its own."""
REORDERED = "reordered"
"""An execution came after one that was made later."""


RESEND_NS, RESEND_MOST_NS = 50 * NS_PER_MS, 2 * NS_PER_S
"""How long a resend is waited for before it is asked for again: at first, and at most. Our assumption."""


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

    def on_unanswered(self, instruction: Instruction) -> None:
        """An order has had no answer for too long; the broker is being asked."""
        ...

    def open_orders(self) -> tuple[int, ...]:
        """The orders that may still fill, as far as the desk knows."""
        ...


@dataclass(frozen=True, slots=True)
class _Gap:
    """Messages from *first* on were asked for at *asked_ns*, for *wait_ns*; the broker had said *last* then."""

    first: int
    last: int
    asked_ns: int
    wait_ns: int


class Inbox:
    """Takes in what arrives and passes it on to *listener*."""

    def __init__(self, world: World, listener: SessionListener) -> None:
        self._world = world
        self._listener = listener
        self.expected = 1
        """The number of the next message."""
        self.unanswered: dict[int, Instruction] = {}
        """What was sent and has no answer, the oldest first."""
        self.doubtful: dict[int, Instruction] = {}
        """Of the unanswered, what was sent before a drop, or is overdue."""
        self._asked_ns: dict[int, int] = {}
        """When each of the unanswered was sent or last asked for."""
        self._gap: _Gap | None = None
        self._executions: set[int] = set()
        self._last_execution = 0

    # ---- what was sent

    def sent(self, instruction: Instruction) -> None:
        """*instruction* was put on the wire."""
        self.unanswered[instruction.order_id] = instruction
        self._asked_ns[instruction.order_id] = self._world.now_ns

    def lose_sight(self) -> tuple[Instruction, ...]:
        """The session is down: everything that has no answer is doubtful now; all of it."""
        self.doubtful.update(self.unanswered)
        self._gap = None
        return tuple(self.unanswered.values())

    def overdue(self, patience_ns: int) -> list[Instruction]:
        """What has had no answer for longer than *patience_ns*, and was not asked for since; it is doubtful now."""
        now_ns = self._world.now_ns
        late = [each for key, each in self.unanswered.items() if now_ns - self._asked_ns[key] > patience_ns]
        for instruction in late:
            self._asked_ns[instruction.order_id] = now_ns
            self.doubtful[instruction.order_id] = instruction
        return late

    # ---- what arrives

    @property
    def gap_open(self) -> bool:
        """Whether messages are missing and asked for."""
        return self._gap is not None and self._gap.first == self.expected

    def ask_again(self, number: int) -> int | None:
        """Whether to ask for what is missing before message *number*, and then how long to wait for it, in ns.

        None if it was asked for and may still come: not for longer than the wait, which doubles with every time, and
        none of the later messages that were asked for too has come again.
        """
        now_ns, gap = self._world.now_ns, self._gap
        if gap is None or gap.first != self.expected:
            self._gap = _Gap(self.expected, max(number, gap.last if gap is not None else 0), now_ns, RESEND_NS)
        elif number > gap.last and now_ns - gap.asked_ns < gap.wait_ns:
            return None
        else:
            wait_ns = min(2 * gap.wait_ns, RESEND_MOST_NS)
            self._gap = _Gap(self.expected, max(number, gap.last), now_ns, wait_ns)
        return self._gap.wait_ns

    def missing_for(self, expected: int) -> bool:
        """Whether message *expected*, which was asked for, is still missing, and has been for the whole wait."""
        gap = self._gap
        if gap is None or not gap.first == expected == self.expected:
            return False
        return self._world.now_ns - gap.asked_ns >= gap.wait_ns

    def take(self, message: Message) -> None:
        """The expected message has arrived."""
        self.expected += 1
        if isinstance(message, Fill):
            self._note(message)
        self._pass_on(message)

    def told(self, message: Message) -> None:
        """The answer to a question has arrived; it may say once more what is known."""
        self._pass_on(message)

    def _pass_on(self, message: Message) -> None:
        if isinstance(message, Bust):  # of an order that was answered long ago
            self._listener.on_bust(message)
            return
        self._answered(message.order_id)
        if isinstance(message, Fill):
            self._listener.on_fill(message)
        else:
            if message.state is not OrderState.REJECTED:
                self._answered(message.target_id)  # what was cancelled or replaced had been accepted
            self._listener.on_update(message)

    def _answered(self, order_id: int) -> None:
        if self.unanswered.pop(order_id, None) is not None:
            self.doubtful.pop(order_id, None)
            del self._asked_ns[order_id]

    def _note(self, fill: Fill) -> None:
        """Write down an execution that comes again or late, as it is seen on the wire."""
        exec_id = fill.exec_id
        if exec_id in self._executions:
            self._heard(DUPLICATE, fill)
        elif exec_id < self._last_execution:
            self._heard(REORDERED, fill)
        self._executions.add(exec_id)
        self._last_execution = max(self._last_execution, exec_id)

    def _heard(self, what: str, fill: Fill) -> None:
        self._world.record(DeskHeard(self._world.now_ns, what, fill.order_id, fill.exec_id))
