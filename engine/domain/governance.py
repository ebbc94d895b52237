"""The governor contract: decisions, commands, kill levels, and what a governor may look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple, Protocol

from engine.domain.orders import NewOrder, Side
from engine.domain.quotes import MarketState, Quote

CONTRACT_VERSION = "1"

FIRM = "firm"
"""The scope that means everything."""

VENUE = "venue"
"""The scope that means everything at the venue: a desk has one, so it covers what ``firm`` does, latched apart."""

STRATEGY_PREFIX = "strategy:"
"""``strategy:main`` is the scope of one strategy. Any scope but these three is a symbol."""


def strategy_scope(strategy: str) -> str:
    """The scope of one strategy."""
    return STRATEGY_PREFIX + strategy


def covers(scope: str, symbol: str, strategy: str) -> bool:
    """Whether an order of *strategy* in *symbol* is in *scope*."""
    return scope in (FIRM, VENUE, symbol) or scope == strategy_scope(strategy)


class Level(IntEnum):
    """What the governor lets through. A hold releases itself; a stop (L1–L4) is latched."""

    RUNNING = 0
    HOLD = 1
    """Automatic: no order that increases exposure; cancels and reducing orders pass."""
    L1 = 2
    """Stop: no new risk, latched."""
    L2 = 3
    """L1, and every working order is cancelled."""
    L3 = 4
    """L2, and the position is flattened in good order."""
    L4 = 5
    """L3, and the session is disconnected."""


class SoftBreach(NamedTuple):
    """A soft limit that an approved order is beyond: an alert, and no deny. ``reason`` is the code of the hard one."""

    reason: str
    observed: float | None
    limit: float
    level: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A governor's answer to one instruction.

    A deny carries a stable reason code, the value observed, the limit it met and the level of the limit
    (``instrument``, ``strategy``, ``trader``, ``desk``, ``firm``). ``observed`` and ``limit`` are None where no number
    applies.
    """

    approved: bool
    reason: str = ""
    observed: float | None = None
    limit: float | None = None
    level: str = ""
    limits_sha: str = field(default="", compare=False)
    """Digest of the limits document that the decision was made by; empty: the governor does not say."""
    soft: tuple[SoftBreach, ...] = field(default=(), compare=False)
    """Soft limits that the order is beyond; each is written down (SoftLimit record)."""


APPROVED = Decision(approved=True)


@dataclass(frozen=True, slots=True)
class CancelAll:
    """Cancel every working order in *scope* (``firm``, ``venue``, ``strategy:NAME`` or a symbol)."""

    scope: str = FIRM


@dataclass(frozen=True, slots=True)
class Reduce:
    """Send this risk-reducing order (its ``order_id`` is given by the gateway; pass 0)."""

    order: NewOrder


@dataclass(frozen=True, slots=True)
class SetState:
    """Tell everybody that *scope* is now at *level*, and why (a reason code).

    ``trigger_ns`` is when the condition became true by the governor's knowledge.
    """

    scope: str
    level: Level
    reason: str
    trigger_ns: int


@dataclass(frozen=True, slots=True)
class NoteOverride:
    """Write down what became of an override of a block (GovernorOverride record): nothing else happens.

    ``what`` is ``asked granted refused used expired``; ``reason`` the code of the deny that it lifts; ``by`` everybody
    who asked for it; ``order_id`` the order that used it (0: none).
    """

    what: str
    scope: str
    reason: str
    by: str
    until_ns: int
    order_id: int = 0


Command = CancelAll | Reduce | SetState | NoteOverride


@dataclass(frozen=True, slots=True)
class Control:
    """A person's or a system's command to the governor: ``pause``, ``resume``, ``stop``, ``flatten``, ``override``.

    An ``override`` names the deny that it is to lift in ``reason``.
    """

    verb: str
    scope: str
    level: Level
    by: str
    reason: str = ""
    """Why, in the words of whoever commands."""
    message_id: str = ""
    """The message that brought it; empty: it came without one."""


class DeskView(Protocol):
    """What a governor may look at: the desk's knowledge, read only. Money in micro-dollars, quantity in shares."""

    @property
    def now_ns(self) -> int:
        """Simulated time."""
        ...

    @property
    def session_up(self) -> bool:
        """Whether the broker session is up, as far as the desk knows."""
        ...

    @property
    def books_agree(self) -> bool:
        """Whether no order is in an unknown state and every fill that is known is booked."""
        ...

    @property
    def equity_micros(self) -> float:
        """Capital + realised + unrealised - fees, at the desk's last mid."""
        ...

    @property
    def start_equity_micros(self) -> float:
        """Equity when the session began."""
        ...

    def symbols(self) -> tuple[str, ...]:
        """Every instrument the desk trades."""
        ...

    def quote(self, symbol: str) -> Quote | None:
        """The last quote that reached the desk; its ``t_ns`` is the venue's time."""
        ...

    def mark_micros(self, symbol: str) -> float | None:
        """The last two-sided mid that reached the desk, or None before the first."""
        ...

    def position(self, symbol: str) -> int:
        """Signed shares, by the desk's ledger."""
        ...

    def working(self, symbol: str, side: Side) -> int:
        """Shares in orders that may still fill: approved, sent, working and unknown."""
        ...

    def open_orders(self) -> int:
        """How many orders may still fill, over all symbols."""
        ...

    def order_left(self, order_id: int) -> tuple[Side, int] | None:
        """Side and open shares of one live order; None if it is not live."""
        ...

    def volume(self, symbol: str) -> int:
        """Shares traded at the venue since the session began, as far as the feed has told."""
        ...

    def market_state(self, symbol: str) -> MarketState:
        """Whether the symbol trades at the venue, as far as the feed has told; open until it has."""
        ...

    def short_sale_restricted(self, symbol: str) -> bool:
        """Whether the venue has restricted short sales of the symbol, as far as the feed has told."""
        ...

    def feed_gap(self, symbol: str) -> bool:
        """Whether something of the feed was lost, and no quote of the symbol has arrived since it was missed."""
        ...

    def check_quote(self, symbol: str) -> Quote | None:
        """The last quote of the desk's second source of prices; None before the first, or if it has no such source."""
        ...

    def moved(self, since: int) -> tuple[int, tuple[str, ...]]:
        """The symbols whose mark, position or working orders have changed since the number *since* was told (-1: all).

        And the number that stands for now. So that sums over all symbols can be kept and need not be made anew.
        """
        ...
