"""Holding and stopping: what the governor does when a condition, a count or a person calls for it."""

from __future__ import annotations

from engine.domain.governance import (
    FIRM,
    STRATEGY_PREFIX,
    VENUE,
    CancelAll,
    Command,
    Control,
    DeskView,
    Level,
    strategy_scope,
)
from engine.trading.flatten import Flattener
from engine.trading.holds import Holds
from engine.trading.levels import Levels
from engine.trading.limits_in_force import LimitsInForce
from engine.trading.loss import LossWatch
from engine.trading.overrides import Overrides
from engine.trading.past import Past
from engine.trading.rules import STRATEGY


class Stops:
    """Keeps the levels, the automatic holds and the flatten under way; answers with commands."""

    def __init__(self, symbols: tuple[str, ...], limits: LimitsInForce, past: Past) -> None:
        document, firm = limits.document, limits.firm
        self.levels = Levels(symbols)
        self.losses = LossWatch(document.firm)
        self.flattener = Flattener(document.flatten, limits.by_symbol, firm.quote_age)
        self.overrides = Overrides()
        self._holds = Holds(self.levels, self.losses, firm.quote_age, firm.session_down)
        self._symbols = symbols
        self._limits = limits
        self._past = past
        self._session_was_up = True
        self._pending: tuple[Command, ...] = ()
        self._restored = False

    # ---- what is asked for --------------------------------------------------------------------------------

    def later(self, *commands: Command) -> None:
        """Have this done at the next call that may command."""
        self._pending += commands

    def stop_later(self, scope: str, level: Level, reason: str, view: DeskView) -> None:
        """Latch a stop now, and have done what it calls for at the next call that may command."""
        self._pending += self._stop(scope, level, reason, view)

    def restored(self) -> None:
        """The levels are those of a snapshot: at the next look what their stops call for is begun anew."""
        self._restored = True

    def look(self, view: DeskView) -> tuple[Command, ...]:
        """Begin and end holds, trip stops; what has changed, as commands."""
        commands, self._pending = self._pending, ()
        if self._restored:
            commands += self._go_on(view)
        self.losses.doubtful = self._past.doubts(view)
        beyond = self._holds.look(view)
        if beyond and self.levels.of(FIRM) < Level.L3:  # of several reasons the first latches the stop
            commands += self._stop(FIRM, Level.L3, beyond[0], view)
        up = view.session_up
        if up and not self._session_was_up:  # what a stop cancelled while nobody listened has to be cancelled again
            commands += self._cancels()
        self._session_was_up = up
        return self.levels.changes(view.now_ns) + commands

    def slices(self, view: DeskView) -> tuple[Command, ...]:
        """The next orders of a flatten under way."""
        slices = self.flattener.slices(view)
        self._past.reduces += len(slices)
        return slices

    def obey(self, control: Control, view: DeskView) -> tuple[Command, ...]:
        """``pause resume stop flatten override``; going safe is never refused.

        An unknown scope counts as the firm's, an unknown verb as ``pause``, except for resume and override, which then
        do nothing.
        """
        known = self.levels.knows(control.scope)
        scope = control.scope if known else FIRM
        now_ns = view.now_ns
        if control.verb == "override":
            return (*self.look(view), self.overrides.ask(control, now_ns, known=known))
        if control.verb == "resume":
            if known:
                self._resume(scope, control.by, now_ns)
            return self.look(view)
        if control.verb in ("stop", "flatten"):
            level = Level.L3 if control.verb == "flatten" else _stop_level(control.level)
            commands = self._stop(scope, level, control.verb, view)
            return self.look(view) + commands
        self.levels.pause(scope, "paused" if control.verb == "pause" else "unknown_control", now_ns)
        return self.look(view)

    def read_limits(self, view: DeskView) -> bool:
        """Ask the source of the limits, and hold while it says nothing or what may not be judged by.

        True if other limits are in force.
        """
        changed = self._limits.read(view.now_ns)
        if changed:
            document, firm = self._limits.document, self._limits.firm
            self.losses.obey(document.firm)
            self._holds.obey(firm.quote_age, firm.session_down)
            self.flattener.obey(document.flatten, self._limits.by_symbol, firm.quote_age)
        fault = self._limits.fault(view.now_ns)
        for reason in [held for held in self.levels.held() if held.startswith("limits_")]:
            if (fault is None or fault.reason != reason) and view.books_agree:
                self.levels.release(reason)
        if fault is not None:
            self.levels.hold(fault.reason, view.now_ns)
        return changed

    # ---- how ----------------------------------------------------------------------------------------------

    def _cancels(self) -> tuple[Command, ...]:
        return tuple(CancelAll(scope) for scope in self.levels.scopes if self.levels.of(scope) >= Level.L2)

    def _go_on(self, view: DeskView) -> tuple[Command, ...]:
        """Give up what was being given up before a restart; the share of the market is counted from now on."""
        self._restored = False
        for scope in self.levels.scopes:
            if self.levels.of(scope) >= Level.L3:
                self.flattener.begin(self._symbols_of(scope), view)
        return self._cancels()

    def _stop(self, scope: str, level: Level, reason: str, view: DeskView) -> tuple[Command, ...]:
        """Latch a stop; what has to be done for it that was not done before."""
        if not self.levels.stop(scope, level, reason, view.now_ns):
            return ()
        if level >= Level.L3:
            self.flattener.begin(self._symbols_of(scope), view)
        return (CancelAll(scope),) if level >= Level.L2 else ()

    def _resume(self, scope: str, by: str, now_ns: int) -> None:
        """A person speaks for the scope: what counts until somebody looks begins anew once the stop is over."""
        if self.levels.resume(scope, by, now_ns):
            self.flattener.end(s for s in self._symbols_of(scope) if self.levels.level(s) < Level.L3)
            if scope in (FIRM, VENUE):
                self._past.forgive_strays()
        for strategy in sorted({*self._past.re_entries, *self._past.rejects}):
            spoken_for = scope in (FIRM, VENUE, strategy_scope(strategy))
            if spoken_for and not self.levels.of(strategy_scope(strategy)):
                self._past.re_entries.pop(strategy, None)
                self._past.rejects.pop(strategy, None)

    def _symbols_of(self, scope: str) -> tuple[str, ...]:
        """What a stop of *scope* covers; of a strategy every symbol that it holds, since a symbol has one position."""
        if scope in (FIRM, VENUE):
            return self._symbols
        if scope.startswith(STRATEGY_PREFIX):
            book = self._past.book.group(STRATEGY, scope.removeprefix(STRATEGY_PREFIX))
            return tuple(symbol for symbol in self._symbols if book.position(symbol))
        return (scope,)


def _stop_level(level: int) -> Level:
    """The level that a stop was commanded with; one that is none is the first."""
    try:
        return max(Level(level), Level.L1)
    except ValueError:
        return Level.L1
