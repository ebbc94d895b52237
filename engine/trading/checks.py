"""The reference governor's checks: one small pure function each, asked in the order of :data:`CHECKS`; first deny wins.

A value at a limit passes, beyond it denies; a loss denies from its step on. Comparisons are written so that NaN denies.
Size, notional, collar and rate are needed for every new order and replace; position, gross notional, quote age and the
losses for instructions that may increase exposure. A limit that is needed and missing denies (``limit_missing``).

Exposure may increase unless the order is *reducing*: on the opposite side of the position, and together with everything
working on that side not larger than the position. A replace is also harmless when it leaves no more shares open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import isfinite

from engine.base.units import MICROS_PER_USD, NS_PER_MS
from engine.domain.governance import Decision, DeskView, Level
from engine.domain.orders import NewOrder, OrderKind, ReplaceOrder, Side, TimeInForce
from engine.domain.quotes import Quote
from engine.trading.limits import Bound
from engine.trading.loss import Loss
from engine.trading.rules import FirmRules, SymbolRules

INSTRUMENT, FIRM_LEVEL = "instrument", "firm"


@dataclass(slots=True)
class Ask:
    """One well-formed instruction with everything that the checks look at. Shares, micro-dollars, nanoseconds."""

    order: NewOrder | ReplaceOrder
    rules: SymbolRules
    firm: FirmRules
    view: DeskView
    quote: Quote | None
    limit_micros: int | None
    open_qty: int
    """Shares that would be open: the order's, less what a replaced order has already filled."""
    same_side: int
    """Shares working on the order's side, without the order it replaces."""
    position: int
    increasing: bool
    level: Level
    level_of: str
    """Whose level that is: ``firm`` or ``instrument``."""
    allowance: int
    """Shares that an orderly flatten in force would let go now."""
    recent_orders: int
    losses: tuple[Loss, ...]
    warned: list[str] = field(default_factory=list)
    """Soft limits that the order is beyond."""


Check = Callable[[Ask], Decision | None]


def deny(reason: str, observed: float | None = None, limit: float | None = None, level: str = INSTRUMENT) -> Decision:
    """A deny; numbers that are not finite are left out, the reason stands for them."""
    seen = float(observed) if observed is not None and isfinite(observed) else None
    return Decision(False, reason, seen, limit if limit is None or isfinite(limit) else None, level)


def malformed(order: NewOrder | ReplaceOrder, rules: SymbolRules | None) -> Decision | None:
    """Known symbol, a side, whole shares and lots above 0, a price above 0 on the grid exactly when it is a limit."""
    if rules is None:
        return deny("unknown_symbol")
    if type(order.side) is not Side:
        return deny("bad_side")
    lot = rules.instrument.lot
    if type(order.qty) is not int or order.qty <= 0 or order.qty % lot:
        return deny("bad_qty", _number(order.qty), lot)
    price = order.limit_micros
    if isinstance(order, NewOrder) and order.kind is OrderKind.MARKET:
        return None if price is None else deny("bad_price", _usd(price))
    if type(price) is not int or not rules.instrument.on_grid(price):
        return deny("bad_price", _usd(price), rules.instrument.tick_micros / MICROS_PER_USD)
    return None


def check_level(ask: Ask) -> Decision | None:
    """``held`` / ``stopped``: no new risk during a hold or stop."""
    if ask.level is Level.RUNNING or not ask.increasing:
        return None
    return deny("held" if ask.level is Level.HOLD else "stopped", ask.level, None, ask.level_of)


def check_flattening(ask: Ask) -> Decision | None:
    """``flattening``: from L3 on the strategy may reduce only as a slice does: at once, and within the allowance."""
    if ask.level < Level.L3:
        return None
    order = ask.order
    at_once = isinstance(order, NewOrder) and (order.tif is TimeInForce.IOC or order.kind is OrderKind.MARKET)
    if at_once and order.qty <= ask.allowance:
        return None
    return deny("flattening", order.qty, ask.allowance, ask.level_of)


def check_quote(ask: Ask) -> Decision | None:
    """``no_quote`` / ``stale_quote``: new risk needs a fresh two-sided quote, a market order always a price to meet."""
    quote = ask.quote
    if ask.limit_micros is None and (quote is None or not quote.touch_micros(ask.order.side)):
        return deny("no_quote")
    if not ask.increasing:
        return None
    if quote is None or not quote.two_sided:
        return deny("no_quote")
    age_ms = (ask.view.now_ns - quote.t_ns) / NS_PER_MS
    return _within(ask, "stale_quote", age_ms, ask.firm.quote_age, FIRM_LEVEL)


def check_order_qty(ask: Ask) -> Decision | None:
    """``order_qty``: the size of one order, in shares."""
    return _within(ask, "order_qty", ask.order.qty, ask.rules.order_qty, INSTRUMENT)


def check_order_notional(ask: Ask) -> Decision | None:
    """``order_notional``: the most the order may come to, in USD.

    A limit buy its limit, a limit sell the better of limit and bid; a market buy the ask plus the collar, a market sell
    the bid.
    """
    worst = worst_micros(ask)
    if worst is None:
        return deny("limit_missing")
    return _within(ask, "order_notional", ask.order.qty * worst / MICROS_PER_USD, ask.rules.order_notional, INSTRUMENT)


def worst_micros(ask: Ask) -> float | None:
    """The highest price the order may trade at; None if the collar that says so is missing."""
    touch = ask.quote.touch_micros(ask.order.side) if ask.quote else 0
    buys = ask.order.side is Side.BUY
    if ask.limit_micros is not None:
        return ask.limit_micros if buys else max(ask.limit_micros, touch)
    if not buys:
        return touch
    collar = ask.rules.collar.hard
    return None if collar is None else touch * (1 + collar / 100)


def check_price_collar(ask: Ask) -> Decision | None:
    """``price_collar``: distance of limit (market order: touch) from the last two-sided mid, in percent of it.

    Without any mid yet only a reducing limit order gets here; it is held against the instrument's first price.
    """
    symbol = ask.rules.instrument.symbol
    reference = ask.view.mark_micros(symbol)
    if reference is None:
        if ask.increasing:
            return deny("no_quote")
        reference = ask.rules.instrument.price_micros
    price = ask.limit_micros
    if price is None:
        price = ask.quote.touch_micros(ask.order.side) if ask.quote else 0
    away_pct = 100 * abs(price - reference) / reference if reference > 0 else float("nan")
    return _within(ask, "price_collar", away_pct, ask.rules.collar, INSTRUMENT)


def check_position(ask: Ask) -> Decision | None:
    """``position``: position, everything working on the order's side, and the order, all filled."""
    if not ask.increasing:
        return None
    worst = ask.order.side * ask.position + ask.same_side + ask.open_qty
    return _within(ask, "position", worst, ask.rules.position, INSTRUMENT)


def check_gross_notional(ask: Ask) -> Decision | None:
    """``gross_notional``: over all symbols, the worse side of position and working orders at the mark, in USD."""
    if not ask.increasing:
        return None
    view = ask.view
    gross = 0.0
    for symbol in view.symbols():
        position, buys, sells = view.position(symbol), view.working(symbol, Side.BUY), view.working(symbol, Side.SELL)
        if symbol == ask.rules.instrument.symbol:
            with_order = ask.same_side + ask.open_qty
            buys, sells = (with_order, sells) if ask.order.side is Side.BUY else (buys, with_order)
        shares = max(abs(position + buys), abs(position - sells))
        if shares:
            mark = view.mark_micros(symbol)
            gross += shares * mark if mark is not None else float("nan")
    return _within(ask, "gross_notional", gross / MICROS_PER_USD, ask.firm.gross_notional, FIRM_LEVEL)


def check_order_rate(ask: Ask) -> Decision | None:
    """``order_rate``: approved new orders and replaces in the last second, this one included; cancels are exempt."""
    return _within(ask, "order_rate", ask.recent_orders + 1, ask.firm.order_rate, FIRM_LEVEL)


def check_losses(ask: Ask) -> Decision | None:
    """``daily_loss`` / ``drawdown``: no new risk from the first step of a loss on, announced as a hold or not."""
    if not ask.increasing:
        return None
    for loss in ask.losses:
        limit = loss.first_limit
        if limit is None:
            return deny("limit_missing", level=FIRM_LEVEL)
        if not loss.amount < limit:
            return deny(loss.name, loss.amount, limit, FIRM_LEVEL)
    return None


CHECKS: tuple[Check, ...] = (
    check_level,
    check_flattening,
    check_quote,
    check_order_qty,
    check_order_notional,
    check_price_collar,
    check_position,
    check_gross_notional,
    check_order_rate,
    check_losses,
)
"""After :func:`malformed`, in this order."""


def _within(ask: Ask, reason: str, observed: float, bound: Bound, level: str) -> Decision | None:
    hard = bound.hard
    if hard is None:
        return deny("limit_missing", level=level)
    if not observed <= hard:
        return deny(reason, observed, hard, level)
    if bound.soft is not None and observed > bound.soft:
        ask.warned.append(reason)
    return None


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _usd(value: object) -> float | None:
    number = _number(value)
    return None if number is None else number / MICROS_PER_USD
