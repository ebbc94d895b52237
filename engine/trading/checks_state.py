"""Checks of the state of things: the order's form, the limits' source, levels, the market's state, and rights."""

from __future__ import annotations

from engine.base.units import MICROS_PER_USD
from engine.domain.governance import Decision, Level
from engine.domain.orders import BUY, NewOrder, OrderKind, ReplaceOrder, Side, TimeInForce
from engine.domain.quotes import MarketState
from engine.trading.asked import Ask, deny, number_or_none, usd, within
from engine.trading.rules import FIRM_LEVEL, OrderRules

# An enumeration's members take long to reach through their class, and these are asked at every decision.
_RUNNING, _L3 = Level.RUNNING, Level.L3
_OPEN, _CLOSED = MarketState.OPEN, MarketState.CLOSED
_MARKET, _IOC = OrderKind.MARKET, TimeInForce.IOC


def malformed(order: NewOrder | ReplaceOrder, rules: OrderRules | None) -> Decision | None:
    """Known symbol, a side, whole shares and lots above 0, a price above 0 on the grid exactly when it is a limit."""
    if rules is None:
        return deny("unknown_symbol")
    if type(order.side) is not Side:
        return deny("bad_side")
    lot = rules.instrument.lot
    if type(order.qty) is not int or order.qty <= 0 or order.qty % lot:
        return deny("bad_qty", number_or_none(order.qty), lot)
    if isinstance(order, NewOrder) and (type(order.kind) is not OrderKind or type(order.tif) is not TimeInForce):
        return deny("bad_kind")
    price = order.limit_micros
    if isinstance(order, NewOrder) and order.kind is _MARKET:
        return None if price is None else deny("bad_price", usd(price))
    if type(price) is not int or not rules.instrument.on_grid(price):
        return deny("bad_price", usd(price), rules.instrument.tick_micros / MICROS_PER_USD)
    return None


def check_source(ask: Ask) -> Decision | None:
    """``limits_…``: no new risk while the limits' source is silent for too long, or says what may not be judged by."""
    fault = ask.source_fault
    if fault is None or not ask.increasing:
        return None
    return deny(fault.reason, fault.observed_s, fault.limit_s, FIRM_LEVEL)


def check_level(ask: Ask) -> Decision | None:
    """``held`` / ``stopped``: no new risk during a hold or stop."""
    if ask.level is _RUNNING or not ask.increasing:
        return None
    return deny("held" if ask.level is Level.HOLD else "stopped", ask.level, None, ask.level_of)


def check_flattening(ask: Ask) -> Decision | None:
    """``flattening``: from L3 on the strategy may reduce only as a slice does: at once, and within the allowance."""
    if ask.level < _L3:
        return None
    order = ask.order
    at_once = isinstance(order, NewOrder) and (order.tif is _IOC or order.kind is _MARKET)
    if at_once and order.qty <= ask.allowance:
        return None
    return deny("flattening", order.qty, ask.allowance, ask.level_of)


def check_market_state(ask: Ask) -> Decision | None:
    """``market_…``: by the state that the feed has told.

    At a price band (``limit_state``) only limit orders; in a pause or halt only limit orders that reduce, for the
    auction; after the close nothing.
    """
    state = ask.view.market_state(ask.order.symbol)
    if state is _OPEN:
        return None
    if ask.limit_micros is None or state is _CLOSED or (ask.increasing and not state.trades):
        return deny(f"market_{state.value}")
    return None


def check_short_sale(ask: Ask) -> Decision | None:
    """``short_sale``: under a restriction a sale that goes short must be priced above the best bid (Rule 201).

    It is in force when the venue says so, or the symbol has fallen as far as the limits say.
    """
    order = ask.order
    if order.side is BUY or ask.worst_shares <= 0:
        return None
    if order.symbol not in ask.past.fallen and not ask.view.short_sale_restricted(order.symbol):
        return None
    bid_micros = ask.quote.bid_micros if ask.quote is not None else 0
    if ask.limit_micros is not None and ask.limit_micros > bid_micros:
        return None
    return deny("short_sale", usd(ask.limit_micros), bid_micros / MICROS_PER_USD)


def check_rights(ask: Ask) -> Decision | None:
    """``not_permitted`` / ``restricted``: who may trade what. A list wins over everything; reducing passes it."""
    if ask.rules.closed_to:
        return deny("not_permitted", level=ask.rules.closed_to)
    if ask.rules.restricted and ask.increasing:
        return deny("restricted", level=FIRM_LEVEL)
    return None


def check_short(ask: Ask) -> Decision | None:
    """``no_locate``: a sale may go under 0 only as far as shares are located."""
    if ask.order.side is BUY or ask.worst_shares <= 0:
        return None
    return within(ask, "no_locate", ask.worst_shares, ask.rules.short)
