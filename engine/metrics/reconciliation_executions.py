"""Executions and busts that one of desk, broker and observer does not have, or has twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from engine.domain.records import BrokerStatement, DeskBust, DeskFill, VenueBust
from engine.kernel.event_log import EventLog
from engine.metrics.desk_books import bookings
from engine.metrics.evidence import SETTLE_NS
from engine.metrics.exposure import NEVER
from engine.metrics.folds import observer, once_per_log, places
from engine.metrics.reconciliation_points import NO, NOTHING, YES, Break, Checkpoints


@once_per_log
def _broker_executions(log: EventLog) -> dict[int, int]:
    """By execution (a bust with a minus), the place of the statement that names it."""
    found: dict[int, int] = {}
    for place, stated in zip(places(log)[BrokerStatement].tolist(), log.of(BrokerStatement), strict=True):
        for word in stated.executions.split():
            found.setdefault(int(word), place)
    return found


def execution_breaks(log: EventLog, at: Checkpoints) -> Iterator[Break]:
    """Executions that one of the three does not have, and those that the desk booked twice."""
    said = {one.record.exec_id: (one.seq, one.record.t_ns, one.record.symbol) for one in observer(log).executions}
    booked = [(seq, fill) for seq, fill in bookings(log) if isinstance(fill, DeskFill)]
    first = {fill.exec_id: (seq, fill.t_ns) for seq, fill in reversed(booked)}
    broker = _broker_executions(log)
    for exec_id, (seq, t_ns, symbol) in said.items():
        seen = None if exec_id in first else at.first(seq, NEVER, t_ns + SETTLE_NS)
        if seen is not None:
            yield Break(seen, symbol, f"execution {exec_id}", NO, _broker_has(log, exec_id), YES)
        unstated = at.first(seq, min(broker.get(exec_id, NEVER), len(log)))
        if broker and unstated is not None:
            yield Break(unstated, symbol, f"execution {exec_id}", _has(first, exec_id), NO, YES)
    for exec_id, (seq, _) in first.items():
        end = said[exec_id][0] if exec_id in said else NEVER
        seen = at.first(seq, end) if seq < end else None
        if seen is not None:
            symbol = next(fill.symbol for _, fill in booked if fill.exec_id == exec_id)
            yield Break(seen, symbol, f"execution {exec_id}", YES, _broker_has(log, exec_id), NO)
    again = Counter(fill.exec_id for _, fill in booked)
    for seq, fill in booked:
        seen = at.first(seq, NEVER) if again[fill.exec_id] > 1 and seq != first[fill.exec_id][0] else None
        if seen is not None:
            often = f"{again[fill.exec_id]} times"
            yield Break(seen, fill.symbol, f"execution {fill.exec_id}", often, "once", "once")


def bust_breaks(log: EventLog, at: Checkpoints) -> Iterator[Break]:
    """Executions that were taken back, and that the desk still has; or that the desk alone took back."""
    taken = {one.exec_id: seq for seq, one in bookings(log) if isinstance(one, DeskBust)}
    said = {one.exec_id: one for one in log.of(VenueBust)}
    where = dict(zip((one.exec_id for one in log.of(VenueBust)), places(log)[VenueBust].tolist(), strict=True))
    for exec_id, bust in said.items():
        seen = None if exec_id in taken else at.first(where[exec_id], NEVER, bust.t_ns + SETTLE_NS)
        if seen is not None:
            yield Break(seen, bust.symbol, f"bust of execution {exec_id}", NO, _broker_has(log, -exec_id), YES)
    symbols = {one.exec_id: one.symbol for _, one in bookings(log)}
    for exec_id, seq in taken.items():
        seen = at.first(seq, where.get(exec_id, NEVER))
        if seen is not None:
            yield Break(seen, symbols[exec_id], f"bust of execution {exec_id}", YES, NO, NO)


def _has(known: Iterable[int], exec_id: int) -> str:
    return YES if exec_id in known else NO


def _broker_has(log: EventLog, number: int) -> str:
    """What the broker says of an execution (a bust with a minus); nothing, if it never said anything."""
    return _has(_broker_executions(log), number) if log.of(BrokerStatement) else NOTHING
