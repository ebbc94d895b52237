"""One instruction with everything that the checks look at, and how a check answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import isfinite
from typing import NamedTuple

from engine.base.units import MICROS_PER_USD
from engine.domain.governance import Decision, DeskView, Level, SoftBreach
from engine.domain.orders import BUY, NewOrder, ReplaceOrder
from engine.domain.quotes import Quote
from engine.trading.exposure import Exposures, Part, part
from engine.trading.loss import Loss
from engine.trading.past import Groups, Past
from engine.trading.rules import INSTRUMENT, FirmRules, Limit, OrderRules


class SourceFault(NamedTuple):
    """Why the limits may not be judged by: a reason code, and for how many seconds that was so, of how many it may."""

    reason: str
    observed_s: float
    limit_s: float


@dataclass(slots=True)
class Ask:
    """One well-formed instruction with everything that the checks look at. Shares, micro-dollars, nanoseconds."""

    order: NewOrder | ReplaceOrder
    rules: OrderRules
    firm: FirmRules
    view: DeskView
    now_ns: int
    past: Past
    exposures: Exposures
    quote: Quote | None
    limit_micros: int | None
    open_qty: int
    """Shares that would be open: the order's, less what a replaced order has already filled."""
    added: int
    """Shares more than before: of a new order all, of a replace what it asks for beyond the order it replaces."""
    group_added: int
    """The same by the governor's own books, which may not know the order that is replaced."""
    same_side: int
    """Shares working on the order's side, without the order it replaces."""
    position: int
    increasing: bool
    level: Level
    level_of: str
    """Whose level that is: ``instrument``, ``strategy`` or ``firm``."""
    allowance: int
    """Shares that an orderly flatten in force would let go now."""
    losses: tuple[Loss, ...]
    capital_micros: float
    groups: Groups = ()
    """The limits of its strategy and trader, each with what that holds."""
    source_fault: SourceFault | None = None
    parent_qty: int = 0
    """Of a slice: shares of the parent that it belongs to; 0 if nobody has announced one."""
    soft: list[SoftBreach] = field(default_factory=list)
    """Soft limits that the order is beyond."""
    worst_micros: float | None = None
    """The highest price the order may trade at, once its notional was looked at."""
    totals: tuple[float, float] | None = None
    """Gross and open value with the order, once they were looked at."""
    own: Part | None = None
    """The part of its symbol in them, with the order."""

    @property
    def worst_shares(self) -> int:
        """Position, everything working on the order's side, and the order, all filled; positive on that side."""
        return self.order.side * self.position + self.same_side + self.open_qty

    def gross(self) -> float:
        """Over all symbols, the worse side of position and working orders with this one, at the mark."""
        return (self.totals or self._total())[0]

    def open(self) -> float:
        """Over all symbols, everything that may still fill, with this order, at the mark."""
        return (self.totals or self._total())[1]

    def sector(self) -> float:
        """The same as :meth:`gross`, of the symbols of its sector."""
        symbol = self.rules.instrument.symbol
        return self.exposures.sector(symbol).instead(symbol, self._part())[0]

    def _total(self) -> tuple[float, float]:
        self.totals = self.exposures.desk.instead(self.rules.instrument.symbol, self._part())
        return self.totals

    def _part(self) -> Part:
        """The order's symbol, with the order."""
        if self.own is not None:
            return self.own
        symbol, side = self.rules.instrument.symbol, self.order.side
        ours, others = self.same_side + self.open_qty, self.view.working(symbol, side.opposite)
        buys, sells = (ours, others) if side is BUY else (others, ours)
        self.own = part(self.position, buys, sells, self.exposures.marks.get(symbol))
        return self.own


Check = Callable[[Ask], Decision | None]


def deny(reason: str, observed: float | None = None, limit: float | None = None, level: str = INSTRUMENT) -> Decision:
    """A deny; numbers that are not finite are left out, the reason stands for them."""
    seen = float(observed) if observed is not None and isfinite(observed) else None
    return Decision(False, reason, seen, limit if limit is None or isfinite(limit) else None, level)


def within(ask: Ask, reason: str, observed: float, limit: Limit) -> Decision | None:
    """A deny beyond the hard limit, or where a compulsory one is missing; beyond the soft one the order is reported."""
    if observed <= limit.quiet:
        return None
    hard = limit.hard
    if hard is not None:
        if not observed <= hard:
            return deny(reason, observed, hard, limit.level)
    elif limit.compulsory:
        return deny("limit_missing", level=limit.level)
    if limit.soft is not None and not observed <= limit.soft:
        seen = observed if isfinite(observed) else None
        ask.soft.append(SoftBreach(reason, seen, limit.soft, limit.soft_level))
    return None


def usd(value: object) -> float | None:
    """Micro-dollars as dollars; None if that is no number."""
    number = number_or_none(value)
    return None if number is None else number / MICROS_PER_USD


def number_or_none(value: object) -> float | None:
    """*value* if it is a number."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
