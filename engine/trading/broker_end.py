"""The broker's end of the order session: what it has said, in numbered messages, and what it answers when asked.

Every message has a number, from 1, and is kept, so that what was lost can be sent again (FIX 4.4, ResendRequest). A
fault may meddle with what is said: not at all, twice, later, or after something else. What the broker knows of an
instruction does not change by that: it is told when the desk asks (FIX 4.4, OrderStatusRequest).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from engine.domain.orders import CORRECTED, Bust, Fill, Instruction, NewOrder, OrderState, OrderUpdate
from engine.kernel.world import World

Message = OrderUpdate | Fill | Bust
"""What a broker says of orders and executions."""

Meddler = Callable[[Message], Sequence[tuple[int, Message]] | None]
"""A fault's way with a message: what is said instead and how much later (ns); None if it lets the message be."""

NOT_KNOWN = "not_known"
"""The answer when the broker is asked for an instruction that never arrived."""


@dataclass(frozen=True, slots=True)
class Statement:
    """The broker's account of its client: what stands, to compare the desk's books with (invariant I9)."""

    executions: frozenset[int]
    """The ids of every execution that was not taken back."""
    positions: dict[str, int]
    """What these executions did to each position, in shares."""
    flow_micros: int
    """What they did to cash, before fees."""
    open_orders: dict[int, int]
    """Open shares by order."""


@dataclass(slots=True)
class _Account:
    """The broker's own running account."""

    standing: dict[int, Fill] = field(default_factory=dict)
    executions: list[Fill | Bust] = field(default_factory=list)
    """Every fill and bust of the day, in order."""
    open_orders: dict[int, int] = field(default_factory=dict)

    def note(self, message: Message) -> None:
        if isinstance(message, OrderUpdate):
            self._order(message)
            return
        self.executions.append(message)
        if isinstance(message, Bust):
            self.standing.pop(message.exec_id, None)
            return
        self.standing[message.exec_id] = message
        if not message.corrects and message.order_id in self.open_orders:
            self._open(message.order_id, message.left)

    def _order(self, update: OrderUpdate) -> None:
        if update.state is OrderState.WORKING:
            self.open_orders.pop(update.target_id, None)
            self._open(update.order_id, update.left)
        elif update.state is OrderState.CANCELLED:
            self.open_orders.pop(update.target_id or update.order_id, None)

    def _open(self, order_id: int, left: int) -> None:
        if left:
            self.open_orders[order_id] = left
        else:
            self.open_orders.pop(order_id, None)


class BrokerEnd:
    """What the broker says: *carry* takes the number of each message towards the desk."""

    def __init__(self, world: World, carry: Callable[[int], None]) -> None:
        self.meddlers: list[Meddler] = []
        """Faults: the first that has a way with a message decides what becomes of it."""
        self._world = world
        self._carry = carry
        self._said: list[Message] = []
        self._held_back = 0
        self._words: dict[int, OrderUpdate] = {}
        """The last word on each instruction and order."""
        self._arrived: set[int] = set()
        self._account = _Account()

    # ---- what is said

    @property
    def last_number(self) -> int:
        """The number of the last message, 0 before the first."""
        return len(self._said)

    def message(self, number: int) -> Message:
        """The message of that number."""
        return self._said[number - 1]

    def say(self, message: Message) -> None:
        """The venue has something to say: it is said as the faults will have it."""
        self._account.note(message)
        if isinstance(message, Bust) and message.reason == CORRECTED:
            return  # the execution that takes its place says it (FIX 4.4, ExecType G, is one message too)
        if isinstance(message, OrderUpdate):
            self._words[message.order_id] = message
            if message.state is OrderState.CANCELLED and message.target_id:
                self._words[message.target_id] = message
        for meddle in self.meddlers:
            instead = meddle(message)
            if instead is not None:
                for delay_ns, each in instead:
                    self.say_later(delay_ns, each)
                return
        self._put(message)

    def say_later(self, delay_ns: int, message: Message) -> None:
        """Say *message* in *delay_ns* (0: now), and let nobody meddle with it any more."""
        if not delay_ns:
            self._put(message)
            return
        self._held_back += 1
        self._world.at(self._world.now_ns + delay_ns, lambda: self._release(message))

    def _release(self, message: Message) -> None:
        self._held_back -= 1
        self._put(message)

    def _put(self, message: Message) -> None:
        self._said.append(message)
        self._carry(len(self._said))

    # ---- what is answered

    def arrive(self, instruction: Instruction) -> None:
        """An instruction has arrived."""
        self._arrived.add(instruction.order_id)

    def status(self, instruction: Instruction) -> OrderUpdate | None:
        """The last word on *instruction*; that it is not known if it never arrived; None if it is being dealt with."""
        word = self.word(instruction.order_id)
        if word is not None or instruction.order_id in self._arrived:
            return word
        target_id = 0 if isinstance(instruction, NewOrder) else instruction.target_id
        return OrderUpdate(instruction.order_id, target_id, OrderState.REJECTED, NOT_KNOWN, 0)

    def word(self, order_id: int) -> OrderUpdate | None:
        """The last word on an instruction or order, None if there was none."""
        return self._words.get(order_id)

    def executions(self) -> tuple[Fill | Bust, ...]:
        """Every fill and bust of the day, in order."""
        return tuple(self._account.executions)

    def statement(self) -> Statement | None:
        """The account as it stands; None while something is held back, so that it would prove nothing."""
        if self._held_back or self.meddlers:
            return None
        standing = self._account.standing
        positions: dict[str, int] = {}
        for fill in standing.values():
            positions[fill.symbol] = positions.get(fill.symbol, 0) + fill.side * fill.qty
        flow_micros = -sum(fill.side * fill.qty * fill.price_micros for fill in standing.values())
        return Statement(frozenset(standing), positions, flow_micros, dict(self._account.open_orders))
