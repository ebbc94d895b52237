"""Position and cash of a symbol by desk, broker and observer, wherever nothing of it is in flight."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from engine.domain.records import BrokerStatement, DeskFill, VenueBust
from engine.kernel.event_log import EventLog
from engine.metrics.desk_books import DeskAccount, bookings
from engine.metrics.evidence import SETTLE_NS
from engine.metrics.exposure import NEVER
from engine.metrics.folds import Ints, observer, once_per_log, places
from engine.metrics.reconciliation_points import NOTHING, OPEN, Break, Checkpoints, Span

CENT_MICROS = 10_000
"""Cash is stated to the cent: a smaller difference is one of rounding."""


def quiet(log: EventLog, at: Checkpoints, symbol: str) -> NDArray[np.bool_]:
    """Whether, at each checkpoint, nothing of *symbol* that the venue has executed is still on its way to the desk."""
    change = np.zeros(len(at.seq) + 1, dtype=np.int64)
    for span in _in_flight(log).get(symbol, ()):
        begin = int(np.searchsorted(at.seq, span.seq))
        if span.end_seq == NEVER:  # it never arrived: in flight for as long as a message may take
            end = int(np.searchsorted(at.t_ns, span.t_ns + SETTLE_NS))
        else:
            end = int(np.searchsorted(at.seq, span.end_seq))
        change[begin] += 1
        change[max(begin, end)] -= 1
    still: NDArray[np.bool_] = np.cumsum(change[:-1]) == 0
    return still


@once_per_log
def _in_flight(log: EventLog) -> dict[str, list[Span]]:
    """By symbol, from when to when each execution and each bust was on its way to the desk."""
    booked: dict[int, tuple[int, int]] = {}
    for seq, one in bookings(log):
        booked.setdefault(one.exec_id if isinstance(one, DeskFill) else -one.exec_id, (seq, one.t_ns))
    said = [(one.seq, one.record.t_ns, one.record.symbol, one.record.exec_id) for one in observer(log).executions]
    taken_back = zip(places(log)[VenueBust].tolist(), log.of(VenueBust), strict=True)
    said += [(seq, bust.t_ns, bust.symbol, -bust.exec_id) for seq, bust in taken_back]
    found: dict[str, list[Span]] = {}
    for seq, t_ns, symbol, number in said:
        found.setdefault(symbol, []).append(Span(seq, t_ns, *booked.get(number, OPEN)))
    return found


def sum_breaks(log: EventLog, at: Checkpoints, symbol: str, desk: DeskAccount) -> Iterator[Break]:
    """Position and cash of one symbol, wherever nothing of it is in flight; a difference is told when it changes."""
    steps = observer(log).account(symbol).steps()
    now, settled = steps.at(at.seq), quiet(log, at, symbol)
    position, cash = desk.at(at.seq)
    # Cash is told as what the symbol did to it; positions as they are.
    stated, broker_position, broker_cash = _stated(log, at, symbol)
    for what, of_desk, of_broker, of_venue, allowed, unit in (
        ("position", position, broker_position, steps.position[now], 1, 1),
        ("cash", cash, broker_cash, steps.cash_micros[now], CENT_MICROS, 1_000_000),
    ):
        off = np.where(settled, of_desk - of_venue, 0)
        broker_off = np.where(stated, of_broker - of_venue, 0)
        last = (0, 0)
        wrong = (np.abs(off) >= allowed) | (np.abs(broker_off) >= allowed)
        for place in np.flatnonzero(wrong | (np.diff(wrong, prepend=False))).tolist():
            difference = (int(off[place]), int(broker_off[place])) if wrong[place] else (0, 0)
            if wrong[place] and max(abs(a - b) for a, b in zip(difference, last, strict=True)) >= allowed:
                broker = _figure(of_broker[place], unit) if stated[place] else NOTHING
                desk_says = _figure(of_desk[place], unit)
                yield Break(int(at.t_ns[place]), symbol, what, desk_says, broker, _figure(of_venue[place], unit))
            if settled[place]:
                last = difference


def _figure(value: int, unit: int) -> str:
    return f"{value / unit:,.2f} USD" if unit > 1 else f"{value:,}"


def _stated(log: EventLog, at: Checkpoints, symbol: str) -> tuple[NDArray[np.bool_], Ints, Ints]:
    """At each checkpoint: whether the broker's figures of *symbol* are of then, its position, its cash.

    Without a new statement they are those of the last one: nothing has changed since. At the end of the run there is
    no statement, so the broker is not asked.
    """
    own = [
        (seq, one.position, one.cash_micros)
        for seq, one in zip(places(log)[BrokerStatement].tolist(), log.of(BrokerStatement), strict=True)
        if one.symbol == symbol
    ]
    table = np.array([(-1, 0, 0), *own], dtype=np.int64)
    now = np.searchsorted(table[:, 0], at.seq, side="right") - 1
    known = np.full(len(at.seq), bool(log.of(BrokerStatement)))
    known[-1:] = False
    return known, table[now, 1], table[now, 2]
