"""The limits document, made ready for the checks: of every level that says something of one thing, the tightest.

Compulsory limits deny when they are missing (``limit_missing``); they are those that a rule demands by name: price,
value, size and number of orders, positions and losses (RTS 6 Art. 8, 15(1)), repeated executions (15(3)), duplicates
and orders over a short time (17 CFR 240.15c3-5(c)(1)(ii)). The others are off when not given, and listed as off.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from math import isfinite, isnan

from engine.base.units import ns_from_ms, ns_from_s
from engine.domain.orders import Instrument
from engine.trading.limits import Bound, FirmLimits, GroupLimits, InstrumentLimits, Limits, RateBound, WindowBound

INSTRUMENT, STRATEGY, TRADER, DESK, FIRM_LEVEL = "instrument", "strategy", "trader", "desk", "firm"
LEVELS = (INSTRUMENT, STRATEGY, TRADER, DESK, FIRM_LEVEL)
"""Where a limit may stand, from the narrowest to the widest."""

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
NOT_LIMITS = ("restricted",)
"""Keys beside the limits that say something else."""

DEFAULT_AGE_S = 5.0
"""How long the source of the limits may be silent if the document does not say: the alert time of RTS 6 Art. 16(5)."""

AnyBound = Bound | RateBound | WindowBound


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit as the checks use it: its steps, the level that gives the hard one, and what its absence means."""

    soft: float | None = None
    hard: float | None = None
    level: str = FIRM_LEVEL
    compulsory: bool = False
    """Whether an order that needs it is denied while ``hard`` is missing; else it is off."""
    window_ns: int = 0
    """Of a count over time: how long it is."""
    terminate: float | None = None
    """Of a rate: beyond this the strategy is stopped."""


@dataclass(frozen=True, slots=True)
class OrderRules:
    """Everything that holds for orders of one strategy and trader in one symbol."""

    instrument: Instrument
    order_qty: Limit
    order_notional: Limit
    collar: Limit
    position: Limit
    duplicates: Limit
    slicing_ns: int | None
    open_shares: Limit
    short: Limit
    rate: Limit
    order_to_trade: Limit
    jump: Limit
    concentration: Limit
    groups: tuple[GroupRules, ...]
    """What holds for the strategy and the trader besides."""
    closed_to: str
    """The level that does not let the order trade this symbol: on a list, or not on one; empty: none."""
    restricted: bool


@dataclass(frozen=True, slots=True)
class GroupRules:
    """The limits of a strategy or a trader that need its own count of positions and orders."""

    level: str
    name: str
    position: Limit
    gross: Limit
    rate: Limit


@dataclass(frozen=True, slots=True)
class FirmRules:
    """What holds for everything; the desk's limits are among them where a firm has one desk."""

    gross_notional: Limit
    order_rate: Limit
    quote_age: Limit
    session_down: Limit
    repeated: Limit
    rejects: Limit
    open_orders: Limit
    open_notional: Limit
    leverage: Limit
    margin: float | None
    """Share of gross notional that equity must cover."""
    age_ns: int
    """How long the limits' source may be silent."""


def tightest(given: Sequence[tuple[str, AnyBound | None]], *, compulsory: bool = False) -> Limit:
    """Of what each level says of one thing the lowest numbers; the level is that of the hard one.

    A number that is none is the tightest of all: nothing is within it.
    """
    soft: float | None = None
    hard: float | None = None
    terminate: float | None = None
    named, window_ns = given[0][0], 0
    for level, bound in given:
        if bound is None:
            continue
        soft = _lower(soft, bound.soft)
        terminate = _lower(terminate, getattr(bound, "terminate", None))
        window_ns = max(window_ns, _window_ns(getattr(bound, "window_ms", 0)) or 0)
        if bound.hard is not None and (hard is None or not bound.hard >= hard):
            hard, named = bound.hard, level
            if isnan(hard):
                break
    return Limit(soft, hard, named, compulsory, window_ns, terminate)


def order_rules(limits: Limits, instrument: Instrument, strategy: str, trader: str) -> OrderRules:
    """What holds for orders of *strategy* and *trader* in *instrument*; without its limits all of them are denied."""
    own = limits.instrument.get(instrument.symbol, InstrumentLimits())
    groups = _groups(limits, strategy, trader)
    wider = (*((level, group) for level, _, group in groups), (DESK, limits.desk or GroupLimits()))

    def over(name: str, bound: AnyBound | None) -> Limit:
        levels = [(INSTRUMENT, bound), *((level, getattr(group, name)) for level, group in wider)]
        return tightest(levels, compulsory=True)

    return OrderRules(
        instrument=instrument,
        order_qty=over("order_qty_shares", own.order_qty_shares),
        order_notional=over("order_notional_usd", own.order_notional_usd),
        collar=over("price_collar_pct", own.price_collar_pct),
        position=tightest(
            [(INSTRUMENT, own.position_shares), (DESK, limits.desk.position_shares if limits.desk else None)],
            compulsory=True,
        ),
        duplicates=tightest([(INSTRUMENT, own.duplicate_orders)], compulsory=True),
        slicing_ns=_window_ns(own.slicing_ms),
        open_shares=tightest([(INSTRUMENT, own.open_order_shares)]),
        short=tightest([(INSTRUMENT, own.short_shares)]),
        rate=tightest([(INSTRUMENT, own.order_rate_per_s)]),
        order_to_trade=tightest([(INSTRUMENT, own.order_to_trade)]),
        jump=tightest([(INSTRUMENT, own.quote_jump_sigmas)]),
        concentration=tightest([(INSTRUMENT, own.concentration_pct)]),
        groups=tuple(_group_rules(level, name, group) for level, name, group in groups),
        closed_to=_closed_to(instrument.symbol, wider),
        restricted=instrument.symbol in limits.firm.restricted,
    )


def firm_rules(limits: Limits) -> FirmRules:
    """What holds for everything."""
    firm, desk = limits.firm, limits.desk or GroupLimits()

    def own(bound: AnyBound | None, *, compulsory: bool = False) -> Limit:
        return tightest([(FIRM_LEVEL, bound)], compulsory=compulsory)

    age_s = firm.limits_age_s.hard if firm.limits_age_s and firm.limits_age_s.hard is not None else DEFAULT_AGE_S
    if not isfinite(age_s):
        age_s = 0.0  # no number is no patience
    return FirmRules(
        gross_notional=tightest(
            [(FIRM_LEVEL, firm.gross_notional_usd), (DESK, desk.gross_notional_usd)], compulsory=True
        ),
        order_rate=tightest([(FIRM_LEVEL, firm.order_rate_per_s), (DESK, desk.order_rate_per_s)], compulsory=True),
        quote_age=own(firm.quote_age_ms, compulsory=True),
        session_down=own(firm.session_down_s),
        repeated=own(firm.repeated_executions, compulsory=True),
        rejects=own(firm.consecutive_rejects),
        open_orders=own(firm.open_orders),
        open_notional=own(firm.open_notional_usd),
        leverage=own(firm.leverage),
        margin=None if firm.margin_pct is None else firm.margin_pct / 100,
        age_ns=ns_from_s(age_s),
    )


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


def _groups(limits: Limits, strategy: str, trader: str) -> tuple[tuple[str, str, GroupLimits], ...]:
    found = ((STRATEGY, strategy, limits.strategy.get(strategy)), (TRADER, trader, limits.trader.get(trader)))
    return tuple((level, name, group) for level, name, group in found if group is not None)


def _group_rules(level: str, name: str, group: GroupLimits) -> GroupRules:
    return GroupRules(
        level,
        name,
        tightest([(level, group.position_shares)]),
        tightest([(level, group.gross_notional_usd)]),
        tightest([(level, group.order_rate_per_s)]),
    )


def _closed_to(symbol: str, wider: Iterable[tuple[str, GroupLimits]]) -> str:
    return next((lvl for lvl, group in wider if group.may_trade is not None and symbol not in group.may_trade), "")


def _window_ns(length_ms: float | None) -> int | None:
    """A length of time; None if there is none, or it is no number."""
    return None if length_ms is None or not isfinite(length_ms) else ns_from_ms(length_ms)


def _lower(first: float | None, second: float | None) -> float | None:
    return min((each for each in (first, second) if each is not None), default=None)
