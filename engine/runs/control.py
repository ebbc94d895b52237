"""Playing a scenario with a person at the desk: a control message at an instant, and everything that came of it.

The message goes the way that it goes in a scenario's own timeline, and will go to a live desk: document, desk,
governor. What is told afterwards is read off the event log, orders and positions from the venue's records alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.base.errors import UsageError
from engine.base.units import NS_PER_MS, ns_from_s
from engine.domain.governance import FIRM, Level
from engine.domain.records import ControlGiven, GovernorState, VenueCancelled
from engine.faults.operator_control import OperatorControl, working_orders
from engine.kernel.event_log import EventLog
from engine.metrics.exposure import on_the_wire
from engine.metrics.folds import observer
from engine.metrics.holds import Hold
from engine.runs.plan import Plan
from engine.runs.play import Look, Played, play
from engine.runs.scenario import TimelineItem
from engine.runs.timeline import Injection

ITEM = "operator"
WAIT_S = 5
"""So long the answer to a command is waited for; a governor that has said nothing by then has not acknowledged."""


@dataclass(frozen=True)
class ScopeState:
    """Where the governor said that a scope stands, since when and why."""

    scope: str
    level: Level
    since_ns: int
    reason: str


@dataclass(frozen=True)
class Commanded:
    """What came of a command: the governor's word, and what the venue saw."""

    asked: Level
    at_ns: int
    acknowledged_ns: int | None
    in_flight: int
    """Orders and replaces in scope on the wire when it came into effect."""
    last_accept_ms: float
    """Until when after that the venue still took an order in scope that raised exposure; 0: it took none."""
    working: int
    """Orders in scope at work at the venue when the command was given."""
    cancelled: int
    """Of these, cancelled by the venue's word within the time that the answer is waited for."""
    last_cancel_ms: float | None
    left: int
    """Of these, still at work then."""
    positions_before: dict[str, int]
    positions_after: dict[str, int]

    @property
    def acknowledged(self) -> bool:
        """Whether the governor said that it had obeyed."""
        return self.acknowledged_ns is not None

    @property
    def time_to_hold_ms(self) -> float | None:
        """From the command to the governor's word, in milliseconds."""
        return None if self.acknowledged_ns is None else (self.acknowledged_ns - self.at_ns) / NS_PER_MS


@dataclass(frozen=True)
class DeskPlay:
    """A simulated desk that was played: where its scopes stand at the end, and what came of the command (if any)."""

    scenario: str
    seed: int
    end_ns: int
    aborted: bool
    states: tuple[ScopeState, ...]
    commanded: Commanded | None


def play_desk(plan: Plan, command: OperatorControl | None, at_s: float | None, look: Look | None = None) -> DeskPlay:
    """Play *plan* with *command* given at *at_s* (without it in the middle of the run).

    Raise UsageError if the run is not on by then, or is over before an answer can come.
    """
    if command is None:
        return _told(plan, play(plan, look=look), None)
    run_for_s = plan.scenario.clock.run_for_s
    at_s = run_for_s / 2 if at_s is None else at_s
    if not 0 < at_s <= run_for_s - WAIT_S:
        raise UsageError(
            f"--at-s {at_s:g}: a time after 0 and at most {run_for_s - WAIT_S:g} s was expected",
            f"the scenario runs for {run_for_s:g} s, and the answer is waited for {WAIT_S} s",
        )
    t0_ns = ns_from_s(at_s)
    item = TimelineItem(id=ITEM, at_s=at_s, fault="operator_control", with_=command, for_s=WAIT_S)
    injection = Injection(item, command, t0_ns, t0_ns + ns_from_s(WAIT_S))
    injections = tuple(sorted([*plan.injections, injection], key=lambda each: each.t0_ns))
    return _told(plan, play(replace(plan, injections=injections), look=look), injection)


def _told(plan: Plan, played: Played, injection: Injection | None) -> DeskPlay:
    log = played.built.site.world.log
    commanded = None
    if injection is not None and injection.t0_ns < played.end_ns:
        commanded = _commanded(log, injection, [each.symbol for each in played.built.instruments])
    return DeskPlay(plan.scenario.scenario, plan.seed, played.end_ns, played.aborted, states(log), commanded)


def states(log: EventLog) -> tuple[ScopeState, ...]:
    """Where each scope stands that the governor ever spoke of, the firm first."""
    last = {FIRM: ScopeState(FIRM, Level.RUNNING, 0, "")}
    for said in log.of(GovernorState):
        last[said.scope] = ScopeState(said.scope, Level(said.level), said.t_ns, said.reason)
    return tuple(last.values())


def _commanded(log: EventLog, injection: Injection, symbols: list[str]) -> Commanded:
    command, t0_ns, until_ns = injection.fault, injection.t0_ns, injection.heal_ns
    assert isinstance(command, OperatorControl)
    asked = command.messages(t0_ns)[0].asked
    acknowledged_ns = _acknowledged_ns(log, command.scope, asked, t0_ns, until_ns)
    hold = Hold(command.scope, int(asked), True, t0_ns, acknowledged_ns)
    effect_ns = hold.effect_ns
    working = working_orders(log, command.symbols(), t0_ns)
    cancelled = {one.order_id: one.t_ns for one in log.of(VenueCancelled) if t0_ns <= one.t_ns <= until_ns}
    cancels = [cancelled[order_id] for order_id in working if order_id in cancelled]
    took = [
        one.record.t_ns
        for one in observer(log).acceptances
        if one.increases and hold.covers(one.record.symbol) and effect_ns < one.record.t_ns <= until_ns
    ]
    wires = [wire for wire in on_the_wire(log) if hold.covers(wire.intent.symbol)]
    return Commanded(
        asked=asked,
        at_ns=t0_ns,
        acknowledged_ns=acknowledged_ns,
        in_flight=sum(wire.sent_ns <= effect_ns < wire.answered_ns for wire in wires),
        last_accept_ms=(max(took) - effect_ns) / NS_PER_MS if took and asked > Level.RUNNING else 0.0,
        working=len(working),
        cancelled=len(cancels),
        last_cancel_ms=(max(cancels) - t0_ns) / NS_PER_MS if cancels else None,
        left=sum(ended_ns > until_ns for ended_ns in working.values()),
        positions_before={symbol: _position(log, symbol, t0_ns - 1) for symbol in symbols},
        positions_after={symbol: observer(log).account(symbol).position for symbol in symbols},
    )


def _acknowledged_ns(log: EventLog, scope: str, asked: Level, t0_ns: int, until_ns: int) -> int | None:
    """When the governor said that *scope* stands where it was asked to; at once if it stood there already."""
    given = [one.t_ns for one in log.of(ControlGiven) if t0_ns <= one.t_ns <= until_ns and one.scope == scope]
    if not given:
        return None
    before = int(Level.RUNNING)
    for said in log.of(GovernorState):
        if said.scope != scope or said.t_ns > until_ns:
            continue
        if said.t_ns < t0_ns:
            before = said.level
        elif _there(said.level, asked):
            return said.t_ns
    return given[0] if _there(before, asked) else None


def _there(level: int, asked: Level) -> bool:
    """Whether *level* is what was asked for: at least so high, or, of a resume, running."""
    return level >= asked if asked > Level.RUNNING else level == Level.RUNNING


def _position(log: EventLog, symbol: str, t_ns: int) -> int:
    """Signed shares by the venue observer at *t_ns*."""
    steps = observer(log).account(symbol).steps()
    place = int(steps.t_ns.searchsorted(t_ns, side="right")) - 1
    return int(steps.position[max(place, 0)])
