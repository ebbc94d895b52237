"""The timeline: when each fault begins and heals, known before anything runs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.base.units import NS_PER_S, ns_from_s
from engine.base.words import nearest
from engine.faults import faults
from engine.faults.fault import Fault, touched_by
from engine.runs.scenario import Scenario, TimelineItem

AFTER_WINDOW_S = 10
"""The after-faults window begins this long before (last heal + within_s)."""


@dataclass(frozen=True)
class Injection:
    """One timeline item with its fault and its times. ``skip`` says why it is not injected, or is empty."""

    item: TimelineItem
    fault: Fault
    t0_ns: int
    heal_ns: int
    skip: str = ""


@dataclass(frozen=True)
class TimelineProblem:
    """Something wrong with a timeline: where in the document, the code, what, and what to do."""

    path: tuple[str | int, ...]
    code: str
    message: str
    help: str = ""


def plan_timeline(
    scenario: Scenario, idle_params: Mapping[tuple[str | int, ...], str]
) -> tuple[tuple[Injection, ...], list[TimelineProblem]]:
    """Every injection in order of time, and what is wrong with the timeline.

    *idle_params* names, by path in the document, the parameter that stands at its ``no_effect_at``.
    """
    problems: list[TimelineProblem] = []
    starts = _starts_s(scenario, problems)
    injections = []
    for place, item in enumerate(scenario.timeline):
        made = fault_of(item)
        length_s = _length_s(item, made, place, problems)
        if item.id in starts and length_s is not None:
            t0_ns = ns_from_s(starts[item.id])
            skip = _skip_reason(item, made, place, idle_params)
            injections.append(Injection(item, made, t0_ns, t0_ns + ns_from_s(length_s), skip))
    injections.sort(key=lambda injection: injection.t0_ns)
    if not problems:
        problems += _check_times(scenario, injections)
        problems += _check_overlaps(scenario, injections)
    return tuple(injections), problems


def fault_of(item: TimelineItem) -> Fault:
    """The item's fault with its parameters (all defaults if it names none)."""
    return item.with_ if item.with_ is not None else faults.get(item.fault)()


def converge_from_ns(scenario: Scenario, injections: tuple[Injection, ...]) -> tuple[int, int]:
    """The last heal, and the start of the after-faults window, in nanoseconds."""
    healed_ns = max((injection.heal_ns for injection in injections if not injection.skip), default=0)
    window_s = scenario.after_faults.within_s - AFTER_WINDOW_S
    return healed_ns, healed_ns + ns_from_s(max(window_s, 0))


def _starts_s(scenario: Scenario, problems: list[TimelineProblem]) -> dict[str, float]:
    """When each item starts, following ``after`` from item to item."""
    starts: dict[str, float] = {}
    waiting: list[tuple[int, TimelineItem]] = []
    ids = [item.id for item in scenario.timeline]
    for place, item in enumerate(scenario.timeline):
        if ids.index(item.id) != place:
            problems.append(
                TimelineProblem(("timeline", place, "id"), "T712", f"two timeline items are called '{item.id}'")
            )
        said = [word for word, value in _when(item).items() if value is not None]
        if len(said) != 1:
            was = " and ".join(said) if said else "none of them"
            problems.append(
                TimelineProblem(
                    ("timeline", place, *said[1:2]),
                    "T701",
                    f"item '{item.id}' needs one of at_s, at_time, after; it has {was}",
                    f"keep {' or '.join(said)}"
                    if said
                    else "write for instance 'at_s: 300', seconds after clock.start",
                )
            )
        elif item.after is not None and item.after not in ids:
            close = nearest(item.after, ids)
            hint = f"did you mean '{close}'?" if close else f"the items are {', '.join(ids)}"
            problems.append(
                TimelineProblem(
                    ("timeline", place, "after"), "T702", f"there is no item '{item.after}' to come after", hint
                )
            )
        elif item.after is not None:
            waiting.append((place, item))
        else:
            starts[item.id] = item.at_s if item.at_s is not None else _from_time_of_day(scenario, item)
    _follow(scenario, starts, waiting, problems)
    return starts


def _when(item: TimelineItem) -> dict[str, object]:
    return {"at_s": item.at_s, "at_time": item.at_time, "after": item.after}


def _follow(
    scenario: Scenario,
    starts: dict[str, float],
    waiting: list[tuple[int, TimelineItem]],
    problems: list[TimelineProblem],
) -> None:
    """Resolve ``after`` chains; what is left waits for itself."""
    by_id = {item.id: item for item in scenario.timeline}
    while ready := [(place, item) for place, item in waiting if item.after in starts]:
        for _, item in ready:
            before = by_id[str(item.after)]
            starts[item.id] = starts[before.id] + (_natural_length_s(before) or 0.0) + item.plus_s
        waiting = [entry for entry in waiting if entry not in ready]
    problems += [
        TimelineProblem(
            ("timeline", place, "after"),
            "T703",
            f"item '{item.id}' waits, item by item, for itself",
            "let one item of the circle begin at a time of its own: at_s or at_time",
        )
        for place, item in waiting
        if _waits_for_itself(item, by_id)
    ]


def _waits_for_itself(item: TimelineItem, by_id: Mapping[str, TimelineItem]) -> bool:
    """Whether following ``after`` from *item* comes back to it (and not to a circle further on, or to nothing)."""
    name = item.after
    for _ in by_id:
        if name == item.id:
            return True
        name = by_id[name].after if name is not None and name in by_id else None
    return False


def _natural_length_s(item: TimelineItem) -> float | None:
    own = fault_of(item).own_length_s
    return own if own is not None else item.for_s


def _length_s(item: TimelineItem, made: Fault, place: int, problems: list[TimelineProblem]) -> float | None:
    own = made.own_length_s
    if own is None and item.for_s is None:
        problems.append(
            TimelineProblem(
                ("timeline", place),
                "T704",
                f"item '{item.id}' needs for_s: {item.fault} does not end by itself",
                "write for instance 'for_s: 60', in seconds",
            )
        )
    if own is not None and item.for_s is not None:
        problems.append(
            TimelineProblem(
                ("timeline", place, "for_s"),
                "T705",
                f"{item.fault} lasts as long as its own parameters say",
                "take for_s out, or change the fault's own length",
            )
        )
    return own if own is not None else item.for_s


def _from_time_of_day(scenario: Scenario, item: TimelineItem) -> float:
    start = datetime.fromisoformat(scenario.clock.start)
    hours, minutes, seconds = map(int, str(item.at_time).split(":"))
    return (start.replace(hour=hours, minute=minutes, second=seconds) - start).total_seconds()


def _skip_reason(item: TimelineItem, made: Fault, place: int, idle_params: Mapping[tuple[str | int, ...], str]) -> str:
    for path, param in sorted(idle_params.items(), key=str):
        if path[:2] == ("timeline", place):
            return f"the parameter {param} stands at its no-effect value"
    for name, idle in made.no_effect.items():
        if getattr(made, name) == idle:
            return f"{name} is {idle:g}, at which {item.fault} does nothing"
    return ""


def _check_times(scenario: Scenario, injections: list[Injection]) -> list[TimelineProblem]:
    places = {item.id: place for place, item in enumerate(scenario.timeline)}
    warmup_ns = ns_from_s(scenario.clock.warmup_s)
    problems = [
        TimelineProblem(
            ("timeline", places[injection.item.id], *_time_key(injection.item)),
            "T706",
            f"item '{injection.item.id}' begins {_too_early(scenario, injection)}",
            "begin later, so that the desk is seen without faults first",
        )
        for injection in injections
        if injection.t0_ns <= warmup_ns
    ]
    return problems + _check_length(scenario, injections)


def _time_key(item: TimelineItem) -> tuple[str, ...]:
    """The key that says when *item* begins."""
    return tuple(word for word, value in _when(item).items() if value is not None)


def _too_early(scenario: Scenario, injection: Injection) -> str:
    clock = scenario.clock
    if injection.t0_ns < 0:
        return f"at {injection.item.at_time}, before the clock starts ({clock.start[11:19]})"
    return f"at {injection.t0_ns / NS_PER_S:g} s, inside the warm-up of {clock.warmup_s:g} s"


def _check_length(scenario: Scenario, injections: list[Injection]) -> list[TimelineProblem]:
    """The run must last until the desk has converged after the item that heals last."""
    last = max(injections, key=lambda injection: injection.heal_ns, default=None)
    run_for_s, within_s = scenario.clock.run_for_s, scenario.after_faults.within_s
    if last is None:
        return []
    healed_s = last.heal_ns / NS_PER_S
    seen_s = max(within_s, AFTER_WINDOW_S)
    if healed_s + seen_s <= run_for_s:
        return []
    return [
        TimelineProblem(
            ("clock", "run_for_s"),
            "T707",
            f"the run of {run_for_s:g} s is too short: item '{last.item.id}' heals at {healed_s:g} s, "
            f"and the desk must be seen for {seen_s:g} s after that",
            f"set run_for_s to at least {math.ceil(healed_s + seen_s)}",
        )
    ]


def _check_overlaps(scenario: Scenario, injections: list[Injection]) -> list[TimelineProblem]:
    problems = []
    places = {item.id: place for place, item in enumerate(scenario.timeline)}
    for later_at, later in enumerate(injections):
        for earlier in injections[:later_at]:
            if _same(earlier, later) and later.t0_ns < earlier.heal_ns:
                problems.append(
                    TimelineProblem(
                        ("timeline", places[later.item.id]),
                        "T708",
                        f"items '{earlier.item.id}' and '{later.item.id}' inject {later.item.fault} at the same time",
                        "let one end before the other begins, or make them one item",
                    )
                )
    return problems


def _same(one: Injection, other: Injection) -> bool:
    """Whether two items inject the same fault into the same thing: a common symbol, or no symbol at all."""
    of_one, of_other = touched_by(one.fault), touched_by(other.fault)
    common = set(of_one) & set(of_other) or not (of_one or of_other)
    return one.item.fault == other.item.fault and bool(common)


def timeline_rows(scenario: Scenario, injections: tuple[Injection, ...]) -> list[tuple[float, str]]:
    """What happens when, in seconds after clock.start, in order."""
    healed_ns, converge_ns = converge_from_ns(scenario, injections)
    rows = [(0.0, "warm-up begins"), (scenario.clock.warmup_s, "before_faults: the desk is judged without faults")]
    for injection in injections:
        name = f"{injection.item.id} ({injection.item.fault})"
        if injection.skip:
            rows.append((injection.t0_ns / NS_PER_S, f"{name} is skipped: {injection.skip}"))
        else:
            rows.append((injection.t0_ns / NS_PER_S, f"{name} begins"))
            rows.append((injection.heal_ns / NS_PER_S, f"{name} is over"))
    rows.append((healed_ns / NS_PER_S, "every fault is over, the desk converges"))
    rows.append((converge_ns / NS_PER_S, "after_faults: the desk is judged again"))
    rows.append((scenario.clock.run_for_s, "end"))
    return sorted(rows, key=lambda row: row[0])
