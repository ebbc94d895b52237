"""A governor of one page: limits, a hold for losses and silence, and a kill switch. Copy it and make it yours."""

from __future__ import annotations

from collections import deque

from engine.domain.governance import APPROVED, FIRM, CancelAll, Command, Control, Decision, DeskView, Level, SetState
from engine.domain.orders import CancelOrder, Fill, Instruction, Instrument, ReplaceOrder, Side
from engine.domain.quotes import Tick
from engine.trading.limits import Limits


class Careful:
    """Keeps the limits of the document, and holds at *loss_share* of the first step of the day's loss."""

    capabilities = frozenset({"order_qty", "order_notional", "price_collar", "position", "order_rate", "hold", "stop"})

    def __init__(self, limits: Limits, instruments: tuple[Instrument, ...], loss_share: float = 1.0) -> None:
        self.limits, self.loss_share = limits, loss_share
        self.approved: deque[int] = deque()
        self.level, self.latched = Level.RUNNING, False

    def decide(self, order: Instruction, view: DeskView) -> Decision:
        """Deny at the first limit that the order is beyond; a missing limit denies too."""
        if isinstance(order, CancelOrder):
            return APPROVED
        quote, mark, own = (
            view.quote(order.symbol),
            view.mark_micros(order.symbol),
            self.limits.instrument[order.symbol],
        )
        if quote is None or not mark:
            return Decision(False, "no_quote", level="instrument")
        old = view.order_left(order.target_id) if isinstance(order, ReplaceOrder) else None
        position = view.position(order.symbol)
        working = view.working(order.symbol, order.side) - (old[1] if old else 0) + order.qty
        increasing = order.side * position >= 0 or working > abs(position)
        if increasing and self.level:
            return Decision(False, "held" if self.level is Level.HOLD else "stopped", self.level, level="firm")
        while self.approved and self.approved[0] <= view.now_ns - 1_000_000_000:
            self.approved.popleft()
        price, firm = order.limit_micros or quote.touch_micros(order.side), self.limits.firm
        worst = max(price, quote.touch_micros(order.side)) if order.side is Side.SELL else price
        for reason, seen, bound, level in (
            ("order_qty", order.qty, own.order_qty_shares, "instrument"),
            ("order_notional", order.qty * worst / 1e6, own.order_notional_usd, "instrument"),
            ("price_collar", 100 * abs(price / mark - 1), own.price_collar_pct, "instrument"),
            ("order_rate", len(self.approved) + 1, firm.order_rate_per_s, "firm"),
            ("stale_quote", (view.now_ns - quote.t_ns) / 1e6 if increasing else 0, firm.quote_age_ms, "firm"),
            ("position", order.side * position + working if increasing else 0, own.position_shares, "instrument"),
        ):
            if bound is None or bound.hard is None:
                return Decision(False, "limit_missing", level=level)
            if not seen <= bound.hard:
                return Decision(False, reason, seen, bound.hard, level)
        self.approved.append(view.now_ns)
        return APPROVED

    def on_timer(self, view: DeskView) -> tuple[Command, ...]:
        """Hold while the session is down or the day's loss is beyond its first step; a stop stays."""
        loss, bound = (view.start_equity_micros - view.equity_micros) / 1e6, self.limits.firm.daily_loss_usd
        sound = (
            view.session_up and view.books_agree and bound is not None and loss < (bound.soft or 0) * self.loss_share
        )
        wanted = self.level if self.latched else Level.RUNNING if sound else Level.HOLD
        if wanted is self.level:
            return ()
        self.level = wanted
        return (SetState(FIRM, wanted, "released" if sound else "daily_loss_soft", view.now_ns),)

    def on_control(self, control: Control, view: DeskView) -> tuple[Command, ...]:
        """Whatever a person commands but ``resume`` stops everything, for good: this governor has no re-arming."""
        if control.verb == "resume":
            return ()
        self.level, self.latched = max(self.level, control.level, Level.L1), True
        return (SetState(FIRM, self.level, control.verb, view.now_ns), CancelAll(FIRM))

    def on_fill(self, fill: Fill, view: DeskView) -> tuple[Command, ...]:
        """Fills show in the view."""
        return ()

    def on_market(self, tick: Tick, view: DeskView) -> tuple[Command, ...]:
        """Prices show in the view, and the timer is soon enough."""
        return ()
