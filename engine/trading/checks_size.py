"""Checks of one order: its size, value and price, and orders that together are what one may not be."""

from __future__ import annotations

from engine.base.units import MICROS_PER_USD
from engine.domain.governance import Decision
from engine.domain.orders import BUY
from engine.trading.asked import Ask, deny, within
from engine.trading.rules import INSTRUMENT


def check_order_qty(ask: Ask) -> Decision | None:
    """``order_qty``: the size of one order, in shares."""
    return within(ask, "order_qty", ask.order.qty, ask.rules.order_qty)


def check_order_notional(ask: Ask) -> Decision | None:
    """``order_notional``: the most the order may come to, in USD.

    A limit buy its limit, a limit sell the better of limit and bid; a market buy the ask plus the collar, a market sell
    the bid.
    """
    worst = worst_micros(ask)
    if worst is None:
        return deny("limit_missing")
    ask.worst_micros = worst
    return within(ask, "order_notional", ask.order.qty * worst / MICROS_PER_USD, ask.rules.order_notional)


def worst_micros(ask: Ask) -> float | None:
    """The highest price the order may trade at; None if the collar that says so is missing."""
    touch = ask.quote.touch_micros(ask.order.side) if ask.quote else 0
    buys = ask.order.side is BUY
    if ask.limit_micros is not None:
        return ask.limit_micros if buys else max(ask.limit_micros, touch)
    if not buys:
        return touch
    collar = ask.rules.collar.hard
    return None if collar is None else touch * (1 + collar / 100)


def check_slicing(ask: Ask) -> Decision | None:
    """``slicing``: within a short time the orders of one side together are held against the limits of one order."""
    window_ns = ask.rules.slicing_ns
    if window_ns is None:
        return deny("limit_missing")
    qty, micros = ask.past.slices(ask.order.symbol, ask.order.side, ask.now_ns, window_ns)
    if not qty or not ask.added:
        return None  # alone it was looked at already
    price = ask.worst_micros if ask.worst_micros is not None else worst_micros(ask)
    if price is None:
        return deny("limit_missing")
    notional = (micros + ask.added * price) / MICROS_PER_USD
    for observed, limit in ((qty + ask.added, ask.rules.order_qty), (notional, ask.rules.order_notional)):
        if limit.hard is not None and not observed <= limit.hard:
            return deny("slicing", observed, limit.hard, limit.level)
    return None


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
    return within(ask, "price_collar", away_pct, ask.rules.collar)


def check_duplicates(ask: Ask) -> Decision | None:
    """``duplicate_order``: orders that differ in nothing but their id, this one included, in a short time."""
    limit = ask.rules.duplicates
    if limit.hard is None:
        return deny("limit_missing")
    alike = ask.past.duplicates(ask.order, ask.now_ns, limit.window_ns)
    return within(ask, "duplicate_order", alike + 1, limit)


def check_parent(ask: Ask) -> Decision | None:
    """``unknown_parent`` / ``child_qty``: what was approved of a parent order and has not died is no more than it."""
    parent_id = parent_of(ask)
    if not parent_id:
        return None
    if not ask.parent_qty:
        return deny("unknown_parent")
    children = ask.past.book.sliced.get(parent_id, 0) + ask.added
    return None if children <= ask.parent_qty else deny("child_qty", children, ask.parent_qty, INSTRUMENT)


def parent_of(ask: Ask) -> int:
    """The parent that the order is a slice of; a replace is one of the same parent as what it replaces."""
    named: int = getattr(ask.order, "parent_id", 0)
    if named:
        return named
    chain = ask.past.book.chains.get(getattr(ask.order, "target_id", 0))
    return chain.parent_id if chain else 0
