"""The desk's books: positions, cash, fees and profit in exact integers of micro-dollars.

Realised profit is by average cost (see :mod:`engine.trading.holding`); realised + unrealised − fees is the change of
equity to the last micro-dollar.

Every movement is posted to a journal of accounts whose sum is zero. :meth:`Ledger.check` names each accounting
invariant that does not hold (numbers as in the reference: I1 cash, I2 position, I3 idempotence, I4 no overfill,
I5 no fill of a closed order, I6 average price, I7 a bust reverses exactly,
I10 double entry, I12 profit is the change of equity).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isfinite

from engine.domain.orders import Bust, Fill, Instrument
from engine.trading.holding import Holding

CASH, CAPITAL, FEES, REALISED = "cash", "capital", "fees", "realised"
"""Accounts of the journal, beside one ``inventory:SYMBOL`` per instrument (the position at cost)."""


@dataclass(slots=True)
class _OrderBook:
    """One order as the ledger knows it; ``qty`` None until somebody has told."""

    qty: int | None = None
    filled: int = 0
    closed: bool = False


class Ledger:
    """The books of one desk that starts with *capital_micros* of cash in the one currency, USD.

    Raise ValueError if the capital is not positive.
    """

    def __init__(self, capital_micros: int, instruments: tuple[Instrument, ...]) -> None:
        if capital_micros <= 0:
            raise ValueError(f"a capital above 0 micro-dollars was expected, was {capital_micros}")
        self.capital_micros = capital_micros
        self._holdings = {i.symbol: Holding(mark_micros=float(i.price_micros)) for i in instruments}
        self._accounts = {CASH: capital_micros, CAPITAL: -capital_micros, FEES: 0, REALISED: 0}
        self._accounts |= {_inventory(i.symbol): 0 for i in instruments}
        self._booked: dict[int, tuple[Fill, int]] = {}
        self._opening: dict[str, tuple[int, int]] = {}
        """Position and price that each symbol opened with."""
        self._busted: set[int] = set()
        self._orders: dict[int, _OrderBook] = {}
        self._flow_micros = 0
        self._fees_micros = 0
        self._breaks: list[str] = []

    # ---- what happens -------------------------------------------------------------------------------------

    def open_inventory(self, symbol: str, qty: int, price_micros: int) -> None:
        """Take over the position that the session opens with, at *price_micros*, which is also its first mark.

        Raise ValueError if the symbol is unknown, the price is not positive, or something was booked before.
        """
        holding = self._holding(symbol)
        if self._booked or holding.position:
            raise ValueError(f"the opening position of {symbol} was expected before anything else was booked")
        if price_micros <= 0:
            raise ValueError(f"an opening price above 0 was expected for {symbol}, was {price_micros}")
        self._opening[symbol] = (qty, price_micros)
        self._move(symbol, holding, qty, price_micros, fee_micros=0)
        holding.mark_micros = float(price_micros)

    def order(self, order_id: int, qty: int) -> None:
        """Tell the total quantity of an order (or of its replacement), so that an overfill is noticed."""
        self._orders.setdefault(order_id, _OrderBook()).qty = qty

    def order_made_smaller(self, order_id: int, left: int) -> None:
        """Tell that only *left* shares of an order are open, beside what it has filled."""
        order = self._orders.setdefault(order_id, _OrderBook())
        order.qty = order.filled + left

    def order_closed(self, order_id: int) -> None:
        """Tell that the venue has confirmed the order's end: a fill booked after this is a break."""
        self._orders.setdefault(order_id, _OrderBook()).closed = True

    def book(self, fill: Fill, fee_micros: int) -> bool:
        """Book an execution with the desk's own fee; False, and nothing changes, if its exec_id was booked before.

        Raise ValueError if the symbol is unknown or quantity or price is not positive.
        """
        holding = self._holding(fill.symbol)
        if fill.qty <= 0 or fill.price_micros <= 0:
            raise ValueError(f"a fill of shares > 0 at a price > 0 was expected, was {fill}")
        if fill.exec_id in self._booked:  # also one that was taken back: it comes only once
            self._note_duplicate(fill)
            return False
        self._booked[fill.exec_id] = (fill, fee_micros)
        self._note_order(fill)
        self._move(fill.symbol, holding, fill.side * fill.qty, fill.price_micros, fee_micros)
        return True

    def bust(self, bust: Bust) -> bool:
        """Take an execution back, as if it had never been; False, and nothing changes, if it is not in the books.

        Its symbol's cost and realised profit are those of the executions that are left, booked in their order.
        """
        if bust.exec_id not in self._booked or bust.exec_id in self._busted:
            return False
        self._busted.add(bust.exec_id)
        fill, fee_micros = self._booked[bust.exec_id]
        if (bust.symbol, bust.side, bust.qty, bust.price_micros) != _terms(fill):
            self._breaks.append(f"I7: execution {bust.exec_id} was taken back with other contents: {bust}")
        self._orders[fill.order_id].filled -= fill.qty
        self._unmove(fill, fee_micros)
        return True

    def mark(self, symbol: str, mid_micros: float) -> None:
        """Value the symbol at *mid_micros* from now on. Raise ValueError unless it is finite and positive."""
        if not (isfinite(mid_micros) and mid_micros > 0):
            raise ValueError(f"a mark above 0 was expected for {symbol}, was {mid_micros}")
        self._holding(symbol).mark_micros = mid_micros

    # ---- what is known ------------------------------------------------------------------------------------

    def position(self, symbol: str) -> int:
        """Signed shares."""
        holding = self._holdings.get(symbol)  # asked for at every look of the governor
        return (holding or self._holding(symbol)).position

    def average_micros(self, symbol: str) -> float | None:
        """The average price of the open position, or None when flat."""
        holding = self._holding(symbol)
        return holding.cost_micros / holding.position if holding.position else None

    @property
    def cash_micros(self) -> int:
        """Cash, fees paid."""
        return self._accounts[CASH]

    @property
    def fees_micros(self) -> int:
        """Fees so far; rebates count against them."""
        return self._accounts[FEES]

    @property
    def realised_micros(self) -> int:
        """Profit of what was closed, by average cost, before fees."""
        return -self._accounts[REALISED]

    @property
    def unrealised_micros(self) -> float:
        """Profit of what is open, at the last marks."""
        return sum(h.position * h.mark_micros - h.cost_micros for h in self._holdings.values())

    def equity_micros(self, marks: Mapping[str, float] | None = None) -> float:
        """Cash plus positions at *marks*; a symbol that is not in them is taken at its last mark."""
        equity: float = self._accounts[CASH]
        for symbol, holding in self._holdings.items():
            if holding.position:
                mark = holding.mark_micros if marks is None else marks.get(symbol, holding.mark_micros)
                equity += holding.position * mark
        return equity

    def journal(self) -> dict[str, int]:
        """The balance of every account in micro-dollars; they sum to zero."""
        return dict(self._accounts)

    def has_booked(self, exec_id: int) -> bool:
        """Whether the execution is in the books, or was before it was taken back."""
        return exec_id in self._booked

    def check(self) -> list[str]:
        """Every invariant that does not hold now, each with its number; empty when all hold."""
        return [*self._breaks, *self._check_cash(), *self._check_positions(), *self._check_profit()]

    # ---- how ----------------------------------------------------------------------------------------------

    def _holding(self, symbol: str) -> Holding:
        try:
            return self._holdings[symbol]
        except KeyError:
            raise ValueError(
                f"a symbol of this ledger was expected ({', '.join(self._holdings)}), was {symbol}"
            ) from None

    def _move(self, symbol: str, holding: Holding, delta: int, price_micros: int, fee_micros: int) -> None:
        realised, cost_change = holding.trade(delta, price_micros)
        accounts = self._accounts
        accounts[CASH] -= delta * price_micros + fee_micros
        accounts[_inventory(symbol)] += cost_change
        accounts[FEES] += fee_micros
        accounts[REALISED] -= realised
        self._flow_micros -= delta * price_micros
        self._fees_micros += fee_micros
        holding.signed_fills += delta

    def _unmove(self, fill: Fill, fee_micros: int) -> None:
        """Book the symbol of *fill* anew without what was taken back, and put the difference into the accounts."""
        old = self._holding(fill.symbol)
        moves = [(each.side * each.qty, each.price_micros) for each in self._standing(fill.symbol)]
        new = Holding.of([self._opening.get(fill.symbol, (0, 0)), *moves], old.mark_micros)
        cost_micros = fill.side * fill.qty * fill.price_micros
        accounts = self._accounts
        accounts[CASH] += cost_micros + fee_micros
        accounts[FEES] -= fee_micros
        accounts[_inventory(fill.symbol)] += new.cost_micros - old.cost_micros
        accounts[REALISED] += old.realised_micros - new.realised_micros
        self._flow_micros += cost_micros
        self._fees_micros -= fee_micros
        self._holdings[fill.symbol] = new

    def _standing(self, symbol: str) -> list[Fill]:
        """The executions of *symbol* that were not taken back, in the order in which they were booked."""
        booked = self._booked.items()
        return [fill for exec_id, (fill, _) in booked if fill.symbol == symbol and exec_id not in self._busted]

    def _note_duplicate(self, fill: Fill) -> None:
        if self._booked[fill.exec_id][0] != fill:
            self._breaks.append(f"I3: execution {fill.exec_id} came again with other contents: {fill}")

    def _note_order(self, fill: Fill) -> None:
        order = self._orders.setdefault(fill.order_id, _OrderBook())
        order.filled += fill.qty
        if order.closed:
            self._breaks.append(f"I5: order {fill.order_id} was filled ({fill.exec_id}) after its end was confirmed")
        if fill.left < 0 or (order.qty is not None and order.filled > order.qty):
            self._breaks.append(f"I4: order {fill.order_id} was filled {order.filled} of {order.qty}, left {fill.left}")

    def _check_cash(self) -> list[str]:
        breaks = []
        expected = self.capital_micros + self._flow_micros - self._fees_micros
        if self.cash_micros != expected:
            breaks.append(f"I1: cash {expected} micro-dollars was expected from the fills, was {self.cash_micros}")
        if total := sum(self._accounts.values()):
            breaks.append(f"I10: accounts that sum to 0 were expected, was {total} micro-dollars")
        return breaks

    def _check_positions(self) -> list[str]:
        breaks = []
        for symbol, holding in self._holdings.items():
            if holding.position != holding.signed_fills:
                breaks.append(f"I2: position {holding.signed_fills} of {symbol} was expected, was {holding.position}")
            if not holding.average_is_sound:
                breaks.append(
                    f"I6: {symbol} cost {holding.cost_micros} for {holding.position} shares,"
                    f" was filled between {holding.low_micros} and {holding.high_micros}"
                )
        return breaks

    def _check_profit(self) -> list[str]:
        equity = Fraction(self.cash_micros)
        unrealised = Fraction(0)
        realised = 0
        for holding in self._holdings.values():
            value = holding.position * Fraction(holding.mark_micros)
            equity += value
            unrealised += value - holding.cost_micros
            realised += holding.realised_micros
        profit = realised + unrealised - self._fees_micros
        if profit == equity - self.capital_micros and realised == self.realised_micros:
            return []
        return [
            f"I12: profit {float(profit)} was expected to be the change of equity {float(equity - self.capital_micros)}"
        ]


def _terms(fill: Fill) -> tuple[str, int, int, int]:
    return fill.symbol, fill.side, fill.qty, fill.price_micros


def _inventory(symbol: str) -> str:
    return f"inventory:{symbol}"
