"""What the desk knows, read only: the view that governor and strategy get with every call."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.domain.orders import Instruction, Instrument, Side
from engine.domain.quotes import MarketState, Quote, StateChange, Tick
from engine.kernel.world import World
from engine.trading.broker import BrokerSession
from engine.trading.ledger import Ledger
from engine.trading.order_table import OrderTable

_OPEN = MarketState.OPEN


class View:
    """A :class:`~engine.domain.governance.DeskView` over the desk's ledger, orders, session and last quotes."""

    def __init__(
        self,
        world: World,
        instruments: Sequence[Instrument],
        ledger: Ledger,
        orders: OrderTable,
        session: BrokerSession,
    ) -> None:
        self.clock_offset_ns = 0
        """How far the desk's clock runs ahead of the true time (< 0: behind); for faults."""
        self._world = world
        self._ledger = ledger
        self._orders = orders
        self._session = session
        self._symbols = tuple(instrument.symbol for instrument in instruments)
        self._quotes: dict[str, Quote] = {}
        # Before the first quote the books are valued at the reference price, like the opening inventory.
        self._marks: dict[str, float] = {item.symbol: float(item.price_micros) for item in instruments}
        self._quoted: dict[str, float] = {}
        self._states: dict[str, MarketState] = {}
        self._no_short_sales: set[str] = set()
        self._in_doubt: set[str] = set()
        """Symbols without a quote since something of the feed was lost."""
        self._check_quotes: dict[str, Quote] = {}
        # By symbol the number of its last change, the latest last; so what has changed since is at the end.
        self._moved = dict.fromkeys(self._symbols, 0)
        self._moves = 0
        orders.moved = self._move
        self._volumes = dict.fromkeys(self._symbols, 0)
        self._equity_micros: float | None = None
        self._start_equity_micros: float | None = None
        self.position: Callable[[str], int] = ledger.position
        self.working: Callable[[str, Side], int] = orders.working

    # ---- what may be read

    @property
    def now_ns(self) -> int:
        """Simulated time, by the desk's clock."""
        return self._world.now_ns + self.clock_offset_ns

    @property
    def session_up(self) -> bool:
        """Whether the broker session is up, as far as the desk knows."""
        return self._session.known_up

    @property
    def books_agree(self) -> bool:
        """Whether the session is up and no instruction's fate is unknown (every known fill is booked on arrival)."""
        return self._session.known_up and not self._session.unresolved and not self._orders.unknown

    @property
    def equity_micros(self) -> float:
        """Equity at the last two-sided mids; kept until a quote or a fill changes it."""
        if self._equity_micros is None:
            self._equity_micros = self._ledger.equity_micros(self._marks)
        return self._equity_micros

    @property
    def start_equity_micros(self) -> float:
        """Equity when the session began."""
        return self.equity_micros if self._start_equity_micros is None else self._start_equity_micros

    def symbols(self) -> tuple[str, ...]:
        """Every instrument the desk trades."""
        return self._symbols

    def quote(self, symbol: str) -> Quote | None:
        """The last quote that reached the desk, also if it is one-sided."""
        return self._quotes.get(symbol)

    def mark_micros(self, symbol: str) -> float | None:
        """The last two-sided mid that reached the desk, or None before the first."""
        return self._quoted.get(symbol)

    def open_orders(self) -> int:
        """How many orders may still fill, over all symbols."""
        return len(self._orders)

    def order_left(self, order_id: int) -> tuple[Side, int] | None:
        """Side and open shares of one live order; None if it is not live."""
        order = self._orders.get(order_id)
        return None if order is None else (order.side, order.open_qty)

    def volume(self, symbol: str) -> int:
        """Shares traded at the venue since the session began, as far as the feed has told."""
        return self._volumes[symbol]

    def market_state(self, symbol: str) -> MarketState:
        """Whether *symbol* trades at the venue, as far as the feed has told."""
        return self._states.get(symbol, _OPEN)

    def short_sale_restricted(self, symbol: str) -> bool:
        """Whether the venue has restricted short sales of *symbol*, as far as the feed has told."""
        return symbol in self._no_short_sales

    def feed_gap(self, symbol: str) -> bool:
        """Whether something of the feed was lost, and no quote of *symbol* has arrived since it was missed."""
        return symbol in self._in_doubt

    def check_quote(self, symbol: str) -> Quote | None:
        """The last quote of the second source of prices; None before the first, or without such a source."""
        return self._check_quotes.get(symbol)

    def moved(self, since: int) -> tuple[int, tuple[str, ...]]:
        """The symbols whose mark, position or working orders have changed since the number *since* was told (-1: all).

        And the number that stands for now. What it costs depends on how many have changed, not on how many there are.
        """
        if since == self._moves:
            return since, ()
        found = []
        for symbol, number in reversed(self._moved.items()):
            if number <= since:
                break
            found.append(symbol)
        return self._moves, tuple(found)

    def increases(self, order: Instruction) -> bool:
        """Whether *order* would raise the worst exposure of its symbol, max(|pos + buys|, |pos − sells|)."""
        side, added = self._orders.added_open(order)
        if not added:
            return False
        position = self.position(order.symbol)
        buys, sells = self.working(order.symbol, Side.BUY), self.working(order.symbol, Side.SELL)
        before = max(abs(position + buys), abs(position - sells))
        after = abs(position + buys + added) if side is Side.BUY else abs(position - sells - added)
        return after > before

    # ---- what the desk tells it

    def open_inventory(self, symbol: str, price_micros: int) -> None:
        """The books opened with a position at this price, which values it until the first quote."""
        self._marks[symbol] = float(price_micros)
        self.booked(symbol)

    def start(self) -> None:
        """The session begins: equity now is what losses are measured from."""
        self._start_equity_micros = self.equity_micros

    def see(self, tick: Tick) -> None:
        """A quote or a trade has reached the desk."""
        if not isinstance(tick, Quote):
            self._volumes[tick.symbol] += tick.qty
            return
        self._quotes[tick.symbol] = tick
        self._in_doubt.discard(tick.symbol)
        mid_micros = tick.mid_micros
        if mid_micros is not None and self.market_state(tick.symbol).trades:
            self._marks[tick.symbol] = self._quoted[tick.symbol] = mid_micros
            self._equity_micros = None
            self._move(tick.symbol)

    def see_state(self, change: StateChange) -> None:
        """Trading in a symbol has stopped, or goes on. The quotes of a stop are no marks."""
        self._states[change.symbol] = change.state
        if change.short_sale_restricted:
            self._no_short_sales.add(change.symbol)

    def see_gap(self) -> None:
        """Something of the feed was lost, nobody knows what: a quote is full, so the next of each symbol mends it."""
        self._in_doubt.update(self._symbols)

    def see_check(self, quote: Quote) -> None:
        """A quote of the second source of prices has reached the desk."""
        self._check_quotes[quote.symbol] = quote

    def booked(self, symbol: str = "") -> None:
        """The ledger has changed, in *symbol* or nobody says where."""
        self._equity_micros = None
        for changed in (symbol,) if symbol else self._symbols:
            self._move(changed)

    def _move(self, symbol: str) -> None:
        """The mark, the position or the working orders of *symbol* have changed."""
        self._moves += 1
        self._moved.pop(symbol, None)
        self._moved[symbol] = self._moves
