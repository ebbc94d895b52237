"""The reference governor: checks every instruction, holds and stops the desk, and gives up positions in good order.

It keeps of its own: the levels in force, the highest equity, what it remembers of the session
(:mod:`engine.trading.past`), overrides, and the flatten under way. Everything else it reads from the desk's view.

A stop for a loss can be re-armed by two people like any other, but trips again at once while the loss stands: a
day's loss limit ends the day, and the highest equity is never re-based.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from engine.domain.governance import (
    APPROVED,
    FIRM,
    STRATEGY_PREFIX,
    VENUE,
    CancelAll,
    Command,
    Control,
    Decision,
    DeskView,
    Level,
    strategy_scope,
)
from engine.domain.orders import CancelOrder, Fill, Instruction, Instrument, NewOrder, OrderUpdate, ReplaceOrder
from engine.domain.quotes import Quote, Tick
from engine.domain.records import ParentOrder
from engine.trading.asked import Ask, Check, deny
from engine.trading.capabilities import CAPABILITIES
from engine.trading.checks import CHECKS, malformed
from engine.trading.checks_size import parent_of
from engine.trading.flatten import Flattener
from engine.trading.governor_state import read_state, written_state
from engine.trading.holds import Holds
from engine.trading.levels import Levels
from engine.trading.limits import Limits
from engine.trading.limits_in_force import LimitsInForce
from engine.trading.limits_source import LimitsSource
from engine.trading.loss import LossWatch
from engine.trading.overrides import Grant, Overrides
from engine.trading.past import Groups, Past
from engine.trading.rules import (
    FIRM_LEVEL,
    INSTRUMENT,
    STRATEGY,
    OrderRules,
)

REPEATED, REJECTS, STRAYS, TERMINATED = "repeated_execution", "consecutive_rejects", "stray_orders", "rate_terminated"
"""Why a stop was latched, beside losses, a session that is down for too long, and commands."""


class ReferenceGovernor:
    """Judges by *limits* the orders in *instruments*; *day* is the session (``YYYY-MM-DD``)."""

    capabilities: ClassVar[frozenset[str]] = CAPABILITIES

    checks: ClassVar[tuple[Check, ...]] = CHECKS
    """What every new order and replace is asked, in this order."""

    def __init__(self, limits: Limits, instruments: tuple[Instrument, ...], day: str) -> None:
        self.day = day
        self.warnings: dict[str, int] = {}
        """Approved instructions beyond a soft limit, by check."""
        self._past = Past()
        self._limits = LimitsInForce(limits, instruments, day, self._past.book)
        firm = self._limits.firm
        self._symbols = tuple(instrument.symbol for instrument in instruments)
        self._levels = Levels(self._symbols)
        self._losses = LossWatch(limits.firm)
        self._holds = Holds(self._levels, self._losses, firm.quote_age, firm.session_down)
        self._flattener = Flattener(limits.flatten, self._limits.by_symbol, firm.quote_age)
        self._overrides = Overrides()
        self._parents: dict[int, ParentOrder] = {}
        self._session_was_up = True
        self._pending: tuple[Command, ...] = ()
        """What a decision called for: it is done at the next call that may command."""

    # ---- what may be read

    @property
    def limits_sha(self) -> str:
        """Digest of the limits in force."""
        return self._limits.sha

    @property
    def missing(self) -> tuple[str, ...]:
        """Compulsory limits that are not given; orders that need one are denied."""
        return self._limits.missing

    @property
    def off(self) -> tuple[str, ...]:
        """Other limits that are not given: nothing is held against them."""
        return self._limits.off

    def level(self, scope: str = FIRM) -> Level:
        """The level that an order of *scope* meets now."""
        if scope.startswith(STRATEGY_PREFIX):
            return self._levels.level(FIRM, scope.removeprefix(STRATEGY_PREFIX))
        return self._levels.level(scope)

    def snapshot(self) -> dict[str, Any]:
        """What must survive a restart, in plain JSON types."""
        return written_state(
            day=self.day,
            limits_sha=self.limits_sha,
            limits_order=self._limits.order,
            levels=self._levels.snapshot(),
            peak_micros=self._losses.peak_micros,
            past=self._past,
            overrides=self._overrides,
            known_upto=max(self._past.book.newest_id, self._past.known_upto),
        )

    # ---- life cycle

    def watch(self, source: LimitsSource) -> None:
        """Read the limits from *source* at every timer from now on; call it before anything trades."""
        self._limits.watch(source)

    def restore(self, state: Mapping[str, Any]) -> None:
        """Stand where a :meth:`snapshot` says; call it before anything trades.

        What cannot be read is no reason to run: then the firm stands at L1, latched, for ``state_lost``. A peak and
        counts of another session are left behind, stops are not. Limits older than those of the snapshot are as if
        their source had published them: no new risk until newer ones are read.
        """
        found = read_state(state)
        if found is None:
            self._levels.stop(FIRM, Level.L1, "state_lost", 0)
            return
        self._levels.restore(found.levels)
        self._past.known_upto = found.known_upto
        if found.day == self.day:
            self._losses.peak_micros = found.peak_micros
            self._past.re_entries.update(found.re_entries)
            self._past.rejects.update(found.rejects)
            self._past.book.messages.update(found.messages)
            self._past.book.fills.update(found.fills)
            self._past.book.sliced.update(found.sliced)
            self._overrides.grants.extend(Grant(*each) for each in found.overrides)
        self._limits.not_before(found.limits_order)

    # ---- what is asked and told

    def decide(self, order: Instruction, view: DeskView) -> Decision:
        """Approve or deny; a cancel is always approved."""
        if isinstance(order, CancelOrder):
            self._past.book.touch(order.symbol)
            return APPROVED
        denied = self._denied(order, view)
        if denied is None:
            return APPROVED
        return Decision(False, denied.reason, denied.observed, denied.limit, denied.level, self.limits_sha)

    def on_fill(self, fill: Fill, view: DeskView) -> tuple[Command, ...]:
        """Count the fill, then look at the losses."""
        self._past.on_fill(fill)
        self._flattener.on_fill(fill)
        return self._look(view)

    def on_update(self, update: OrderUpdate, view: DeskView) -> tuple[Command, ...]:
        """Release what is over; stop a strategy whose orders are rejected one after the other, and orders of nobody."""
        strategy, most = self._past.on_update(update), self._limits.firm.rejects.hard
        if strategy and most is not None and self._past.rejects[strategy] >= most:
            self._later(strategy_scope(strategy), Level.L1, REJECTS, view)
        if len(self._past.strays) > self._past.reduces:
            self._later(FIRM, Level.L2, STRAYS, view)
        return self._look(view)

    def on_parent(self, parent: ParentOrder, view: DeskView) -> tuple[Command, ...]:
        """A parent order is worked in slices from now on, or has another size."""
        self._parents[parent.parent_id] = parent
        return ()

    def on_market(self, tick: Tick, view: DeskView) -> tuple[Command, ...]:
        """Look at the losses at the new price, and whether it makes sense."""
        if isinstance(tick, Quote) and (most := self._limits.jumps.get(tick.symbol)) is not None:
            self._past.see(tick, most)
        return self._look(view)

    def on_timer(self, view: DeskView) -> tuple[Command, ...]:
        """Look at limits, losses, session, books and quote ages; send the next slices of a flatten."""
        self._read_limits(view)
        expired = self._overrides.expire(view.now_ns) if self._overrides.grants else ()
        slices = self._flattener.slices(view)
        self._past.reduces += len(slices)
        return self._look(view) + expired + slices

    def on_control(self, control: Control, view: DeskView) -> tuple[Command, ...]:
        """Obey ``pause resume stop flatten override``; going safe is never refused.

        An unknown scope counts as the firm's, an unknown verb as ``pause``, except for resume and override, which then
        do nothing.
        """
        known = self._levels.knows(control.scope)
        scope = control.scope if known else FIRM
        now_ns = view.now_ns
        if control.verb == "override":
            return (*self._look(view), self._overrides.ask(control, now_ns, known=known))
        if control.verb == "resume":
            if known:
                self._resume(scope, control.by, now_ns)
            return self._look(view)
        if control.verb in ("stop", "flatten"):
            level = Level.L3 if control.verb == "flatten" else max(control.level, Level.L1)
            commands = self._stop(scope, level, control.verb, view)
            return self._look(view) + commands
        self._levels.pause(scope, "paused" if control.verb == "pause" else "unknown_control", now_ns)
        return self._look(view)

    # ---- deciding -----------------------------------------------------------------------------------------

    def _denied(self, order: NewOrder | ReplaceOrder, view: DeskView) -> Decision | None:
        """The deny of a new order or replace; None approves it, and counts it."""
        self._past.book.open(view)
        rules, groups = self._limits.rules_of(order)
        refused = malformed(order, rules) or self._refused_id(order)
        if refused is not None or rules is None:
            return refused
        if over := self._past.ask(order, rules, groups, view.now_ns):
            self._later(strategy_scope(order.strategy), Level.L2, TERMINATED, view)
            return deny(TERMINATED, level=over)
        asked = self._ask(order, view, rules, groups)
        if isinstance(asked, Decision):
            return asked
        lifted: list[Grant] = []
        for check in self.checks:
            denied = check(asked)
            if denied is not None and not self._is_lifted(denied, asked, lifted):
                if denied.reason == REPEATED:
                    self._later(strategy_scope(order.strategy), Level.L1, REPEATED, view)
                return denied
        self._approve(asked, lifted)
        return None

    def _refused_id(self, order: NewOrder | ReplaceOrder) -> Decision | None:
        """``duplicate_id``: the same order twice is one order, however often it is asked for."""
        if type(order.order_id) is not int:
            return deny("bad_id")
        known = order.order_id in self._past.book.chains or order.order_id <= self._past.known_upto
        return deny("duplicate_id", order.order_id) if known else None

    def _ask(self, order: NewOrder | ReplaceOrder, view: DeskView, rules: OrderRules, groups: Groups) -> Ask | Decision:
        """The instruction with everything the checks look at; a deny if the order to replace is not there."""
        symbol, side = order.symbol, order.side
        open_qty = added = group_added = order.qty
        same_side, position = view.working(symbol, side), view.position(symbol)
        no_more_open = False
        if isinstance(order, ReplaceOrder):
            old = view.order_left(order.target_id)
            chain = self._past.book.chains.get(order.target_id)
            if old is None or (chain is not None and chain.symbol != symbol):
                return deny("unknown_order")
            if old[0] is not side:
                return deny("bad_side")
            if chain is not None and (chain.strategy, chain.trader) != (order.strategy, order.trader):
                return deny("not_permitted", level=STRATEGY)
            open_qty = max(order.qty - (chain.filled if chain else 0), 0)
            same_side = max(same_side - old[1], 0)
            added = max(open_qty - old[1], 0)
            no_more_open = not added
            group_added = added if chain else open_qty
        reducing = side * position < 0 and same_side + open_qty <= abs(position)
        level, where = self._levels.meets(symbol, order.strategy)
        asked = Ask(
            order=order,
            rules=rules,
            firm=self._limits.firm,
            view=view,
            past=self._past,
            quote=view.quote(symbol),
            limit_micros=order.limit_micros,
            open_qty=open_qty,
            added=added,
            group_added=group_added,
            same_side=same_side,
            position=position,
            increasing=not (reducing or no_more_open),
            level=level,
            level_of=_level_of(where),
            allowance=self._flattener.allowance(symbol, view) if level >= Level.L3 else 0,
            losses=self._losses.losses(view),
            capital_micros=self._limits.capital_micros,
            groups=groups,
            source_fault=self._limits.fault(view.now_ns),
        )
        if self._parents and (parent := self._parents.get(parent_of(asked))) is not None:
            fits = (parent.symbol, parent.side) == (symbol, int(side))
            asked.parent_qty = parent.qty if fits else 0
        return asked

    def _is_lifted(self, denied: Decision, asked: Ask, lifted: list[Grant]) -> bool:
        """Whether two people have let this block be passed."""
        if not self._overrides.grants:
            return False
        order = asked.order
        grant = self._overrides.lifting(denied.reason, order.symbol, order.strategy, asked.view.now_ns)
        if grant is None:
            return False
        lifted.append(grant)
        return True

    def _approve(self, asked: Ask, lifted: list[Grant]) -> None:
        order = asked.order
        self._past.approve(order, asked.rules, asked.groups, asked.added, asked.worst_micros, asked.view)
        for reason in asked.warned:
            self.warnings[reason] = self.warnings.get(reason, 0) + 1
        for grant in lifted:
            self._pending += (self._overrides.use(grant, order.order_id),)

    # ---- limits -------------------------------------------------------------------------------------------

    def _read_limits(self, view: DeskView) -> None:
        """Ask the source, and hold while it says nothing or what may not be judged by."""
        if self._limits.read(view.now_ns):
            document, firm = self._limits.document, self._limits.firm
            self._losses.obey(document.firm)
            self._holds.obey(firm.quote_age, firm.session_down)
            self._flattener.obey(document.flatten, self._limits.by_symbol, firm.quote_age)
        fault = self._limits.fault(view.now_ns)
        for reason in [held for held in self._levels.held() if held.startswith("limits_")]:
            if (fault is None or fault.reason != reason) and view.books_agree:
                self._levels.release(reason)
        if fault is not None:
            self._levels.hold(fault.reason, view.now_ns)

    # ---- holding, stopping --------------------------------------------------------------------------------

    def _look(self, view: DeskView) -> tuple[Command, ...]:
        """Begin and end holds, trip stops; what has changed, as commands."""
        commands, self._pending = self._pending, ()
        beyond = self._holds.look(view)
        if beyond and self._levels.of(FIRM) < Level.L3:  # of several reasons the first latches the stop
            commands += self._stop(FIRM, Level.L3, beyond[0], view)
        up = view.session_up
        if up and not self._session_was_up:  # what a stop cancelled while nobody listened has to be cancelled again
            commands += tuple(CancelAll(scope) for scope in self._levels.scopes if self._levels.of(scope) >= Level.L2)
        self._session_was_up = up
        return self._levels.changes(view.now_ns) + commands

    def _stop(self, scope: str, level: Level, reason: str, view: DeskView) -> tuple[Command, ...]:
        """Latch a stop; what has to be done for it that was not done before."""
        if not self._levels.stop(scope, level, reason, view.now_ns):
            return ()
        if level >= Level.L3:
            self._flattener.begin(self._symbols_of(scope), view)
        return (CancelAll(scope),) if level >= Level.L2 else ()

    def _later(self, scope: str, level: Level, reason: str, view: DeskView) -> None:
        """Latch a stop now, and have done what it calls for at the next call that may command."""
        self._pending += self._stop(scope, level, reason, view)

    def _resume(self, scope: str, by: str, now_ns: int) -> None:
        """A person speaks for the scope: what counts until somebody looks begins anew once the stop is over."""
        if self._levels.resume(scope, by, now_ns):
            self._flattener.end(s for s in self._symbols_of(scope) if self._levels.level(s) < Level.L3)
        for strategy in sorted({*self._past.re_entries, *self._past.rejects}):
            spoken_for = scope in (FIRM, VENUE, strategy_scope(strategy))
            if spoken_for and not self._levels.of(strategy_scope(strategy)):
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


def _level_of(scope: str) -> str:
    """The word for a scope in a deny."""
    if scope in (FIRM, VENUE):
        return FIRM_LEVEL
    return STRATEGY if scope.startswith(STRATEGY_PREFIX) else INSTRUMENT
