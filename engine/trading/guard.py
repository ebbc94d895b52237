"""A governor that is not ours, kept on a lead: whatever it does, the run goes on and nothing is approved by accident.

It may raise, return garbage or never return. Each is written down as a GovernorFailed record with its own
traceback kept, and answered with a deny (``governor_failed``) or with no commands. A governor that hung is dead: it is
not called again, since half of its state may have been changed.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from engine.domain.governance import Command, Control, Decision, DeskView
from engine.domain.orders import Fill, Instruction, OrderUpdate
from engine.domain.ports import Governor
from engine.domain.quotes import Tick
from engine.domain.records import Finding, GovernorFailed, ParentOrder, Record
from engine.kernel.watchdog import PATIENCE_S, Hung, Watchdog
from engine.trading.answers import commands_fault, decision_fault

FAILED = Decision(approved=False, reason="governor_failed", level="firm")
"""The answer in place of one that did not come."""
TRACEBACKS_KEPT = 100
"""So many failures are kept with their traceback; every one is in the event log."""
_WHAT_MOST = 300
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{4,}")


class Memory(Protocol):
    """What the guard needs of the world: the time, and where to write."""

    @property
    def now_ns(self) -> int:
        """Simulated time."""
        ...

    def record(self, record: Record) -> None:
        """Append to the event log."""
        ...


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure of the governor: the record of it, and the governor's own traceback."""

    record: GovernorFailed
    traceback: str


def _nothing(_record: GovernorFailed, _traceback: str) -> None:
    """The default of *fail*: the record and :attr:`GuardedGovernor.failures` are enough."""


class GuardedGovernor:
    """Wraps *governor*; failures go to the log of *world*, to :attr:`failures` and to ``fail(record, traceback)``."""

    def __init__(
        self,
        governor: Governor,
        world: Memory,
        fail: Callable[[GovernorFailed, str], None] = _nothing,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self.governor = governor
        self.dead = False
        self.failures: list[Failure] = []
        self.failed = 0
        """How often it failed, kept or not."""
        self._world = world
        self._fail = fail
        self._watchdog = Watchdog(patience_s) if Watchdog.available() else None
        if self._watchdog is None:
            text = "a governor that hangs will hang the run: no timer signal on this platform or thread"
            world.record(Finding(world.now_ns, "no_watchdog", text))

    def around(self, governor: Governor) -> GuardedGovernor:
        """This guard, from now on around *governor*: its process was started anew."""
        self.governor, self.dead = governor, False
        return self

    @property
    def capabilities(self) -> frozenset[str]:
        """What the governor declares it can do; nothing, if it does not declare names."""
        declared: object = getattr(self.governor, "capabilities", ())
        if not isinstance(declared, set | frozenset | tuple | list):
            return frozenset()
        return frozenset(name for name in declared if isinstance(name, str))

    def decide(self, order: Instruction, view: DeskView) -> Decision:
        """The governor's decision; a deny if there is none."""
        if self.dead:
            return FAILED
        came, answer = self._ask("decide", order, view)
        if not came:
            return FAILED
        fault = _fault_of(lambda: decision_fault(answer))
        if fault:
            self._garbage("decide", fault)
            return FAILED
        decision: Decision = answer
        return decision

    def on_fill(self, fill: Fill, view: DeskView) -> tuple[Command, ...]:
        """What the governor wants after a fill; nothing if it failed."""
        return self._commands("on_fill", fill, view)

    def on_market(self, tick: Tick, view: DeskView) -> tuple[Command, ...]:
        """What the governor wants after a tick; nothing if it failed."""
        return self._commands("on_market", tick, view)

    def on_control(self, control: Control, view: DeskView) -> tuple[Command, ...]:
        """What the governor wants after a command; nothing if it failed."""
        return self._commands("on_control", control, view)

    def on_timer(self, view: DeskView) -> tuple[Command, ...]:
        """What the governor wants now; nothing if it failed."""
        return self._commands("on_timer", view)

    @property
    def on_update(self) -> Callable[[OrderUpdate, DeskView], tuple[Command, ...]] | None:
        """What the governor wants after an instruction was answered; None if it does not want to hear."""
        return partial(self._commands, "on_update") if self._has("on_update") else None

    @property
    def on_parent(self) -> Callable[[ParentOrder, DeskView], tuple[Command, ...]] | None:
        """What the governor wants after a parent order was announced; None if it does not want to hear."""
        return partial(self._commands, "on_parent") if self._has("on_parent") else None

    def _has(self, method: str) -> bool:
        return callable(getattr(self.governor, method, None))

    def _commands(self, where: str, *args: Any) -> tuple[Command, ...]:
        if self.dead:
            return ()
        came, answer = self._ask(where, *args)
        if not came:
            return ()
        view: DeskView = args[-1]
        fault = _fault_of(lambda: commands_fault(answer, view))
        if fault:
            self._garbage(where, fault)
            return ()
        commands: tuple[Command, ...] = answer
        return commands

    def _ask(self, where: str, *args: Any) -> tuple[bool, Any]:
        """Whether the governor answered, and what."""
        try:
            ask = getattr(self.governor, where)
            return True, self._watchdog.call(ask, *args) if self._watchdog else ask(*args)
        except KeyboardInterrupt:
            raise  # Ctrl-C belongs to the person at the keyboard, not to the governor
        except Hung as error:
            self.dead = True
            self._note("hung", where, f"{error}; it is not called again", _own_traceback(error))
        except BaseException as error:  # noqa: BLE001 - SystemExit and the like must not end the run either
            self._note("raised", where, _said(error), _own_traceback(error))
        return False, None

    def _garbage(self, where: str, fault: str) -> None:
        self._note("garbage", where, fault, "")

    def _note(self, how: str, where: str, what: str, trace: str) -> None:
        record = GovernorFailed(self._world.now_ns, how, where, _fit(what))
        self.failed += 1
        if len(self.failures) < TRACEBACKS_KEPT:
            self.failures.append(Failure(record, trace))
        self._world.record(record)
        self._fail(record, trace)


def _fault_of(check: Callable[[], str]) -> str:
    """What *check* says is wrong with an answer; an answer that cannot even be looked at is wrong too."""
    try:
        return check()
    except Exception as error:  # noqa: BLE001 - the answer's own code may run when it is looked at
        return f"an answer that can be read was expected, was one that raises {type(error).__name__}"


def _said(error: BaseException) -> str:
    """``ZeroDivisionError: division by zero``; safe even if the error cannot be printed."""
    return traceback.format_exception_only(error)[-1].strip()


def _own_traceback(error: BaseException) -> str:
    """The traceback from the governor's first line on, without ours above it."""
    frames = error.__traceback__
    while frames is not None and frames.tb_next is not None and _is_ours(frames.tb_frame.f_code.co_filename):
        frames = frames.tb_next
    return "".join(traceback.format_exception(type(error), error, frames))


def _is_ours(filename: str) -> bool:
    return filename.endswith(("engine/trading/guard.py", "engine/kernel/watchdog.py"))


def _fit(what: str) -> str:
    """The text fit for the event log: short, printable, and the same in every process (no addresses of objects)."""
    plain = _ADDRESS.sub("0x…", what).encode("utf-8", "replace").decode("utf-8")
    return plain if len(plain) <= _WHAT_MOST else plain[: _WHAT_MOST - 1] + "…"
