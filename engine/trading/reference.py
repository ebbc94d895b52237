"""The reference governor: checks every instruction, holds and stops the desk, and gives up positions in good order.

It keeps of its own: the levels in force, the highest equity, what it remembers of the session
(:mod:`engine.trading.past`), overrides, and the flatten under way. Everything else it reads from the desk's view.

A stop for a loss can be re-armed by two people like any other, but trips again at once while the loss stands: a
day's loss limit ends the day, and the highest equity is never re-based.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import nan
from typing import Any, ClassVar

from engine.domain.governance import (
    APPROVED,
    FIRM,
    STRATEGY_PREFIX,
    Command,
    Control,
    Decision,
    DeskView,
    Level,
    SoftBreach,
    strategy_scope,
)
from engine.domain.orders import CancelOrder, Fill, Instruction, Instrument, NewOrder, OrderUpdate, ReplaceOrder
from engine.domain.quotes import Quote, Tick
from engine.domain.records import ParentOrder
from engine.trading.asked import Ask, Check, deny
from engine.trading.asking import Asking
from engine.trading.capabilities import CAPABILITIES
from engine.trading.checks import CHECKS, in_force, malformed
from engine.trading.governor_state import read_state, written_state
from engine.trading.limits import Limits
from engine.trading.limits_in_force import LimitsInForce
from engine.trading.limits_source import LimitsSource
from engine.trading.overrides import Grant
from engine.trading.past import Groups, Past
from engine.trading.rules import FirmRules, OrderRules
from engine.trading.stops import Stops

REPEATED, REJECTS, STRAYS, TERMINATED = "repeated_execution", "consecutive_rejects", "stray_orders", "rate_terminated"
"""Why a stop was latched, beside losses, a session that is down for too long, and commands."""


class ReferenceGovernor:
    """Judges by *limits* the orders in *instruments*; *day* is the session (``YYYY-MM-DD``)."""

    capabilities: ClassVar[frozenset[str]] = CAPABILITIES

    checks: ClassVar[tuple[Check, ...]] = CHECKS
    """What every new order and replace is asked, in this order."""

    def __init__(self, limits: Limits, instruments: tuple[Instrument, ...], day: str) -> None:
        self.day = day
        self._past = Past()
        self._limits = LimitsInForce(limits, instruments, day, self._past.book, self._checks_of)
        symbols = tuple(instrument.symbol for instrument in instruments)
        self._stops = Stops(symbols, self._limits, self._past)
        self._levels, self._losses, self._overrides = self._stops.levels, self._stops.losses, self._stops.overrides
        self._asking = Asking(self._limits, self._past, self._levels, self._losses, self._stops.flattener)

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
        self._stops.restored()
        self._past.known_upto = found.known_upto
        if found.day == self.day:
            self._losses.peak_micros = found.peak_micros
            self._past.fallen.update(found.fallen)
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
        answer = self._answer(order, view)
        if isinstance(answer, Decision):
            return Decision(False, answer.reason, answer.observed, answer.limit, answer.level, self.limits_sha)
        return Decision(True, limits_sha=self.limits_sha, soft=tuple(answer)) if answer else APPROVED

    def on_fill(self, fill: Fill, view: DeskView) -> tuple[Command, ...]:
        """Count the fill, then look at the losses."""
        self._past.on_fill(fill)
        self._stops.flattener.on_fill(fill)
        return self._stops.look(view)

    def on_update(self, update: OrderUpdate, view: DeskView) -> tuple[Command, ...]:
        """Release what is over; stop a strategy whose orders are rejected one after the other, and orders of nobody."""
        strategy, most = self._past.on_update(update), self._limits.firm.rejects.hard
        if strategy and most is not None and not self._past.rejects[strategy] < most:
            self._stops.stop_later(strategy_scope(strategy), Level.L1, REJECTS, view)
        if self._past.too_many_strays:
            self._stops.stop_later(FIRM, Level.L2, STRAYS, view)
        return self._stops.look(view)

    def on_parent(self, parent: ParentOrder, view: DeskView) -> tuple[Command, ...]:
        """A parent order is worked in slices from now on, or has another size."""
        self._asking.parents[parent.parent_id] = parent
        return ()

    def on_market(self, tick: Tick, view: DeskView) -> tuple[Command, ...]:
        """Look at the losses at the new price, and whether it makes sense."""
        if isinstance(tick, Quote):
            self._past.on_quote(tick, self._limits.jumps, self._limits.restricted_from_micros)
            self._asking.follow(view)
        return self._stops.look(view)

    def on_timer(self, view: DeskView) -> tuple[Command, ...]:
        """Look at limits, losses, session, books and quote ages; send the next slices of a flatten."""
        if self._stops.read_limits(view):
            self._asking.obey()
        expired = self._overrides.expire(view.now_ns) if self._overrides.grants else ()
        slices = self._stops.slices(view)
        return self._stops.look(view) + expired + slices

    def on_control(self, control: Control, view: DeskView) -> tuple[Command, ...]:
        """Obey ``pause resume stop flatten override``; going safe is never refused."""
        return self._stops.obey(control, view)

    # ---- deciding

    def _answer(self, order: NewOrder | ReplaceOrder, view: DeskView) -> Decision | list[SoftBreach]:
        """The deny of a new order or replace; else it is approved and counted, and this is what it was soft beyond."""
        self._past.book.open(view)
        rules, groups, checks = self._limits.rules_of(order)
        refused = malformed(order, rules) or self._refused_id(order)
        if refused is not None:
            return refused
        assert rules is not None
        if over := self._past.ask(order, rules, groups, view.now_ns):
            self._stops.stop_later(strategy_scope(order.strategy), Level.L2, TERMINATED, view)
            return deny(TERMINATED, level=over)
        asked = self._ask(order, view, rules, groups)
        if isinstance(asked, Decision):
            return asked
        lifted: list[Grant] = []
        for check in checks:
            denied = check(asked)
            if denied is not None and not self._is_lifted(denied, asked, lifted):
                if denied.reason == REPEATED:
                    self._stops.stop_later(strategy_scope(order.strategy), Level.L1, REPEATED, view)
                return denied
        self._approve(asked, lifted)
        return asked.soft

    def _checks_of(self, rules: OrderRules, firm: FirmRules) -> tuple[Check, ...]:
        """The checks that have something to look at by these rules: the others are left out once and for all."""
        return in_force(self.checks, rules, firm)

    def _refused_id(self, order: NewOrder | ReplaceOrder) -> Decision | None:
        """``duplicate_id``: the same order twice is one order, however often it is asked for."""
        if type(order.order_id) is not int:
            return deny("bad_id")
        known = order.order_id in self._past.book.chains or order.order_id <= self._past.known_upto
        return deny("duplicate_id", order.order_id) if known else None

    def _ask(self, order: NewOrder | ReplaceOrder, view: DeskView, rules: OrderRules, groups: Groups) -> Ask | Decision:
        """The instruction with everything the checks look at; a deny if the order to replace is not there."""
        return self._asking.ask(order, view, rules, groups)

    def _is_lifted(self, denied: Decision, asked: Ask, lifted: list[Grant]) -> bool:
        """Whether two people have let this block be passed."""
        if not self._overrides.grants:
            return False
        order = asked.order
        grant = self._overrides.lifting(denied.reason, order.symbol, order.strategy, asked.now_ns)
        if grant is None:
            return False
        lifted.append(grant)
        return True

    def _approve(self, asked: Ask, lifted: list[Grant]) -> None:
        worst = asked.worst_micros if asked.worst_micros is not None else nan
        self._past.approve(asked.order, asked.rules, asked.groups, asked.added, worst, asked.view)
        for grant in lifted:
            self._stops.later(self._overrides.use(grant, asked.order.order_id))
