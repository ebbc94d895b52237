"""Markets, orders and ears that the tests of this room share."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from engine.base.units import micros_from_usd
from engine.domain.fees import FeePeriod, FeeSchedule
from engine.domain.orders import Bust, Fill, NewOrder, OrderKind, OrderUpdate, Side, TimeInForce
from engine.domain.ports import Execution, MarketEvent, MarketModel
from engine.domain.quotes import Quote, StateChange, Tick
from engine.kernel.world import World
from engine.market.reduced import Reduced, ReducedInstrument, ReducedMarket
from engine.market.replay import Replay
from engine.market.replay_market import ReplayMarket

BUY, SELL = Side.BUY, Side.SELL
DAY, IOC = TimeInForce.DAY, TimeInForce.IOC
S = 1_000_000_000
MS = 1_000_000
TICK = 10_000
NAME = "TEST_2012-06-21_34200000_57600000"


def reduced(seed: int = 1, symbols: Sequence[str] = ("SPY",), correlation: float = 0, **changes: Any) -> ReducedMarket:
    """A reduced market at 540.00 a share; *changes* go to every instrument."""
    instruments = tuple(ReducedInstrument(symbol=symbol, price=540.0, **changes) for symbol in symbols)
    return Reduced(correlation=correlation, instruments=instruments).build(World(seed), open_s=34_200, find=Path)


def still(**changes: Any) -> ReducedMarket:
    """A reduced market in which nothing moves but by the desk: 539.99 to 540.01, 800 shares on each of 10 levels."""
    return reduced(**{"volatility_bps_per_sqrt_s": 0, "volume_shares_per_s": 0, "impact_bps": 0} | changes)


def limit(order_id: int, side: Side, qty: int, usd: float, tif: TimeInForce = DAY, symbol: str = "SPY") -> NewOrder:
    """A limit order."""
    return NewOrder(order_id, symbol, side, qty, OrderKind.LIMIT, micros_from_usd(usd), tif)


def at_market(order_id: int, side: Side, qty: int, symbol: str = "SPY") -> NewOrder:
    """A market order."""
    return NewOrder(order_id, symbol, side, qty, OrderKind.MARKET, None, IOC)


def parts(executions: Sequence[MarketEvent]) -> list[tuple[int, int, float]]:
    """Order, shares and price in USD of each execution among the events."""
    return [(e.order_id, e.qty, e.price_micros / 1e6) for e in executions if isinstance(e, Execution)]


def sides(quote: Quote) -> tuple[float, int, float, int]:
    """Bid, its size, ask, its size, in USD."""
    return quote.bid_micros / 1e6, quote.bid_qty, quote.ask_micros / 1e6, quote.ask_qty


def fees(**changes: Any) -> FeeSchedule:
    """A schedule in force since 2012; *changes* go to its period or, by name, to the schedule."""
    period: dict[str, Any] = {
        "from_": "2012-01-01",
        "source": "test",
        "maker_usd_per_share": -0.002,
        "taker_usd_per_share": 0.003,
        "sec_usd_per_million": 27.8,
        "taf_usd_per_share": 0.000166,
        "taf_cap_usd": 8.3,
    }
    schedule: dict[str, Any] = {"rounding": "half_even", "round_to_usd": 0.0001}
    for name, value in changes.items():
        (period if name in period else schedule)[name] = value
    return FeeSchedule(periods=(FeePeriod(**period),), **schedule)


class Ear:
    """A listener that keeps what it hears, in order."""

    def __init__(self) -> None:
        self.heard: list[Tick | OrderUpdate | Fill | Bust | StateChange] = []

    def on_tick(self, tick: Tick) -> None:
        """Keep it."""
        self.heard.append(tick)

    def on_update(self, update: OrderUpdate) -> None:
        """Keep it."""
        self.heard.append(update)

    def on_fill(self, fill: Fill) -> None:
        """Keep it."""
        self.heard.append(fill)

    def on_bust(self, bust: Bust) -> None:
        """Keep it."""
        self.heard.append(bust)

    def on_state(self, change: StateChange) -> None:
        """Keep it."""
        self.heard.append(change)


Say = tuple[float, int, int, float, int]
"""A message of a test tape: seconds after 09:30, type, shares, price in USD, direction."""
Row = Sequence[tuple[float, int]]
"""A book row of a test tape: ask, bid, ask, bid … as (price in USD, shares); price 0 is an empty level."""

CALM: Row = ((100.02, 300), (100.00, 200), (100.03, 400), (99.99, 500))
"""A two-level book, 100.00 to 100.02."""


def write_tape(
    folder: Path,
    rows: Sequence[tuple[Say, Row]],
    *,
    name: str = NAME,
    zipped: bool = False,
    numbers: Sequence[int] | None = None,
) -> Path:
    """A LOBSTER day in *folder*; without *numbers* each message is about an order of its own."""
    levels = len(rows[0][1]) // 2 if rows else 1
    orders = range(len(rows)) if numbers is None else numbers
    says = [
        f"{34_200 + t:.9f},{kind},{n},{qty},{round(usd * 10_000)},{way}"
        for n, ((t, kind, qty, usd, way), _) in zip(orders, rows, strict=True)
    ]
    books = [",".join(_cells(row)) for _, row in rows]
    for word, lines in (("message", says), ("orderbook", books)):
        text = "".join(f"{line}\n" for line in lines)
        path = folder / f"{name}_{word}_{levels}.csv"
        if zipped:
            path.with_suffix(".csv.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
        else:
            path.write_text(text)
    return folder


def _cells(row: Row) -> list[str]:
    cells = []
    for place, (usd, qty) in enumerate(row):
        empty = "9999999999" if place % 2 == 0 else "-9999999999"
        cells += [str(round(usd * 10_000)) if usd else empty, str(qty)]
    return cells


def replay(folder: Path, open_s: float = 34_200, **changes: Any) -> ReplayMarket:
    """A market that plays the tape in *folder*."""
    find: Callable[[str], Path] = lambda name: folder / name  # noqa: E731  a finder is a function
    return Replay(tape=".", **changes).build(World(1), open_s=open_s, find=find)


def play(model: MarketModel, until_ns: int, cuts: Sequence[int] = ()) -> list[MarketEvent]:
    """Every event up to *until_ns*, with extra advances and reads at *cuts*."""
    events: list[MarketEvent] = []
    for t_ns in sorted(cut for cut in cuts if cut < until_ns):
        events += model.advance(t_ns)
        for instrument in model.instruments:
            model.quote(instrument.symbol)
    return events + list(model.advance(until_ns))
