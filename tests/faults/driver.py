"""Plays faults on a real site: market, venue, desk and player are those of a run; only the timeline is the test's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, cast

from engine.base.units import NS_PER_MS, ns_from_s
from engine.config.bind import bind
from engine.config.library import Library
from engine.config.schema import schema_of
from engine.config.validator import errors_of, resolved
from engine.config.workspace import Workspace
from engine.domain.ports import Levers
from engine.faults import faults
from engine.faults.fault import Effect, Fault
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process
from engine.runs.documents import KINDS
from engine.runs.plan import Plan, plan_run
from engine.runs.play import play
from engine.runs.scenario import TimelineItem
from engine.runs.timeline import Injection
from engine.trading.governor_away import GovernorAway

REPOSITORY = Path(__file__).parents[2]
T0_S = 60.0
"""When the fault under test begins: the site has had a minute of peace."""
PROBE_NS = 50 * NS_PER_MS
SYMBOLS = ("SPY", "QQQ")


@dataclass(frozen=True)
class State:
    """Everything that a fault may pull, as it stood at one instant."""

    levers: Mapping[str, Levers]
    extra_delay_ns: int
    connected: bool
    frozen: bool = False
    losses: int = 0
    """How many faults lose messages of the feed."""
    broker_delay_ns: int = 0
    refusals: int = 0
    """How many faults refuse new orders."""
    meddlers: int = 0
    """How many faults meddle with what the broker says, lose it, or slow what it is asked."""
    tampered: int = 0
    """How many faults change what the feed says, what the strategy wants, or what leaves, or slow the desk's stages."""
    clock_offset_ns: int = 0
    closed: bool = False
    """Whether the desk denies by itself."""
    asked: bool = True
    """Whether the governor answers."""


@dataclass(frozen=True)
class Probe:
    """A fault that harms nothing: it looks at the site twenty times a second."""

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {}

    seen: dict[int, State] = field(default_factory=dict)
    sites: list[Site] = field(default_factory=list)

    @property
    def own_length_s(self) -> None:
        """As long as the item says."""
        return

    def symbols(self) -> tuple[str, ...]:
        """None."""
        return ()

    def play(self, site: Site, heal: Event) -> Process:
        """Look, and look again; the odd offset keeps it from the instants at which anything else happens."""
        self.sites.append(site)
        yield site.world.wait_ns(1)
        while not heal.triggered:
            self.seen[site.world.now_ns] = state_of(site)
            yield site.world.wait_ns(PROBE_NS)

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """Nothing."""
        return Effect("nothing", 0, 0, "")


@dataclass(frozen=True)
class Sabotaged:
    """A fault that does nothing, with the effect check of the one that it claims to be."""

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {}

    claimed: Fault

    @property
    def own_length_s(self) -> float | None:
        """As claimed."""
        return self.claimed.own_length_s

    def symbols(self) -> tuple[str, ...]:
        """As claimed."""
        return self.claimed.symbols()

    def play(self, site: Site, heal: Event) -> Process:
        """Wait for the heal, and touch nothing."""
        yield heal

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """What can be seen of nothing."""
        return self.claimed.effect(log, t0_ns, heal_ns)


@dataclass(frozen=True)
class Timed:
    """A fault from one second to another."""

    fault: Fault
    from_s: float
    to_s: float

    @property
    def t0_ns(self) -> int:
        """When it begins."""
        return ns_from_s(self.from_s)

    @property
    def heal_ns(self) -> int:
        """When it is healed."""
        return ns_from_s(self.to_s)


@dataclass(frozen=True)
class Outcome:
    """What came of a play: the effect of each fault, the log, and the site over time and at the end."""

    effects: tuple[Effect, ...]
    log: EventLog
    site: Site
    seen: Mapping[int, State]

    @property
    def effect(self) -> Effect:
        """The only fault's effect."""
        (only,) = self.effects
        return only

    def at(self, second: float) -> State:
        """The site as it stood just after *second*."""
        return next(state for t_ns, state in self.seen.items() if t_ns > ns_from_s(second))

    @property
    def end(self) -> State:
        """The site when the run was over."""
        return state_of(self.site)


def state_of(site: Site) -> State:
    """A copy of everything that a fault may pull."""
    desk = site.desk
    session = desk.session
    return State(
        levers={symbol: replace(site.venue.levers(symbol)) for symbol in SYMBOLS},
        extra_delay_ns=site.desk.feed.extra_delay_ns,
        connected=site.desk.session.connected,
        frozen=site.desk.feed.frozen,
        losses=len(site.desk.feed.losses),
        broker_delay_ns=site.desk.session.extra_delay_ns,
        refusals=len(site.venue.refusals),
        meddlers=len(session.meddlers) + len(session.losses) + (session.cancel_delay_ns > 0),
        tampered=len(desk.feed.bends)
        + len(desk.slips)
        + len(desk.gateway.routers)
        + sum(stage.slowed for stage in desk.stages),
        clock_offset_ns=desk.view.clock_offset_ns + session.clock_offset_ns,
        closed=desk.path.door.closed,
        asked=not isinstance(desk.governor, GovernorAway),
    )


UNTOUCHED = State(levers={symbol: Levers() for symbol in SYMBOLS}, extra_delay_ns=0, connected=True)


def play_faults(*timed: Timed, seed: int = 42, market: str = "small_market") -> Outcome:
    """Play faults on a fresh site, with a probe beside them; *market* is a scenario of this folder."""
    probe = Probe()
    plan = _plan(market)
    run_s = plan.scenario.clock.run_for_s
    wanted = sorted([Timed(probe, 0, run_s - 1), *timed], key=lambda each: each.from_s)
    injections = [_injection(place, each) for place, each in enumerate(wanted)]
    played = play(replace(plan, seed=seed, injections=tuple(injections)))
    site = played.built.site
    effects = tuple(each.fault.effect(site.world.log, each.t0_ns, each.heal_ns) for each in timed)
    return Outcome(effects, site.world.log, site, probe.seen)


def play_fault(fault: Fault, for_s: float, seed: int = 42, market: str = "small_market") -> Outcome:
    """Play one fault from second 60 on."""
    return play_faults(Timed(fault, T0_S, T0_S + for_s), seed=seed, market=market)


def sabotaged(fault: Fault, for_s: float, market: str = "small_market") -> Effect:
    """The effect of a fault that claims to be *fault* and does nothing."""
    return play_fault(Sabotaged(fault), for_s, market=market).effect


def made(name: str, parameters: Mapping[str, Any]) -> Fault:
    """The fault *name* with these parameters, by the loader's own rules. Raise ValueError with what they refuse."""
    cls = faults.get(name)
    errors = errors_of(resolved(schema_of(cls, "effective")), dict(parameters))
    if errors:
        raise ValueError("; ".join(sorted(error.message for error in errors)))
    return cast("Fault", bind(cast("type[Any]", cls), dict(parameters)))


def _injection(place: int, timed: Timed) -> Injection:
    item = TimelineItem(
        id=f"item{place}", at_s=timed.from_s, fault=type(timed.fault).__module__.rpartition(".")[2], with_=timed.fault
    )
    return Injection(item, timed.fault, timed.t0_ns, timed.heal_ns)


@cache
def _plan(market: str) -> Plan:
    """The plan of a scenario of this folder: it is the same for every test, and frozen."""
    library = Library(Workspace.find(REPOSITORY), KINDS)
    return plan_run(library, str(Path(__file__).with_name(f"{market}.yaml")), {}, None)


def quiet_log(records: Sequence[Any]) -> EventLog:
    """A log with these records only."""
    log = EventLog()
    for record in records:
        log.append(record)
    return log
