"""The desk's own books as steps, from what its ledger said after each fill it booked, and after each bust."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from operator import itemgetter

import numpy as np

from engine.domain.records import DeskBust, DeskFill, VenueInventory
from engine.kernel.event_log import EventLog
from engine.metrics.evidence import Evidence
from engine.metrics.folds import Floats, Ints, observer, once_per_log, places


@dataclass(slots=True)
class DeskAccount:
    """One symbol by the desk's ledger: each state in force from the record ``seq`` on, the opening at -1.

    ``cash_micros`` is what the opening inventory and the symbol's fills did to the desk's cash.
    """

    seq: list[int] = field(default_factory=lambda: [-1])
    t_ns: list[int] = field(default_factory=lambda: [0])
    position: list[int] = field(default_factory=lambda: [0])
    cash_micros: list[int] = field(default_factory=lambda: [0])
    price_micros: int = 0
    """The price of the first fill, to mark what the venue never heard of."""

    def at(self, seq: Ints) -> tuple[Ints, Ints]:
        """Position and cash after each record of *seq*."""
        now = np.searchsorted(np.array(self.seq), seq, side="right") - 1
        return np.array(self.position, dtype=np.int64)[now], np.array(self.cash_micros, dtype=np.int64)[now]


@once_per_log
def bookings(log: EventLog) -> list[tuple[int, DeskFill | DeskBust]]:
    """Everything that the desk booked or took out of its books again, with its place, in order."""
    where = places(log)
    fills = zip(where[DeskFill].tolist(), log.of(DeskFill), strict=True)
    busts = zip(where[DeskBust].tolist(), log.of(DeskBust), strict=True)
    return sorted([*fills, *busts], key=itemgetter(0))


@once_per_log
def first_bookings(log: EventLog) -> dict[int, tuple[int, int]]:
    """Place and time at which the desk first booked each execution."""
    found: dict[int, tuple[int, int]] = {}
    for seq, fill in zip(places(log)[DeskFill].tolist(), log.of(DeskFill), strict=True):
        found.setdefault(fill.exec_id, (seq, fill.t_ns))
    return found


def desk_accounts(evidence: Evidence) -> dict[str, DeskAccount]:
    """Every symbol that the desk or the venue has an account of, in order of the name.

    The desk is taken to have opened with capital less inventory; if its ledger did not, its first fill shows it.
    """
    log = evidence.log
    accounts: defaultdict[str, DeskAccount] = defaultdict(DeskAccount)
    cash_micros = evidence.facts.capital_micros
    for inventory in log.of(VenueInventory):
        accounts[inventory.symbol].position[0] += inventory.qty
        accounts[inventory.symbol].cash_micros[0] -= inventory.qty * inventory.price_micros
        cash_micros -= inventory.qty * inventory.price_micros
    for seq, booking in bookings(log):
        account = accounts[booking.symbol]
        if isinstance(booking, DeskFill):
            account.price_micros = account.price_micros or booking.price_micros
        account.seq.append(seq)
        account.t_ns.append(booking.t_ns)
        account.position.append(booking.position)
        account.cash_micros.append(account.cash_micros[-1] + booking.cash_micros - cash_micros)
        cash_micros = booking.cash_micros
    for symbol in observer(log).accounts:
        accounts[symbol]
    return dict(sorted(accounts.items()))


def marked(evidence: Evidence, symbol: str, desk: DeskAccount, marks: Floats) -> Floats:
    """*marks* with a stand-in where the venue has none yet: the instrument's price, else the desk's own first fill."""
    price = next((one.price_micros for one in evidence.facts.instruments if one.symbol == symbol), desk.price_micros)
    filled: Floats = np.where(marks > 0, marks, float(price))
    return filled
