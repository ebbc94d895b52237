"""One symbol of the reduced model: a fundamental price, two ladders around it, and the desk's orders in them."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, floor, log

from engine.base.units import MICROS_PER_USD
from engine.domain.orders import Instrument, NewOrder, Side
from engine.domain.ports import Execution, Levers, MarketEvent
from engine.domain.quotes import Trade
from engine.market.ladder import Ladder
from engine.market.matching import SIDES, fill_reached, match, new_top, top
from engine.market.reopening import NO_BANDS, outside, uncross_ladders
from engine.market.resting import RestingOrders, may_rest
from engine.market.trade_flow import TradeFlow

TOP_PRICE_MICROS = 1_000_000_000 * MICROS_PER_USD
"""Prices stay below a billion dollars whatever the levers say, so that a value in micro-dollars fits 64 bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookSettings:
    """What a reduced book needs to know, in the units it computes in (all per step)."""

    spread_ticks: float
    depth_shares: int
    levels: int
    sigma: float
    """Standard deviation of the fundamental log price over one step."""
    kept: float
    """Share of a hole and of the transient impact that one step leaves."""
    impact: float
    """Log price move per level of displayed depth that the desk takes."""
    permanent_share: float
    trades: float
    """Trades of others expected in one step."""


class ReducedBook:
    """A block-shaped book around a random walk. Only :meth:`step` and :meth:`submit` change what it shows."""

    def __init__(self, instrument: Instrument, settings: BookSettings, flow: TradeFlow) -> None:
        self.instrument = instrument
        self.levers = Levers()
        self._settings = settings
        self._flow = flow
        self._log_price = log(instrument.price_micros)
        self._transient = 0.0
        self._pending = 0.0
        """Impact of the desk's orders since the last step: the others answer with the next one."""
        self._ladders = {side: Ladder(side, instrument.tick_micros, settings.levels) for side in SIDES}
        self._resting = RestingOrders(instrument.symbol)
        self._bands = NO_BANDS
        self.trading = True
        """Whether others trade; while they do not, the price stands still and holes close."""
        self._place()
        self.quote = top(instrument.symbol, self._ladders, 0)

    def step(self, t_ns: int, shock: float) -> list[MarketEvent]:
        """Move by one step with the standard normal draw *shock*; what happened, in order."""
        settings = self._settings
        if not self.trading:
            for ladder in self._ladders.values():
                ladder.refill(settings.kept)
            return []
        pending, self._pending = self._pending, 0.0
        self._log_price += settings.sigma * shock + settings.permanent_share * pending
        self._transient = self._transient * settings.kept + (1 - settings.permanent_share) * pending
        for ladder in self._ladders.values():
            ladder.refill(settings.kept)
        self._place()
        events = self.changes(t_ns)
        if len(self._resting):
            events += fill_reached(self._resting, self._ladders, t_ns)
            events += self.changes(t_ns)
            self._shorten_queues()
        for aggressor, qty in self._flow.step(settings.trades * self.levers.volume_factor):
            events += self._trade(t_ns, aggressor, qty)
        return events

    def changes(self, t_ns: int) -> list[MarketEvent]:
        """The new quote if the top has changed since the last one, else nothing."""
        shown = new_top(self.quote, self._ladders, t_ns)
        if shown is None:
            return []
        self.quote = shown
        return [shown]

    def submit(self, t_ns: int, order: NewOrder) -> tuple[Execution, ...]:
        """Match a new order against what is shown; what is left of a day limit order rests."""
        opposite = self._ladders[order.side.opposite]
        executions = match(order, opposite, t_ns)
        left = executions[-1].left if executions else order.qty
        if executions:
            self._pending += int(order.side) * self._settings.impact * (order.qty - left) / opposite.level_qty
        if left and may_rest(order):
            assert order.limit_micros is not None
            self._resting.add(order, left, ahead=self._ladders[order.side].at(order.limit_micros))
        return executions

    def cancel(self, order_id: int) -> int:
        """Take a resting order out: the shares it still had, 0 if it was not there."""
        return self._resting.remove(order_id)

    def set_bands(self, t_ns: int, bands: tuple[int, int]) -> list[MarketEvent]:
        """Let nobody bid above or offer below *bands* from now on; the new quote, if it changes."""
        self._bands = bands
        self._place()
        return self.changes(t_ns)

    def uncross(self, t_ns: int, orders: tuple[NewOrder, ...], reference_micros: int) -> list[MarketEvent]:
        """The auction of *orders* and the resting ones against what would be shown now; what is left of them rests."""
        self._place()
        tick = self.instrument.tick_micros
        executions, left = uncross_ladders(orders, self._resting, self._ladders, t_ns, reference_micros, tick)
        for order, qty in left:
            assert order.limit_micros is not None
            self._resting.add(order, qty, ahead=self._ladders[order.side].at(order.limit_micros))
        return [*executions, *self.changes(t_ns)]

    def _place(self) -> None:
        """Put both ladders around the mid: a whole number of ticks apart, the bid at least one tick.

        A side that would lie beyond its band stands at it.
        """
        tick = self.instrument.tick_micros
        levers = self.levers
        price = min(exp(self._log_price + self._transient) * levers.price_factor, TOP_PRICE_MICROS)
        spread = max(round(self._settings.spread_ticks * levers.spread_factor), 1)
        bid = max(floor(price / tick - spread / 2 + 0.5), 1)
        level_qty = int(self._settings.depth_shares * levers.depth_factor)
        lower, upper = self._bands
        self._ladders[Side.BUY].place(min(bid * tick, upper) if upper else bid * tick, level_qty)
        self._ladders[Side.SELL].place(max((bid + spread) * tick, lower), level_qty)

    def _shorten_queues(self) -> None:
        """Nobody stands ahead of an order who does not show at its price any more."""
        for side in SIDES:
            ladder = self._ladders[side]
            touch, _ = ladder.best()
            for order in self._resting.by_priority(side):
                if touch and order.edge_micros(touch) <= 0:
                    shown = ladder.at(order.limit_micros)
                    order.ahead = min(order.ahead, shown) if shown else order.ahead
                else:
                    order.ahead = 0

    def _trade(self, t_ns: int, aggressor: Side, qty: int) -> list[MarketEvent]:
        """Somebody takes *qty* shares at the touch: better priced desk orders first, then by the queue.

        The size shown is not consumed: between others a lifted quote comes back within the step.
        """
        passive = aggressor.opposite
        price, _ = self._ladders[passive].best()
        if not price or outside(price, self._bands):
            return []
        events: list[MarketEvent] = []
        others = 0
        for order in self._resting.by_priority(passive):
            edge = order.edge_micros(price)
            if edge < 0:
                break
            if edge == 0:
                passed = min(qty, max(order.ahead - others, 0))
                qty, others = qty - passed, others + passed
                order.ahead = max(order.ahead - others, 0)
            filled = min(qty, order.left)
            if filled:
                events.append(self._resting.fill(order, filled, t_ns))
                qty -= filled
        if qty + others:
            events.append(Trade(t_ns, self.instrument.symbol, price, qty + others, aggressor))
        return events
