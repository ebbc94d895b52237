"""Holds and stops: from when to when each was in effect, as an outside observer has to see it.

A hold is in effect at the earlier of the governor's acknowledgement and trigger (or command) + the hold deadline. An
automatic hold ends when the governor says RUNNING. A stop, and whatever a person commanded, is latched: RUNNING ends
it only after a ``resume`` was commanded, of a stop by two different people, so a governor that re-arms itself, or for
one person alone, does not end its own stop here. A desk that closes by itself is held until it says that it is open.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from engine.domain.governance import FIRM, VENUE, Level, covers
from engine.domain.records import ControlGiven, DeskClosed, GovernorState
from engine.kernel.event_log import EventLog
from engine.metrics.evidence import HOLD_DEADLINE_NS
from engine.metrics.folds import once_per_log, places

FOREVER_NS = 2**62
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

    @property
    def stretch_ns(self) -> tuple[int, int]:
        """It holds after the first instant, where it came into effect, and before the second, where it ended."""
        return self.effect_ns, FOREVER_NS if self.end_ns is None else self.end_ns


@once_per_log
def holds(log: EventLog) -> tuple[Hold, ...]:
    """Every hold and stop, in order of appearance."""
    where = places(log)
    said: list[tuple[int, ControlGiven | GovernorState | DeskClosed]] = [
        *zip(where[ControlGiven].tolist(), log.of(ControlGiven), strict=True),
        *zip(where[GovernorState].tolist(), log.of(GovernorState), strict=True),
        *zip(where[DeskClosed].tolist(), log.of(DeskClosed), strict=True),
    ]
    book = _Book()
    for _, record in sorted(said, key=lambda pair: pair[0]):
        if isinstance(record, ControlGiven):
            book.command(record)
        elif isinstance(record, DeskClosed):
            book.desk(record)
        else:
            book.state(record)
    return tuple(book.holds)


class Stretches:
    """Stretches of time, without their first and last instant, put together; found by bisection, however many."""

    def __init__(self, stretches: Iterable[tuple[int, int]]) -> None:
        self._starts_ns: list[int] = []
        self._ends_ns: list[int] = []
        for start_ns, end_ns in sorted(stretches):
            if self._ends_ns and start_ns < self._ends_ns[-1]:
                self._ends_ns[-1] = max(self._ends_ns[-1], end_ns)
            elif start_ns < end_ns:
                self._starts_ns.append(start_ns)
                self._ends_ns.append(end_ns)

    def __contains__(self, t_ns: int) -> bool:
        """Whether the instant lies within one of them."""
        place = bisect_left(self._starts_ns, t_ns) - 1
        return place >= 0 and t_ns < self._ends_ns[place]


class HeldTimes:
    """When each symbol was held or stopped. Ask :func:`held_times` for those of a log."""

    def __init__(self, all_holds: Iterable[Hold]) -> None:
        self._holds = tuple(all_holds)
        self._of: dict[str, Stretches] = {}

    def held(self, symbol: str, t_ns: int) -> bool:
        """Whether any hold or stop on *symbol* is in effect at *t_ns*."""
        if symbol not in self._of:
            self._of[symbol] = Stretches(hold.stretch_ns for hold in self._holds if hold.covers(symbol))
        return t_ns in self._of[symbol]


@once_per_log
def held_times(log: EventLog) -> HeldTimes:
    """When each symbol was held or stopped in a run."""
    return HeldTimes(holds(log))


class _Book:
    """The holds so far, and by whom each scope was commanded to resume."""

    def __init__(self) -> None:
        self.holds: list[Hold] = []
        self._standing: dict[str, list[Hold]] = {}
        """By scope the holds that had not ended when they were last asked for: few, where all of a day may be many."""
        self._resumed: dict[str, set[str]] = {}
        self._closed: dict[str, Hold] = {}
        """By reason, why the desk is closed by itself; no word of the governor's ends that."""

    def desk(self, record: DeskClosed) -> None:
        if record.closed:
            hold = self._closed[record.reason] = Hold(FIRM, Level.HOLD, False, record.t_ns, record.t_ns)
            self.holds.append(hold)
        elif record.reason in self._closed:
            self._closed.pop(record.reason).end_ns = record.t_ns

    def command(self, record: ControlGiven) -> None:
        if record.verb == RESUME:
            self._resume(record)
        elif record.verb in HOLDING_VERBS:
            level = max(record.level, LEAST_LEVEL[record.verb])
            already = any(hold.ack_ns is not None and hold.level >= level for hold in self._open(record.scope))
            self._begin(Hold(record.scope, level, True, record.t_ns, record.t_ns if already else None))

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
            self._begin(Hold(record.scope, record.level, False, trigger_ns, record.t_ns))

    def _begin(self, hold: Hold) -> None:
        self.holds.append(hold)
        self._standing.setdefault(hold.scope, []).append(hold)
        self._resumed.pop(hold.scope, None)

    def _open(self, scope: str) -> list[Hold]:
        self._standing[scope] = [hold for hold in self._standing.get(scope, ()) if hold.end_ns is None]
        return self._standing[scope]

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
