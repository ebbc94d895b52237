"""Checks of how much is sent: rates, orders for each trade, and entries that nobody has looked at."""

from __future__ import annotations

from engine.domain.governance import Decision
from engine.trading.asked import Ask, deny, within
from engine.trading.rules import Limit
from engine.trading.windows import CountWindow

RATIO_FROM = 1_000
"""Messages of a symbol in a session from which orders for each trade count: before, the ratio is one of chance."""


def check_order_rate(ask: Ask) -> Decision | None:
    """``order_rate``: approved new orders and replaces in the last second, this one included; cancels are exempt.

    Of everything the desk sends, of the symbol, of the strategy and of the trader.
    """
    past = ask.past
    if denied := _rate(ask, past.approved, ask.firm.order_rate):
        return denied
    if denied := _rate(ask, past.approved_in(ask.order.symbol), ask.rules.rate):
        return denied
    for group, book in ask.groups:
        if denied := _rate(ask, book.approved, group.rate):
            return denied
    return None


def _rate(ask: Ask, approved: CountWindow, limit: Limit) -> Decision | None:
    if len(approved.times) + 1 <= limit.quiet:
        return None  # what has left the window need not be looked for
    return within(ask, "order_rate", approved.count(ask.now_ns) + 1, limit)


def check_order_to_trade(ask: Ask) -> Decision | None:
    """``order_to_trade``: messages of the session for each fill; a desk that never trades counts as one fill."""
    if not ask.increasing:
        return None
    symbol, book = ask.order.symbol, ask.past.book
    messages = book.messages.get(symbol, 0) + 1
    if messages < RATIO_FROM:
        return None
    return within(ask, "order_to_trade", messages / max(book.fills.get(symbol, 0), 1), ask.rules.order_to_trade)


def check_repeated(ask: Ask) -> Decision | None:
    """``repeated_execution``: how often a strategy entered again after a fill since a person last spoke for it."""
    limit = ask.firm.repeated
    if limit.hard is None:
        return deny("limit_missing", level=limit.level) if ask.increasing else None
    if not ask.increasing or not ask.past.enters_again(ask.order):
        return None
    return within(ask, "repeated_execution", ask.past.re_entries.get(ask.order.strategy, 0) + 1, limit)
