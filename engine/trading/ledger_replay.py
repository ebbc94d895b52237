"""The ledger had again from its history, and one digest to tell whether two are alike (invariant I11)."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.trading.ledger import Happened, Ledger


def state_hash(ledger: Ledger) -> str:
    """One digest of everything that the books say: accounts, holdings, orders, executions and breaks."""
    holdings = [(symbol, h.position, h.cost_micros, h.realised_micros) for symbol, h in ledger.holdings.items()]
    orders = [(order_id, order.legible()) for order_id, order in ledger.orders.items()]
    executions = sorted(ledger.booked), sorted(ledger.busted)
    state = (sorted(ledger.journal().items()), holdings, orders, executions, ledger.breaks)
    return blake2b(repr(state).encode(), digest_size=16).hexdigest()


def replayed(ledger: Ledger, history: Iterable[Happened]) -> Ledger:
    """A fresh ledger like *ledger* (capital, instruments) to which *history* was done again."""
    fresh = type(ledger)(ledger.capital_micros, ledger.instruments)
    for name, given in history:
        getattr(fresh, name)(*given)
    return fresh
