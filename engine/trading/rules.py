"""The limits document, made ready for the checks: of every level that says something of one thing, the tightest.

Which limits are compulsory says :mod:`engine.trading.limits_given`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import inf, isfinite, isnan, nan

from engine.base.units import ns_from_ms, ns_from_s
from engine.domain.orders import Instrument
from engine.trading.limits import Bound, GroupLimits, InstrumentLimits, Limits, RateBound, WindowBound

INSTRUMENT, STRATEGY, TRADER, DESK, FIRM_LEVEL = "instrument", "strategy", "trader", "desk", "firm"
LEVELS = (INSTRUMENT, STRATEGY, TRADER, DESK, FIRM_LEVEL)
"""Where a limit may stand, from the narrowest to the widest."""

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
    soft_level: str = FIRM_LEVEL
    """The level that gives the soft step."""
    quiet: float = field(init=False)
    """Up to this there is nothing to say, neither a deny nor an alert; so that most checks are one comparison."""

    def __post_init__(self) -> None:
        steps = [step for step in (self.soft, self.hard) if step is not None]
        quiet = nan if any(isnan(step) for step in steps) else min(steps, default=inf)
        object.__setattr__(self, "quiet", -inf if self.hard is None and self.compulsory else quiet)

    @property
    def is_on(self) -> bool:
        """Whether it says anything."""
        return self.hard is not None or self.soft is not None


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
    disagreement: Limit
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
    sector: Limit
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
    warned = named
    for level, bound in given:
        if bound is None:
            continue
        if bound.soft is not None and (soft is None or not bound.soft >= soft):
            soft, warned = bound.soft, level
        terminate = _lower(terminate, getattr(bound, "terminate", None))
        window_ns = max(window_ns, _window_ns(getattr(bound, "window_ms", 0)) or 0)
        if bound.hard is not None and (hard is None or not bound.hard >= hard):
            hard, named = bound.hard, level
            if isnan(hard):
                break
    return Limit(soft, hard, named, compulsory, window_ns, terminate, warned)


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
        disagreement=tightest([(INSTRUMENT, own.source_disagreement_pct)]),
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
        sector=own(firm.sector_concentration_pct),
        margin=_share(firm.margin_pct),
        age_ns=ns_from_s(age_s),
    )


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


def _share(pct: float | None) -> float | None:
    """Percent as a share; below nothing it is no number, which covers nothing."""
    return None if pct is None else pct / 100 if pct >= 0 else nan


def _window_ns(length_ms: float | None) -> int | None:
    """A length of time; None if there is none, or it is no number."""
    return None if length_ms is None or not isfinite(length_ms) else ns_from_ms(length_ms)


def _lower(first: float | None, second: float | None) -> float | None:
    return min((each for each in (first, second) if each is not None), default=None)
