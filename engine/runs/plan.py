"""The plan of a run: a scenario with everything that it names, loaded, checked and bound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from engine.base.words import listing, nearest
from engine.config.library import Input, Library, Loaded
from engine.config.problems import Mark, Problem
from engine.gates.gate import Gate
from engine.gates.gate_logic import G_WARNINGS, gate_logic
from engine.market.venue_document import VenueDocument
from engine.runs.agent_changes import report_agent_changes
from engine.runs.documents import CONTROLS, GATE_SET, LIMITS, PROFILE, SCENARIO, VENUE
from engine.runs.fault_documents import with_documents
from engine.runs.known_red import report_known_red
from engine.runs.limits_logic import report_limits
from engine.runs.scenario import Scenario
from engine.runs.symbols import report_symbols, report_venue_symbols
from engine.runs.timeline import Injection, converge_from_ns, plan_timeline
from engine.trading.limits import Limits
from engine.trading.profile import Profile


@dataclass(frozen=True)
class PlacedGate:
    """A gate with the place that states it."""

    gate: Gate
    file: str
    line: int


@dataclass(frozen=True)
class Plan:
    """Everything that is known of a run before it begins."""

    scenario: Scenario
    loaded: Loaded[Scenario]
    given_paths: frozenset[str]
    """Texts that the command line gave with --set: a path among them may lie outside the workspace."""
    seed: int
    params: Mapping[str, Any]
    overrides: tuple[str, ...]
    effective: Mapping[str, Any]
    limits: Limits
    venue: VenueDocument
    profile: Profile
    injections: tuple[Injection, ...]
    last_heal_ns: int
    converge_ns: int
    run_gates: tuple[PlacedGate, ...]
    before_gates: tuple[PlacedGate, ...]
    after_gates: tuple[PlacedGate, ...]
    inputs: tuple[Input, ...]
    library: Library
    ignored: str = ""
    """What looks as if it were used and is not: documents of another folder than the workspace."""

    @property
    def path(self) -> str:
        """The scenario's file as the user knows it."""
        return self.loaded.path

    @property
    def day(self) -> str:
        """The session's day on the exchange's calendar."""
        return self.scenario.clock.start[:10]

    @property
    def code_path(self) -> Path:
        """Where a desk's own Python governor is looked for first."""
        return self.library.workspace.root


def plan_run(library: Library, path: str, sets: Mapping[str, str], seed: int | None) -> Plan:
    """Load and check everything that the scenario at *path* names. Raise DocumentError with every problem found."""
    loaded = library.load(SCENARIO, path, sets=sets)
    if loaded is None:
        library.raise_problems()
        raise AssertionError("a document that did not load has a problem")
    _refuse_base(library, path, loaded)
    scenario = with_documents(library, loaded)
    limits = library.load(LIMITS, scenario.desk.limits, asked_at=loaded.mark("desk", "limits"))
    if limits is not None:
        report_limits(library, limits)
        _check_in_force(library, loaded, limits.value)
    venue = library.load(VENUE, scenario.desk.venue, asked_at=loaded.mark("desk", "venue"))
    profile = library.load(PROFILE, scenario.desk.profile, asked_at=loaded.mark("desk", "profile"))
    injections, timeline_problems = plan_timeline(scenario, _idle_params(loaded))
    for found in timeline_problems:
        library.problems.add(Problem(found.code, found.message, loaded.mark(*found.path), found.help))
    gathered = _Gates(library, loaded)
    run_gates = gathered.of(("gates",), scenario.gates)
    before_gates = gathered.of(("before_faults", "gates"), scenario.before_faults.gates)
    after_gates = gathered.of(("after_faults", "gates"), scenario.after_faults.gates)
    gathered.report_unmatched()
    _check_controls(library, loaded)
    judging = [placed.gate.gate for placed in (*run_gates, *before_gates, *after_gates)]
    if judging:  # else its gate sets could not be read
        report_known_red(library, loaded, judging)
    if traded := getattr(scenario.market, "symbols", ()):  # else only its data knows, see build
        report_symbols(library, loaded, traded)
        if venue is not None:
            report_venue_symbols(library, venue, traded)
    report_agent_changes(library, loaded, injections)
    library.raise_problems()
    assert limits is not None
    assert venue is not None
    assert profile is not None
    last_heal_ns, converge_ns = converge_from_ns(scenario, injections)
    overrides = tuple(f"--set {name}={shown_path(value)}" for name, value in sorted(sets.items()))
    return Plan(
        scenario=scenario,
        loaded=loaded,
        given_paths=frozenset(sets.values()),
        seed=scenario.seed if seed is None else seed,
        params={name: shown_path(value) for name, value in loaded.params.items()},
        overrides=overrides if seed in (None, scenario.seed) else (*overrides, f"--seed {seed}"),
        effective=_without_absolute_paths(_played_once(loaded.data)),
        limits=limits.value,
        venue=venue.value,
        profile=profile.value,
        injections=injections,
        last_heal_ns=last_heal_ns,
        converge_ns=converge_ns,
        run_gates=run_gates,
        before_gates=before_gates,
        after_gates=after_gates,
        inputs=tuple(library.inputs),
        library=library,
        ignored=library.ignored(path),
    )


def _refuse_base(library: Library, path: str, loaded: Loaded[Scenario]) -> None:
    """A base is incomplete by itself. Raise DocumentError if *path* is one."""
    if library.is_base(path):
        library.problems.error(
            "R306",
            f"'{loaded.name}' is a base, which is incomplete by itself",
            loaded.mark(),
            "name a scenario that extends it (stress list scenarios), or make one: stress new scenario my_crash",
        )
        library.raise_problems()


def _check_in_force(library: Library, loaded: Loaded[Scenario], limits: Limits) -> None:
    """The limits must be in force on the day that the scenario plays."""
    day = loaded.value.clock.start[:10]
    if limits.effective_from > day:
        library.problems.error(
            "R342",
            f"the limits '{loaded.value.desk.limits}' hold from {limits.effective_from}, the scenario plays {day}",
            _own(loaded, ("desk", "limits"), ("clock", "start")),
            "name limits that are in force on that day, or play another day (clock.start)",
        )


def _own(loaded: Loaded[Scenario], *paths: tuple[str, ...]) -> Mark | None:
    """The place of the first of *paths* that the scenario itself states, else of the first, which it inherits."""
    marks = [loaded.mark(*path) for path in paths]
    return next((mark for mark in marks if mark and mark.file == loaded.path), marks[0])


def _idle_params(loaded: Loaded[Scenario]) -> dict[tuple[str | int, ...], str]:
    """The places of the document that use a parameter which stands at its ``no_effect_at``."""
    idle: dict[tuple[str | int, ...], str] = {}
    for name, param in loaded.value.params.items():
        if param.no_effect_at is not None and loaded.params[name] == param.no_effect_at:
            idle |= {tuple(path): f"{name}={param.no_effect_at:g}" for path in loaded.param_uses.get(name, ())}
    return idle


class _Gates:
    """Gathers the gates of a scenario's phases, each with its place, and finds clashes of names."""

    def __init__(self, library: Library, loaded: Loaded[Scenario]) -> None:
        self._library = library
        self._loaded = loaded
        self._removed = {item.gate: item for item in loaded.value.without if item.gate}
        self._dropped: set[str] = set()
        self._seen: dict[str, None] = {}

    def report_unmatched(self) -> None:
        """Every gate that is taken out must have been inherited."""
        by_loader = self._stated_above() if self._removed else frozenset()
        for place, item in enumerate(self._loaded.value.without):
            if item.gate and item.gate not in self._dropped and item.gate not in by_loader:
                close = nearest(item.gate, [*self._seen, *self._library.names(GATE_SET)])
                hint = f"did you mean '{close}'?" if close else "take the item out; there is nothing to remove"
                self._problem("R320", ("without", place, "gate"), f"no gate '{item.gate}' is inherited", hint)

    def _stated_above(self) -> frozenset[str]:
        """The gate sets and written-out gates that the documents above this one list: the loader takes those out."""
        names: set[str] = set()
        above: Loaded[Scenario] | None = self._loaded
        while above is not None and (asked := above.node.entries().get("extends")) is not None:
            above = self._library.load(SCENARIO, str(asked.value), asked_at=asked.mark)
            for entry in above.data.get("gates", []) if above is not None else []:
                names.add(entry if isinstance(entry, str) else entry["gate"])
        return frozenset(names)

    def of(self, path: tuple[str, ...], entries: tuple[str | Gate, ...]) -> tuple[PlacedGate, ...]:
        """The gates of one phase: those of the named sets, and those written out in the scenario."""
        placed: dict[str, PlacedGate] = {}
        for place, entry in enumerate(entries):
            for found in self._entry((*path, place), entry):
                self._seen[found.gate.gate] = None
                if found.gate.gate in placed:
                    other = placed[found.gate.gate]
                    self._problem(
                        "R340",
                        (*path, place),
                        f"gate '{found.gate.gate}' is stated twice",
                        f"also at {other.file}:{other.line}",
                    )
                elif found.gate.gate in self._removed and len(path) == 1:
                    self._dropped.add(found.gate.gate)
                else:
                    placed[found.gate.gate] = found
        return tuple(placed.values())

    def _entry(self, path: tuple[str | int, ...], entry: str | Gate) -> tuple[PlacedGate, ...]:
        mark = self._loaded.mark(*path)
        if isinstance(entry, Gate):
            report_gate(self._library, entry, self._loaded, path)
            return (_placed(entry, mark),)
        gate_set = self._library.load(GATE_SET, entry, asked_at=mark)
        if gate_set is None:
            return ()
        for place, gate in enumerate(gate_set.value.gates):
            report_gate(self._library, gate, gate_set, ("gates", place))
        return tuple(
            _placed(gate, gate_set.mark("gates", place, "gate")) for place, gate in enumerate(gate_set.value.gates)
        )

    def _problem(self, code: str, path: tuple[str | int, ...], message: str, hint: str) -> None:
        self._library.problems.add(Problem(code, message, self._loaded.mark(*path), hint))


_G_OF_KEYS = frozenset({"G502", "G503", "G505", "G508"})
"""Problems of a key that should not stand there, whatever its value."""


def report_gate(library: Library, gate: Gate, stated_in: Loaded[Any], path: tuple[str | int, ...]) -> None:
    """Collect what a schema cannot see in *gate*, which stands at *path* of a document."""
    for found in gate_logic(gate):
        severity: Literal["error", "warning"] = "warning" if found.code in G_WARNINGS else "error"
        at = stated_in.key_mark if found.code in _G_OF_KEYS else stated_in.mark
        mark = at(*path, found.key)
        library.problems.add(Problem(found.code, found.message, mark, found.help, severity=severity))


def _placed(gate: Gate, mark: Mark | None) -> PlacedGate:
    return PlacedGate(gate, mark.file if mark else "", mark.line if mark else 0)


def _check_controls(library: Library, loaded: Loaded[Scenario]) -> None:
    """Every control that the scenario claims must stand in the catalogue."""
    if not loaded.value.controls:
        return
    catalogue = library.load(CONTROLS, "controls", asked_at=loaded.mark("controls"))
    if catalogue is None:
        return
    known = [entry.tag for entry in catalogue.value.entries]
    for place, tag in enumerate(loaded.value.controls):
        if tag not in known:
            close = nearest(tag, known)
            hint = f"did you mean '{close}'?" if close else f"known: {listing(known)}"
            library.problems.add(Problem("R341", f"there is no control '{tag}'", loaded.mark("controls", place), hint))


def shown_path(value: Any) -> Any:
    """*value*; if it is an absolute path of this machine, only the last name of it."""
    return Path(value).name if isinstance(value, str) and Path(value).is_absolute() else value


def _played_once(data: Mapping[str, Any]) -> dict[str, Any]:
    """*data* without the ways to make it fail: they set parameters, and an effective document has none left."""
    return {name: item for name, item in data.items() if name != "known_red"}


def _without_absolute_paths(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {name: _without_absolute_paths(item) for name, item in data.items()}
    if isinstance(data, list):
        return [_without_absolute_paths(item) for item in data]
    return shown_path(data)
