"""The broker's statements: what the broker has booked, from what the venue told the broker, and not from the desk.

A drop copy: it reaches the reconciliation by a line of its own, so that whatever happens to the desk's session, lost,
late, twice or out of order, cannot happen to it. It shares no code with ledger, order table or venue observer.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.base.units import NS_PER_S
from engine.domain.orders import Bust, Fill, OrderState, OrderUpdate
from engine.domain.records import BrokerOrders, BrokerStatement
from engine.kernel.world import World

STATEMENT_NS = NS_PER_S
"""How often the broker states what has changed."""


@dataclass(slots=True)
class _Account:
    """One symbol at the broker."""

    position: int = 0
    cash_micros: int = 0
    told: list[str] = field(default_factory=list)
    """Executions and busts since the last statement."""
    changed: bool = False


class Statements:
    """The broker's books, stated once a second of simulated time, as far as they have changed."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._accounts: dict[str, _Account] = {}
        self._booked: set[int] = set()
        self._taken_back: set[int] = set()
        self._open: dict[int, None] = {}
        self._open_changed = False

    def start(self) -> None:
        """State from now on."""
        self._world.at(self._world.now_ns + STATEMENT_NS, self._again)

    def open_inventory(self, symbol: str, qty: int, price_micros: int) -> None:
        """The position that the account opens with."""
        self._move(symbol, qty, -qty * price_micros)

    def on_fill(self, fill: Fill) -> None:
        """The venue filled an order; said twice it is still one execution."""
        if fill.exec_id in self._booked:
            return
        self._booked.add(fill.exec_id)
        shares = int(fill.side) * fill.qty
        self._move(fill.symbol, shares, -shares * fill.price_micros - fill.fee_micros, str(fill.exec_id))
        if fill.left == 0:
            self._close(fill.order_id)

    def on_bust(self, bust: Bust) -> None:
        """The venue took an execution back."""
        if bust.exec_id not in self._booked or bust.exec_id in self._taken_back:
            return
        self._taken_back.add(bust.exec_id)
        shares = -int(bust.side) * bust.qty
        self._move(bust.symbol, shares, -shares * bust.price_micros + bust.fee_micros, str(-bust.exec_id))

    def on_update(self, update: OrderUpdate) -> None:
        """An order came into the book, or left it; the answer to a cancel names the order as its target."""
        if update.state is OrderState.WORKING:
            self._open[update.order_id] = None
            self._open_changed = True
            if update.target_id != update.order_id:
                self._close(update.target_id)
        elif update.state is OrderState.CANCELLED:
            self._close(update.target_id or update.order_id)

    def state(self) -> None:
        """Write what has changed since the last statement."""
        now_ns = self._world.now_ns
        for symbol, account in self._accounts.items():
            if account.changed:
                told = " ".join(account.told)
                self._world.record(BrokerStatement(now_ns, symbol, account.position, account.cash_micros, told))
                account.told.clear()
                account.changed = False
        if self._open_changed:
            self._world.record(BrokerOrders(now_ns, " ".join(map(str, sorted(self._open)))))
            self._open_changed = False

    def _again(self) -> None:
        self.state()
        self.start()

    def _move(self, symbol: str, shares: int, cash_micros: int, told: str = "") -> None:
        account = self._accounts.setdefault(symbol, _Account())
        account.position += shares
        account.cash_micros += cash_micros
        account.changed = True
        if told:
            account.told.append(told)

    def _close(self, order_id: int) -> None:
        if self._open.pop(order_id, 0) is None:
            self._open_changed = True
