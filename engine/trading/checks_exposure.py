"""Checks of what the desk would hold, owe and have lost: new risk only."""

from __future__ import annotations

from engine.base.units import MICROS_PER_USD
from engine.domain.governance import Decision
from engine.domain.orders import NewOrder, Side
from engine.trading.asked import Ask, deny, within
from engine.trading.own_book import GroupBook
from engine.trading.rules import FIRM_LEVEL, Limit


def check_position(ask: Ask) -> Decision | None:
    """``position``: position, everything working on the order's side, and the order, all filled.

    The symbol's, and the strategy's and trader's own; of several that are beyond, the one that is furthest.
    """
    if not ask.increasing:
        return None
    worst = within(ask, "position", ask.worst_shares, ask.rules.position)
    for group, book in ask.groups:
        observed = book.worst(ask.order.symbol, ask.order.side) + ask.group_added
        worst = _tighter(worst, within(ask, "position", observed, group.position))
    return worst


def check_gross_notional(ask: Ask) -> Decision | None:
    """``gross_notional``: over all symbols, the worse side of position and working orders at the mark, in USD."""
    if not ask.increasing:
        return None
    worst = within(ask, "gross_notional", ask.gross() / MICROS_PER_USD, ask.firm.gross_notional)
    for group, book in ask.groups:
        if is_on(group.gross):
            own = _group_gross(ask, book) / MICROS_PER_USD
            worst = _tighter(worst, within(ask, "gross_notional", own, group.gross))
    return worst


def check_open_orders(ask: Ask) -> Decision | None:
    """``open_order_shares`` / ``open_orders`` / ``open_notional``: what may still fill, both sides together."""
    if not ask.increasing:
        return None
    view, firm, order = ask.view, ask.firm, ask.order
    if is_on(ask.rules.open_shares):
        shares = ask.same_side + ask.open_qty + view.working(order.symbol, order.side.opposite)
        if denied := within(ask, "open_order_shares", shares, ask.rules.open_shares):
            return denied
    if is_on(firm.open_orders):
        count = view.open_orders() + isinstance(order, NewOrder)
        if denied := within(ask, "open_orders", count, firm.open_orders):
            return denied
    if not is_on(firm.open_notional):
        return None
    ask.gross()  # which looks at what may still fill on the way
    return within(ask, "open_notional", ask.open_micros / MICROS_PER_USD, firm.open_notional)


def check_buying_power(ask: Ask) -> Decision | None:
    """``buying_power``: equity must cover the margin of all that is held and working, until a cancel is answered."""
    margin = ask.firm.margin
    if margin is None or not ask.increasing:
        return None
    needed, equity = ask.gross() * margin, ask.view.equity_micros
    if needed <= equity:
        return None
    return deny("buying_power", needed / MICROS_PER_USD, equity / MICROS_PER_USD, FIRM_LEVEL)


def check_concentration(ask: Ask) -> Decision | None:
    """``concentration``: the symbol's worse side at the mark, in percent of capital, after the order."""
    limit = ask.rules.concentration
    if not ask.increasing or not is_on(limit):
        return None
    worth = ask.worst_shares * _mark(ask, ask.order.symbol)
    return within(ask, "concentration", 100 * worth / ask.capital_micros, limit)


def check_leverage(ask: Ask) -> Decision | None:
    """``leverage``: gross notional over equity, after the order."""
    limit = ask.firm.leverage
    if not ask.increasing or not is_on(limit):
        return None
    equity = ask.view.equity_micros
    return within(ask, "leverage", ask.gross() / equity if equity > 0 else float("inf"), limit)


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


def is_on(limit: Limit) -> bool:
    """Whether a limit that is not compulsory says anything."""
    return limit.hard is not None or limit.soft is not None


def _tighter(first: Decision | None, second: Decision | None) -> Decision | None:
    """Of two denies the one whose limit leaves the least room; one without numbers wins, then the first."""
    if first is None or second is None:
        return first or second
    return second if _room(second) < _room(first) else first


def _room(denied: Decision) -> float:
    if denied.observed is None or denied.limit is None:
        return float("-inf")
    return denied.limit - denied.observed


def _group_gross(ask: Ask, book: GroupBook) -> float:
    order, added, micros = ask.order, ask.group_added, 0.0
    book.of(order.symbol)  # so that it is among them
    for symbol, (position, buys, sells) in book.held.items():
        if symbol == order.symbol:
            buys, sells = (buys + added, sells) if order.side is Side.BUY else (buys, sells + added)
        if shares := max(abs(position + buys), abs(position - sells)):
            micros += shares * _mark(ask, symbol)
    return micros


def _mark(ask: Ask, symbol: str) -> float:
    mark = ask.view.mark_micros(symbol)
    return mark if mark is not None else float("nan")
