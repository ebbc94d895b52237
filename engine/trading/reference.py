"""The reference governor: checks every instruction, holds and stops the desk, and gives up positions in good order.

It keeps four things of its own: the levels in force, the highest equity, the approvals of the last second, and the
flatten under way. Everything else it reads from the desk's view.

A stop for a loss can be re-armed by two people like any other, but trips again at once while the loss stands: a
day's loss limit ends the day, and the highest equity is never re-based.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import ClassVar

from engine.base.units import NS_PER_S
from engine.domain.governance import APPROVED, FIRM, CancelAll, Command, Control, Decision, DeskView, Level
from engine.domain.orders import CancelOrder, Fill, Instruction, Instrument, NewOrder, ReplaceOrder
from engine.domain.quotes import Tick
from engine.trading.checks import CHECKS, FIRM_LEVEL, INSTRUMENT, Ask, Check, deny, malformed
from engine.trading.flatten import Flattener
from engine.trading.holds import Holds
from engine.trading.levels import Levels
from engine.trading.limits import Limits
from engine.trading.loss import LossWatch
from engine.trading.rules import firm_rules, missing_limits, symbol_rules

RATE_WINDOW_NS = NS_PER_S
"""Approvals of [t, t + this) count together; one that is exactly this old has left the window."""


@dataclass(slots=True)
class _Chain:
    """An order and everything it was replaced by: one quantity that fills add up against."""

    symbol: str
    filled: int = 0


class ReferenceGovernor:
    """Judges by *limits* the orders in *instruments*; *day* is the session (``YYYY-MM-DD``)."""

    capabilities: ClassVar[frozenset[str]] = frozenset(
        {
            "malformed",
            "order_qty",
            "order_notional",
            "price_collar",
            "position",
            "gross_notional",
            "order_rate",
            "stale_quote",
            "daily_loss",
            "drawdown",
            "hold",
            "stop",
            "cancel_all",
            "flatten",
        }
    )

    checks: ClassVar[tuple[Check, ...]] = CHECKS
    """What every new order and replace is asked, in this order."""

    def __init__(self, limits: Limits, instruments: tuple[Instrument, ...], day: str) -> None:
        self.day = day
        self.missing = missing_limits(limits, instruments)
        """Limits that are not given; orders that need one are denied."""
        self.warnings: dict[str, int] = {}
        """Approved instructions beyond a soft limit, by check."""
        self._rules = {i.symbol: symbol_rules(i, limits.instrument.get(i.symbol)) for i in instruments}
        self._firm = firm_rules(limits.firm)
        self._levels = Levels(tuple(self._rules))
        self._losses = LossWatch(limits.firm)
        self._holds = Holds(self._levels, self._losses, self._firm.quote_age, self._firm.session_down)
        self._flattener = Flattener(limits.flatten, self._rules, self._firm.quote_age)
        self._approvals: deque[int] = deque()
        self._chains: dict[int, _Chain] = {}
        self._session_was_up = True

    def level(self, scope: str = FIRM) -> Level:
        """The level that an order of *scope* meets now."""
        return self._levels.level(scope)

    def decide(self, order: Instruction, view: DeskView) -> Decision:
        """Approve or deny; a cancel is always approved."""
        if isinstance(order, CancelOrder):
            return APPROVED
        rules = self._rules.get(order.symbol) if isinstance(order.symbol, str) else None
        asked = malformed(order, rules) or self._ask(order, view)
        if isinstance(asked, Decision):
            return asked
        for check in self.checks:
            denied = check(asked)
            if denied is not None:
                return denied
        self._approve(asked)
        return APPROVED

    def on_fill(self, fill: Fill, view: DeskView) -> tuple[Command, ...]:
        """Count the fill, then look at the losses."""
        chain = self._chains.get(fill.order_id)
        if chain:
            chain.filled += fill.qty
        self._flattener.on_fill(fill)
        return self._look(view)

    def on_market(self, tick: Tick, view: DeskView) -> tuple[Command, ...]:
        """Look at the losses at the new price."""
        return self._look(view)

    def on_timer(self, view: DeskView) -> tuple[Command, ...]:
        """Look at losses, session, books and quote ages; send the next slices of a flatten."""
        return self._look(view) + self._flattener.slices(view)

    def on_control(self, control: Control, view: DeskView) -> tuple[Command, ...]:
        """Obey ``pause resume stop flatten``; going safe is never refused.

        An unknown scope counts as the firm's, an unknown verb as ``pause``, except for resume, which then does nothing.
        """
        scope = control.scope if control.scope in self._levels.scopes else FIRM
        now_ns = view.now_ns
        if control.verb == "resume":
            if control.scope in self._levels.scopes and self._levels.resume(scope, control.by, now_ns):
                self._end_flatten(scope)
            return self._look(view)
        if control.verb in ("stop", "flatten"):
            level = Level.L3 if control.verb == "flatten" else max(control.level, Level.L1)
            commands = self._stop(scope, level, control.verb, view)
            return self._look(view) + commands
        self._levels.pause(scope, "paused" if control.verb == "pause" else "unknown_control", now_ns)
        return self._look(view)

    # ---- deciding -----------------------------------------------------------------------------------------

    def _ask(self, order: NewOrder | ReplaceOrder, view: DeskView) -> Ask | Decision:
        """The instruction with everything the checks look at; a deny if the order to replace is not there."""
        symbol, side = order.symbol, order.side
        open_qty, same_side = order.qty, view.working(symbol, side)
        position = view.position(symbol)
        no_more_open = False
        if isinstance(order, ReplaceOrder):
            old = view.order_left(order.target_id)
            chain = self._chains.get(order.target_id)
            if old is None or (chain is not None and chain.symbol != symbol):
                return deny("unknown_order")
            if old[0] is not side:
                return deny("bad_side")
            open_qty = max(order.qty - (chain.filled if chain else 0), 0)
            same_side = max(same_side - old[1], 0)
            no_more_open = open_qty <= old[1]
        reducing = side * position < 0 and same_side + open_qty <= abs(position)
        level = self._levels.level(symbol)
        return Ask(
            order=order,
            rules=self._rules[symbol],
            firm=self._firm,
            view=view,
            quote=view.quote(symbol),
            limit_micros=order.limit_micros,
            open_qty=open_qty,
            same_side=same_side,
            position=position,
            increasing=not (reducing or no_more_open),
            level=level,
            level_of=FIRM_LEVEL if level is self._levels.of(FIRM) else INSTRUMENT,
            allowance=self._flattener.allowance(symbol, view) if level >= Level.L3 else 0,
            recent_orders=self._recent(view.now_ns),
            losses=self._losses.losses(view),
        )

    def _recent(self, now_ns: int) -> int:
        approvals = self._approvals
        while approvals and approvals[0] <= now_ns - RATE_WINDOW_NS:
            approvals.popleft()
        return len(approvals)

    def _approve(self, ask: Ask) -> None:
        order = ask.order
        self._approvals.append(ask.view.now_ns)
        chain = self._chains.get(order.target_id) if isinstance(order, ReplaceOrder) else None
        self._chains[order.order_id] = chain or _Chain(order.symbol)
        for reason in ask.warned:
            self.warnings[reason] = self.warnings.get(reason, 0) + 1

    # ---- holding, stopping --------------------------------------------------------------------------------

    def _look(self, view: DeskView) -> tuple[Command, ...]:
        """Begin and end holds, trip stops; what has changed, as commands."""
        commands: tuple[Command, ...] = ()
        beyond = self._holds.look(view)
        if beyond and self._levels.of(FIRM) < Level.L3:  # of several reasons the first latches the stop
            commands = self._stop(FIRM, Level.L3, beyond[0], view)
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

    def _end_flatten(self, scope: str) -> None:
        """Stop flattening what no stop covers any more."""
        self._flattener.end(s for s in self._symbols_of(scope) if self._levels.level(s) < Level.L3)

    def _symbols_of(self, scope: str) -> tuple[str, ...]:
        return tuple(self._rules) if scope == FIRM else (scope,)
