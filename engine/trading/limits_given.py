"""Which limits a document gives: compulsory ones that are missing, and others that are off.

Compulsory limits deny when they are missing (``limit_missing``); they are those that a rule demands by name: price,
value, size and number of orders, positions and losses (RTS 6 Art. 8, 15(1)), repeated executions (15(3)), duplicates
and orders over a short time (17 CFR 240.15c3-5(c)(1)(ii)). The others are off when not given, and listed as off.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from engine.domain.orders import Instrument
from engine.trading.limits import FirmLimits, InstrumentLimits, Limits

COMPULSORY_FIRM = (
    "gross_notional_usd",
    "daily_loss_usd",
    "drawdown_pct",
    "order_rate_per_s",
    "quote_age_ms",
    "repeated_executions",
)
COMPULSORY_INSTRUMENT = (
    "order_qty_shares",
    "order_notional_usd",
    "position_shares",
    "price_collar_pct",
    "duplicate_orders",
    "slicing_ms",
)
NOT_LIMITS = ("restricted", "sector")
"""Keys beside the limits that say something else."""


def missing_limits(limits: Limits, instruments: Sequence[Instrument]) -> tuple[str, ...]:
    """The compulsory limits that the document does not give, as ``firm.name`` and ``instrument.SYMBOL.name``."""
    return tuple(
        f"{where}.{name}"
        for where, group, compulsory in _places(limits, instruments)
        for name in compulsory
        if not _is_given(group, name)
    )


def limits_off(limits: Limits, instruments: Sequence[Instrument]) -> tuple[str, ...]:
    """The limits that are off because the document does not give them, named likewise."""
    return tuple(
        f"{where}.{limit.name}"
        for where, group, compulsory in _places(limits, instruments)
        for limit in fields(group)
        if limit.name not in compulsory and limit.name not in NOT_LIMITS and not _is_given(group, limit.name)
    )


def _places(
    limits: Limits, instruments: Sequence[Instrument]
) -> list[tuple[str, FirmLimits | InstrumentLimits, tuple[str, ...]]]:
    places: list[tuple[str, FirmLimits | InstrumentLimits, tuple[str, ...]]] = [("firm", limits.firm, COMPULSORY_FIRM)]
    for instrument in instruments:
        given = limits.instrument.get(instrument.symbol) or InstrumentLimits()
        places.append((f"instrument.{instrument.symbol}", given, COMPULSORY_INSTRUMENT))
    return places


def _is_given(group: FirmLimits | InstrumentLimits, name: str) -> bool:
    """Whether the hard number of a limit is there; a limit that is a number is its own."""
    limit: object = getattr(group, name)
    return getattr(limit, "hard", limit) is not None
