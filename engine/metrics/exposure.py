"""The desk's exposure by the venue observer: position, working orders, and what was sent and not yet answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from engine.domain.orders import OrderState
from engine.domain.records import DeskOrder, Intent, Sent, VenueAccepted, VenueRejected
from engine.kernel.event_log import EventLog
from engine.metrics.folds import Floats, Ints, intents, observer, once_per_log, places

_DEAD = frozenset({OrderState.REJECTED.value, OrderState.CANCELLED.value})


@dataclass(frozen=True, slots=True)
class OnTheWire:
    """A new order or replace between gateway and venue, over the records [sent_seq, answered_seq)."""

    intent: Intent
    sent_ns: int
    sent_seq: int
    answered_ns: int
    answered_seq: int
    added: int
    """Shares that it may add to the working ones: for a replace what it asks for beyond its target."""


class Exposure(NamedTuple):
    """The worst side of one symbol in shares, in force from the record ``seq`` on."""

    seq: Ints
    t_ns: Ints
    shares: Ints


NEVER = 2**62
"""Later than any record: an order that was never answered."""


@once_per_log
def on_the_wire(log: EventLog) -> list[OnTheWire]:
    """Every new order and replace that was sent, in order of sending.

    It is answered when the venue accepts or rejects it, or when the desk learns that it never arrived.
    """
    answered = _answers(log)
    known = intents(log)
    found = []
    for seq, sent in zip(places(log)[Sent].tolist(), log.of(Sent), strict=True):
        intent = known.get(sent.order_id)
        if sent.action == "cancel" or intent is None:
            continue
        target = known.get(sent.target_id)
        added = max(intent.qty - (target.qty if target is not None else 0), 0)
        end_seq, end_ns = answered.get(sent.order_id, (NEVER, NEVER))
        found.append(OnTheWire(intent, sent.t_ns, seq, end_ns, end_seq, added))
    return found


@once_per_log
def unexplained(log: EventLog) -> list[Sent]:
    """What was sent without an intent, so that nobody knows its size."""
    known = intents(log)
    return [sent for sent in log.of(Sent) if sent.action != "cancel" and sent.order_id not in known]


@once_per_log
def exposures(log: EventLog) -> dict[str, Exposure]:
    """By symbol the worst side of position + working + sent-unacknowledged, after every record that changed it."""
    wires: dict[str, list[OnTheWire]] = {}
    for wire in on_the_wire(log):
        wires.setdefault(wire.intent.symbol, []).append(wire)
    symbols = sorted({*observer(log).accounts, *wires})
    return {symbol: _exposure(log, symbol, wires.get(symbol, [])) for symbol in symbols}


def gross_micros(log: EventLog) -> tuple[Ints, Floats]:
    """The times and values of Σ over symbols of worst side × mark, after every change of either."""
    books, worst = observer(log), exposures(log)
    seqs, times = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for symbol, exposure in worst.items():
        quotes = books.account(symbol).columns()
        seqs += [exposure.seq, quotes.seq[quotes.two_sided]]
        times += [exposure.t_ns, quotes.t_ns[quotes.two_sided]]
    seq, first = np.unique(np.concatenate(seqs), return_index=True)
    gross = np.zeros(len(seq))
    for symbol, exposure in worst.items():
        gross += _at(exposure, seq) * books.account(symbol).marks_micros(seq)
    return np.concatenate(times)[first], gross


def _answers(log: EventLog) -> dict[int, tuple[int, int]]:
    """Where and when each order was first answered."""
    found: dict[int, tuple[int, int]] = {}
    where = places(log)
    for seq, desk_order in zip(where[DeskOrder].tolist(), log.of(DeskOrder), strict=True):
        if desk_order.state in _DEAD and desk_order.order_id not in found:
            found[desk_order.order_id] = (seq, desk_order.t_ns)
    answers: list[VenueAccepted | VenueRejected] = [*log.of(VenueAccepted), *log.of(VenueRejected)]
    seqs = [*where[VenueAccepted].tolist(), *where[VenueRejected].tolist()]
    for seq, answer in zip(seqs, answers, strict=True):
        if answer.order_id not in found or seq < found[answer.order_id][0]:
            found[answer.order_id] = (seq, answer.t_ns)
    return found


def _exposure(log: EventLog, symbol: str, wires: list[OnTheWire]) -> Exposure:
    steps = observer(log).account(symbol).steps()
    changes: list[tuple[int, int, int, int]] = []
    for wire in wires:
        buys, sells = (wire.added, 0) if wire.intent.side > 0 else (0, wire.added)
        changes.append((wire.sent_seq, wire.sent_ns, buys, sells))
        if wire.answered_seq != NEVER:
            changes.append((wire.answered_seq, wire.answered_ns, -buys, -sells))
    changes.sort()
    table = np.array(changes, dtype=np.int64).reshape(-1, 4)
    seq, first = np.unique(np.concatenate((steps.seq, table[:, 0])), return_index=True)
    now, sent = steps.at(seq), np.searchsorted(table[:, 0], seq, side="right")
    buys_sent = np.concatenate(([0], np.cumsum(table[:, 2])))[sent]
    sells_sent = np.concatenate(([0], np.cumsum(table[:, 3])))[sent]
    position = steps.position[now]
    shares = np.maximum(
        np.abs(position + steps.buys[now] + buys_sent), np.abs(position - steps.sells[now] - sells_sent)
    )
    return Exposure(seq, np.concatenate((steps.t_ns, table[:, 1]))[first], shares)


def _at(exposure: Exposure, seq: Ints) -> Ints:
    """The worst side after each record of *seq*."""
    found: Ints = np.concatenate((np.zeros(1, np.int64), exposure.shares))[
        np.searchsorted(exposure.seq, seq, side="right")
    ]
    return found
