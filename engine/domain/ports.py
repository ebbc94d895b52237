"""The seams of the house: what a market model, a venue's listener and a governor must offer.

These protocols hold for the reduced model and for tapes, and are ready for a full order book: a model owns the
book and the desk's resting orders, and is only ever moved to an exact instant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from engine.domain.governance import Command, Control, Decision, DeskView
from engine.domain.orders import Bust, Fill, Instruction, Instrument, NewOrder, OrderUpdate, Side
from engine.domain.quotes import Quote, StateChange, Tick, Trade


@dataclass(frozen=True, slots=True)
class Execution:
    """A match of one of the desk's orders inside the market model, before fees."""

    t_ns: int
    order_id: int
    symbol: str
    side: Side
    qty: int
    price_micros: int
    maker: bool
    left: int


MarketEvent = Quote | Trade | Execution

NEVER_NS = 2**62
"""Later than any run: the answer of a market that will not change by itself any more."""


@dataclass(slots=True)
class Levers:
    """What faults may pull on one symbol of a market. Every lever at 1.0 is the undisturbed market.

    Which of them a market obeys stands in its document (``levers``); a fault that needs another one is refused.
    """

    price_factor: float = 1.0
    """Multiplies the fundamental price (reduced) or the tape's prices (replay)."""
    depth_factor: float = 1.0
    """Multiplies displayed size."""
    spread_factor: float = 1.0
    """Multiplies the spread."""
    volume_factor: float = 1.0
    """Multiplies the rate of trading by others."""
    refill_factor: float = 1.0
    """Multiplies the rate at which others place new orders (order_book)."""
    cancel_factor: float = 1.0
    """Multiplies the rate at which others cancel their orders (order_book)."""


class MarketModel(Protocol):
    """A market: quotes and trades of its own, and the desk's orders in it.

    The caller (the venue) guarantees that time never goes back, that ``advance(t)`` is called before any read or
    order at ``t``, and that order ids are unique.
    """

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        """What is traded, in the order of the document."""
        ...

    @property
    def wants_until_ns(self) -> int:
        """The last instant for which the model has data (``NEVER_NS`` if it generates without end)."""
        ...

    def next_ns(self) -> int:
        """The next instant at which the market changes by itself; ``NEVER_NS`` if never."""
        ...

    def advance(self, t_ns: int) -> tuple[MarketEvent, ...]:
        """Bring the market to exactly ``t_ns``; what happened on the way, in time order."""
        ...

    def quote(self, symbol: str) -> Quote:
        """The top of book now, without the desk's own orders."""
        ...

    def levers(self, symbol: str) -> Levers:
        """The levers of one symbol; a change counts from the next event on."""
        ...

    def submit(self, order: NewOrder) -> tuple[Execution, ...]:
        """Take an order now: its immediate executions. The rest of a day limit order rests, any other rest dies."""
        ...

    def cancel(self, order_id: int) -> int:
        """Take a resting order out: the shares it still had, 0 if it was not there."""
        ...

    def set_bands(self, symbol: str, lower_micros: int, upper_micros: int) -> None:
        """From now on nobody offers below *lower_micros* or bids above *upper_micros*, and nothing trades outside.

        Both lie on the grid; 0/0 takes the bands away. Others' prices beyond a band are shown at it, or not at all.
        The venue holds the desk's own orders inside; one that it reprices is cancelled and comes again under its id.
        """
        ...

    def set_trading(self, symbol: str, *, trading: bool) -> None:
        """Others stop trading in *symbol* (False), or go on. While they have stopped nothing is printed or filled.

        Quotes may still change. The venue sends no order of that symbol then, only cancels; resting orders stay.
        """
        ...

    def uncross(self, orders: tuple[NewOrder, ...], symbol: str, reference_micros: int) -> tuple[MarketEvent, ...]:
        """The call auction that ends a stop: *orders*, in order of arrival, and what rests, against the book, by now.

        Called while trading has stopped and no bands are set. By :func:`engine.market.auction.uncross`: one price for
        all. What is left of *orders* rests. Gives the executions of the desk's orders, the others' trade if they traded
        with each other, and the new quote if it has changed.
        """
        ...


@runtime_checkable
class LooksAhead(MarketModel, Protocol):
    """A market that finds out by playing when it changes: it is played ahead of the clock, up to the next event."""

    @property
    def pending(self) -> bool:
        """Whether there is something to say."""
        ...

    def look_ahead(self, limit_ns: int) -> int:
        """Go on until there is something to say, but not beyond *limit_ns*; when that was, or *limit_ns*.

        Nobody may act on the market at an earlier time than *limit_ns* unless this says so.
        """
        ...


class VenueListener(Protocol):
    """The desk's end of the line: what the venue says to its member. Called at the venue's time, before any latency."""

    def on_tick(self, tick: Tick) -> None:
        """The market moved."""
        ...

    def on_update(self, update: OrderUpdate) -> None:
        """An instruction was accepted, cancelled or rejected."""
        ...

    def on_fill(self, fill: Fill) -> None:
        """One of the desk's orders was filled."""
        ...

    def on_bust(self, bust: Bust) -> None:
        """An execution was taken back: it never was."""
        ...

    def on_state(self, change: StateChange) -> None:
        """Trading in a symbol stopped, went on, or met a limit; until the first word of a symbol it is open."""
        ...


class Venue(Protocol):
    """The venue's door: the desk sends instructions, the venue writes the venue's records."""

    def submit(self, instruction: Instruction, sent_ns: int) -> None:
        """An instruction arrives now; ``sent_ns`` is the sending time on the message."""
        ...

    def quote(self, symbol: str) -> Quote:
        """The top of book now."""
        ...

    def session_up(self, reason: str) -> None:
        """The member's session is up from now on (VenueSession record)."""
        ...

    def session_down(self, reason: str, *, graceful: bool = False) -> None:
        """The member's session is down from now on; cancel-on-disconnect takes day orders out, if the venue has it.

        A *graceful* logout is no disconnect: every order stays.
        """
        ...


class Governor(Protocol):
    """The pre-trade risk control. One thread calls it, in the order in which things reach the desk.

    Every call gets the desk's knowledge as *view*; a governor may keep state of its own. ``decide`` must not send
    anything; the other calls return what the governor wants done. Raising, hanging or returning anything else is
    a failure of the governor and never an approval.
    """

    def decide(self, order: Instruction, view: DeskView) -> Decision:
        """Approve or deny one instruction of the strategy."""
        ...

    def on_fill(self, fill: Fill, view: DeskView) -> tuple[Command, ...]:
        """A fill was booked."""
        ...

    def on_market(self, tick: Tick, view: DeskView) -> tuple[Command, ...]:
        """A quote or a trade reached the desk."""
        ...

    def on_control(self, control: Control, view: DeskView) -> tuple[Command, ...]:
        """A person or a system gave a command."""
        ...

    def on_timer(self, view: DeskView) -> tuple[Command, ...]:
        """Called every 100 ms of the desk's clock."""
        ...
