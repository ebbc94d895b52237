"""The way of an instruction out of the desk: intent, decision, gateway. Writes Intent and Decided."""

from __future__ import annotations

from collections.abc import Callable

from engine.domain.governance import Decision
from engine.domain.orders import CancelOrder, Instruction, NewOrder, Origin
from engine.domain.ports import Governor
from engine.domain.records import Decided, Intent, SoftLimit
from engine.kernel.world import World
from engine.trading.broker import action_of
from engine.trading.gateway import Gateway
from engine.trading.governor_away import Door
from engine.trading.order_table import OrderTable
from engine.trading.stages import Stage
from engine.trading.view import View

NO_TICK = -1
"""The tick of an instruction that no tick caused."""


class OrderPath:
    """Takes the strategy's instructions through the governor's stage, and the governor's own past it."""

    def __init__(
        self,
        world: World,
        governor: Governor,
        stage: Stage,
        gateway: Gateway,
        orders: OrderTable,
        view: View,
        decided: Callable[[Instruction, Decision], None],
    ) -> None:
        self.governor = governor
        """Who decides."""
        self.door = Door(world)
        """Closed, the desk denies by itself and asks nobody."""
        self.unanswered: list[Callable[[], None]] | None = None
        """What waits for a governor that does not answer; None while it does."""
        self._world = world
        self.stage = stage
        self._gateway = gateway
        self._orders = orders
        self._view = view
        self._decided = decided

    @property
    def pending(self) -> int:
        """How many instructions wait for the governor's decision."""
        return self.stage.pending

    def ask(self, instruction: Instruction, tick_ns: int) -> None:
        """Ask the governor for *instruction*, caused by the tick that arrived at *tick_ns*."""
        intent_ns = self._world.now_ns
        self._intend(instruction, tick_ns, increasing=self._view.increases(instruction))
        self.stage.through(lambda: self._decide(instruction, intent_ns, tick_ns))

    def command(self, instruction: Instruction) -> None:
        """Send the governor's own *instruction*; nobody decides on it again."""
        increasing = self._view.increases(instruction)
        self._intend(instruction, NO_TICK, increasing=increasing)
        self._send(instruction, increasing=increasing)

    def wait(self) -> None:
        """The governor does not answer: what it is asked waits, while the door is open."""
        self.unanswered = []

    def go_on(self) -> None:
        """Ask again for what waits: it is decided by now, or denied at a closed door."""
        waiting, self.unanswered = self.unanswered or [], None
        for ask in waiting:
            ask()

    def _decide(self, instruction: Instruction, intent_ns: int, tick_ns: int) -> None:
        if self.unanswered is not None and not self.door.closed:
            self.unanswered.append(lambda: self._decide(instruction, intent_ns, tick_ns))
            return
        # The books may have moved while it waited, so this is judged anew.
        increasing = self._view.increases(instruction)
        asked = self.door.answer if self.door.closed else None
        decision = asked(instruction) if asked else self.governor.decide(instruction, self._view)
        self._world.record(
            Decided(
                self._world.now_ns,
                instruction.order_id,
                decision.approved,
                decision.reason,
                float(decision.observed or 0),
                float(decision.limit or 0),
                decision.level,
                intent_ns,
                tick_ns,
                increasing,
            )
        )
        for soft in decision.soft if decision.approved else ():
            self._world.record(
                SoftLimit(
                    self._world.now_ns,
                    instruction.order_id,
                    instruction.symbol,
                    soft.reason,
                    float(soft.observed or 0),
                    float(soft.limit),
                    soft.level,
                )
            )
        if decision.approved:
            self._send(instruction, increasing=increasing)
        self._decided(instruction, decision)

    def _send(self, instruction: Instruction, *, increasing: bool) -> None:
        """Count *instruction* from now on, and hand it to the gateway."""
        if not isinstance(instruction, CancelOrder):
            self._orders.approve(instruction)
        elif (target := self._orders.get(instruction.target_id)) is not None:
            target.cancelling = True
        # A hold lets the governor's own orders out: they are how it gets out of the position.
        self._gateway.send(instruction, holdable=increasing and instruction.origin is Origin.STRATEGY)

    def _intend(self, instruction: Instruction, tick_ns: int, *, increasing: bool) -> None:
        """Write down what somebody wants."""
        target_id, side, qty, limit_micros, tif, parent_id = 0, 0, 0, 0, "", 0
        if isinstance(instruction, NewOrder):
            tif, parent_id = instruction.tif.value, instruction.parent_id
        else:
            target_id = instruction.target_id
        if not isinstance(instruction, CancelOrder):
            side, qty, limit_micros = int(instruction.side), instruction.qty, instruction.limit_micros or 0
        self._world.record(
            Intent(
                self._world.now_ns,
                instruction.order_id,
                target_id,
                action_of(instruction),
                instruction.symbol,
                side,
                qty,
                limit_micros,
                tif,
                instruction.origin.value,
                tick_ns,
                int(self._view.mark_micros(instruction.symbol) or 0),
                increasing,
                parent_id,
            )
        )
