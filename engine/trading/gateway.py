"""The gateway: the last stage before the wire. What it may not send is refused, and says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from engine.domain.governance import FIRM, VENUE, strategy_scope
from engine.domain.orders import Instruction, NewOrder, OrderState, OrderUpdate
from engine.trading.broker import BrokerSession
from engine.trading.stages import Stage

SESSION_DOWN = "session_down"
"""Why an instruction was refused: the desk knows that the session is down."""

HELD = "held"
"""Why an instruction was refused: it was approved before a hold or stop of its scope, and had not left yet."""


class Gateway:
    """Encodes instructions one after the other and puts them on the wire; *refuse* hears of those it does not."""

    def __init__(self, stage: Stage, session: BrokerSession, refuse: Callable[[OrderUpdate], None]) -> None:
        self.stage = stage
        self._session = session
        self._refuse = refuse
        self.routers: list[Callable[[Instruction], Iterable[Instruction]]] = []
        """Faults: each is given every instruction that leaves, and says what leaves behind it that nobody asked for."""
        self._serial = 0
        self._last_before_hold: dict[str, int] = {}

    @property
    def pending(self) -> int:
        """How many instructions wait for the wire."""
        return self.stage.pending

    def send(self, instruction: Instruction, *, holdable: bool) -> None:
        """Send *instruction* when its turn comes; *holdable* says whether a hold in the meantime stops it."""
        self._serial += 1
        serial = self._serial if holdable else 0
        self.stage.through(lambda: self._out(instruction, serial))

    def hold(self, scope: str) -> None:
        """Stop what is holdable in *scope* and waits now. What is approved after this is the governor's doing."""
        self._last_before_hold[scope] = self._serial

    def _out(self, instruction: Instruction, serial: int) -> None:
        if serial and self._held(instruction, serial):
            self._refuse(refusal(instruction, HELD))
        elif not self._session.send(instruction):
            self._refuse(refusal(instruction, SESSION_DOWN))
        else:
            for router in self.routers:
                for extra in router(instruction):
                    self._session.send(extra)

    def _held(self, instruction: Instruction, serial: int) -> bool:
        """Whether a scope that *instruction* is in was held after it was approved."""
        held = self._last_before_hold
        if not held:
            return False
        own = strategy_scope(getattr(instruction, "strategy", ""))
        return any(serial <= held.get(scope, 0) for scope in (FIRM, VENUE, instruction.symbol, own))


def refusal(instruction: Instruction, reason: str) -> OrderUpdate:
    """What the desk's books are told of an instruction that never left."""
    target_id = 0 if isinstance(instruction, NewOrder) else instruction.target_id
    return OrderUpdate(instruction.order_id, target_id, OrderState.REJECTED, reason, 0)
