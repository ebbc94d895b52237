"""The venue's safeguards in a run: they watch quotes and trades, move the bands, and stop symbols."""

from __future__ import annotations

from collections.abc import Callable

from engine.base.units import ns_from_s
from engine.domain.orders import NewOrder, Side
from engine.domain.ports import NEVER_NS, MarketEvent, MarketModel
from engine.domain.quotes import MarketState, Quote
from engine.kernel.world import World
from engine.market.mechanics.breakers import Breakers, BreakerWatch, Tripped
from engine.market.mechanics.hours import AFTER_CLOSE, BEFORE_OPEN, Hours
from engine.market.mechanics.luld import Luld, bands_of
from engine.market.mechanics.short_sale import ShortSaleWatch
from engine.market.mechanics.stop_logic import FastMoves
from engine.market.model_document import MarketError
from engine.market.venue_document import Mechanics
from engine.market.venue_halts import Halts, Hold
from engine.market.venue_symbols import SYMBOLS_HELP, check_symbols

LULD_LIMIT, LULD_PAUSE = "luld_limit", "luld_pause"
STOP_LOGIC = "stop_logic"
MARKET_WIDE = "market_wide_"
"""Reasons of states; the level's number follows ``MARKET_WIDE``."""


class Safeguards:
    """What watches over every symbol. It acts in :meth:`settle`, never between two events of one instant."""

    def __init__(
        self,
        world: World,
        model: MarketModel,
        halts: Halts,
        mechanics: Mechanics,
        start_ns: int,
        *,
        sync: Callable[[], None],
        reprice: Callable[[str], None],
        closed: Callable[[], None],
        restrict: Callable[[str, int], None],
    ) -> None:
        """*start_ns* is the time of day of time 0. *reprice* puts the member's orders of a symbol inside new bands,
        *closed* ends the day's orders, *restrict* says that a symbol may not be sold short at the bid.

        Raise MarketError if a mechanism does not fit what is traded.
        """
        self._world, self._model, self._halts = world, model, halts
        self._mechanics = mechanics
        self._start_ns = start_ns
        self._sync, self._reprice, self._closed, self._restrict = sync, reprice, closed, restrict
        self._instruments = {each.symbol: each for each in model.instruments}
        self._last = dict.fromkeys(self._instruments, 0)
        """The last traded price of each symbol; 0 before the first trade."""
        luld, logic = mechanics.luld, mechanics.stop_logic
        check_symbols(mechanics, self._instruments)
        try:
            self._bands = {} if luld is None else bands_of(luld, self._instruments, start_ns)
        except LookupError as error:
            raise MarketError(str(error), "give luld.classes one that begins lower") from error
        self._shown = dict.fromkeys(self._instruments, (0, 0))
        """The bands in force, 0/0 without."""
        self._fast = {} if logic is None else {s: FastMoves(logic, i) for s, i in self._instruments.items()}
        self._too_fast: dict[str, None] = {}
        self._breakers = None if mechanics.breakers is None else self._watch(mechanics.breakers)
        short = mechanics.short_sale
        self._short_sale = None if short is None else ShortSaleWatch(short, self._instruments)
        self._fallen: dict[str, int] = {}
        """Symbols that fell so far that they are to be restricted, and the price."""
        self._tripped: Tripped | None = None
        self._touched: dict[str, None] = {}
        self._limit_since_ns: dict[str, int] = {}

    def start(self) -> None:
        """The market has opened its quotes: references are set, and the clock begins to count."""
        for symbol in self._bands:
            self.restart(symbol, 0)
        for t_ns in sorted({t_ns for bands in self._bands.values() for t_ns in bands.change_times_ns()}):
            self._world.at(t_ns, self._by_the_clock)
        if self._mechanics.hours is not None:
            self._keep_hours(self._mechanics.hours)
        for symbol in self._mechanics.short_sale.from_before if self._mechanics.short_sale else ():
            self._restrict(symbol, 0)
        self.settle()

    # ---- what orders ask

    def inside(self, symbol: str, side: Side, limit_micros: int | None) -> int | None:
        """The limit of an order held inside the bands; a market order gets the far band as its limit."""
        lower, upper = self._shown[symbol]
        if not upper:
            return limit_micros
        band = upper if side is Side.BUY else lower
        return band if limit_micros is None else int(side) * min(side * limit_micros, side * band)

    def refusal(self, order: NewOrder, quote: Quote) -> str:
        """Why the collar refuses *order*, or nothing; it does not hold while the symbol does not trade."""
        collar = self._mechanics.collar
        if collar is None or not self._halts.trades(order.symbol):
            return ""
        return collar.refusal(order, quote, self._last[order.symbol])

    def reference_micros(self, symbol: str) -> int:
        """What an auction's price is nearest to: the last trade, else the last mid, else the symbol's first price."""
        mid_micros = self._model.quote(symbol).mid_micros
        return self._last[symbol] or round(mid_micros or self._instruments[symbol].price_micros)

    # ---- what happens

    def see(self, event: MarketEvent) -> None:
        """Something happened in the market; what follows from it comes with :meth:`settle`."""
        symbol = event.symbol
        self._touched[symbol] = None
        if isinstance(event, Quote):
            return
        t_ns, price = event.t_ns, event.price_micros
        self._last[symbol] = price
        if symbol in self._bands:
            self._bands[symbol].trade(t_ns, price)
        if symbol in self._fast and self._fast[symbol].trade(t_ns, price):
            self._too_fast[symbol] = None
        if self._short_sale is not None and self._short_sale.trade(symbol, price):
            self._fallen[symbol] = price
        breakers = self._mechanics.breakers
        if self._breakers is not None and breakers is not None and symbol == breakers.index_symbol:
            self._tripped = self._breakers.trade(t_ns, price) or self._tripped

    def settle(self) -> None:
        """Do what follows from everything that was seen."""
        if self._tripped is not None:
            self._halt_all(self._tripped)
        self._reserve()
        for symbol, price_micros in self._fallen.items():
            self._restrict(symbol, price_micros)
        self._fallen.clear()
        while self._touched:
            symbol = next(iter(self._touched))
            del self._touched[symbol]
            if symbol in self._bands and self._halts.trades(symbol):
                if self._bands[symbol].recompute(self._world.now_ns):
                    self._show(symbol)
                self._judge_limit(symbol)

    def lift(self, symbol: str) -> None:
        """No bands hold in an auction."""
        if self._shown[symbol] != (0, 0):
            self._shown[symbol] = (0, 0)
            self._model.set_bands(symbol, 0, 0)

    def restart(self, symbol: str, price_micros: int) -> None:
        """*symbol* trades again, at *price_micros* (0: nothing traded in the auction, its mid counts)."""
        if symbol in self._fast:
            self._fast[symbol].restart()
            self._too_fast.pop(symbol, None)
        if symbol in self._bands:
            bands = self._bands[symbol]
            mid_micros = self._model.quote(symbol).mid_micros
            bands.restart(self._world.now_ns, price_micros or round(mid_micros or bands.reference_micros))
            self._show(symbol)

    # ---- limit up, limit down

    def bend(self, symbol: str, factor: float) -> None:
        """Reckon the bands of *symbol* from a reference *factor* times what it was. Raise MarketError without bands."""
        if symbol not in self._bands:
            raise MarketError(f"{symbol} has no price bands at this venue", "name a venue with luld")
        self._bands[symbol].bent_by *= factor
        if self._halts.trades(symbol):
            self._show(symbol)

    def _show(self, symbol: str) -> None:
        """Put the bands of now into force."""
        bands = self._bands[symbol].at(self._world.now_ns)
        if bands != self._shown[symbol]:
            self._shown[symbol] = bands
            self._model.set_bands(symbol, *bands)
            self._reprice(symbol)
            self._touched[symbol] = None

    def _by_the_clock(self) -> None:
        self._sync()
        for symbol in self._bands:
            if self._halts.trades(symbol):
                self._show(symbol)
        self._sync()

    def _judge_limit(self, symbol: str) -> None:
        """Enter or leave the limit state: the best offer stands at the lower band, or the best bid at the upper."""
        quote, (lower, upper) = self._model.quote(symbol), self._shown[symbol]
        at_band = upper > 0 and (quote.ask_micros == lower or quote.bid_micros == upper)
        if at_band and not self._halts.in_limit_state(symbol):
            since_ns = self._limit_since_ns[symbol] = self._world.now_ns
            self._halts.enter_limit_state(symbol, LULD_LIMIT)
            self._world.at(since_ns + ns_from_s(self._luld.limit_state_s), lambda: self._pause(symbol, since_ns))
        elif not at_band and self._halts.in_limit_state(symbol):
            self._halts.leave_limit_state(symbol)

    def _pause(self, symbol: str, since_ns: int) -> None:
        """Pause *symbol* if the limit state that it entered at *since_ns* has lasted until now."""
        self._sync()
        if self._halts.in_limit_state(symbol) and self._limit_since_ns[symbol] == since_ns:
            luld = self._luld
            self._stop(symbol, LULD_PAUSE, MarketState.PAUSED, LULD_PAUSE, luld.pause_s, luld.new_orders == "refuse")

    @property
    def _luld(self) -> Luld:
        assert self._mechanics.luld is not None
        return self._mechanics.luld

    # ---- the other stops

    def _reserve(self) -> None:
        logic = self._mechanics.stop_logic
        while self._too_fast and logic is not None:
            symbol = next(iter(self._too_fast))
            del self._too_fast[symbol]
            if self._halts.trades(symbol):
                refuses = logic.new_orders == "refuse"
                self._stop(symbol, STOP_LOGIC, MarketState.PAUSED, STOP_LOGIC, logic.reserved_s, refuses)

    def _halt_all(self, tripped: Tripped) -> None:
        self._tripped = None
        refuses = self._mechanics.breakers is not None and self._mechanics.breakers.new_orders == "refuse"
        reason = f"{MARKET_WIDE}{tripped.number}"
        for symbol in self._instruments:
            self._stop(symbol, MARKET_WIDE, MarketState.HALTED, reason, tripped.level.halt_s, refuses)

    def _stop(self, symbol: str, by: str, state: MarketState, reason: str, for_s: float | None, refuses: bool) -> None:
        until_ns = NEVER_NS if for_s is None else self._world.now_ns + ns_from_s(for_s)
        self._halts.hold(symbol, Hold(by, state, reason, until_ns, refuses))

    def _keep_hours(self, hours: Hours) -> None:
        opens_ns, closes_ns = hours.opens_ns(self._start_ns), hours.closes_ns(self._start_ns)
        if closes_ns <= 0:
            self._close()
            return
        self._world.at(closes_ns, self._close)
        for symbol in self._instruments if opens_ns > 0 else ():
            self._halts.hold(symbol, Hold(BEFORE_OPEN, MarketState.CLOSED, BEFORE_OPEN, opens_ns, refuses=True))

    def _close(self) -> None:
        self._sync()
        for symbol in self._instruments:
            self._halts.hold(symbol, Hold(AFTER_CLOSE, MarketState.CLOSED, AFTER_CLOSE, NEVER_NS, refuses=True))
        self._closed()

    # ---- what a document must name rightly

    def _watch(self, breakers: Breakers) -> BreakerWatch:
        instrument = self._instruments.get(breakers.index_symbol)
        if instrument is None:
            raise MarketError(
                f"breakers.index_symbol: {breakers.index_symbol} is not traded here; "
                f"traded are {', '.join(self._instruments)}",
                SYMBOLS_HELP,
            )
        return BreakerWatch(breakers, instrument.price_micros, self._start_ns)
