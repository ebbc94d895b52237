"""What the governor itself counts of the orders it approved: by strategy and trader, by parent, and by symbol.

Shares are reserved when an order is approved and released when the desk is told that it is over, never when its cancel
is sent. Opening inventory belongs to the strategy ``main`` of the trader ``desk``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import nan

from engine.base.units import NS_PER_S
from engine.domain.governance import DeskView
from engine.domain.orders import BUY, Fill, NewOrder, OrderState, OrderUpdate, ReplaceOrder, Side
from engine.trading.exposure import NOTHING, GrossSum, part
from engine.trading.rules import STRATEGY, TRADER
from engine.trading.windows import CountWindow

FIRST_STRATEGY, FIRST_TRADER = "main", "desk"


@dataclass(slots=True)
class Chain:
    """An order and everything it was replaced by: one quantity that fills add up against."""

    symbol: str
    side: Side
    strategy: str
    trader: str
    parent_id: int
    qty: int
    filled: int = 0
    last_id: int = 0
    """The newest of its orders, and how many shares that asks for in all."""
    last_qty: int = 0
    changing: bool = False
    """Whether a replace is on its way: the larger of the two counts until it is answered."""
    over: bool = False
    books: tuple[GroupBook, ...] = ()
    """Of its strategy and its trader."""

    @property
    def left(self) -> int:
        """Shares that may still fill."""
        return 0 if self.over else max(self.qty - self.filled, 0)


@dataclass(slots=True)
class GroupBook:
    """Positions and working shares of one strategy or trader, and its orders of the last second."""

    held: dict[str, list[int]] = field(default_factory=dict)
    """By symbol: position at place 0, working buys at 1, working sells at -1 (places of a Side)."""
    approved: CountWindow = field(default_factory=lambda: CountWindow(NS_PER_S))
    asked: CountWindow = field(default_factory=lambda: CountWindow(NS_PER_S))
    gross: GrossSum | None = None
    """What it is all worth, where a limit asks for that."""
    stale: dict[str, None] = field(default_factory=dict)
    """Symbols whose part of that is not the latest."""

    def of(self, symbol: str) -> list[int]:
        """Position, working buys, working sells of one symbol, to be changed in place."""
        self.stale[symbol] = None
        found = self.held.get(symbol)
        if found is None:
            found = self.held[symbol] = [0, 0, 0]
        return found

    def position(self, symbol: str) -> int:
        """Signed shares."""
        return self.held[symbol][0] if symbol in self.held else 0

    def worst(self, symbol: str, side: Side) -> int:
        """Position and working orders of one side, all filled; positive on that side."""
        found = self.held.get(symbol)
        return side * found[0] + found[side] if found else 0

    def follow(self, changed: Iterable[str], marks: Mapping[str, int | None]) -> None:
        """The marks of *changed* are others now; put what is not the latest into the sum."""
        for symbol in changed:
            if symbol in self.held:
                self.stale[symbol] = None
        if self.gross is not None and self.stale:
            for symbol in self.stale:
                position, buys, sells = self.held[symbol]
                self.gross.put(symbol, part(position, buys, sells, marks.get(symbol)))
            self.stale.clear()

    def gross_with(self, symbol: str, side: Side, added: int, marks: Mapping[str, int | None]) -> float:
        """Gross value in micro-dollars with so many shares more on one side; NaN where nobody asked for it."""
        if self.gross is None:
            return nan
        position, buys, sells = self.held.get(symbol, NOTHING)
        buys, sells = (buys + added, sells) if side is BUY else (buys, sells + added)
        return self.gross.instead(symbol, part(position, buys, sells, marks.get(symbol)))[0]


class OwnBook:
    """Every chain by the id of each of its orders, and what follows from them."""

    def __init__(self) -> None:
        self.chains: dict[int, Chain] = {}
        self.groups: dict[tuple[str, str], GroupBook] = {}
        self.sliced: dict[int, int] = {}
        """Shares approved by parent order; what died unfilled is given back."""
        self.messages: dict[str, int] = {}
        """New orders, replaces and cancels of the session by symbol."""
        self.fills: dict[str, int] = {}
        self.valued: list[GroupBook] = []
        """Those whose value a limit asks for."""
        self.newest_id = 0
        """The highest id of an order that was approved."""
        self._inventory: dict[str, int] | None = None

    def group(self, level: str, name: str) -> GroupBook:
        """The book of one strategy or trader."""
        book = self.groups.get((level, name))
        if book is None:
            book = self.groups[level, name] = GroupBook()
            if (level, name) in ((STRATEGY, FIRST_STRATEGY), (TRADER, FIRST_TRADER)):
                for symbol, qty in (self._inventory or {}).items():
                    book.of(symbol)[0] = qty
        return book

    def value(self, book: GroupBook) -> None:
        """From now on keep what everything in *book* is worth."""
        if book.gross is None:
            book.gross = GrossSum()
            book.stale = dict.fromkeys(book.held)
            self.valued.append(book)

    def open(self, view: DeskView) -> None:
        """Look at the opening inventory, once, before anything trades."""
        if self._inventory is None:
            self._inventory = {symbol: qty for symbol in view.symbols() if (qty := view.position(symbol))}

    def approve(self, order: NewOrder | ReplaceOrder) -> None:
        """An order counts from now on; a replace for the larger of the two until the venue has answered."""
        chain = self.chains.get(order.target_id) if isinstance(order, ReplaceOrder) else None
        if chain is None:
            parent_id = order.parent_id if isinstance(order, NewOrder) else 0
            chain = Chain(order.symbol, order.side, order.strategy, order.trader, parent_id, 0)
            chain.books = self.group(STRATEGY, order.strategy), self.group(TRADER, order.trader)
        self.chains[order.order_id] = chain
        self.newest_id = max(self.newest_id, order.order_id)
        before = chain.left
        chain.qty = max(chain.qty, order.qty)
        chain.last_id, chain.last_qty, chain.changing = order.order_id, order.qty, isinstance(order, ReplaceOrder)
        self._moved(chain, chain.left - before)

    def on_fill(self, fill: Fill) -> Chain | None:
        """Shares became position; the chain they are of, None if no order of ours is."""
        self.fills[fill.symbol] = self.fills.get(fill.symbol, 0) + 1
        chain = self.chains.get(fill.order_id)
        if chain is None:
            return None
        before = chain.left
        chain.filled += fill.qty
        for book in chain.books:
            book.of(chain.symbol)[0] += chain.side * fill.qty
        self._count(chain, chain.left - before)
        return chain

    def on_update(self, update: OrderUpdate) -> None:
        """An order ended, or the venue holds it with another size."""
        chain = self.chains.get(update.target_id or update.order_id) or self.chains.get(update.order_id)
        if chain is None or chain.over:
            return
        before = chain.left
        if update.state is OrderState.WORKING:
            if chain.changing and update.order_id == chain.last_id:
                chain.qty, chain.changing = chain.last_qty, False
        elif update.state is OrderState.CANCELLED and not chain.changing and chain.left > update.left:
            chain.qty = chain.filled + chain.left - update.left  # so many fills have not come yet
        elif update.state is OrderState.CANCELLED or not update.target_id:
            chain.over = True
        self._moved(chain, chain.left - before)

    def touch(self, symbol: str) -> None:
        """One more message in this symbol."""
        self.messages[symbol] = self.messages.get(symbol, 0) + 1

    def _moved(self, chain: Chain, change: int) -> None:
        if change:
            self._count(chain, change)
            if chain.parent_id:
                self.sliced[chain.parent_id] = self.sliced.get(chain.parent_id, 0) + change

    def _count(self, chain: Chain, change: int) -> None:
        for book in chain.books:
            book.of(chain.symbol)[chain.side] += change
