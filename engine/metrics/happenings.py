"""Events that a scenario may demand (`must_happen`): what each is, and when it happened in a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from types import MappingProxyType
from typing import NamedTuple

from engine.domain.governance import Level
from engine.domain.orders import OrderState, Origin
from engine.domain.quotes import MarketState
from engine.domain.records import (
    Decided,
    DeskOrder,
    GovernorFailed,
    GovernorState,
    SoftLimit,
    VenueBust,
    VenueRejected,
    VenueSession,
    VenueState,
)
from engine.metrics.denials import is_limit_deny
from engine.metrics.evidence import Evidence
from engine.metrics.folds import intents, observer
from engine.metrics.holds import Hold, holds
from engine.trading.limits import FirmLimits, InstrumentLimits


class Event(NamedTuple):
    """An event with a name: what it is, and its times (ns) in a run, in order."""

    doc: str
    times: Callable[[Evidence], list[int]]


def _governor_held(evidence: Evidence) -> list[int]:
    return [one.t_ns for one in evidence.log.of(GovernorState) if one.level == Level.HOLD]


def _governor_stopped(evidence: Evidence) -> list[int]:
    return [one.t_ns for one in evidence.log.of(GovernorState) if one.level >= Level.L1]


def _governor_released(evidence: Evidence) -> list[int]:
    found: list[int] = []
    level: dict[str, int] = {}
    for one in evidence.log.of(GovernorState):
        if one.level == Level.RUNNING and level.get(one.scope, Level.RUNNING) != Level.RUNNING:
            found.append(one.t_ns)
        level[one.scope] = one.level
    return found


def _position_flattened(evidence: Evidence) -> list[int]:
    books = observer(evidence.log)
    stops = [hold for hold in holds(evidence.log) if hold.level >= Level.L1]
    covered = [symbol for symbol in books.accounts if any(stop.covers(symbol) for stop in stops)]
    if any(books.account(symbol).position for symbol in covered):
        return []
    return sorted(t_ns for symbol in covered for t_ns in _flat_times(evidence, symbol, stops))


def _flat_times(evidence: Evidence, symbol: str, stops: list[Hold]) -> list[int]:
    """When, under a stop in which the governor had itself sold (or bought) of it, *symbol* came to 0."""
    books, found = observer(evidence.log), []
    steps = books.account(symbol).steps()
    position = dict(zip(steps.seq.tolist(), steps.position.tolist(), strict=True))
    governed = False
    for execution in books.executions:
        fill = execution.record
        order = books.order(fill.order_id)
        stopped = any(stop.covers(symbol) and stop.effect_ns <= fill.t_ns for stop in stops)
        if fill.symbol != symbol or not stopped:
            continue
        governed = governed or (order is not None and order.origin == Origin.GOVERNOR.value)
        if governed and not position[execution.seq]:
            found.append(fill.t_ns)
    return found


def _broker_disconnected(evidence: Evidence) -> list[int]:
    return [one.t_ns for one in evidence.log.of(VenueSession) if not one.up]


def _broker_reconnected(evidence: Evidence) -> list[int]:
    found, up = [], True
    for one in evidence.log.of(VenueSession):
        if one.up and not up:
            found.append(one.t_ns)
        up = one.up
    return found


def _order_unknown(evidence: Evidence) -> list[int]:
    return [one.t_ns for one in evidence.log.of(DeskOrder) if one.state == OrderState.UNKNOWN.value]


def _order_rejected(evidence: Evidence) -> list[int]:
    return [one.t_ns for one in evidence.log.of(VenueRejected)]


def _governor_failed(evidence: Evidence) -> list[int]:
    return [one.t_ns for one in evidence.log.of(GovernorFailed)]


def _stopped(evidence: Evidence, *states: MarketState) -> list[int]:
    """When a symbol came into one of *states*."""
    return [one.t_ns for one in evidence.log.of(VenueState) if one.state in states]


def _market_reopened(evidence: Evidence) -> list[int]:
    found: list[int] = []
    stopped: set[str] = set()
    for one in evidence.log.of(VenueState):
        if one.state in (MarketState.PAUSED, MarketState.HALTED):
            stopped.add(one.symbol)
        elif one.symbol in stopped:
            stopped.remove(one.symbol)
            if MarketState(one.state).trades:
                found.append(one.t_ns)
    return found


def _trade_busted(evidence: Evidence) -> list[int]:
    return [one.t_ns for one in evidence.log.of(VenueBust)]


def _limit_denied(evidence: Evidence) -> list[int]:
    return [one.t_ns for one in evidence.log.of(Decided) if is_limit_deny(one)]


def _soft_limit_passed(evidence: Evidence) -> list[int]:
    return [one.t_ns for one in evidence.log.of(SoftLimit)]


def _hard_limit_denied(evidence: Evidence) -> list[int]:
    limits, known = evidence.facts.limits, intents(evidence.log)
    firm = _hard_values(limits.firm)
    by_symbol = {symbol: firm | _hard_values(own) for symbol, own in limits.instrument.items()}
    found = []
    for one in evidence.log.of(Decided):
        if is_limit_deny(one):
            intent = known.get(one.order_id)
            hard = by_symbol.get(intent.symbol, firm) if intent is not None else firm
            if one.limit in hard:
                found.append(one.t_ns)
    return found


def _hard_values(limits: FirmLimits | InstrumentLimits) -> frozenset[float]:
    bounds = [getattr(limits, one.name) for one in fields(limits)]
    hard = (getattr(bound, "hard", None) for bound in bounds)
    return frozenset(float(value) for value in hard if value is not None)


_STOPS = (MarketState.PAUSED, MarketState.HALTED)

HAPPENINGS = MappingProxyType(
    {
        "governor_held": Event("The governor acknowledged a hold", _governor_held),
        "governor_released": Event("The governor ran again after a hold or stop", _governor_released),
        "governor_stopped": Event("The governor acknowledged a stop (L1 to L4)", _governor_stopped),
        "governor_failed": Event("The governor raised, hung or returned garbage", _governor_failed),
        "position_flattened": Event(
            "Under a stop a position that the governor's own orders were giving up came to 0, and everything the stop "
            "covers is 0 at the end, by the venue observer",
            _position_flattened,
        ),
        "broker_disconnected": Event("The venue saw the session go down", _broker_disconnected),
        "broker_reconnected": Event("The venue saw the session come up again", _broker_reconnected),
        "order_unknown": Event("The desk lost sight of an order", _order_unknown),
        "order_rejected": Event("The venue rejected an instruction", _order_rejected),
        "market_paused": Event(
            "The venue paused a symbol or halted the market", lambda evidence: _stopped(evidence, *_STOPS)
        ),
        "market_reopened": Event("The venue let a symbol trade again after a pause or halt", _market_reopened),
        "limit_state_entered": Event(
            "A quote came to stand at a price band", lambda evidence: _stopped(evidence, MarketState.LIMIT_STATE)
        ),
        "breaker_tripped": Event(
            "A market-wide circuit breaker halted a symbol", lambda evidence: _stopped(evidence, MarketState.HALTED)
        ),
        "trade_busted": Event("The venue took an execution back", _trade_busted),
        "limit_denied": Event("The governor denied an order because of a limit, soft or hard", _limit_denied),
        "soft_limit_passed": Event(
            "The governor let an order pass beyond a soft limit, and said so", _soft_limit_passed
        ),
        "hard_limit_denied": Event(
            "The governor denied an order and named a hard limit of the limits document", _hard_limit_denied
        ),
    }
)
"""Every event by its name in YAML."""
