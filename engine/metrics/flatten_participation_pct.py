"""How much of the market the flatten was."""

from __future__ import annotations

import numpy as np

from engine.base.units import NS_PER_S
from engine.domain.governance import Level
from engine.domain.orders import Origin
from engine.domain.records import VenueTrade
from engine.metrics.evidence import Evidence
from engine.metrics.folds import Ints, columns, count_in_window, observer
from engine.metrics.holds import Hold, holds
from engine.metrics.metric import metric
from engine.metrics.series import Basis, Opportunity, Series
from engine.trading.observer import Execution, VenueObserver

FIRST_LOOK_NS = 60 * NS_PER_S
"""The share is looked at from a minute after the flatten began: before, one small slice can be all of the volume."""


@metric(unit="%", better="lower", stat="max")
def flatten_participation_pct(evidence: Evidence) -> Series:
    """The governor's own fills since the flatten began, in percent of all volume since then, per symbol.

    A flatten begins when the governor acknowledges level L3 or above. All volume is what others traded among
    themselves plus all fills of the desk. One value after each fill that the governor originated, from one minute after
    the flatten began; of a flatten that was over sooner, one value at its last such fill. Proves something only if a
    flatten happened, that is with at least one such fill. Source: venue trades and fills, governor states; exact.
    """
    books = observer(evidence.log)
    others = _others(evidence)
    flattens = [hold for hold in holds(evidence.log) if hold.level >= Level.L3 and hold.ack_ns is not None]
    samples: list[tuple[int, float]] = []
    for symbol in books.accounts:
        fills = [one for one in books.executions if one.record.symbol == symbol]
        for begun, shares in _flattens(fills, flattens, symbol).items():
            samples += _looked_at(begun, _shares(books, shares, begun, others.get(symbol)))
    samples.sort()
    t_ns = np.array([t for t, _ in samples], dtype=np.int64)
    chances = count_in_window(evidence, t_ns)
    opportunity = Opportunity(chances, 1, "fills of a flatten")
    return columns(t_ns, np.array([v for _, v in samples], dtype=np.float64), "%", Basis.EXACT, (opportunity,))


def _flattens(fills: list[Execution], flattens: list[Hold], symbol: str) -> dict[int, list[Execution]]:
    """The fills of each flatten of *symbol*, by the instant at which it began."""
    found: dict[int, list[Execution]] = {}
    for one in fills:
        flatten = _latest(flattens, symbol, one.record.t_ns)
        if flatten is not None and flatten.ack_ns is not None:
            found.setdefault(flatten.ack_ns, []).append(one)
    return found


def _shares(
    books: VenueObserver, fills: list[Execution], begun_ns: int, others: tuple[Ints, Ints] | None
) -> list[tuple[int, float]]:
    """After each fill of the governor's the share of all volume that was the governor's, in percent."""
    own, desk = 0, 0
    found = []
    for one in fills:
        desk += one.record.qty
        order = books.order(one.record.order_id)
        if order is not None and order.origin == Origin.GOVERNOR.value:
            own += one.record.qty
            found.append((one.record.t_ns, 100 * own / (_traded(others, begun_ns, one.record.t_ns) + desk)))
    return found


def _looked_at(begun_ns: int, shares: list[tuple[int, float]]) -> list[tuple[int, float]]:
    """The shares from the first look on; of a flatten that was over by then, the last one."""
    late = [(t_ns, share) for t_ns, share in shares if t_ns >= begun_ns + FIRST_LOOK_NS]
    return late or shares[-1:]


def _others(evidence: Evidence) -> dict[str, tuple[Ints, Ints]]:
    """By symbol the times of the trades of others and the running sum of their shares, from 0."""
    trades: dict[str, list[VenueTrade]] = {}
    for trade in evidence.log.of(VenueTrade):
        trades.setdefault(trade.symbol, []).append(trade)
    return {
        symbol: (
            np.array([one.t_ns for one in found], dtype=np.int64),
            np.concatenate((np.zeros(1, np.int64), np.cumsum([one.qty for one in found], dtype=np.int64))),
        )
        for symbol, found in trades.items()
    }


def _traded(volume: tuple[Ints, Ints] | None, start_ns: int, end_ns: int) -> int:
    """Shares that others traded in (start, end]."""
    if volume is None:
        return 0
    t_ns, total = volume
    first, last = np.searchsorted(t_ns, [start_ns, end_ns], side="right")
    return int(total[last] - total[first])


def _latest(flattens: list[Hold], symbol: str, t_ns: int) -> Hold | None:
    """The flatten of *symbol* that began last, at or before *t_ns*."""
    begun = [hold for hold in flattens if hold.covers(symbol) and hold.ack_ns is not None and hold.ack_ns <= t_ns]
    return max(begun, key=lambda hold: hold.ack_ns or 0) if begun else None
