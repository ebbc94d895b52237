"""A small market that does what a test tells it: quotes and trades at given times, orders met at the touch."""

from __future__ import annotations

from dataclasses import replace

from engine.domain.orders import Instrument, NewOrder, OrderKind, TimeInForce
from engine.domain.ports import NEVER_NS, Execution, Levers, MarketEvent
from engine.domain.quotes import Quote, Trade
from engine.market.auction import Interest, uncross

from .samples import BUY, SELL

USD = 1_000_000


class Scripted:
    """Symbols at 100.00 with a cent's tick: 99.99 to 100.01, 500 shares each. Others' sizes never run out."""

    wants_until_ns = NEVER_NS

    def __init__(self, *symbols: str, price: float = 100.0, tick: float = 0.01) -> None:
        micros, self.tick = round(price * USD), round(tick * USD)
        self.instruments = tuple(Instrument(symbol, micros, self.tick) for symbol in symbols or ("SPY",))
        self.quotes = {
            each.symbol: Quote(0, each.symbol, micros - self.tick, 500, micros + self.tick, 500)
            for each in self.instruments
        }
        self.resting: dict[int, NewOrder] = {}
        self.bands: dict[str, tuple[int, int]] = {}
        self.stopped: set[str] = set()
        self.auctions: list[tuple[tuple[NewOrder, ...], str, int]] = []
        self._script: list[MarketEvent] = []
        self._outbox: list[MarketEvent] = list(self.quotes.values())
        self._now_ns = 0

    # ---- what a test says

    def show(self, t_s: float, bid: float, ask: float, symbol: str = "SPY", qty: int = 500) -> None:
        """At *t_s* the quote becomes this; 0 is an empty side."""
        bid_micros, ask_micros = round(bid * USD), round(ask * USD)
        t_ns = round(t_s * 1e9)
        self._plan(Quote(t_ns, symbol, bid_micros, qty * bool(bid), ask_micros, qty * bool(ask)))

    def trade(self, t_s: float, price: float, symbol: str = "SPY", qty: int = 100) -> None:
        """At *t_s* others trade."""
        self._plan(Trade(round(t_s * 1e9), symbol, round(price * USD), qty, SELL))

    def _plan(self, event: MarketEvent) -> None:
        self._script.append(event)
        self._script.sort(key=lambda each: each.t_ns)

    # ---- what a market does

    def next_ns(self) -> int:
        return self._script[0].t_ns if self._script else NEVER_NS

    def advance(self, t_ns: int) -> tuple[MarketEvent, ...]:
        assert t_ns >= self._now_ns
        self._now_ns = t_ns
        events, self._outbox = self._outbox, []
        while self._script and self._script[0].t_ns <= t_ns:
            event = self._script.pop(0)
            if isinstance(event, Quote):
                self.quotes[event.symbol] = event
                events.append(event)
            elif event.symbol not in self.stopped:
                events.append(event)
        return tuple(events)

    def quote(self, symbol: str) -> Quote:
        return self.quotes[symbol]

    def levers(self, symbol: str) -> Levers:
        return Levers()

    def submit(self, order: NewOrder) -> tuple[Execution, ...]:
        assert order.symbol not in self.stopped, "no order may come while trading has stopped"
        assert order.order_id not in self.resting
        touch = self.quotes[order.symbol].touch_micros(order.side)
        reached = touch and (order.limit_micros is None or order.side * (order.limit_micros - touch) >= 0)
        if reached:
            return (self._execution(order, order.qty, touch, 0),)
        if order.kind is OrderKind.LIMIT and order.tif is TimeInForce.DAY:
            self.resting[order.order_id] = order
        return ()

    def cancel(self, order_id: int) -> int:
        order = self.resting.pop(order_id, None)
        return order.qty if order is not None else 0

    def set_bands(self, symbol: str, lower_micros: int, upper_micros: int) -> None:
        self.bands[symbol] = (lower_micros, upper_micros)

    def set_trading(self, symbol: str, *, trading: bool) -> None:
        (self.stopped.discard if trading else self.stopped.add)(symbol)

    def uncross(self, orders: tuple[NewOrder, ...], symbol: str, reference_micros: int) -> tuple[MarketEvent, ...]:
        assert symbol in self.stopped
        assert self.bands.get(symbol, (0, 0)) == (0, 0)
        self.auctions.append((orders, symbol, reference_micros))
        quote = self.quotes[symbol]
        waiting = [order for order in self.resting.values() if order.symbol == symbol]
        interests = [Interest(each.side, each.qty, each.limit_micros) for each in (*waiting, *orders)]
        interests += [Interest(BUY, quote.bid_qty, quote.bid_micros)] if quote.bid_micros else []
        interests += [Interest(SELL, quote.ask_qty, quote.ask_micros)] if quote.ask_micros else []
        found = uncross(interests, reference_micros, self.tick)
        events: list[MarketEvent] = []
        for order, qty in zip((*waiting, *orders), found.filled, strict=False):
            left = order.qty - qty
            self.resting.pop(order.order_id, None)
            if qty:
                events.append(self._execution(order, qty, found.price_micros, left))
            if left:
                self.resting[order.order_id] = replace(order, qty=left)
        return tuple(events)

    def _execution(self, order: NewOrder, qty: int, price: int, left: int) -> Execution:
        return Execution(self._now_ns, order.order_id, order.symbol, order.side, qty, price, False, left)

    def hit(self, order_id: int, qty: int) -> None:
        """Others trade against a resting order, now; it shows at the next :meth:`advance`."""
        order = self.resting.pop(order_id)
        assert order.limit_micros is not None
        left = order.qty - qty
        if left:
            self.resting[order_id] = replace(order, qty=left)
        self._outbox.append(self._execution(order, qty, order.limit_micros, left))
