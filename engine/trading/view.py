"""What the desk knows, read only: the view that governor and strategy get with every call."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from engine.domain.orders import Instruction, Instrument, Side
from engine.domain.quotes import MarketState, Quote, StateChange, Tick
from engine.kernel.world import World
from engine.trading.broker import BrokerSession
from engine.trading.ledger import Ledger
from engine.trading.order_table import OrderTable


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
        self._volumes = dict.fromkeys(self._symbols, 0)
        self._equity_micros: float | None = None
        self._start_equity_micros: float | None = None
        self.position: Callable[[str], int] = ledger.position
        self.working: Callable[[str, Side], int] = orders.working

    # ---- what may be read

    @property
    def now_ns(self) -> int:
        """Simulated time."""
        return self._world.now_ns

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
        return self._states.get(symbol, MarketState.OPEN)

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
        self._equity_micros = None

    def start(self) -> None:
        """The session begins: equity now is what losses are measured from."""
        self._start_equity_micros = self.equity_micros

    def see(self, tick: Tick) -> None:
        """A quote or a trade has reached the desk."""
        if not isinstance(tick, Quote):
            self._volumes[tick.symbol] += tick.qty
            return
        self._quotes[tick.symbol] = tick
        mid_micros = tick.mid_micros
        if mid_micros is not None and self.market_state(tick.symbol).trades:
            self._marks[tick.symbol] = self._quoted[tick.symbol] = mid_micros
            self._equity_micros = None

    def see_state(self, change: StateChange) -> None:
        """Trading in a symbol has stopped, or goes on. The quotes of a stop are no marks."""
        self._states[change.symbol] = change.state

    def booked(self) -> None:
        """The ledger has changed."""
        self._equity_micros = None
