"""The market-making strategy: it quotes both sides around the mid and leans against its inventory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.base.keys import key
from engine.base.units import ns_from_ms
from engine.domain.governance import DeskView
from engine.domain.orders import (
    CancelOrder,
    Instruction,
    Instrument,
    NewOrder,
    OrderKind,
    ReplaceOrder,
    Side,
    TimeInForce,
)
from engine.domain.quotes import Quote
from engine.kernel.world import World
from engine.trading.own_orders import OwnOrder, OwnOrders

NEVER_NS = -(2**62)
_SIDES = tuple(Side)
"""A tuple is walked six times faster than the enumeration itself, and this one is walked at every quote."""


@dataclass(frozen=True, kw_only=True)
class MarketMakingDocument:
    """Quotes both sides of every instrument, and moves its quotes with the mid."""

    qty_shares: int = key("Size of each quote, in shares", min=1, max=10_000_000)
    half_spread_ticks: int = key("Distance of each quote from the mid, in ticks", min=1, max=100_000)
    requote_ticks: float = key(
        "How far the mid must move before the quotes follow, in ticks", default=1, min=0.5, max=100_000
    )
    min_requote_ms: float = key(
        "Least time between two moves of the quotes of an instrument, in milliseconds",
        default=500,
        min=0,
        max=86_400_000,
    )
    max_inventory_shares: int = key(
        "The position at which it stops quoting the side that would enlarge it, in shares", min=1, max=100_000_000
    )
    skew_ticks: float = key(
        "How far both quotes lean against the position when it is at its maximum, in ticks; less in proportion below",
        default=0,
        min=0,
        max=100_000,
    )

    def build(self, world: World, instruments: Sequence[Instrument]) -> MarketMaking:
        """The strategy for these instruments. It leaves nothing to chance."""
        return MarketMaking(self, instruments)


class MarketMaking:
    """The behaviour of a :class:`MarketMakingDocument`."""

    def __init__(self, document: MarketMakingDocument, instruments: Sequence[Instrument]) -> None:
        self._document = document
        self._instruments = {instrument.symbol: instrument for instrument in instruments}
        self._min_requote_ns = ns_from_ms(document.min_requote_ms)
        self._quoted_at_ns = dict.fromkeys(self._instruments, NEVER_NS)
        self._quoted_mid_micros = dict.fromkeys(self._instruments, 0.0)
        self._orders = OwnOrders()
        self.on_update = self._orders.on_update
        self.on_fill = self._orders.on_fill
        self.on_decision = self._orders.on_decision

    def on_tick(self, quote: Quote, view: DeskView, ids: Iterator[int]) -> Sequence[Instruction]:
        """New quotes, moved ones, or the cancel of a side that would take the position beyond its maximum."""
        instrument, mid_micros = self._instruments.get(quote.symbol), quote.mid_micros
        now_ns, symbol = view.now_ns, quote.symbol
        if instrument is None or mid_micros is None or now_ns - self._quoted_at_ns[symbol] < self._min_requote_ns:
            return ()
        far_micros = self._document.requote_ticks * instrument.tick_micros
        moved = abs(mid_micros - self._quoted_mid_micros[symbol]) >= far_micros
        wanted: list[Instruction] = []
        position = view.position(symbol)
        for side in _SIDES:
            order = self._orders.of(symbol, side)
            if order is None or moved or self._too_much(side, position):
                wanted += self._side(side, order, instrument, quote, position, ids)
        if wanted:
            self._quoted_at_ns[symbol] = now_ns
        if moved:
            self._quoted_mid_micros[symbol] = mid_micros
        for instruction in wanted:
            self._orders.asked(instruction, now_ns)
        return wanted

    def _too_much(self, side: Side, position: int) -> bool:
        """Whether a full quote on this side could take the position beyond its maximum."""
        return side * position + self._document.qty_shares > self._document.max_inventory_shares

    def _side(
        self,
        side: Side,
        order: OwnOrder | None,
        instrument: Instrument,
        quote: Quote,
        position: int,
        ids: Iterator[int],
    ) -> Iterator[Instruction]:
        """What to do on one side of the market: a new quote, a moved one, a cancel, or nothing."""
        if order is not None and order.changing:
            return
        qty, limit_micros = self._document.qty_shares, self._price_micros(side, instrument, quote, position)
        if self._too_much(side, position):
            if order is not None:
                yield CancelOrder(next(ids), order.order_id, order.symbol)
        elif order is None:
            yield NewOrder(next(ids), instrument.symbol, side, qty, OrderKind.LIMIT, limit_micros, TimeInForce.DAY)
        elif limit_micros != order.limit_micros:
            # The total counts what is filled, so this brings the quote back to its full size.
            total = order.filled + qty
            yield ReplaceOrder(next(ids), order.order_id, order.symbol, side, total, limit_micros)

    def _price_micros(self, side: Side, instrument: Instrument, quote: Quote, position: int) -> int:
        """The price of one quote: around the mid, leant against the position, and never through the market."""
        document, tick_micros = self._document, instrument.tick_micros
        mid_micros = (quote.bid_micros + quote.ask_micros) / 2
        leant_micros = document.skew_ticks * position / document.max_inventory_shares * tick_micros
        fair_micros = mid_micros - leant_micros
        if side is Side.BUY:
            wanted_micros = instrument.down_to_grid(fair_micros - document.half_spread_ticks * tick_micros)
            return max(min(wanted_micros, quote.ask_micros - tick_micros), tick_micros)
        wanted_micros = instrument.up_to_grid(fair_micros + document.half_spread_ticks * tick_micros)
        return max(wanted_micros, quote.bid_micros + tick_micros)
