"""Checks of how much is sent: rates, orders for each trade, and entries that nobody has looked at."""

from __future__ import annotations

from engine.domain.governance import Decision
from engine.trading.asked import Ask, deny, within
from engine.trading.checks_exposure import is_on

RATIO_FROM = 1_000
"""Messages of a symbol in a session from which orders for each trade count: before, the ratio is one of chance."""


def check_order_rate(ask: Ask) -> Decision | None:
    """``order_rate``: approved new orders and replaces in the last second, this one included; cancels are exempt.

    Of everything the desk sends, of the symbol, of the strategy and of the trader.
    """
    now_ns, past = ask.view.now_ns, ask.past
    if denied := within(ask, "order_rate", past.approved.count(now_ns) + 1, ask.firm.order_rate):
        return denied
    rate = ask.rules.rate
    if is_on(rate) and (denied := within(ask, "order_rate", past.approved_in(ask.order.symbol, now_ns) + 1, rate)):
        return denied
    for group, book in ask.groups:
        if is_on(group.rate) and (denied := within(ask, "order_rate", book.approved.count(now_ns) + 1, group.rate)):
            return denied
    return None


def check_order_to_trade(ask: Ask) -> Decision | None:
    """``order_to_trade``: messages of the session for each fill; a desk that never trades counts as one fill."""
    limit = ask.rules.order_to_trade
    if not ask.increasing or not is_on(limit):
        return None
    symbol, book = ask.order.symbol, ask.past.book
    messages = book.messages.get(symbol, 0) + 1
    if messages < RATIO_FROM:
        return None
    return within(ask, "order_to_trade", messages / max(book.fills.get(symbol, 0), 1), limit)


def check_repeated(ask: Ask) -> Decision | None:
    """``repeated_execution``: how often a strategy entered again after a fill since a person last spoke for it."""
    limit = ask.firm.repeated
    if limit.hard is None:
        return deny("limit_missing", level=limit.level) if ask.increasing else None
    if not ask.increasing or not ask.past.enters_again(ask.order):
        return None
    return within(ask, "repeated_execution", ask.past.re_entries.get(ask.order.strategy, 0) + 1, limit)
