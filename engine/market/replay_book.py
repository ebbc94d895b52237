"""The quotes of a tape of bars as the desk meets them: the current row under the levers, and the desk's own orders.

Bars have no orders, so there is no queue here: see ``replay_order_book`` for a tape of messages.
"""

from __future__ import annotations

from engine.domain.orders import Instrument, NewOrder, Side
from engine.domain.ports import Execution, Levers, MarketEvent
from engine.domain.quotes import Trade
from engine.market.matching import SIDES, fill_reached, match, new_top, top
from engine.market.reopening import NO_BANDS, outside, uncross_ladders
from engine.market.resting import RestingOrders, may_rest
from engine.market.tape_ladder import TapeLadder
from engine.market.tape_rows import Ints

NEUTRAL = (1.0, 1.0, 1.0, 1.0)


class ReplayBook:
    """One symbol of a tape of bars. ``show`` shows the row that ``move_to`` named; else only orders move the quote."""

    def __init__(self, symbol: str, tick_micros: int, opening: list[int], first_micros: int = 0) -> None:
        """*first_micros* is the instrument's first price where the opening book is empty."""
        self.levers = Levers()
        self._row: Ints | None = None
        self._place = 0
        self._opening = opening
        self._stale = False
        """Whether the ladders stand for an earlier row than the current one."""
        self._pulled = NEUTRAL
        """The levers as of the row shown: price, spread, depth, volume."""
        self._widen_micros = 0.0
        self._least_ask_micros = 0
        self._ladders = {side: TapeLadder(side) for side in SIDES}
        self._resting = RestingOrders(symbol)
        self._bands = NO_BANDS
        self._held = False
        """Whether a level of the row shown stands at a band and not at its own price."""
        self._trading = True
        """Whether others trade; while they do not, the tape runs on beneath the last quote."""
        first = _first_price_micros(opening) or first_micros
        self.instrument = Instrument(symbol, first - first % tick_micros or tick_micros, tick_micros)
        self._render()
        self.quote = top(symbol, self._ladders, 0)

    def move_to(self, rows: Ints, place: int) -> None:
        """The tape's current book is row *place* of *rows*."""
        self._row, self._place, self._stale = rows, place, True

    def show(self, t_ns: int) -> list[MarketEvent]:
        """Show the current row under the levers: the new quote, and the fills of resting orders that it reaches."""
        if not self._trading:
            return []
        self._pull()
        events = self.changes(t_ns)
        if len(self._resting):
            events += fill_reached(self._resting, self._ladders, t_ns)
            events += self.changes(t_ns)
        return events

    def changes(self, t_ns: int) -> list[MarketEvent]:
        """The new quote if the top has changed since the last one, else nothing."""
        shown = new_top(self.quote, self._ladders, t_ns)
        if shown is None:
            return []
        self.quote = shown
        return [shown]

    def trade(self, t_ns: int, aggressor: Side, qty: int, price_micros: int) -> list[MarketEvent]:
        """An execution on the tape: the print, and fills of the desk's orders that it trades through."""
        qty = int(qty * self._pulled[3])
        if qty <= 0 or not self._trading:
            return []
        passive = aggressor.opposite
        shown_micros = price_micros if self._pulled == NEUTRAL else self._levered_micros(passive, price_micros)
        if outside(shown_micros, self._bands):
            return []
        events: list[MarketEvent] = [Trade(t_ns, self.instrument.symbol, shown_micros, qty, aggressor)]
        for order in self._resting.by_priority(passive):
            if not qty or order.edge_micros(shown_micros) <= 0:
                break
            part = min(qty, order.left)
            events.append(self._resting.fill(order, part, t_ns))
            qty -= part
        return events

    def submit(self, t_ns: int, order: NewOrder) -> tuple[Execution, ...]:
        """Match a new order against what is shown; what is left of a day limit order rests."""
        if self._stale:
            self._render()
        executions = match(order, self._ladders[order.side.opposite], t_ns)
        left = executions[-1].left if executions else order.qty
        if left and may_rest(order):
            self._resting.add(order, left, ahead=0)
        return executions

    def cancel(self, order_id: int) -> int:
        """Take a resting order out: the shares it still had, 0 if it was not there."""
        return self._resting.remove(order_id)

    def set_bands(self, t_ns: int, bands: tuple[int, int]) -> list[MarketEvent]:
        """Let nobody bid above or offer below *bands* from now on; the new quote, if it changes."""
        self._bands = bands
        self._render()
        return self.changes(t_ns)

    def set_trading(self, t_ns: int, *, trading: bool) -> list[MarketEvent]:
        """Others stop trading, or go on; nothing changes by that before the next row."""
        self._trading = trading
        return []

    def uncross(self, t_ns: int, orders: tuple[NewOrder, ...], reference_micros: int) -> list[MarketEvent]:
        """The auction of *orders* and the resting ones against the tape's book of now; what is left of them rests."""
        self._pull()
        tick = self.instrument.tick_micros
        executions, left = uncross_ladders(orders, self._resting, self._ladders, t_ns, reference_micros, tick)
        for order, qty in left:
            self._resting.add(order, qty, ahead=0)
        return [*executions, *self.changes(t_ns)]

    def _pull(self) -> None:
        """Put the ladders where the current row and the levers of now say."""
        levers = self.levers
        self._pulled = (levers.price_factor, levers.spread_factor, levers.depth_factor, levers.volume_factor)
        self._render()

    def _render(self) -> None:
        """Put the ladders where the current row and the levers of the row shown say."""
        row: list[int] = self._opening if self._row is None else self._row[self._place].tolist()
        price_factor, spread_factor, depth_factor, _ = self._pulled
        ask_micros, bid_micros = row[0], row[2]
        self._held = False
        two_sided = ask_micros > 0 and bid_micros > 0
        self._widen_micros = (spread_factor - 1) * (ask_micros - bid_micros) / 2 * price_factor if two_sided else 0.0
        self._least_ask_micros = 0
        if bid_micros:
            self._least_ask_micros = self._shown_micros(Side.BUY, bid_micros) + self.instrument.tick_micros
        bids = list(zip(row[2::4], row[3::4], strict=True))
        asks = list(zip(row[0::4], row[1::4], strict=True))
        self._ladders[Side.BUY].place(bids, self._shown_micros, depth_factor)
        self._ladders[Side.SELL].place(asks, self._shown_micros, depth_factor)
        self._stale = False

    def _shown_micros(self, side: Side, tape_micros: int) -> int:
        """A price of the tape under the levers, or the band that it lies beyond."""
        price = self._levered_micros(side, tape_micros)
        if self._bands == NO_BANDS:
            return price
        lower, upper = self._bands
        inside = min(price, upper) if side is Side.BUY else max(price, lower)
        self._held = self._held or inside != price
        return inside

    def _levered_micros(self, side: Side, tape_micros: int) -> int:
        """A price of the tape under the levers, on the grid, outwards: so bid and ask never meet."""
        price_micros = tape_micros * self._pulled[0]
        if side is Side.BUY:
            return self.instrument.down_to_grid(round(price_micros - self._widen_micros))
        return max(self.instrument.up_to_grid(round(price_micros + self._widen_micros)), self._least_ask_micros)


def _first_price_micros(row: list[int]) -> int:
    """The middle of the first level, or the side there is."""
    ask_micros, bid_micros = row[0], row[2]
    return (ask_micros + bid_micros) // 2 if ask_micros and bid_micros else ask_micros or bid_micros
