"""Instruments, instructions (orders, cancels, replaces), and what comes back for them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Side(IntEnum):
    """The sign of a quantity: ``side * qty`` is the change of position."""

    BUY = 1
    SELL = -1

    @property
    def opposite(self) -> Side:
        """The other side."""
        return _OPPOSITE[self]


BUY, SELL = Side.BUY, Side.SELL
"""The members by themselves, for what runs at every decision: through their class they take five times as long."""

_OPPOSITE = (BUY, SELL, BUY)
"""Indexed by Side: place 1 for a buy, place -1 for a sell."""


class OrderKind(StrEnum):
    """How an order's price is meant."""

    LIMIT = "limit"
    MARKET = "market"


class TimeInForce(StrEnum):
    """How long an order lives."""

    DAY = "day"
    IOC = "ioc"
    GTC = "gtc"
    """Good till cancelled: neither the end of the day nor of the session takes it out."""


class Origin(StrEnum):
    """Who wanted the instruction."""

    STRATEGY = "strategy"
    GOVERNOR = "governor"


class Liquidity(StrEnum):
    """What a fill did to the book: added liquidity that was taken, or took it."""

    MAKER = "maker"
    TAKER = "taker"


@dataclass(frozen=True, slots=True)
class Instrument:
    """Something that is traded: its symbol, first price and tick in micro-dollars, lot in shares."""

    symbol: str
    price_micros: int
    tick_micros: int
    lot: int = 1

    def on_grid(self, price_micros: int) -> bool:
        """Whether the price is positive and a whole number of ticks."""
        return price_micros > 0 and price_micros % self.tick_micros == 0

    def down_to_grid(self, price_micros: float) -> int:
        """The nearest tick at or below the price, at least one tick."""
        return max(int(price_micros // self.tick_micros), 1) * self.tick_micros

    def up_to_grid(self, price_micros: float) -> int:
        """The nearest tick at or above the price, at least one tick."""
        return max(-int(-price_micros // self.tick_micros), 1) * self.tick_micros


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order as the desk means it. ``qty`` in shares (> 0); ``limit_micros`` is None for a market order."""

    order_id: int
    symbol: str
    side: Side
    qty: int
    kind: OrderKind
    limit_micros: int | None
    tif: TimeInForce = TimeInForce.DAY
    origin: Origin = Origin.STRATEGY
    parent_id: int = 0
    """The parent order that it is a slice of (:class:`engine.domain.records.ParentOrder`); 0: none."""
    strategy: str = "main"
    """Whose order it is: the strategy that wants it."""
    trader: str = "desk"
    """The person or desk that answers for the strategy."""


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """A wish to cancel the order ``target_id``."""

    order_id: int
    target_id: int
    symbol: str
    origin: Origin = Origin.STRATEGY


@dataclass(frozen=True, slots=True)
class ReplaceOrder:
    """A wish to replace ``target_id`` by an order with this quantity (total, not left) and limit."""

    order_id: int
    target_id: int
    symbol: str
    side: Side
    qty: int
    limit_micros: int
    origin: Origin = Origin.STRATEGY
    strategy: str = "main"
    """As in :class:`NewOrder`; a replace does not change whose order it is."""
    trader: str = "desk"


Instruction = NewOrder | CancelOrder | ReplaceOrder


@dataclass(frozen=True, slots=True)
class Fill:
    """An execution. ``fee_micros`` > 0 is paid, < 0 is a rebate; ``left`` is what is still working."""

    exec_id: int
    order_id: int
    symbol: str
    side: Side
    qty: int
    price_micros: int
    liquidity: Liquidity
    fee_micros: int
    left: int
    corrects: int = 0
    """The execution that was taken back for this one; 0 if it is a trade of its own."""


CORRECTED = "corrected"
"""The reason of a bust that comes with the execution that takes its place: to a member the two are one message."""


@dataclass(frozen=True, slots=True)
class Bust:
    """An execution taken back by the venue, with everything that it had: it never was. Its order stays as it is."""

    exec_id: int
    order_id: int
    symbol: str
    side: Side
    qty: int
    price_micros: int
    fee_micros: int
    reason: str


class OrderState(StrEnum):
    """The life of an order as the desk knows it. ``unknown`` counts as exposure."""

    PENDING = "pending"
    WORKING = "working"
    FILLED = "filled"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    UNKNOWN = "unknown"


LIVE_STATES = frozenset({OrderState.PENDING, OrderState.WORKING, OrderState.UNKNOWN})


@dataclass(frozen=True, slots=True)
class OrderUpdate:
    """What the venue says of an order: accepted (``working``), cancelled or rejected, with its reason.

    ``working`` with the order itself as target is an order that the venue made smaller: ``left`` is what is open.
    """

    order_id: int
    target_id: int
    state: OrderState
    reason: str
    left: int
