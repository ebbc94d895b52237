"""The Limits document: what the desk may do, approved by two people.

A compulsory hard limit that is missing denies (``limit_missing``): no number never means no limit. Those that are not
compulsory are off when they are not given, and every result says so (:mod:`engine.trading.rules` lists both).
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
class RateBound:
    """New orders and replaces in any one second; cancels are exempt. What is refused still counts for ``terminate``."""

    soft: float | None = key("Beyond this the order is reported", default=None, min=0)
    hard: float | None = key("Beyond this the order is denied", default=None, min=0)
    terminate: float | None = key(
        "Beyond so many asked for, denied or not, the strategy is stopped and its orders are cancelled",
        default=None,
        min=0,
    )


@dataclass(frozen=True, kw_only=True)
class WindowBound:
    """A count in a sliding window."""

    window_ms: float = key("Length of the window in milliseconds", above=0, max=3_600_000)
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
    duplicate_orders: WindowBound | None = key(
        "Orders of the same strategy, side, size, price and kind in a short time", default=None
    )
    slicing_ms: float | None = key(
        "Over so long a time the orders of one side together may be no larger than one order may be, in milliseconds",
        default=None,
        min=0,
        max=60_000,
    )
    open_order_shares: Bound | None = key("Shares in orders that may still fill, both sides together", default=None)
    short_shares: Bound | None = key(
        "Shares that are located for a short sale: how far under 0 position and sell orders may go", default=None
    )
    order_rate_per_s: RateBound | None = key("New orders and replaces of this symbol in any one second", default=None)
    order_to_trade: Bound | None = key(
        "New orders, replaces and cancels of the session for each fill; counts from the 1,000th on", default=None
    )
    quote_jump_sigmas: Bound | None = key(
        "Jump of the mid, in standard deviations of its usual changes, beyond which no new risk is taken until five "
        "quotes in a row confirm it",
        default=None,
    )
    concentration_pct: Bound | None = key(
        "Value of position plus working orders, the worse side, in percent of capital_usd", default=None
    )
    sector: str | None = key(
        "The sector that it counts in (sector_concentration_pct); those without one count together",
        default=None,
        example="technology",
    )
    source_disagreement_pct: Bound | None = key(
        "Distance of the mid from that of the desk's second source (check_source), in percent, beyond which no new "
        "risk is taken; nor is any while the second source has no two-sided quote as fresh as quote_age_ms asks",
        default=None,
    )
    short_sale_fall_pct: float | None = key(
        "Fall from the first price (the previous close) from which a sale that goes short must be priced above the "
        "best bid for the rest of the session, in percent; where the venue says so itself that holds in any case "
        "(Regulation SHO, Rule 201: 10)",
        default=None,
        above=0,
        max=100,
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
    repeated_executions: Bound | None = key(
        "How often a strategy may enter again after a fill without a word from a person; beyond hard it is stopped, "
        "latched (RTS 6 Art. 15(3))",
        default=None,
    )
    consecutive_rejects: Bound | None = key(
        "So many orders of a strategy rejected by the venue one after the other, and it is stopped, latched",
        default=None,
    )
    open_orders: Bound | None = key("Number of orders that may still fill", default=None)
    open_notional_usd: Bound | None = key(
        "Value of all orders that may still fill, both sides together, in USD", default=None
    )
    margin_pct: float | None = key(
        "Equity that a dollar of gross notional ties up, in percent; orders beyond the buying power are denied",
        default=None,
        above=0,
        max=1_000,
    )
    leverage: Bound | None = key("Gross notional over equity, after the order", default=None)
    sector_concentration_pct: Bound | None = key(
        "Value of everything in one sector, of each symbol the worse side, after the order, in percent of capital_usd",
        default=None,
    )
    limits_age_s: Bound | None = key(
        "How long the source of these limits may be silent, in seconds (without it 5); beyond it no new risk is taken",
        default=None,
    )
    restricted: tuple[str, ...] = key("Symbols of which nothing may be bought or sold but to give them up", default=())


@dataclass(frozen=True, kw_only=True)
class GroupLimits:
    """Limits of a desk, a trader or a strategy, on top of the others: the tightest wins."""

    order_qty_shares: Bound | None = key("Size of one order in shares", default=None)
    order_notional_usd: Bound | None = key("Value of one order in USD, at its worst price", default=None)
    price_collar_pct: Bound | None = key(
        "Distance of an order's price from the reference price, in percent", default=None
    )
    position_shares: Bound | None = key(
        "Its own position in one symbol plus its working orders, the worse side, in shares", default=None
    )
    gross_notional_usd: Bound | None = key(
        "Sum over symbols of the worse side of its position plus working orders, in USD", default=None
    )
    order_rate_per_s: RateBound | None = key("Its new orders and replaces in any one second", default=None)
    may_trade: tuple[str, ...] | None = key(
        "The symbols that it may trade; without the list every symbol of the desk", default=None
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
    version: int = key("Counts up with every change of this document", default=1, min=1)
    desk: GroupLimits | None = key("Limits over the desk", default=None)
    trader: dict[str, GroupLimits] = key("Limits by trader", default={})
    strategy: dict[str, GroupLimits] = key("Limits by strategy", default={})
