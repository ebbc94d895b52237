"""The venue observer: what the desk holds, works and is worth, from the venue's records alone.

It shares nothing with governor and ledger but plain types, so that a mistake in the desk's books cannot repeat itself
here. Money is exact integers of micro-dollars. ``seq`` is the place of a record in the stream that the observer was
shown, which settles the order of records of one instant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.domain.quotes import MarketState
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

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


REPLACED = "replaced"
"""The reason under which the venue takes an order out just before it accepts the one that replaces it: one change."""


@dataclass(slots=True)
class WorkingOrder:
    """An order in the venue's hands: ``left`` shares may still fill."""

    symbol: str
    side: int
    left: int


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A new order or replace that the venue took, and whether it raised the exposure."""

    seq: int
    record: VenueAccepted
    increases: bool


@dataclass(frozen=True, slots=True)
class Execution:
    """A fill with its place in the stream."""

    seq: int
    record: VenueFill


class Account:
    """One symbol: position, working shares, cash and fees now, and as steps over the stream."""

    def __init__(self) -> None:
        self.position = 0
        self.buys = 0
        self.sells = 0
        self.cash_micros = 0
        """What the position cost and fees took; the opening inventory counts at its reference price."""
        self.fees_micros = 0
        self.opening_micros = 0
        """The mark until the first two-sided quote: reference price of the inventory, else of the first fill."""
        self.quotes: list[VenueQuote] = []
        self.quote_seq: list[int] = []
        self.marking: list[bool] = []
        """Whether each quote may be a mark: those of a stop may not."""
        self.closed = False
        """Whether the session is over, or has not begun."""
        self.stops_ns: list[list[int]] = []
        """When trading stopped and when it went on; the last stop may have no end."""
        self.volume = 0
        """Shares that others traded among themselves."""
        self._steps: list[tuple[int, int, int, int, int, int]] = [(-1, 0, 0, 0, 0, 0)]
        self._columns: Quotes | None = None
        self._table: Steps | None = None

    @property
    def exposure_shares(self) -> int:
        """The larger of |position + Σbuys| and |position - Σsells|: the worst that working orders can do."""
        return worst_side(self.position, self.buys, self.sells)

    @property
    def stopped(self) -> bool:
        """Whether the symbol does not trade now."""
        return bool(self.stops_ns) and len(self.stops_ns[-1]) == 1

    @property
    def ended_in_stop(self) -> bool:
        """Whether the symbol is paused or halted now; after the close it is not."""
        return self.stopped and not self.closed

    def step(self, seq: int, t_ns: int) -> None:
        """Remember the state after the record *seq*."""
        self._steps.append((seq, t_ns, self.position, self.buys, self.sells, self.cash_micros))

    def steps(self) -> Steps:
        """Every state so far, the first being nothing at all."""
        if self._table is None or len(self._table.seq) != len(self._steps):
            self._table = Steps(*(np.array(column, dtype=np.int64) for column in zip(*self._steps, strict=True)))
        return self._table

    def columns(self) -> Quotes:
        """The quotes as columns."""
        if self._columns is None or len(self._columns.seq) != len(self.quotes):
            self._columns = Quotes.of(self.quotes, self.quote_seq, self.marking)
        return self._columns

    def mark_micros(self) -> float:
        """The last two-sided mid; the opening price before the first."""
        for quote, marking in zip(reversed(self.quotes), reversed(self.marking), strict=True):
            if marking and quote.bid_micros > 0 and quote.ask_micros > 0:
                return (quote.bid_micros + quote.ask_micros) / 2
        return float(self.opening_micros)

    def marks_micros(self, seq: Ints) -> Floats:
        """The mark after each record of *seq*."""
        quotes = self.columns()
        return self._marks(np.searchsorted(quotes.seq[quotes.two_sided], seq, side="right"))

    def marks_micros_at(self, t_ns: Ints) -> Floats:
        """The mark after each instant of *t_ns*."""
        quotes = self.columns()
        return self._marks(np.searchsorted(quotes.t_ns[quotes.two_sided], t_ns, side="right"))

    def _marks(self, quotes_seen: Ints) -> Floats:
        quotes = self.columns()
        mids = np.concatenate(([float(self.opening_micros)], quotes.mid_micros[quotes.two_sided]))
        marks: Floats = mids[quotes_seen]
        return marks


@dataclass(frozen=True, slots=True)
class Steps:
    """The states of one account, each in force from the record ``seq`` until the next."""

    seq: Ints
    t_ns: Ints
    position: Ints
    buys: Ints
    sells: Ints
    cash_micros: Ints

    def at(self, seq: Ints) -> Ints:
        """The index of the state in force after each record of *seq*."""
        return np.searchsorted(self.seq, seq, side="right") - 1


@dataclass(frozen=True, slots=True)
class Quotes:
    """The top of book as columns; ``mid_micros`` holds 0 where there is no mark, and ``two_sided`` says so.

    A quote of a stop counts as one-sided: nobody can trade at it.
    """

    seq: Ints
    t_ns: Ints
    bid_micros: Ints
    bid_qty: Ints
    ask_micros: Ints
    ask_qty: Ints
    two_sided: NDArray[np.bool_]
    mid_micros: Floats

    @classmethod
    def of(cls, quotes: list[VenueQuote], seq: list[int], marking: list[bool]) -> Quotes:
        """Columns of *quotes*, each with its place in the stream and whether it may be a mark."""
        t_ns, _, *prices = zip(*quotes, strict=True) if quotes else [()] * len(VenueQuote._fields)
        bid, bid_qty, ask, ask_qty = (np.array(column, dtype=np.int64) for column in prices)
        both = (bid > 0) & (ask > 0) & np.array(marking, dtype=np.bool_)
        return cls(
            np.array(seq, dtype=np.int64),
            np.array(t_ns, dtype=np.int64),
            bid,
            bid_qty,
            ask,
            ask_qty,
            both,
            np.where(both, (bid + ask) / 2, 0.0),
        )


@dataclass(frozen=True, slots=True)
class EquityChange:
    """Equity less capital, in micro-dollars, at every fill and mid change."""

    seq: Ints
    t_ns: Ints
    micros: Floats


def worst_side(position: int, buys: int, sells: int) -> int:
    """The larger of |position + buys| and |position - sells|, in shares."""
    return max(abs(position + buys), abs(position - sells))


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
        change = np.zeros(len(seq))
        for account in self.accounts.values():
            steps = account.steps()
            now = steps.at(seq)
            change += steps.cash_micros[now] + steps.position[now] * account.marks_micros(seq)
        return change

    def equity_change(self) -> EquityChange:
        """Equity less capital at every inventory, fill and mid change."""
        seqs, times = [], []
        for account in self.accounts.values():
            steps = account.steps()
            moved = np.flatnonzero(np.diff(steps.cash_micros, prepend=0) | np.diff(steps.position, prepend=0))
            seqs.append(steps.seq[moved])
            times.append(steps.t_ns[moved])
            changed = _mid_changes(account.columns())
            seqs.append(account.columns().seq[changed])
            times.append(account.columns().t_ns[changed])
        if not seqs:
            return EquityChange(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
        seq, t_ns = np.concatenate(seqs), np.concatenate(times)
        order = np.argsort(seq, kind="stable")
        return EquityChange(seq[order], t_ns[order], self.equity_change_at(seq[order]))

    def unmarked_ns(self, symbol: str, start_ns: int, end_ns: int) -> int:
        """How long *symbol* traded within [start, end] and had no two-sided quote."""
        account, end_ns = self.account(symbol), max(end_ns, start_ns)
        quotes = account.columns()
        edges = np.concatenate(([start_ns], np.clip(quotes.t_ns, start_ns, end_ns), [end_ns]))
        unmarked = np.concatenate(([True], ~quotes.two_sided))
        from_ns, until_ns = edges[:-1][unmarked], edges[1:][unmarked]
        total_ns = int((until_ns - from_ns).sum())
        for stop_ns, *resumed in account.stops_ns:
            resumed_ns = resumed[0] if resumed else end_ns
            shared = np.minimum(until_ns, resumed_ns) - np.maximum(from_ns, stop_ns)
            total_ns -= int(np.maximum(shared, 0).sum())
        return total_ns

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
        order = WorkingOrder(record.symbol, record.side, record.qty)
        self.working[record.order_id] = order
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
        account = self.account(state.symbol)
        stops = not MarketState(state.state).trades
        account.closed = state.state == MarketState.CLOSED.value
        if stops and not account.stopped:
            account.stops_ns.append([state.t_ns])
        elif not stops and account.stopped:
            account.stops_ns[-1].append(state.t_ns)

    def _count(self, order: WorkingOrder, shares: int) -> None:
        account = self.account(order.symbol)
        if order.side > 0:
            account.buys += shares
        else:
            account.sells += shares


def _mid_changes(quotes: Quotes) -> Ints:
    """Where the last two-sided mid changed."""
    standing = np.flatnonzero(quotes.two_sided)
    mids = quotes.mid_micros[standing]
    return standing[np.diff(mids, prepend=-1.0) != 0] if len(mids) else standing
