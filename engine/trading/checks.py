"""The reference governor's checks: one small pure function each, asked in the order of :data:`CHECKS`; first deny wins.

A value at a limit passes, beyond it denies; a loss denies from its step on. Comparisons are written so that NaN denies.
Size, value, price, rate, duplicates and slices are looked at for every new order and replace; position, value of all,
quotes and losses for instructions that may increase exposure. A compulsory limit that is missing denies
(``limit_missing``).

Exposure may increase unless the order is *reducing*: on the opposite side of the position, and together with everything
working on that side not larger than the position. A replace is also harmless when it leaves no more shares open.
"""

from __future__ import annotations

from engine.trading.asked import Ask, Check, deny, within
from engine.trading.checks_exposure import (
    check_buying_power,
    check_concentration,
    check_gross_notional,
    check_leverage,
    check_losses,
    check_open_orders,
    check_position,
)
from engine.trading.checks_flow import check_order_rate, check_order_to_trade, check_repeated
from engine.trading.checks_market import check_absurd, check_quote, check_self_trade
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
    check_source,
    malformed,
)

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
    "check_self_trade",
    "check_short",
    "check_slicing",
    "check_source",
    "deny",
    "malformed",
    "within",
]

CHECKS: tuple[Check, ...] = (
    check_source,
    check_level,
    check_flattening,
    check_rights,
    check_market_state,
    check_quote,
    check_absurd,
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
    check_leverage,
    check_order_rate,
    check_order_to_trade,
    check_repeated,
    check_losses,
)
"""After :func:`malformed`, in this order."""
