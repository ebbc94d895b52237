"""Holds and stops: from when to when each was in effect, as an outside observer has to see it.

A hold is in effect at the earlier of the governor's acknowledgement and trigger (or command) + the hold deadline. An
automatic hold ends when the governor says RUNNING. A stop, and whatever a person commanded, is latched: RUNNING ends
it only after a ``resume`` was commanded, of a stop by two different people, so a governor that re-arms itself, or for
one person alone, does not end its own stop here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.domain.governance import FIRM, VENUE, Level, covers
from engine.domain.records import ControlGiven, GovernorState
from engine.kernel.event_log import EventLog
from engine.metrics.evidence import HOLD_DEADLINE_NS
from engine.metrics.folds import once_per_log, places

RESUME = "resume"
PEOPLE_TO_REARM = 2
"""A stop is re-armed by two different people (design part 2)."""
HOLDING_VERBS = frozenset({"pause", "stop", "flatten"})
DESK_STRATEGY = "main"
"""The name of the only strategy that a desk has."""
LEAST_LEVEL = {"pause": Level.HOLD, "stop": Level.L1, "flatten": Level.L3}


@dataclass(slots=True)
class Hold:
    """One rise of the level in one scope. ``ack_ns`` None: never acknowledged; ``end_ns`` None: never ended."""

    scope: str
    level: int
    commanded: bool
    trigger_ns: int
    ack_ns: int | None
    end_ns: int | None = None

    @property
    def effect_ns(self) -> int:
        """From here on it must hold."""
        deadline_ns = self.trigger_ns + HOLD_DEADLINE_NS
        return deadline_ns if self.ack_ns is None else min(self.ack_ns, deadline_ns)

    @property
    def latched(self) -> bool:
        """Whether it takes a command to end it."""
        return self.commanded or self.level >= Level.L1

    def covers(self, symbol: str) -> bool:
        """Whether what the desk's strategy does in *symbol* is in its scope."""
        return covers(self.scope, symbol, DESK_STRATEGY)

    def in_effect(self, t_ns: int) -> bool:
        """Whether it holds at *t_ns*: after the in-effect instant and before its end."""
        return self.effect_ns < t_ns and (self.end_ns is None or t_ns < self.end_ns)


@once_per_log
def holds(log: EventLog) -> tuple[Hold, ...]:
    """Every hold and stop, in order of appearance."""
    where = places(log)
    said: list[tuple[int, ControlGiven | GovernorState]] = [
        *zip(where[ControlGiven].tolist(), log.of(ControlGiven), strict=True),
        *zip(where[GovernorState].tolist(), log.of(GovernorState), strict=True),
    ]
    book = _Book()
    for _, record in sorted(said, key=lambda pair: pair[0]):
        if isinstance(record, ControlGiven):
            book.command(record)
        else:
            book.state(record)
    return tuple(book.holds)


def held(all_holds: Iterable[Hold], symbol: str, t_ns: int) -> bool:
    """Whether any hold or stop on *symbol* is in effect at *t_ns*."""
    return any(hold.in_effect(t_ns) and hold.covers(symbol) for hold in all_holds)


class _Book:
    """The holds so far, and by whom each scope was commanded to resume."""

    def __init__(self) -> None:
        self.holds: list[Hold] = []
        self._resumed: dict[str, set[str]] = {}

    def command(self, record: ControlGiven) -> None:
        if record.verb == RESUME:
            self._resume(record)
        elif record.verb in HOLDING_VERBS:
            level = max(record.level, LEAST_LEVEL[record.verb])
            already = any(hold.ack_ns is not None and hold.level >= level for hold in self._open(record.scope))
            self.holds.append(Hold(record.scope, level, True, record.t_ns, record.t_ns if already else None))
            self._resumed.pop(record.scope, None)

    def state(self, record: GovernorState) -> None:
        if record.level == Level.RUNNING:
            self._running(record)
            return
        known = 0
        for hold in self._open(record.scope):
            if hold.ack_ns is None and record.level >= hold.level:
                hold.ack_ns = record.t_ns
            known = max(known, hold.level)
        if record.level > known:
            trigger_ns = min(record.trigger_ns, record.t_ns)
            self.holds.append(Hold(record.scope, record.level, False, trigger_ns, record.t_ns))
            self._resumed.pop(record.scope, None)

    def _open(self, scope: str) -> list[Hold]:
        return [hold for hold in self.holds if hold.scope == scope and hold.end_ns is None]

    def _resume(self, record: ControlGiven) -> None:
        person = record.by.strip().casefold()
        for hold in self.holds:
            if hold.end_ns is None and record.scope in (FIRM, VENUE, hold.scope):
                self._resumed.setdefault(hold.scope, set()).add(person)
                # Where the governor never took part, nobody else will say that it is over.
                if hold.ack_ns is None and self._may_end(hold):
                    hold.end_ns = record.t_ns

    def _running(self, record: GovernorState) -> None:
        for hold in self._open(record.scope):
            if not hold.latched or self._may_end(hold):
                hold.end_ns = record.t_ns
        self._resumed.pop(record.scope, None)

    def _may_end(self, hold: Hold) -> bool:
        """Whether as many people as it takes want *hold* to end."""
        people = self._resumed.get(hold.scope, set()) - {""}
        return len(people) >= (PEOPLE_TO_REARM if hold.level >= Level.L1 else 1)
