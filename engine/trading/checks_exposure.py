"""Checks of what the desk would hold, owe and have lost: new risk only."""

from __future__ import annotations

from math import inf, nan

from engine.base.units import MICROS_PER_USD
from engine.domain.governance import Decision
from engine.domain.orders import NewOrder
from engine.trading.asked import Ask, deny, within
from engine.trading.rules import FIRM_LEVEL


def check_position(ask: Ask) -> Decision | None:
    """``position``: position, everything working on the order's side, and the order, all filled.

    The symbol's, and the strategy's and trader's own; of several that are beyond, the one that is furthest.
    """
    if not ask.increasing:
        return None
    worst = within(ask, "position", ask.worst_shares, ask.rules.position)
    for group, book in ask.groups:
        observed = book.worst(ask.order.symbol, ask.order.side) + ask.group_added
        if not observed <= group.position.quiet and (denied := within(ask, "position", observed, group.position)):
            worst = _tighter(worst, denied)
    return worst


def check_gross_notional(ask: Ask) -> Decision | None:
    """``gross_notional``: over all symbols, the worse side of position and working orders at the mark, in USD."""
    if not ask.increasing:
        return None
    worst = within(ask, "gross_notional", ask.gross() / MICROS_PER_USD, ask.firm.gross_notional)
    for group, book in ask.groups:
        if book.gross is not None:
            order = ask.order
            own = book.gross_with(order.symbol, order.side, ask.group_added, ask.exposures.marks) / MICROS_PER_USD
            if not own <= group.gross.quiet and (denied := within(ask, "gross_notional", own, group.gross)):
                worst = _tighter(worst, denied)
    return worst


def check_open_orders(ask: Ask) -> Decision | None:
    """``open_order_shares`` / ``open_orders`` / ``open_notional``: what may still fill, both sides together."""
    if not ask.increasing:
        return None
    view, firm, order = ask.view, ask.firm, ask.order
    shares = ask.same_side + ask.open_qty + view.working(order.symbol, order.side.opposite)
    if denied := within(ask, "open_order_shares", shares, ask.rules.open_shares):
        return denied
    count = view.open_orders() + isinstance(order, NewOrder)
    if denied := within(ask, "open_orders", count, firm.open_orders):
        return denied
    return within(ask, "open_notional", ask.open() / MICROS_PER_USD, firm.open_notional)


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
    if not ask.increasing:
        return None
    mark = ask.view.mark_micros(ask.order.symbol)
    worth = ask.worst_shares * mark if mark is not None else nan
    return within(ask, "concentration", 100 * worth / ask.capital_micros, ask.rules.concentration)


def check_sector(ask: Ask) -> Decision | None:
    """``sector_concentration``: everything in the symbol's sector, in percent of capital, after the order."""
    limit = ask.firm.sector
    if not ask.increasing or not limit.is_on:
        return None
    return within(ask, "sector_concentration", 100 * ask.sector() / ask.capital_micros, limit)


def check_leverage(ask: Ask) -> Decision | None:
    """``leverage``: gross notional over equity, after the order."""
    if not ask.increasing:
        return None
    equity = ask.view.equity_micros
    return within(ask, "leverage", ask.gross() / equity if equity > 0 else inf, ask.firm.leverage)


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


def _tighter(first: Decision | None, second: Decision) -> Decision:
    """Of two denies the one whose limit leaves the least room; one without numbers wins, then the first."""
    if first is None:
        return second
    return second if _room(second) < _room(first) else first


def _room(denied: Decision) -> float:
    if denied.observed is None or denied.limit is None:
        return float("-inf")
    return denied.limit - denied.observed
