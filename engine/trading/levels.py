"""At which level the governor stands, per scope: holds that release themselves, and stops that stay.

A scope is the firm, the venue (the one the desk trades at: everything, latched apart), a symbol or a strategy.

- An automatic hold has a reason and covers the firm. Several may be in force; the firm runs again when none is.
- A manual hold (``pause``) lasts until one person resumes.
- A stop (L1–L4) is latched and only ever rises. Re-arming takes two people: two separate ``resume`` controls on the
  same scope, by different names, at most ten simulated minutes apart. One control that names two people
  (``a+b``) is one voice of nobody: it counts for no stop.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.base.units import NS_PER_S
from engine.domain.governance import FIRM, STRATEGY_PREFIX, VENUE, Level, SetState, strategy_scope

REARM_WITHIN_NS = 600 * NS_PER_S
"""Two people must agree to re-arm within this time."""


@dataclass(frozen=True, slots=True)
class _Cause:
    """Why a scope stands at a level, and since when the condition holds."""

    level: Level
    reason: str
    trigger_ns: int


_RUNS, _REARMED, _RESUMED = (_Cause(Level.RUNNING, why, 0) for why in ("released", "rearmed", "resumed"))


class Levels:
    """The levels of firm, venue, symbols and strategies; tells every change once."""

    def __init__(self, symbols: tuple[str, ...]) -> None:
        self.scopes: tuple[str, ...] = (FIRM, VENUE, *symbols)
        """Every scope that was heard of; a strategy's joins when it is first held or stopped."""
        self._holds: dict[str, _Cause] = {}
        self._paused: dict[str, _Cause] = {}
        self._stopped: dict[str, _Cause] = {}
        self._first_voice: dict[str, tuple[str, int]] = {}
        self._told = dict.fromkeys(self.scopes, Level.RUNNING)
        self._running: dict[str, _Cause] = {}
        self._touched = False
        """Whether any scope may stand at another level than was told; with many symbols nothing has, at most looks."""

    # ---- what is asked ------------------------------------------------------------------------------------

    def level(self, symbol: str, strategy: str = "") -> Level:
        """The level an order of the symbol (and strategy) meets: the highest of its scopes'."""
        return self.meets(symbol, strategy)[0]

    def meets(self, symbol: str, strategy: str = "") -> tuple[Level, str]:
        """The level an order meets, and the widest scope that stands there."""
        highest, where = _RUNS.level, FIRM
        if not self._stopped and not self._paused and not self._holds:
            return highest, where  # nothing stands anywhere: nine decisions of ten
        for scope in (FIRM, VENUE, symbol, strategy_scope(strategy)):
            own = self._own(scope).level
            if own > highest:
                highest, where = own, scope
        return highest, where

    def knows(self, scope: str) -> bool:
        """Whether *scope* is one: any strategy is."""
        return scope in self.scopes or (scope.startswith(STRATEGY_PREFIX) and len(scope) > len(STRATEGY_PREFIX))

    def of(self, scope: str) -> Level:
        """The level of a scope by itself."""
        return self._own(scope).level

    def holds(self, reason: str) -> bool:
        """Whether the automatic hold of this reason is in force."""
        return reason in self._holds

    def held(self) -> tuple[str, ...]:
        """The reasons of the automatic holds in force."""
        return tuple(self._holds)

    # ---- what happens -------------------------------------------------------------------------------------

    def hold(self, reason: str, trigger_ns: int) -> None:
        """Begin the automatic hold of this reason; nothing new if it is in force."""
        if reason not in self._holds:
            self._holds[reason] = _Cause(Level.HOLD, reason, trigger_ns)
            self._touched = True

    def release(self, reason: str) -> None:
        """End the automatic hold of this reason."""
        if self._holds.pop(reason, None):
            self._running[FIRM] = _RUNS
            self._touched = True

    def pause(self, scope: str, reason: str, trigger_ns: int) -> None:
        """Hold the scope until somebody resumes."""
        self._join(scope)
        self._paused.setdefault(scope, _Cause(Level.HOLD, reason, trigger_ns))
        self._touched = True

    def stop(self, scope: str, level: Level, reason: str, trigger_ns: int) -> bool:
        """Latch a stop; True if the scope's stop rose. Any stop, risen or not, takes back half a re-arming."""
        self._join(scope)
        self._first_voice.pop(scope, None)
        latched = self._stopped.get(scope)
        if latched and latched.level >= level:
            return False
        self._stopped[scope] = _Cause(level, reason, trigger_ns)
        self._touched = True
        return True

    def resume(self, scope: str, by: str, now_ns: int) -> bool:
        """One person wants the scope to run: True if that ended its manual hold or, as second voice, its stop."""
        if scope in self._stopped and not self._two_voices(scope, by, now_ns):
            return False
        was_stopped = self._stopped.pop(scope, None) is not None
        was_paused = self._paused.pop(scope, None) is not None
        if was_stopped or was_paused:
            self._running[scope] = _REARMED if was_stopped else _RESUMED
            self._touched = True
        return was_stopped or was_paused

    def changes(self, now_ns: int) -> tuple[SetState, ...]:
        """What has changed since the last time this was asked, one SetState per scope."""
        if not self._touched:
            return ()
        self._touched = False
        return tuple(
            self._tell(scope, now_ns) for scope in self.scopes if self._own(scope).level is not self._told[scope]
        )

    # ---- over a restart -----------------------------------------------------------------------------------

    def snapshot(self) -> dict[str, Any]:
        """What must survive a restart: stops and manual holds. An automatic hold begins anew where its cause stands."""
        return {
            name: {scope: [int(cause.level), cause.reason, cause.trigger_ns] for scope, cause in causes.items()}
            for name, causes in (("stopped", self._stopped), ("paused", self._paused))
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Stand where :meth:`snapshot` says; half a re-arming is forgotten. Raise ValueError if it is no such state."""
        for name, causes in (("stopped", self._stopped), ("paused", self._paused)):
            for scope, (level, reason, _) in state[name].items():
                self._join(scope)
                causes[scope] = _Cause(Level(level), str(reason), 0)
        self._touched = True

    # ---- how ----------------------------------------------------------------------------------------------

    def _join(self, scope: str) -> None:
        if scope not in self._told:
            self.scopes += (scope,)
            self._told[scope] = Level.RUNNING

    def _tell(self, scope: str, now_ns: int) -> SetState:
        cause = self._own(scope)
        self._told[scope] = cause.level
        trigger_ns = now_ns if cause.level is Level.RUNNING else cause.trigger_ns
        return SetState(scope, cause.level, cause.reason, trigger_ns)

    def _own(self, scope: str) -> _Cause:
        stopped = self._stopped.get(scope)
        if stopped:
            return stopped
        paused = self._paused.get(scope)
        if paused:
            return paused
        if self._holds and scope == FIRM:
            return next(iter(self._holds.values()))
        return self._running.get(scope, _RUNS)

    def _two_voices(self, scope: str, by: str, now_ns: int) -> bool:
        person = by.strip().casefold()
        if not person or "+" in person:
            return False
        first = self._first_voice.get(scope)
        if first and first[0] != person and now_ns - first[1] <= REARM_WITHIN_NS:
            del self._first_voice[scope]
            return True
        self._first_voice[scope] = (person, now_ns)
        return False
