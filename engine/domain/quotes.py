"""What a market shows: its top of book, its trades, and whether it trades."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.domain.orders import Side


@dataclass(frozen=True, slots=True)
class Quote:
    """The best bid and ask of a symbol at the venue, at ``t_ns`` (venue time).

    Prices in micro-dollars, sizes in shares. A side that is empty has price 0 and size 0: one-sided is a
    state of its own, and ``mid_micros`` is then None.
    """

    t_ns: int
    symbol: str
    bid_micros: int
    bid_qty: int
    ask_micros: int
    ask_qty: int

    @property
    def two_sided(self) -> bool:
        """Whether both sides show a price."""
        return self.bid_micros > 0 and self.ask_micros > 0

    @property
    def mid_micros(self) -> float | None:
        """The middle of bid and ask, or None while one-sided."""
        bid_micros, ask_micros = self.bid_micros, self.ask_micros
        return (bid_micros + ask_micros) / 2 if bid_micros > 0 and ask_micros > 0 else None

    def touch_micros(self, side: Side) -> int:
        """The price an aggressive order of *side* meets (ask for a buy), 0 if there is none."""
        return self.ask_micros if side is Side.BUY else self.bid_micros


@dataclass(frozen=True, slots=True)
class Trade:
    """A print at the venue: price in micro-dollars, quantity in shares, the aggressor's side."""

    t_ns: int
    symbol: str
    price_micros: int
    qty: int
    aggressor: Side


Tick = Quote | Trade


class MarketState(StrEnum):
    """What may happen in a symbol at the venue."""

    OPEN = "open"
    LIMIT_STATE = "limit_state"
    """Trading goes on, but a quote stands at a price band: a pause may follow."""
    PAUSED = "paused"
    """A stop of this symbol for a while; an auction ends it."""
    HALTED = "halted"
    """A stop of the whole market."""
    CLOSED = "closed"
    """Outside the session."""

    @property
    def trades(self) -> bool:
        """Whether orders are matched."""
        return self in (MarketState.OPEN, MarketState.LIMIT_STATE)


@dataclass(frozen=True, slots=True)
class StateChange:
    """From ``t_ns`` (venue time) on *symbol* is in *state*, for a reason with a stable code.

    Every change says anew whether short sales of the symbol are restricted.
    """

    t_ns: int
    symbol: str
    state: MarketState
    reason: str
    short_sale_restricted: bool = False
