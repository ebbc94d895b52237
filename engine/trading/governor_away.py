"""A governor that does not answer, and a desk that has closed: what happens while what the desk needs is away.

The desk fails closed. While its governor, its kill switch or its record is away nothing new leaves it, what waits for
an answer is denied, and cancels pass, since getting rid of risk must always be possible. What happens meanwhile is kept
for the governor, which is told it when it is back: of market data only what stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.domain.governance import APPROVED, Command, Control, Decision, DeskView
from engine.domain.orders import CancelOrder, Fill, Instruction, OrderUpdate
from engine.domain.ports import Governor
from engine.domain.quotes import Tick
from engine.domain.records import DeskClosed, ParentOrder
from engine.kernel.world import World

GOVERNOR_AWAY, KILL_SWITCH_UNREADABLE, RECORD_UNWRITABLE = (
    "governor_away",
    "kill_switch_unreadable",
    "record_unwritable",
)
"""Why the desk denies by itself."""
CLOSED_REASONS = frozenset({GOVERNOR_AWAY, KILL_SWITCH_UNREADABLE, RECORD_UNWRITABLE})


class Door:
    """Whether the desk lets anything out: every reason closes it by itself, and the last one opens it."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._reasons: dict[str, int] = {}

    @property
    def closed(self) -> bool:
        """Whether the desk denies by itself now."""
        return bool(self._reasons)

    def close(self, reason: str) -> None:
        """Deny for *reason* from now on, until as many :meth:`open` of it have come."""
        before = self._reasons.get(reason, 0)
        self._reasons[reason] = before + 1
        if not before:
            self._world.record(DeskClosed(self._world.now_ns, reason, closed=True))

    def open(self, reason: str) -> None:
        """This reason is over. Raise ValueError if the desk is not closed for it."""
        if reason not in self._reasons:
            raise ValueError(f"a desk closed for {reason} was expected, was closed for {sorted(self._reasons)}")
        self._reasons[reason] -= 1
        if not self._reasons[reason]:
            del self._reasons[reason]
            self._world.record(DeskClosed(self._world.now_ns, reason, closed=False))

    def answer(self, instruction: Instruction) -> Decision:
        """What the desk answers by itself while it is closed: cancels pass, nothing else does."""
        if isinstance(instruction, CancelOrder):
            return APPROVED
        return Decision(approved=False, reason=next(iter(self._reasons)), level="desk")


class GovernorAway:
    """Sits where the governor sat, and keeps what that will have to be told; wants nothing."""

    def __init__(self, present: Governor) -> None:
        self.present = present
        """The governor that sat here."""
        self._told: list[Callable[[Governor, DeskView], Sequence[Command]]] = []
        self._ticks: dict[tuple[str, type[Tick]], Tick] = {}

    def decide(self, order: Instruction, view: DeskView) -> Decision:
        """Nobody is there to decide."""
        return Decision(approved=False, reason=GOVERNOR_AWAY, level="desk")

    def on_fill(self, fill: Fill, view: DeskView) -> tuple[Command, ...]:
        """Keep it."""
        self._told.append(lambda governor, now: governor.on_fill(fill, now))
        return ()

    def on_market(self, tick: Tick, view: DeskView) -> tuple[Command, ...]:
        """Keep the last of each kind and symbol."""
        self._ticks[tick.symbol, type(tick)] = tick
        return ()

    def on_control(self, control: Control, view: DeskView) -> tuple[Command, ...]:
        """Keep it: a command is never lost, only late."""
        self._told.append(lambda governor, now: governor.on_control(control, now))
        return ()

    def on_timer(self, view: DeskView) -> tuple[Command, ...]:
        """Time passes without it."""
        return ()

    def on_update(self, update: OrderUpdate, view: DeskView) -> tuple[Command, ...]:
        """Keep it, if the governor wants to hear of such."""
        self._told.append(lambda governor, now: _tell(governor, "on_update", update, now))
        return ()

    def on_parent(self, parent: ParentOrder, view: DeskView) -> tuple[Command, ...]:
        """Keep it, if the governor wants to hear of such."""
        self._told.append(lambda governor, now: _tell(governor, "on_parent", parent, now))
        return ()

    def catch_up(self, governor: Governor, view: DeskView) -> list[Command]:
        """Tell *governor* everything that was kept, in order; what it wants done."""
        wanted = [command for tell in self._told for command in tell(governor, view)]
        for tick in self._ticks.values():
            wanted += governor.on_market(tick, view)
        return wanted


def _tell(governor: Governor, method: str, what: object, view: DeskView) -> Sequence[Command]:
    tell: Callable[[object, DeskView], Sequence[Command]] | None = getattr(governor, method, None)
    return tell(what, view) if tell is not None else ()
