"""Whether the agents that faults change are there, and can have the settings that they are given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from engine.base.words import listing, nearest
from engine.config.check import check
from engine.config.library import Library, Loaded
from engine.config.mark import Mark
from engine.config.node import find
from engine.config.schema import schema_of
from engine.config.validator import resolved
from engine.faults.agent_change import AgentChange
from engine.market.agents.base import Agent, changed, fixed_of
from engine.market.agents.kinds import KINDS
from engine.market.model_document import MarketError
from engine.runs.scenario import Scenario
from engine.runs.timeline import Injection

LEAST_CHANGE = 0.01
"""A number counts as changed from this share of what it was on; our own figure."""


def report_agent_changes(library: Library, loaded: Loaded[Scenario], injections: Sequence[Injection]) -> None:
    """Collect a problem for every change of agents that the market does not have, or that they refuse."""
    blocks = {agent.id: agent for agent in agents_of(loaded.value.market)}
    places = {item.id: place for place, item in enumerate(loaded.value.timeline)}
    changes: dict[str, list[_Change]] = {}
    for injection in injections:
        fault, place = injection.fault, places[injection.item.id]
        if not isinstance(fault, AgentChange) or injection.skip:
            continue
        block = blocks.get(fault.agent)
        if block is None:
            _report_absent(library, loaded, place, fault.agent, tuple(blocks))
        elif _keys_fit(library, loaded, place, block, fault):
            changes.setdefault(block.id, []).append(_Change(place, fault, injection.t0_ns, injection.heal_ns))
    for name, of_block in changes.items():
        _report_idle(library, loaded, blocks[name], of_block)
        _report_contradictions(library, loaded, blocks[name], of_block)


class _Change(NamedTuple):
    """A change with its place in the timeline and its times."""

    place: int
    fault: AgentChange
    t0_ns: int
    heal_ns: int


def _report_absent(library: Library, loaded: Loaded[Scenario], place: int, name: str, there: tuple[str, ...]) -> None:
    close = nearest(name, there)
    hint = f"its agents are {listing(there)}" if there else "it has no agents at all (market.agents)"
    library.problems.error(
        "T716",
        f"the market has no agents '{name}'",
        loaded.mark("timeline", place, "with", "agent"),
        f"did you mean '{close}'?" if close else hint,
    )


def agents_of(document: object) -> Iterator[Agent]:
    """The blocks of agents in the market of *document*, in those of its parts if it has some."""
    for part in (document, *getattr(document, "parts", ())):
        yield from getattr(part, "agents", ())


def _keys_fit(library: Library, loaded: Loaded[Scenario], place: int, block: Agent, change: AgentChange) -> bool:
    """Whether each setting is one of the block's own and in its range; else a problem at each that is not."""
    at = ("timeline", place, "with", "set")
    node, found = find(loaded.node, at), len(library.problems.errors)
    for name in change.set_:
        if name in fixed_of(block):
            library.problems.error(
                "T717",
                f"'{name}' of the agents '{block.id}' cannot change while they live",
                loaded.key_mark(*at, name),
                f"set it in the block itself; what can change: {listing(sorted(_changeable(block)))}",
            )
    if node is not None and len(library.problems.errors) == found:
        schema: dict[str, Any] = {**resolved(schema_of(type(block), "effective")), "required": []}
        schema["properties"] = {name: schema["properties"][name] for name in _changeable(block)}
        word = next(word for word, kind in KINDS.items() if isinstance(block, kind))
        for problem in check(type(block), node, schema, word):
            library.problems.add(problem)
    return len(library.problems.errors) == found


def _changeable(block: Agent) -> list[str]:
    """The keys of *block* that a fault may change: its numbers, but for those that are fixed."""
    properties = schema_of(type(block), "effective")["properties"]
    numbers = {"integer", "number"}
    return [
        name
        for name, value in properties.items()
        if name not in fixed_of(block) and numbers & {value["type"], *value["type"]}
    ]


def _report_idle(library: Library, loaded: Loaded[Scenario], block: Agent, changes: Sequence[_Change]) -> None:
    """A change to what is there anyway would do nothing, and next to nothing if it is nearly there."""
    for change in changes:
        asked = change.fault.set_
        if all(_near(getattr(block, name), value) for name, value in asked.items()):
            equal = all(getattr(block, name) == value for name, value in asked.items())
            own = ", ".join(f"{name} {getattr(block, name):g}" for name in asked)
            those, what = ("these settings", "") if equal else (f"nearly these settings ({own})", "next to ")
            library.problems.error(
                "T717",
                f"the agents '{block.id}' have {those} already: the change would do {what}nothing",
                _mark(loaded, change, next(iter(asked))),
                "set another value; a parameter that passes this one has its no_effect_at there"
                if equal
                else f"change a number by at least {100 * LEAST_CHANGE:g} % of what it is",
            )


def _near(own: float | None, asked: float) -> bool:
    return own is not None and (own == asked or abs(asked - own) < LEAST_CHANGE * abs(own))


def _report_contradictions(
    library: Library, loaded: Loaded[Scenario], block: Agent, changes: Sequence[_Change]
) -> None:
    """The block refuses what contradicts itself; what is in force changes whenever a change begins or ends."""
    blamed: set[int] = set()
    for t_ns in sorted({t_ns for change in changes for t_ns in (change.t0_ns, change.heal_ns)}):
        in_force = [change for change in changes if change.t0_ns <= t_ns < change.heal_ns]
        try:
            changed(block, {name: value for change in in_force for name, value in change.fault.set_.items()})
        except MarketError as refused:
            last = max(in_force, key=lambda change: change.t0_ns)
            if last.place in blamed:
                continue
            blamed.add(last.place)
            named = next((name for name in refused.at if name in last.fault.set_), next(iter(last.fault.set_)))
            beside = f" beside '{loaded.value.timeline[in_force[0].place].id}'" if len(in_force) > 1 else ""
            library.problems.error(
                "T717",
                f"the agents '{block.id}' cannot have these settings{beside}: {refused.reason}",
                _mark(loaded, last, str(named)),
                refused.instruction,
            )


def _mark(loaded: Loaded[Scenario], change: _Change, name: str) -> Mark | None:
    return loaded.mark("timeline", change.place, "with", "set", name)
