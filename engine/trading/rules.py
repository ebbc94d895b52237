"""The limits document, made ready for the checks: per symbol and for the firm, a missing limit as an empty Bound."""

from __future__ import annotations

from dataclasses import dataclass, fields

from engine.domain.orders import Instrument
from engine.trading.limits import Bound, FirmLimits, InstrumentLimits, Limits

_NONE = Bound()

OPTIONAL = ("session_down_s",)
"""Limits that no order is held against: without them only what they would do is missing."""


@dataclass(frozen=True, slots=True)
class SymbolRules:
    """The limits of one symbol; a missing one is an empty Bound."""

    instrument: Instrument
    order_qty: Bound
    order_notional: Bound
    position: Bound
    collar: Bound


@dataclass(frozen=True, slots=True)
class FirmRules:
    """The firm's limits; a missing one is an empty Bound."""

    gross_notional: Bound
    order_rate: Bound
    quote_age: Bound
    session_down: Bound


def symbol_rules(instrument: Instrument, limits: InstrumentLimits | None) -> SymbolRules:
    """The rules of one instrument; without limits every one of its orders is denied."""
    given = limits or InstrumentLimits()
    return SymbolRules(
        instrument,
        given.order_qty_shares or _NONE,
        given.order_notional_usd or _NONE,
        given.position_shares or _NONE,
        given.price_collar_pct or _NONE,
    )


def firm_rules(limits: FirmLimits) -> FirmRules:
    """The firm's rules."""
    return FirmRules(
        limits.gross_notional_usd or _NONE,
        limits.order_rate_per_s or _NONE,
        limits.quote_age_ms or _NONE,
        limits.session_down_s or _NONE,
    )


def missing_limits(limits: Limits, instruments: tuple[Instrument, ...]) -> tuple[str, ...]:
    """The compulsory hard limits that the document does not give, as ``firm.name`` and ``instrument.SYMBOL.name``."""
    groups: list[tuple[str, FirmLimits | InstrumentLimits]] = [("firm", limits.firm)]
    for instrument in instruments:
        given = limits.instrument.get(instrument.symbol)
        groups.append((f"instrument.{instrument.symbol}", given or InstrumentLimits()))
    return tuple(
        f"{where}.{limit.name}"
        for where, group in groups
        for limit in fields(group)
        if limit.name not in OPTIONAL and getattr(getattr(group, limit.name), "hard", None) is None
    )
