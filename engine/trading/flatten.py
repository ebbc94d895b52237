"""Giving up a position in good order (RTS 6 Art. 14(3)): small slices, within a share of the market, inside a collar.

**Participation.** Let V be the shares traded since the flatten began as the feed tells them, ``own`` every share of the
symbol the desk has traded since then, whoever sent it, and ``working`` what may still fill. A slice is at most

    floor(participation_pct / 100 × V) − own − working

so own ≤ p·V always. Whether or not the feed's V counts the desk's own trades, own is then at most p of the whole
market: own ≤ p·V if V includes them, and own / (V + own) ≤ p / (1 + p) < p if it does not. Shares of a slice that
found nobody leave ``working`` when it ends and may be sent again.

**Price.** A sell is priced at bid × (1 − collar), rounded *up* to the grid, a buy at ask × (1 + collar), rounded
*down*: never beyond the collar. Without a price on the needed side, or with an old one, nothing is sent.

The desk counts a Reduce order as working from the moment it executes the command; that there is never more than one
slice of a symbol on its way follows from that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from engine.base.units import MICROS_PER_USD, NS_PER_MS, ns_from_ms
from engine.domain.governance import DeskView, Reduce
from engine.domain.orders import Fill, Instrument, NewOrder, OrderKind, Origin, Side, TimeInForce
from engine.domain.quotes import Quote
from engine.trading.limits import FlattenRules
from engine.trading.rules import Limit, OrderRules


@dataclass(slots=True)
class _Work:
    """The flatten of one symbol: the feed's volume when it began, own shares since, when the next slice may go."""

    volume_at_start: int
    own: int
    next_ns: int


class Flattener:
    """Works off the positions of the symbols it was told to."""

    def __init__(self, rules: FlattenRules, symbols: Mapping[str, OrderRules], quote_age: Limit) -> None:
        self._works: dict[str, _Work] = {}
        self.obey(rules, symbols, quote_age)

    def obey(self, rules: FlattenRules, symbols: Mapping[str, OrderRules], quote_age: Limit) -> None:
        """Give positions up by these rules from now on."""
        self._symbols = symbols
        self._age_ms = quote_age.hard
        self._share = Fraction(str(rules.participation_pct)) / 100
        self._collar = Fraction(str(rules.collar_pct)) / 100
        self._slice_ns = ns_from_ms(rules.slice_ms)

    def begin(self, symbols: Iterable[str], view: DeskView) -> None:
        """Flatten these from now on; a flatten under way goes on as it is."""
        for symbol in symbols:
            if symbol not in self._works:
                self._works[symbol] = _Work(view.volume(symbol), 0, view.now_ns)

    def end(self, symbols: Iterable[str]) -> None:
        """Send no more slices of these."""
        for symbol in symbols:
            self._works.pop(symbol, None)

    def on_fill(self, fill: Fill) -> None:
        """Count the desk's own shares."""
        work = self._works.get(fill.symbol)
        if work:
            work.own += fill.qty

    def allowance(self, symbol: str, view: DeskView) -> int:
        """Shares that may be traded now within the participation; 0 if the symbol is not being flattened."""
        work = self._works.get(symbol)
        if work is None:
            return 0
        working = view.working(symbol, Side.BUY) + view.working(symbol, Side.SELL)
        traded = view.volume(symbol) - work.volume_at_start
        return max(floor(self._share * traded) - work.own - working, 0)

    def slices(self, view: DeskView) -> tuple[Reduce, ...]:
        """The next slice of each symbol whose time has come."""
        if not self._works or not view.session_up:
            return ()
        found = []
        for symbol, work in self._works.items():
            position = view.position(symbol)
            order = self._slice(symbol, work, position, view) if position else None
            if order is not None:
                found.append(Reduce(order))
        return tuple(found)

    def _slice(self, symbol: str, work: _Work, position: int, view: DeskView) -> NewOrder | None:
        side = Side.SELL if position > 0 else Side.BUY
        if view.now_ns < work.next_ns or view.working(symbol, side):
            return None
        if not view.market_state(symbol).trades:
            return None  # nothing is matched now; what is sent into an auction has no volume to be a share of
        touch = self._touch(view.quote(symbol), side, view.now_ns)
        if not touch:
            return None
        rules = self._symbols[symbol]
        qty = min(abs(position), self.allowance(symbol, view), _most_shares(rules, touch))
        qty -= qty % rules.instrument.lot
        if qty <= 0:
            return None
        work.next_ns = view.now_ns + self._slice_ns
        limit = self._limit(rules.instrument, side, touch)
        return NewOrder(0, symbol, side, qty, OrderKind.LIMIT, limit, TimeInForce.IOC, Origin.GOVERNOR)

    def _touch(self, quote: Quote | None, side: Side, now_ns: int) -> int:
        """The price to meet; 0 if there is none that is fresh enough (no age limit: none is)."""
        if quote is None or self._age_ms is None or not (now_ns - quote.t_ns) / NS_PER_MS <= self._age_ms:
            return 0
        return quote.touch_micros(side)

    def _limit(self, instrument: Instrument, side: Side, touch: int) -> int:
        bound = touch * (1 + side * self._collar)
        tick = instrument.tick_micros
        ticks = bound // tick if side is Side.BUY else -(-bound // tick)
        return max(int(ticks), 1) * tick


def _most_shares(rules: OrderRules, touch_micros: int) -> int:
    """The largest order that the symbol's hard limits allow; going safe does not wait for one that is missing."""
    most = [rules.order_qty.hard] if rules.order_qty.hard is not None else []
    if rules.order_notional.hard is not None:
        most.append(rules.order_notional.hard * MICROS_PER_USD / touch_micros)
    return int(min(most)) if most else 2**62
