"""The fold itself: each of the venue's records, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from engine.domain.records import (
    Record,
    VenueAccepted,
    VenueBust,
    VenueCancelled,
    VenueFill,
    VenueInventory,
    VenueQuote,
    VenueRejected,
    VenueSession,
    VenueState,
    VenueTrade,
)
from engine.trading.observer import money
from engine.trading.observer.account import Account, worst_side
from engine.trading.observer.columns import EquityChange, Floats, Ints
from engine.trading.observer.seen import Acceptance, Execution, WorkingOrder

REPLACED = "replaced"
"""The reason under which the venue takes an order out just before it accepts the one that replaces it: one change."""


class VenueObserver:
    """A fold over the venue's records; every other record is passed by (and counted, for ``seq``)."""

    def __init__(self) -> None:
        self.seen = 0
        self.accounts: dict[str, Account] = {}
        """By symbol, in order of appearance."""
        self.working: dict[int, WorkingOrder] = {}
        self.acceptances: list[Acceptance] = []
        self.executions: list[Execution] = []
        self.rejections: list[VenueRejected] = []
        self.session_up = True
        self.ended: dict[int, tuple[int, int]] = {}
        """By order, the place and time at which it stopped working."""
        self._executed: set[int] = set()
        self._busted: set[int] = set()
        self._making_way: tuple[int, int, int] | None = None
        """Id, place and time of an order that the venue took out for the replace that it accepts next."""
        self._orders: dict[int, VenueAccepted] = {}
        self._fold: dict[type[Any], Callable[[int, Any], None]] = {
            VenueQuote: self._quote,
            VenueTrade: self._trade,
            VenueAccepted: self._accepted,
            VenueRejected: self._rejected,
            VenueCancelled: self._cancelled,
            VenueFill: self._fill,
            VenueInventory: self._inventory,
            VenueSession: self._session,
            VenueState: self._state,
            VenueBust: self._bust,
        }

    @classmethod
    def of(cls, records: Iterable[Record]) -> VenueObserver:
        """An observer that has seen *records*."""
        observer = cls()
        fold, seq = observer._fold.get, -1
        for seq, record in enumerate(records):
            take = fold(type(record))
            if take is not None:
                take(seq, record)
        observer._gone()
        observer.seen = seq + 1
        return observer

    def observe(self, record: Record) -> None:
        """See one more record."""
        take = self._fold.get(type(record))
        if take is not None:
            take(self.seen, record)
        self.seen += 1

    # ---- what it knows

    def account(self, symbol: str) -> Account:
        """The account of *symbol*; an empty one if nothing was ever said of it."""
        account = self.accounts.get(symbol)
        if account is None:
            account = self.accounts[symbol] = Account()
        return account

    def order(self, order_id: int) -> VenueAccepted | None:
        """The order of that id as the venue accepted it; None if it never did."""
        return self._orders.get(order_id)

    def increases(self, record: VenueAccepted) -> bool:
        """Whether taking *record* now would raise max(|pos + Σbuys|, |pos - Σsells|)."""
        account = self.account(record.symbol)
        buys, sells = account.buys, account.sells
        target = self.working.get(record.target_id)
        if target is not None:
            buys, sells = (buys - target.left, sells) if target.side > 0 else (buys, sells - target.left)
        buys, sells = (buys + record.qty, sells) if record.side > 0 else (buys, sells + record.qty)
        return worst_side(account.position, buys, sells) > account.exposure_shares

    def cash_micros(self) -> int:
        """Cash less capital, after fees, over all symbols."""
        return sum(account.cash_micros for account in self.accounts.values())

    def fees_micros(self) -> int:
        """Fees as charged, over all symbols."""
        return sum(account.fees_micros for account in self.accounts.values())

    def equity_change_micros(self) -> float:
        """Equity now less capital, at the last two-sided mids."""
        return sum(account.cash_micros + account.position * account.mark_micros() for account in self.accounts.values())

    def equity_change_at(self, seq: Ints) -> Floats:
        """Equity less capital after each record of *seq*, in micro-dollars."""
        return money.equity_change_at(self.accounts.values(), seq)

    def equity_change(self) -> EquityChange:
        """Equity less capital at every inventory, fill and mid change."""
        return money.equity_change(self.accounts.values())

    def unmarked_ns(self, symbol: str, start_ns: int, end_ns: int) -> int:
        """How long *symbol* traded within [start, end] and had no two-sided quote."""
        return self.account(symbol).unmarked_ns(start_ns, end_ns)

    # ---- what the venue said

    def _quote(self, seq: int, quote: VenueQuote) -> None:
        account = self.account(quote.symbol)
        account.quotes.append(quote)
        account.quote_seq.append(seq)
        account.marking.append(not account.stopped)

    def _trade(self, seq: int, trade: VenueTrade) -> None:
        self.account(trade.symbol).volume += trade.qty

    def _inventory(self, seq: int, inventory: VenueInventory) -> None:
        self._gone()
        account = self.account(inventory.symbol)
        account.position += inventory.qty
        account.cash_micros -= inventory.qty * inventory.price_micros
        account.opening_micros = inventory.price_micros
        account.step(seq, inventory.t_ns)

    def _session(self, seq: int, session: VenueSession) -> None:
        self.session_up = session.up

    def _accepted(self, seq: int, record: VenueAccepted) -> None:
        if self._making_way and self._making_way[0] != record.target_id:
            self._gone()
        increases = self.increases(record)
        self._making_way = None
        target = self.working.pop(record.target_id, None)
        if target is not None:
            self._count(target, -target.left)
            self.ended[record.target_id] = (seq, record.t_ns)
        order = WorkingOrder(record.symbol, record.side, record.qty)
        self.working[record.order_id] = order
        self.ended.pop(record.order_id, None)  # made smaller by the venue, it is accepted again
        self._orders[record.order_id] = record
        self._count(order, order.left)
        self.account(record.symbol).step(seq, record.t_ns)
        self.acceptances.append(Acceptance(seq, record, increases))

    def _rejected(self, seq: int, record: VenueRejected) -> None:
        self.rejections.append(record)

    def _cancelled(self, seq: int, record: VenueCancelled) -> None:
        self._gone()
        if record.order_id in self.working:
            self._making_way = (record.order_id, seq, record.t_ns)
            if record.reason != REPLACED:
                self._gone()

    def _gone(self) -> None:
        """Take out the order that was cancelled last, if no replace took its place at once."""
        if self._making_way:
            order_id, seq, t_ns = self._making_way
            self._making_way = None
            order = self.working.pop(order_id)
            self._count(order, -order.left)
            self.ended[order_id] = (seq, t_ns)
            self.account(order.symbol).step(seq, t_ns)

    def _fill(self, seq: int, fill: VenueFill) -> None:
        if fill.exec_id in self._executed:
            return  # said twice is still one execution (invariant I3)
        self._executed.add(fill.exec_id)
        self._gone()
        account = self.account(fill.symbol)
        order = self.working.get(fill.order_id)
        if order is not None:
            done = min(fill.qty, order.left)
            self._count(order, -done)
            order.left -= done
            if order.left == 0:
                del self.working[fill.order_id]
                self.ended[fill.order_id] = (seq, fill.t_ns)
        if not account.opening_micros:
            account.opening_micros = fill.price_micros
        account.position += fill.side * fill.qty
        account.cash_micros -= fill.side * fill.qty * fill.price_micros + fill.fee_micros
        account.fees_micros += fill.fee_micros
        account.step(seq, fill.t_ns)
        self.executions.append(Execution(seq, fill))

    def _bust(self, seq: int, bust: VenueBust) -> None:
        """Take a fill back as it was booked; its order stays as it is."""
        if bust.exec_id not in self._executed or bust.exec_id in self._busted:
            return  # what was never filled cannot be taken back, and nothing twice
        self._busted.add(bust.exec_id)
        self._gone()
        account = self.account(bust.symbol)
        account.position -= bust.side * bust.qty
        account.cash_micros += bust.side * bust.qty * bust.price_micros + bust.fee_micros
        account.fees_micros -= bust.fee_micros
        account.step(seq, bust.t_ns)

    def _state(self, seq: int, state: VenueState) -> None:
        self.account(state.symbol).trading(state)

    def _count(self, order: WorkingOrder, shares: int) -> None:
        account = self.account(order.symbol)
        if order.side > 0:
            account.buys += shares
        else:
            account.sells += shares
