"""The Limits document: what the desk may do, approved by two people.

A hard limit that is missing denies (``limit_missing``): no number never means no limit.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.base.keys import key


@dataclass(frozen=True, kw_only=True)
class Bound:
    """A soft limit warns, a hard limit denies. A value at the limit is allowed, beyond it is not."""

    soft: float | None = key("Beyond this the order is reported", default=None, min=0)
    hard: float | None = key("Beyond this the order is denied", default=None, min=0)


@dataclass(frozen=True, kw_only=True)
class LossBound:
    """Three steps of a loss: hold from ``soft``, stop and flatten from ``flatten``, never beyond ``hard``."""

    soft: float | None = key(
        "From here no new risk is taken until the loss has shrunk again (a hold)", default=None, min=0
    )
    flatten: float | None = key(
        "From here trading stops, latched, and the position is flattened in good order", default=None, min=0
    )
    hard: float | None = key("The loss that must never be exceeded", default=None, min=0)


@dataclass(frozen=True, kw_only=True)
class InstrumentLimits:
    """Limits of one symbol."""

    order_qty_shares: Bound | None = key("Size of one order in shares", default=None)
    order_notional_usd: Bound | None = key("Value of one order in USD, at its worst price", default=None)
    position_shares: Bound | None = key("Position plus working orders, the worse side, in shares", default=None)
    price_collar_pct: Bound | None = key(
        "Distance of an order's price from the reference price, in percent", default=None
    )


@dataclass(frozen=True, kw_only=True)
class FirmLimits:
    """Limits over everything the desk does."""

    gross_notional_usd: Bound | None = key(
        "Sum over symbols of the worse side of position plus working orders, in USD", default=None
    )
    daily_loss_usd: LossBound | None = key("Loss since the session began, after fees, in USD", default=None)
    drawdown_pct: LossBound | None = key(
        "Fall of equity from its highest point of the session, in percent", default=None
    )
    order_rate_per_s: Bound | None = key("New orders and replaces in any one second; cancels are exempt", default=None)
    quote_age_ms: Bound | None = key(
        "Age of the reference quote beyond which no new risk is taken, in milliseconds", default=None
    )
    session_down_s: Bound | None = key(
        "How long the broker session may be down, in seconds; beyond hard the position is given up once it is back",
        default=None,
    )


@dataclass(frozen=True, kw_only=True)
class FlattenRules:
    """How a position is given up without disturbing the market (RTS 6 Art. 14(3))."""

    participation_pct: float = key(
        "Most of the market's volume since the flatten began that it may be, in percent", above=0, max=100
    )
    collar_pct: float = key("How far below the bid (above the ask) a slice may be priced, in percent", above=0, max=50)
    slice_ms: float = key("Time between two slices in milliseconds", min=10, max=60_000)


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one desk may do, from a day on, approved by two people."""

    limits: str = key("Name of this document", pattern=r"^[a-z][a-z0-9_]*$", pattern_help="small letters, digits and _")
    title: str = key("What it is for, in a few words")
    effective_from: str = key(
        "First session for which it holds", pattern=r"^\d{4}-\d{2}-\d{2}$", pattern_help="a day such as 2025-08-05"
    )
    approved_by: tuple[str, ...] = key("The people who approved it (contacts entries)")
    capital_usd: float = key("Capital that losses and leverage are measured against, in USD", above=0)
    firm: FirmLimits = key("Limits over everything")
    instrument: dict[str, InstrumentLimits] = key("Limits by symbol")
    flatten: FlattenRules = key("How a stop gives up the position")
