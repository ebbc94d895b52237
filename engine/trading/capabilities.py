"""What the reference governor declares that it can do: the words that a gate may ask a governor for."""

from __future__ import annotations

CAPABILITIES = frozenset(
    {
        "malformed",
        "order_qty",
        "order_notional",
        "price_collar",
        "position",
        "gross_notional",
        "order_rate",
        "stale_quote",
        "daily_loss",
        "drawdown",
        "hold",
        "stop",
        "cancel_all",
        "flatten",
        "open_orders",
        "buying_power",
        "throttle",
        "duplicates",
        "slicing",
        "repeated_execution",
        "consecutive_rejects",
        "self_trade",
        "order_to_trade",
        "absurd_data",
        "market_state",
        "permissions",
        "concentration",
        "leverage",
        "parent_quantity",
        "stray_orders",
        "limits_source",
        "nested_limits",
        "limits_sha",
        "strategy_scope",
        "venue_scope",
        "override",
        "snapshot",
    }
)
"""A governor of your own declares those that it has (docs/reference/governor.md)."""
