"""The reference governor's checks: one small pure function each, asked in the order of :data:`CHECKS`; first deny wins.

A value at a limit passes, beyond it denies; a loss denies from its step on. Comparisons are written so that NaN denies.
Size, value, price, rate, duplicates and slices are looked at for every new order and replace; position, value of all,
quotes and losses for instructions that may increase exposure. A compulsory limit that is missing denies
(``limit_missing``).

Exposure may increase unless the order is *reducing*: on the opposite side of the position, and together with everything
working on that side not larger than the position. A replace is also harmless when it leaves no more shares open.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.trading.asked import Ask, Check, deny, within
from engine.trading.checks_exposure import (
    check_buying_power,
    check_concentration,
    check_gross_notional,
    check_leverage,
    check_losses,
    check_open_orders,
    check_position,
    check_sector,
)
from engine.trading.checks_flow import check_order_rate, check_order_to_trade, check_repeated
from engine.trading.checks_market import check_absurd, check_quote, check_second_source, check_self_trade
from engine.trading.checks_size import (
    check_duplicates,
    check_order_notional,
    check_order_qty,
    check_parent,
    check_price_collar,
    check_slicing,
)
from engine.trading.checks_state import (
    check_flattening,
    check_level,
    check_market_state,
    check_rights,
    check_short,
    check_short_sale,
    check_source,
    malformed,
)
from engine.trading.rules import FirmRules, OrderRules

__all__ = [
    "CHECKS",
    "Ask",
    "Check",
    "check_absurd",
    "check_buying_power",
    "check_concentration",
    "check_duplicates",
    "check_flattening",
    "check_gross_notional",
    "check_level",
    "check_leverage",
    "check_losses",
    "check_market_state",
    "check_open_orders",
    "check_order_notional",
    "check_order_qty",
    "check_order_rate",
    "check_order_to_trade",
    "check_parent",
    "check_position",
    "check_price_collar",
    "check_quote",
    "check_repeated",
    "check_rights",
    "check_second_source",
    "check_sector",
    "check_self_trade",
    "check_short",
    "check_short_sale",
    "check_slicing",
    "check_source",
    "deny",
    "in_force",
    "malformed",
    "within",
]

CHECKS: tuple[Check, ...] = (
    check_source,
    check_level,
    check_flattening,
    check_rights,
    check_market_state,
    check_short_sale,
    check_quote,
    check_absurd,
    check_second_source,
    check_order_qty,
    check_order_notional,
    check_price_collar,
    check_parent,
    check_slicing,
    check_duplicates,
    check_self_trade,
    check_short,
    check_position,
    check_open_orders,
    check_gross_notional,
    check_buying_power,
    check_concentration,
    check_sector,
    check_leverage,
    check_order_rate,
    check_order_to_trade,
    check_repeated,
    check_losses,
)
"""After :func:`malformed`, in this order."""

_IS_ON: dict[Check, Callable[[OrderRules, FirmRules], bool]] = {
    check_rights: lambda rules, _: bool(rules.closed_to) or rules.restricted,
    check_second_source: lambda rules, _: rules.disagreement.is_on,
    check_short: lambda rules, _: rules.short.is_on,
    check_open_orders: lambda rules, firm: (
        rules.open_shares.is_on or firm.open_orders.is_on or firm.open_notional.is_on
    ),
    check_buying_power: lambda _, firm: firm.margin is not None,
    check_concentration: lambda rules, _: rules.concentration.is_on,
    check_sector: lambda _, firm: firm.sector.is_on,
    check_leverage: lambda _, firm: firm.leverage.is_on,
    check_order_to_trade: lambda rules, _: rules.order_to_trade.is_on,
}
"""Of checks that may be off: whether they say anything by these rules."""


def in_force(checks: tuple[Check, ...], rules: OrderRules, firm: FirmRules) -> tuple[Check, ...]:
    """Those of *checks* that may deny or report an order by these rules, in their order."""
    return tuple(check for check in checks if check not in _IS_ON or _IS_ON[check](rules, firm))
