"""What the faults of a misbehaving broker share: the way between its words and the desk, and how it is seen outside."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import TypeVar

from engine.base.units import NS_PER_S
from engine.domain.orders import OrderState, OrderUpdate
from engine.domain.records import DeskFill, DeskHeard, DeskOrder, VenueAccepted, VenueFill
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process
from engine.trading.broker_end import Meddler, Message

T = TypeVar("T")

UNHEARD_NS = NS_PER_S
"""An acceptance that the broker has not told after so long is late or lost; a desk asks for it later than this."""

SEEN_NEEDED = 20
"""Messages below which a share of them says nothing."""


def meddle(site: Site, heal: Event, meddler: Meddler) -> Process:
    """Let *meddler* have its way with what the broker says, until *heal*."""
    meddlers = site.desk.session.meddlers
    meddlers.append(meddler)
    yield heal
    meddlers.remove(meddler)


def is_acknowledgement(message: Message) -> bool:
    """Whether a message says that a new order or a replace was accepted."""
    if not isinstance(message, OrderUpdate) or message.state is not OrderState.WORKING:
        return False
    return message.target_id != message.order_id  # else the venue has made an order smaller


def share_pct(things: Iterable[T], picked: Callable[[T], bool]) -> float:
    """The share of *things* that are *picked*, in percent; NaN below 20 of them."""
    found = [picked(thing) for thing in things]
    return 100 * sum(found) / len(found) if len(found) >= SEEN_NEEDED else math.nan


def fills_in(log: EventLog, t0_ns: int, end_ns: int) -> list[VenueFill]:
    """The executions that the venue made in (t0, end]."""
    return [fill for fill in log.of(VenueFill) if t0_ns < fill.t_ns <= end_ns]


def unheard_pct(log: EventLog, t0_ns: int, heal_ns: int, within_ns: int) -> float:
    """The share of orders accepted in (t0, heal] of which the broker did not say so within *within_ns*, in percent."""
    heard: dict[int, int] = {}
    for order in log.of(DeskOrder):
        if order.state == OrderState.WORKING and not order.reason:
            heard.setdefault(order.order_id, order.t_ns)
    accepted = [one for one in log.of(VenueAccepted) if t0_ns < one.t_ns <= heal_ns and one.target_id != one.order_id]
    return share_pct(accepted, lambda one: heard.get(one.order_id, math.inf) > one.t_ns + within_ns)


def heard_pct(log: EventLog, t0_ns: int, heal_ns: int, what: str) -> float:
    """The share of executions made in (t0, heal] that the session brought as *what*, in percent."""
    odd = {one.exec_id for one in log.of(DeskHeard) if one.what == what}
    return share_pct(fills_in(log, t0_ns, heal_ns), lambda fill: fill.exec_id in odd)


def booked_ns(log: EventLog) -> dict[int, int]:
    """When the desk booked each execution."""
    found: dict[int, int] = {}
    for fill in log.of(DeskFill):
        found.setdefault(fill.exec_id, fill.t_ns)
    return found
