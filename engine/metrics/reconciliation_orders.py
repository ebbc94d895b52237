"""Orders that work by one of desk, broker and observer, and are over by another."""

from __future__ import annotations

from collections.abc import Iterator

from engine.domain.orders import LIVE_STATES, OrderState
from engine.domain.records import BrokerOrders, DeskOrder
from engine.kernel.event_log import EventLog
from engine.metrics.evidence import SETTLE_NS
from engine.metrics.exposure import NEVER
from engine.metrics.folds import intents, observer, once_per_log, places
from engine.metrics.reconciliation_points import NOTHING, OPEN, Break, Checkpoints, Span


def order_breaks(log: EventLog, at: Checkpoints) -> Iterator[Break]:
    """Orders that work at the venue and are dead to the desk, or the other way round."""
    venue, desk, known = venue_lives(log), desk_lives(log), intents(log)
    for order_id in sorted({*venue, *desk}):
        ours, theirs = desk.get(order_id), venue.get(order_id)
        intent, accepted = known.get(order_id), observer(log).order(order_id)
        symbol = accepted.symbol if accepted is not None else intent.symbol if intent is not None else ""
        dead = _dead_to_the_desk(ours, theirs, at)
        if dead is not None:
            yield Break(dead, symbol, f"order {order_id}", "not open", "open", "open")
        alive = None if order_id in _left_unknown(log) else _alive_to_the_desk(ours, theirs, at)
        if alive is not None:
            yield Break(alive, symbol, f"order {order_id}", "open", "not open", "not open")


def _dead_to_the_desk(ours: Span | None, theirs: Span | None, at: Checkpoints) -> int | None:
    """When the venue was seen to work an order that the desk took for dead, or never heard of."""
    if theirs is None:
        return None
    if ours is None:
        return at.first(theirs.seq, theirs.end_seq)
    return at.first(max(ours.end_seq, theirs.seq), theirs.end_seq) if ours.end_seq < theirs.end_seq else None


def _alive_to_the_desk(ours: Span | None, theirs: Span | None, at: Checkpoints) -> int | None:
    """When the desk was seen to hold on to an order that is over at the venue, or never came there."""
    if ours is None or ours.end_seq != NEVER:  # what it learns later was in flight
        return None
    if theirs is None:
        return at.first(ours.seq, NEVER, ours.t_ns + SETTLE_NS)
    return at.first(theirs.end_seq, NEVER, theirs.end_ns + SETTLE_NS) if theirs.end_seq != NEVER else None


@once_per_log
def venue_lives(log: EventLog) -> dict[int, Span]:
    """By order, from when to when it worked at the venue."""
    books = observer(log)
    found: dict[int, Span] = {}
    for one in books.acceptances:
        end_seq, end_ns = books.ended.get(one.record.order_id, OPEN)
        found.setdefault(one.record.order_id, Span(one.seq, one.record.t_ns, end_seq, end_ns))
    return found


@once_per_log
def desk_lives(log: EventLog) -> dict[int, Span]:
    """By order, from when to when the desk did not take it for over; while it is unknown it is not over."""
    found: dict[int, Span] = {}
    for seq, one in zip(places(log)[DeskOrder].tolist(), log.of(DeskOrder), strict=True):
        begun = found.get(one.order_id)
        if one.state in LIVE_STATES:
            found[one.order_id] = begun._replace(end_seq=NEVER, end_ns=NEVER) if begun else Span(seq, one.t_ns, *OPEN)
        elif begun is not None and begun.end_seq == NEVER:
            found[one.order_id] = begun._replace(end_seq=seq, end_ns=one.t_ns)
    return found


@once_per_log
def _left_unknown(log: EventLog) -> frozenset[int]:
    """Orders whose last state is unknown."""
    last = {one.order_id: one.state for one in log.of(DeskOrder)}
    return frozenset(order_id for order_id, state in last.items() if state == OrderState.UNKNOWN.value)


def broker_order_breaks(log: EventLog) -> Iterator[Break]:
    """Orders on which broker and venue differ at a statement of the broker's; each once."""
    lives, told = venue_lives(log), set[int]()
    live: dict[int, Span] = {}
    waiting = sorted(((span.seq, order_id) for order_id, span in lives.items()), reverse=True)
    for place, stated in zip(places(log)[BrokerOrders].tolist(), log.of(BrokerOrders), strict=True):
        while waiting and waiting[-1][0] <= place:
            order_id = waiting.pop()[1]
            live[order_id] = lives[order_id]
        live = {order_id: span for order_id, span in live.items() if span.end_seq > place}
        broker = {int(word) for word in stated.open_orders.split()}
        for order_id in sorted({*live} ^ broker):
            if order_id not in told:
                told.add(order_id)
                accepted = observer(log).order(order_id)
                symbol = accepted.symbol if accepted is not None else ""
                of_broker, of_venue = ("open", "not open") if order_id in broker else ("not open", "open")
                yield Break(stated.t_ns, symbol, f"order {order_id}", NOTHING, of_broker, of_venue)
