"""The desk's books: positions, cash, fees and profit in exact integers of micro-dollars.

Realised profit is by average cost (see :mod:`engine.trading.holding`); realised + unrealised − fees is the change of
equity to the last micro-dollar. Nothing is rounded but two things, each by a declared rule: a fee (by the fee
document's ``rounding``) and the cost that a partial close releases (half-even, to a whole micro-dollar).

Everything that happens is written to the history before it is booked, so that a ledger that fails at any point is had
again (:mod:`engine.trading.ledger_replay`). Every movement is posted to a journal of accounts whose sum is zero. What
must hold stands in :mod:`engine.trading.ledger_invariants`.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite

from engine.domain.orders import Bust, Fill, Instrument
from engine.trading.holding import Holding
from engine.trading.ledger_invariants import Scene, broken
from engine.trading.ledger_journal import CAPITAL, CASH, FEES, REALISED, Journal
from engine.trading.ledger_moves import Moves
from engine.trading.ledger_orders import OrderAccounts

__all__ = ["CASH", "Ledger"]

Happened = tuple[str, tuple[object, ...]]
"""What was done to the ledger: the name of its method, and what it was given."""


_OPENING = 0
"""The number under which the opening position stands among the executions, whose own begin at 1."""


class Ledger:
    """The books of one desk that starts with *capital_micros* of cash in the one currency, USD.

    Raise ValueError if the capital is not positive.
    """

    def __init__(self, capital_micros: int, instruments: tuple[Instrument, ...]) -> None:
        if capital_micros <= 0:
            raise ValueError(f"a capital above 0 micro-dollars was expected, was {capital_micros}")
        self.capital_micros = capital_micros
        self.instruments = instruments
        self.history: list[Happened] = []
        """Everything that was done to it, in order."""
        self.holdings = {i.symbol: Holding(mark_micros=float(i.price_micros)) for i in instruments}
        self.accounts = Journal(tuple(self.holdings))
        self.accounts.post((CASH, capital_micros), (CAPITAL, -capital_micros))
        self.orders = OrderAccounts()
        self.opening: dict[str, tuple[int, int]] = {}
        """Position and price that each symbol opened with."""
        self.booked: dict[int, tuple[Fill, int]] = {}
        """Every execution with its fee, also those that were taken back."""
        self.busted: set[int] = set()
        self.breaks: list[str] = []
        """What happened that breaks an invariant for good."""
        self.flow_micros = 0
        """What opening and executions did to cash, before fees."""
        self.fees_paid_micros = 0
        self._balances = self.accounts.balances
        self._moves = {symbol: Moves() for symbol in self.holdings}

    # ---- what happens -------------------------------------------------------------------------------------

    def open_inventory(self, symbol: str, qty: int, price_micros: int) -> None:
        """Take over the position that the session opens with, at *price_micros*, which is also its first mark.

        Raise ValueError if the symbol is unknown, the price is not positive, or something was booked before.
        """
        holding = self._holding(symbol)
        if self.booked or holding.position:
            raise ValueError(f"the opening position of {symbol} was expected before anything else was booked")
        if price_micros <= 0:
            raise ValueError(f"an opening price above 0 was expected for {symbol}, was {price_micros}")
        self.history.append(("open_inventory", (symbol, qty, price_micros)))
        self.opening[symbol] = (qty, price_micros)
        self._move(_OPENING, symbol, holding, qty, price_micros, 0)
        holding.mark_micros = float(price_micros)

    def order(self, order_id: int, qty: int) -> None:
        """Tell the total quantity of an order (or of its replacement), so that an overfill is noticed."""
        self.history.append(("order", (order_id, qty)))
        self.orders.of(order_id).qty = qty

    def order_made_smaller(self, order_id: int, left: int) -> None:
        """Tell that only *left* shares of an order are open, beside what it has filled."""
        self.history.append(("order_made_smaller", (order_id, left)))
        order = self.orders.of(order_id)
        order.qty = order.filled + left

    def order_closed(self, order_id: int, missing: int = 0) -> None:
        """Tell that the venue has confirmed the order's end, the first time: a fill booked after this is a break.

        But *missing* shares were filled before it, as its end shows, and have not come yet.
        """
        order = self.orders.of(order_id)
        if not order.closed:
            self.history.append(("order_closed", (order_id, missing)))
            order.closed, order.missing = True, missing

    def book(self, fill: Fill, fee_micros: int, *, taken_back: bool = False) -> bool:
        """Book an execution with the desk's own fee; False, and nothing changes, if its exec_id was booked before.

        One that was *taken_back* before it came is written down, and moves neither shares nor money. Raise ValueError
        if the symbol is unknown or quantity or price is not positive.
        """
        holding = self._holding(fill.symbol)
        if fill.qty <= 0 or fill.price_micros <= 0:
            raise ValueError(f"a fill of shares > 0 at a price > 0 was expected, was {fill}")
        self.history.append(("passed_over" if taken_back else "book", (fill, fee_micros)))
        if fill.exec_id in self.booked:  # also one that was taken back: it comes only once
            self._note_duplicate(fill)
            return False
        self.booked[fill.exec_id] = (fill, fee_micros)
        if taken_back:
            self.busted.add(fill.exec_id)
            self.orders.pass_over(fill)
            return True
        self.breaks += self.orders.fill(fill)
        self._move(fill.exec_id, fill.symbol, holding, fill.side * fill.qty, fill.price_micros, fee_micros)
        self.accounts.claim(fill.fee_micros - fee_micros)
        return True

    def passed_over(self, fill: Fill, fee_micros: int) -> bool:
        """Book an execution that was taken back before it came (:meth:`book`)."""
        return self.book(fill, fee_micros, taken_back=True)

    def bust(self, bust: Bust) -> bool:
        """Take an execution back, as if it had never been; False, and nothing changes, if it is not in the books.

        Its symbol's cost and realised profit are those of the executions that are left, booked in their order.
        """
        if bust.exec_id not in self.booked or bust.exec_id in self.busted:
            return False
        self.history.append(("bust", (bust,)))
        self.busted.add(bust.exec_id)
        fill, fee_micros = self.booked[bust.exec_id]
        if (bust.symbol, bust.side, bust.qty, bust.price_micros) != _terms(fill):
            self.breaks.append(f"I7: execution {bust.exec_id} was taken back with other contents: {bust}")
        self.orders.of(fill.order_id).filled -= fill.qty
        self._unmove(fill, fee_micros)
        self.accounts.claim(fee_micros - fill.fee_micros)
        return True

    def mark(self, symbol: str, mid_micros: float) -> None:
        """Value the symbol at *mid_micros* from now on. Raise ValueError unless it is finite and positive."""
        if not (isfinite(mid_micros) and mid_micros > 0):
            raise ValueError(f"a mark above 0 was expected for {symbol}, was {mid_micros}")
        self._holding(symbol).mark_micros = mid_micros

    # ---- what is known ------------------------------------------------------------------------------------

    def position(self, symbol: str) -> int:
        """Signed shares."""
        holding = self.holdings.get(symbol)  # asked for at every look of the governor
        return (holding or self._holding(symbol)).position

    def average_micros(self, symbol: str) -> float | None:
        """The average price of the open position, or None when flat."""
        holding = self._holding(symbol)
        return holding.cost_micros / holding.position if holding.position else None

    @property
    def cash_micros(self) -> int:
        """Cash, fees paid."""
        return self._balances[CASH]

    @property
    def fees_micros(self) -> int:
        """Fees so far; rebates count against them."""
        return self._balances[FEES]

    @property
    def realised_micros(self) -> int:
        """Profit of what was closed, by average cost, before fees."""
        return -self._balances[REALISED]

    @property
    def unrealised_micros(self) -> float:
        """Profit of what is open, at the last marks."""
        return sum(h.position * h.mark_micros - h.cost_micros for h in self.holdings.values())

    def equity_micros(self, marks: Mapping[str, float] | None = None) -> float:
        """Cash plus positions at *marks*; a symbol that is not in them is taken at its last mark."""
        equity: float = self._balances[CASH]
        for symbol, holding in self.holdings.items():
            if holding.position:
                mark = holding.mark_micros if marks is None else marks.get(symbol, holding.mark_micros)
                equity += holding.position * mark
        return equity

    def journal(self) -> dict[str, int]:
        """The balance of every account in micro-dollars; they sum to zero."""
        return dict(self._balances)

    def execution(self, exec_id: int) -> Fill | None:
        """The execution as it was booked, also if it was taken back since; None if it is not in the books."""
        booked = self.booked.get(exec_id)
        return None if booked is None else booked[0]

    def has_booked(self, exec_id: int) -> bool:
        """Whether the execution is in the books, or was before it was taken back."""
        return exec_id in self.booked

    def standing(self, symbol: str | None = None) -> list[Fill]:
        """The executions (of *symbol*) that were not taken back, in the order in which they were booked."""
        booked = self.booked.items()
        return [f for key, (f, _) in booked if (symbol is None or f.symbol == symbol) and key not in self.busted]

    def check(self) -> list[str]:
        """Every invariant of the ledger that does not hold now, each with its number; empty when all hold."""
        return broken(Scene(self))

    # ---- how ----------------------------------------------------------------------------------------------

    def _holding(self, symbol: str) -> Holding:
        try:
            return self.holdings[symbol]
        except KeyError:
            known = ", ".join(self.holdings)
            raise ValueError(f"a symbol of this ledger was expected ({known}), was {symbol}") from None

    def _move(
        self, exec_id: int, symbol: str, holding: Holding, delta: int, price_micros: int, fee_micros: int
    ) -> None:
        realised, cost_change = self._moves[symbol].add(exec_id, delta, price_micros, holding)
        self._post(symbol, -delta * price_micros, fee_micros, cost_change, realised)

    def _unmove(self, fill: Fill, fee_micros: int) -> None:
        """Have the symbol of *fill* without what was taken back, and put the difference into the accounts."""
        old = self.holdings[fill.symbol]
        new = self.holdings[fill.symbol] = self._moves[fill.symbol].take_back(fill.exec_id, old.mark_micros)
        cost_change, realised = new.cost_micros - old.cost_micros, new.realised_micros - old.realised_micros
        self._post(fill.symbol, fill.side * fill.qty * fill.price_micros, -fee_micros, cost_change, realised)

    def _post(self, symbol: str, flow_micros: int, fee_micros: int, cost_change: int, realised: int) -> None:
        self.accounts.trade(symbol, flow_micros, fee_micros, cost_change, realised)
        self.flow_micros += flow_micros
        self.fees_paid_micros += fee_micros

    def _note_duplicate(self, fill: Fill) -> None:
        if self.booked[fill.exec_id][0] != fill:
            self.breaks.append(f"I3: execution {fill.exec_id} came again with other contents: {fill}")


def _terms(fill: Fill) -> tuple[str, int, int, int]:
    return fill.symbol, fill.side, fill.qty, fill.price_micros
