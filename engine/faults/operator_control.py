"""An operator commands the desk: pause, stop, flatten or resume, by the control message that a person sends."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from engine.base.keys import key
from engine.base.units import NS_PER_S
from engine.domain.governance import FIRM, STRATEGY_PREFIX, VENUE, Level
from engine.domain.ports import NEVER_NS
from engine.domain.records import ControlGiven, GovernorState
from engine.faults.fault import Effect, fault
from engine.faults.site import Site
from engine.kernel.event_log import EventLog
from engine.kernel.world import Event, Process
from engine.trading.control_message import SCOPE, SCOPE_HELP, ControlMessage, StopLevel, Verb
from engine.trading.observer import VenueObserver

SECOND_VOICE_NS = NS_PER_S
"""How long after the first person the second one speaks."""
WIDE = (FIRM, VENUE)
"""The scopes that cover every symbol."""


@fault
@dataclass(frozen=True, kw_only=True)
class OperatorControl:
    """A person commands the governor, by the same control message as `stress stop` and `stress governor` send.

    Seen from outside: the scope stands at the level that was asked for before the item is over. A stop of L2 or more
    must also have cleared the venue's book of what the desk worked there. A resume that re-arms a stop needs a second
    person. Of a command that must not be obeyed only that it was given is looked at; the gates say what came of it.
    """

    clocks: ClassVar[tuple[str, ...]] = ("simulated",)
    no_effect: ClassVar[Mapping[str, float]] = {}

    verb: Verb = key("What is commanded")
    scope: str = key("What it is for", default=FIRM, pattern=SCOPE, pattern_help=SCOPE_HELP)
    level: StopLevel | None = key("How far a stop goes; without it L2", default=None)
    by: str = key("Who commands", default="operator", pattern=r"^\S.{0,99}$")
    second_by: str = key("Of a resume: the second person, a second later; empty: there is none", default="")
    reason: str = key("Why, in a few words", default="")
    expect: Literal["obeyed", "refused"] = key("What the governor has to do with it", default="obeyed")

    @property
    def own_length_s(self) -> None:
        """It lasts as long as its item says: so long the answer is waited for."""
        return

    def symbols(self) -> tuple[str, ...]:
        """The symbol that it is for, if it is for one."""
        return () if self.scope in WIDE or self.scope.startswith(STRATEGY_PREFIX) else (self.scope,)

    def messages(self, t0_ns: int) -> tuple[ControlMessage, ...]:
        """What is sent, in order; the time in the id keeps two items of one kind apart."""
        people = [self.by, self.second_by] if self.verb == "resume" and self.second_by else [self.by]
        return tuple(
            ControlMessage(
                id=f"{self.verb}-{self.scope}-{t0_ns}-{number}",
                verb=self.verb,
                scope=self.scope,
                level=self.level,
                by=person,
                reason=self.reason,
            )
            for number, person in enumerate(people, start=1)
        )

    def play(self, site: Site, heal: Event) -> Process:
        """Send the messages; what they did stays."""
        first, *rest = self.messages(site.world.now_ns)
        site.desk.receive(first)
        for message in rest:
            yield site.world.wait_ns(SECOND_VOICE_NS)
            site.desk.receive(message)
        yield heal

    def effect(self, log: EventLog, t0_ns: int, heal_ns: int) -> Effect:
        """The level that the scope was said to reach; of a resume, how far it fell; or only that it was given."""
        if self.expect == "refused":
            sent = {message.id for message in self.messages(t0_ns)}
            given = sum(one.message_id in sent for one in log.of(ControlGiven))
            return Effect("commands_given", given, len(sent), "commands")
        asked = self.messages(t0_ns)[0].asked
        before, after = _levels(log, self.scope, t0_ns, heal_ns)
        if asked > Level.RUNNING:
            return Effect("governor_level", float(max(before, *after)), float(asked), "")
        # A scope that ran already shows nothing: nobody can resume it.
        fell = float(before - min(after)) if before else math.nan
        return Effect("levels_released", fell, max(float(before), 1.0), "")

    def more_effects(self, log: EventLog, t0_ns: int, heal_ns: int) -> tuple[Effect, ...]:
        """Of a stop of L2 or more: which share of the orders in scope that worked at the venue left its book."""
        if self.expect == "refused" or self.messages(t0_ns)[0].asked < Level.L2:
            return ()
        working = working_orders(log, self.symbols(), t0_ns)
        gone = sum(ended_ns <= heal_ns for ended_ns in working.values())
        return (Effect("orders_gone_pct", 100.0 * gone / len(working), 100.0, "%"),) if working else ()


def working_orders(log: EventLog, symbols: tuple[str, ...], t_ns: int) -> dict[int, int]:
    """Orders of *symbols* (none: all) at work at the venue at *t_ns*, and when each left its book (NEVER_NS: not)."""
    books = VenueObserver.of(log)
    found: dict[int, int] = {}
    for one in books.acceptances:
        record, ended_ns = one.record, books.ended.get(one.record.order_id, (0, NEVER_NS))[1]
        if record.t_ns < t_ns <= ended_ns and (not symbols or record.symbol in symbols):
            found[record.order_id] = ended_ns
    return found


def _levels(log: EventLog, scope: str, t0_ns: int, heal_ns: int) -> tuple[int, list[int]]:
    """The level of *scope* just before the command, and what it was said to be from then until the heal.

    What is said in the instant of the command is its answer.
    """
    said = [state for state in log.of(GovernorState) if state.scope == scope and state.t_ns <= heal_ns]
    before = [state.level for state in said if state.t_ns < t0_ns]
    after = [state.level for state in said if state.t_ns >= t0_ns]
    last = before[-1] if before else int(Level.RUNNING)
    return last, after or [last]
