"""What the venue says: each thing once to the event log and once to its member's listener, at the venue's time."""

from __future__ import annotations

from dataclasses import replace

from engine.domain.orders import Bust, Fill, NewOrder, OrderState, OrderUpdate, Side
from engine.domain.ports import VenueListener
from engine.domain.quotes import MarketState, Quote, StateChange, Tick
from engine.domain.records import (
    VenueAccepted,
    VenueBust,
    VenueCancelled,
    VenueFill,
    VenueInventory,
    VenueQuote,
    VenueRejected,
    VenueSession,
    VenueShortSale,
    VenueState,
    VenueTrade,
)
from engine.kernel.world import World

SHORT_SALE_RESTRICTION = "short_sale_restriction"
"""The reason of a state that says nothing new but this."""


class Announcer:
    """Writes the venue's records and tells the listener, if there is one."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.listener: VenueListener | None = None
        self._states: dict[str, MarketState] = {}
        """The state of each symbol that was said last."""
        self._no_short_sales: set[str] = set()

    def tick(self, tick: Tick) -> None:
        """The market moved, or others traded."""
        if isinstance(tick, Quote):
            self._world.record(
                VenueQuote(tick.t_ns, tick.symbol, tick.bid_micros, tick.bid_qty, tick.ask_micros, tick.ask_qty)
            )
        else:
            self._world.record(VenueTrade(tick.t_ns, tick.symbol, tick.price_micros, tick.qty, int(tick.aggressor)))
        if self.listener is not None:
            self.listener.on_tick(tick)

    def accepted(self, order: NewOrder, target_id: int, sent_ns: int, quote: Quote | None, reason: str = "") -> None:
        """*order* is in, instead of *target_id* if that is not 0; *quote* is what it meets (None: nothing)."""
        touch_qty = 0
        if quote is not None:
            touch_qty = quote.ask_qty if order.side is Side.BUY else quote.bid_qty
        self._world.record(
            VenueAccepted(
                self._world.now_ns,
                order.order_id,
                target_id,
                order.symbol,
                int(order.side),
                order.qty,
                order.limit_micros or 0,
                order.tif.value,
                order.origin.value,
                sent_ns,
                quote.touch_micros(order.side) if quote is not None else 0,
                touch_qty,
            )
        )
        self._update(order.order_id, target_id, OrderState.WORKING, reason, order.qty)

    def restated(self, order: NewOrder, left: int, sent_ns: int, reason: str) -> None:
        """The venue has made *order* smaller: *left* shares are open, in its own place."""
        self.accepted(replace(order, qty=left), order.order_id, sent_ns, None, reason)

    def rejected(self, order_id: int, target_id: int, action: str, reason: str) -> None:
        """An instruction was refused."""
        self._world.record(VenueRejected(self._world.now_ns, order_id, target_id, action, reason))
        self._update(order_id, target_id, OrderState.REJECTED, reason, 0)

    def cancelled(self, order_id: int, symbol: str, left: int, reason: str, *, asked_by: int = 0) -> None:
        """An order left the book with *left* shares open; *asked_by* is the cancel that wanted it, 0 if none did."""
        self.replaced(order_id, symbol, left, reason)
        if asked_by:
            self._update(asked_by, order_id, OrderState.CANCELLED, reason, left)
        else:
            self._update(order_id, 0, OrderState.CANCELLED, reason, left)

    def replaced(self, order_id: int, symbol: str, left: int, reason: str = "replaced") -> None:
        """An order left the book; the answer to the member is that to the replace."""
        self._world.record(VenueCancelled(self._world.now_ns, order_id, symbol, left, reason))

    def filled(self, t_ns: int, fill: Fill) -> None:
        """One of the member's orders was filled."""
        self._world.record(
            VenueFill(
                t_ns,
                fill.exec_id,
                fill.order_id,
                fill.symbol,
                int(fill.side),
                fill.qty,
                fill.price_micros,
                fill.liquidity.value,
                fill.fee_micros,
                fill.left,
            )
        )
        if self.listener is not None:
            self.listener.on_fill(fill)

    def corrected(self, fill: Fill) -> None:
        """An execution takes the place of one that was taken back."""
        self.filled(self._world.now_ns, fill)

    def busted(self, bust: Bust) -> None:
        """An execution was taken back."""
        self._world.record(
            VenueBust(
                self._world.now_ns,
                bust.exec_id,
                bust.order_id,
                bust.symbol,
                int(bust.side),
                bust.qty,
                bust.price_micros,
                bust.fee_micros,
                bust.reason,
            )
        )
        if self.listener is not None:
            self.listener.on_bust(bust)

    def state(self, symbol: str, state: MarketState, reason: str) -> None:
        """A symbol stopped trading, goes on, or met a limit."""
        now_ns = self._world.now_ns
        self._world.record(VenueState(now_ns, symbol, state.value, reason))
        self._states[symbol] = state
        if self.listener is not None:
            self.listener.on_state(StateChange(now_ns, symbol, state, reason, symbol in self._no_short_sales))

    def restrict_short_sales(self, symbol: str, price_micros: int) -> None:
        """A symbol may not be sold short at the bid any more, after a trade at this price (0: from the day before)."""
        now_ns = self._world.now_ns
        self._world.record(VenueShortSale(now_ns, symbol, price_micros))
        self._no_short_sales.add(symbol)
        if self.listener is not None:
            state = self._states.get(symbol, MarketState.OPEN)
            self.listener.on_state(StateChange(now_ns, symbol, state, SHORT_SALE_RESTRICTION, True))

    def session(self, *, up: bool, reason: str) -> None:
        """The member's session changed; the line itself tells the member, or does not."""
        self._world.record(VenueSession(self._world.now_ns, up, reason))

    def inventory(self, symbol: str, qty: int, price_micros: int) -> None:
        """The account opened with a position."""
        self._world.record(VenueInventory(self._world.now_ns, symbol, qty, price_micros))

    def _update(self, order_id: int, target_id: int, state: OrderState, reason: str, left: int) -> None:
        if self.listener is not None:
            self.listener.on_update(OrderUpdate(order_id, target_id, state, reason, left))
