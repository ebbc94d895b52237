"""A desk's view in plain fields, with a real order list: what the governor's tests look through."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from engine.base.units import MICROS_PER_USD
from engine.domain.orders import (
    Fill,
    Instrument,
    Liquidity,
    NewOrder,
    OrderKind,
    Origin,
    ReplaceOrder,
    Side,
    TimeInForce,
)
from engine.domain.quotes import MarketState, Quote
from engine.trading.limits import Bound, FirmLimits, FlattenRules, InstrumentLimits, Limits, LossBound, WindowBound

USD = MICROS_PER_USD
MS, S = 1_000_000, 1_000_000_000
SPY = Instrument("SPY", 100 * USD, 10_000)
QQQ = Instrument("QQQ", 50 * USD, 10_000)
CAPITAL = 1_000_000 * USD


@dataclass
class PlainView:
    """Everything a governor may see; tests set the fields."""

    now_ns: int = 0
    session_up: bool = True
    books_agree: bool = True
    equity_micros: float = float(CAPITAL)
    start_equity_micros: float = float(CAPITAL)
    quotes: dict[str, Quote] = field(default_factory=dict)
    marks: dict[str, float] = field(default_factory=dict)
    positions: dict[str, int] = field(default_factory=dict)
    live: dict[int, tuple[str, Side, int]] = field(default_factory=dict)
    volumes: dict[str, int] = field(default_factory=dict)
    states: dict[str, MarketState] = field(default_factory=dict)
    no_short_sales: set[str] = field(default_factory=set)
    in_doubt: set[str] = field(default_factory=set)
    check_quotes: dict[str, Quote] = field(default_factory=dict)

    def symbols(self) -> tuple[str, ...]:
        """SPY and QQQ."""
        return ("SPY", "QQQ")

    def quote(self, symbol: str) -> Quote | None:
        """The last quote."""
        return self.quotes.get(symbol)

    def mark_micros(self, symbol: str) -> float | None:
        """The last two-sided mid."""
        return self.marks.get(symbol)

    def position(self, symbol: str) -> int:
        """Signed shares."""
        return self.positions.get(symbol, 0)

    def working(self, symbol: str, side: Side) -> int:
        """Open shares of the live orders."""
        return sum(left for name, where, left in self.live.values() if (name, where) == (symbol, side))

    def open_orders(self) -> int:
        """How many orders are live."""
        return len(self.live)

    def order_left(self, order_id: int) -> tuple[Side, int] | None:
        """Side and open shares of a live order."""
        found = self.live.get(order_id)
        return found and found[1:]

    def market_state(self, symbol: str) -> MarketState:
        """Whether the symbol trades."""
        return self.states.get(symbol, MarketState.OPEN)

    def volume(self, symbol: str) -> int:
        """Shares traded at the venue."""
        return self.volumes.get(symbol, 0)

    def short_sale_restricted(self, symbol: str) -> bool:
        """Whether the venue restricts short sales."""
        return symbol in self.no_short_sales

    def feed_gap(self, symbol: str) -> bool:
        """Whether something of the feed was lost since the last quote."""
        return symbol in self.in_doubt

    def check_quote(self, symbol: str) -> Quote | None:
        """The last quote of the second source."""
        return self.check_quotes.get(symbol)

    def moved(self, since: int) -> tuple[int, tuple[str, ...]]:
        """Everything: tests set the fields behind its back."""
        return since + 1, self.symbols()

    # ---- what tests do to it

    def show(self, bid_usd: float, ask_usd: float, symbol: str = "SPY", age_ns: int = 0) -> None:
        """A quote reaches the desk; an empty side is 0."""
        bid, ask = round(bid_usd * USD), round(ask_usd * USD)
        quote = Quote(self.now_ns - age_ns, symbol, bid, 1_000 if bid else 0, ask, 1_000 if ask else 0)
        self.quotes[symbol] = quote
        if quote.mid_micros is not None:
            self.marks[symbol] = quote.mid_micros

    def lose(self, usd: float) -> None:
        """Equity is this much under where it started."""
        self.equity_micros = self.start_equity_micros - usd * USD


def desk_view(position: int = 0) -> PlainView:
    """A quiet desk: SPY at 99.99/100.01 and QQQ at 49.99/50.01, both fresh."""
    view = PlainView(now_ns=10 * S)
    view.show(99.99, 100.01)
    view.show(49.99, 50.01, "QQQ")
    if position:
        view.positions["SPY"] = position
    return view


FRESH_IDS = count(1_000)
"""An id that no other order has: one that comes twice is denied."""


def buy(qty: int, limit_usd: float | None = 100.0, order_id: int = 0, symbol: str = "SPY") -> NewOrder:
    """A day order to buy, with a fresh id unless it is said; without a limit a market order."""
    return _order(order_id or next(FRESH_IDS), symbol, Side.BUY, qty, limit_usd, TimeInForce.DAY)


def sell(
    qty: int,
    limit_usd: float | None = 100.0,
    order_id: int = 0,
    symbol: str = "SPY",
    tif: TimeInForce = TimeInForce.DAY,
) -> NewOrder:
    """An order to sell, with a fresh id unless it is said; without a limit a market order."""
    return _order(order_id or next(FRESH_IDS), symbol, Side.SELL, qty, limit_usd, tif)


def swap(target_id: int, side: Side, qty: int, limit_usd: float = 100.0, order_id: int = 0) -> ReplaceOrder:
    """A replace in SPY, with a fresh id unless it is said."""
    return ReplaceOrder(
        order_id or next(FRESH_IDS), target_id, "SPY", side, qty, round(limit_usd * USD), Origin.STRATEGY
    )


def fill(exec_id: int, side: Side, qty: int, price_usd: float = 100.0, order_id: int = 1, left: int = 0) -> Fill:
    """A fill in SPY, without fee."""
    return Fill(exec_id, order_id, "SPY", side, qty, round(price_usd * USD), Liquidity.TAKER, 0, left)


def bent(thing: Any, **fields: Any) -> Any:
    """A copy of *thing* in which fields hold what their types do not allow."""
    return replace(thing, **fields)


def limits(
    *,
    spy: InstrumentLimits | None = None,
    firm: FirmLimits | None = None,
    flatten: FlattenRules | None = None,
) -> Limits:
    """Limits with every value given: 500 shares an order, position 2,000, collar 5 %, 10 orders a second."""
    each = spy or instrument_limits()
    return Limits(
        limits="test",
        title="For tests",
        effective_from="2025-01-01",
        approved_by=("a", "b"),
        capital_usd=1_000_000,
        firm=firm or firm_limits(),
        instrument={"SPY": each, "QQQ": instrument_limits()},
        flatten=flatten or FlattenRules(participation_pct=10, collar_pct=1, slice_ms=500),
    )


def instrument_limits(
    *,
    order_qty: Bound | None = Bound(soft=400, hard=500),  # noqa: B008 - a frozen value
    order_notional: Bound | None = Bound(hard=60_000),  # noqa: B008
    position: Bound | None = Bound(hard=2_000),  # noqa: B008
    collar: Bound | None = Bound(hard=5),  # noqa: B008
    duplicates: WindowBound | None = WindowBound(window_ms=1, hard=10**6),  # noqa: B008
    slicing_ms: float | None = 0,
    **others: Any,
) -> InstrumentLimits:
    """One symbol's limits, each of which a test may change or take away; duplicates and slices do not bind."""
    return InstrumentLimits(
        order_qty_shares=order_qty,
        order_notional_usd=order_notional,
        position_shares=position,
        price_collar_pct=collar,
        duplicate_orders=duplicates,
        slicing_ms=slicing_ms,
        **others,
    )


def firm_limits(
    *,
    gross: Bound | None = Bound(hard=10_000_000),  # noqa: B008
    daily_loss: LossBound | None = LossBound(soft=10_000, flatten=20_000, hard=40_000),  # noqa: B008
    drawdown: LossBound | None = LossBound(soft=5, flatten=8, hard=10),  # noqa: B008
    rate: Bound | None = Bound(hard=10),  # noqa: B008
    quote_age: Bound | None = Bound(hard=500),  # noqa: B008
    repeated: Bound | None = Bound(hard=10**6),  # noqa: B008
    **others: Any,
) -> FirmLimits:
    """The firm's limits, each of which a test may change or take away; repeated executions do not bind."""
    return FirmLimits(
        gross_notional_usd=gross,
        daily_loss_usd=daily_loss,
        drawdown_pct=drawdown,
        order_rate_per_s=rate,
        quote_age_ms=quote_age,
        repeated_executions=repeated,
        **others,
    )


def _order(order_id: int, symbol: str, side: Side, qty: int, limit_usd: float | None, tif: TimeInForce) -> NewOrder:
    kind = OrderKind.MARKET if limit_usd is None else OrderKind.LIMIT
    return NewOrder(order_id, symbol, side, qty, kind, None if limit_usd is None else round(limit_usd * USD), tif)
