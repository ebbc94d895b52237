"""Checks of what the order would meet: the quote, what a second source says of it, and the desk's own orders."""

from __future__ import annotations

from engine.base.units import MICROS_PER_USD, NS_PER_MS
from engine.domain.governance import Decision
from engine.domain.orders import BUY
from engine.trading.asked import Ask, deny, within
from engine.trading.rules import FIRM_LEVEL


def check_quote(ask: Ask) -> Decision | None:
    """``no_quote`` / ``stale_quote``: new risk needs a fresh two-sided quote, a market order always a price to meet."""
    quote = ask.quote
    if ask.limit_micros is None and (quote is None or not quote.touch_micros(ask.order.side)):
        return deny("no_quote")
    if not ask.increasing:
        return None
    if quote is None or not quote.two_sided:
        return deny("no_quote")
    age_ms = (ask.now_ns - quote.t_ns) / NS_PER_MS
    return within(ask, "stale_quote", age_ms, ask.firm.quote_age)


def check_absurd(ask: Ask) -> Decision | None:
    """``sequence_gap`` / ``crossed_quote`` / ``quote_backwards`` / ``quote_jump``: no new risk on what makes no sense.

    After a gap of the feed that is every quote from before it.
    """
    quote = ask.quote
    if not ask.increasing or quote is None:
        return None
    if ask.view.feed_gap(ask.order.symbol):
        return deny("sequence_gap", level=FIRM_LEVEL)
    if quote.bid_micros >= quote.ask_micros:
        return deny("crossed_quote", quote.bid_micros / MICROS_PER_USD, quote.ask_micros / MICROS_PER_USD)
    watch = ask.past.watches.get(ask.order.symbol)
    if watch is None:
        return None
    if watch.backwards:
        return deny("quote_backwards", level=FIRM_LEVEL)
    return within(ask, "quote_jump", watch.sigmas, ask.rules.jump) if watch.sigmas else None


def check_second_source(ask: Ask) -> Decision | None:
    """``no_check_quote`` / ``source_disagreement``: distance of the two sources' mids, in percent of the second's.

    A second source that says nothing, or nothing fresh, is no witness: no new risk.
    """
    limit, quote = ask.rules.disagreement, ask.quote
    if not ask.increasing or not limit.is_on or quote is None:
        return None
    other = ask.view.check_quote(ask.order.symbol)
    if other is None or not other.two_sided:
        return deny("no_check_quote")
    age_ms, most_ms = (ask.now_ns - other.t_ns) / NS_PER_MS, ask.firm.quote_age.hard
    if most_ms is not None and not age_ms <= most_ms:
        return deny("no_check_quote", age_ms, most_ms, ask.firm.quote_age.level)
    ours, theirs = quote.bid_micros + quote.ask_micros, other.bid_micros + other.ask_micros
    return within(ask, "source_disagreement", 100 * abs(ours - theirs) / theirs, limit)


def check_self_trade(ask: Ask) -> Decision | None:
    """``self_trade``: the order would meet one of the desk's own; the newest of the two is refused."""
    side = ask.order.side
    ours = ask.past.resting.best(ask.order.symbol, side.opposite, ask.view)
    if ours is None:
        return None
    price = ask.limit_micros
    if price is not None and (price < ours if side is BUY else price > ours):
        return None
    return deny("self_trade", None if price is None else price / MICROS_PER_USD, ours / MICROS_PER_USD)
