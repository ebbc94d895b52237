"""The plan of a suite: every scenario that it names, loaded and checked, and what is to be played of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.base.errors import UsageError
from engine.base.words import listing, nearest
from engine.config.library import Input, Library, Loaded
from engine.config.problems import Problem
from engine.config.workspace import SUFFIX
from engine.runs.documents import SCENARIO, SUITE
from engine.runs.plan import Plan, plan_run, shown_path
from engine.runs.suite import Suite

FOLDER = "suites"
UNCOMPILED = ("reduced",)
"""Market models that run no compiled code; whoever plays another one first may have to compile."""


@dataclass(frozen=True)
class SuiteJob:
    """One scenario with one seed, said so that another process can play it."""

    scenario: str
    path: str
    seed: int
    asked: bool
    """Whether the command line gave the seed: such a run never counts."""
    sets: tuple[tuple[str, str], ...]
    compiled: bool
    needs: str = ""

    @property
    def name(self) -> str:
        """Scenario and seed, for people."""
        return f"{self.scenario} s{self.seed}"


@dataclass(frozen=True)
class SuitePlan:
    """Everything that is known of a suite before it is played."""

    suite: Suite
    path: str
    jobs: tuple[SuiteJob, ...]
    """In the order of the document."""
    changed: tuple[str, ...]
    """What the command line changed; such a run never counts."""
    deferred: tuple[str, ...]
    """Gates that only a live run can decide, each once."""
    inputs: tuple[Input, ...]


def suite_named(library: Library, text: str) -> str | None:
    """The suite that *text* on the command line names, for :meth:`Library.load`; None if it names none."""
    bare = text.removesuffix(SUFFIX)
    short = f"{FOLDER}/{bare}"
    if short in library.names(SUITE) and bare not in library.names(SCENARIO):
        return short
    return text if library.kind_of(text) is SUITE else None


def plan_suite(library: Library, name: str, sets: Mapping[str, str], seed: int | None) -> SuitePlan:
    """Load and check everything that the suite *name* plays.

    Raise DocumentError with every problem found, UsageError if no scenario has a parameter of *sets*.
    """
    loaded = library.load(SUITE, name)
    if loaded is None:
        library.raise_problems()
        raise AssertionError("a document that did not load has a problem")
    plans = _plans(library, loaded, sets)
    report_suite(library, loaded, plans.values())
    library.raise_problems()
    _check_sets(sets, plans.values())
    changed = [f"--set {name}={shown_path(value)}" for name, value in sorted(sets.items())]
    changed += [] if seed is None else [f"--seed {seed}"]
    return SuitePlan(
        suite=loaded.value,
        path=loaded.path,
        jobs=tuple(_jobs(library, loaded.value, plans, sets, seed)),
        changed=tuple(changed),
        deferred=_deferred(plans.values()),
        inputs=tuple(library.inputs),
    )


def check_suite(library: Library, loaded: Loaded[Suite]) -> None:
    """Collect what is wrong with a suite and with everything that it names."""
    report_suite(library, loaded, _plans(library, loaded, {}).values())


def report_suite(library: Library, loaded: Loaded[Suite], plans: Iterable[Plan]) -> None:
    """Collect what a schema cannot see in a suite."""
    suite = loaded.value
    _report_twice(library, loaded, ("seeds",), suite.seeds)
    for place, item in enumerate(suite.scenarios):
        _report_twice(library, loaded, ("scenarios", place, "seeds"), item.seeds)
    measured = _deferred(plans)
    for place, gate in enumerate(suite.require_measured):
        if gate not in measured:
            close = nearest(gate, measured)
            hint = f"did you mean '{close}'?" if close else f"there is {listing(measured)}" if measured else ""
            mark = loaded.mark("require_measured", place)
            message = f"no scenario of the suite has a gate '{gate[:40]}' of basis 'measured'"
            library.problems.add(Problem("R344", message, mark, hint))


def _report_twice(library: Library, loaded: Loaded[Suite], path: tuple[str | int, ...], seeds: Sequence[int]) -> None:
    for place, seed in enumerate(seeds):
        if seed in seeds[:place]:
            mark = loaded.mark(*path, place)
            library.problems.add(Problem("R345", f"the seed {seed} stands twice", mark, "take one of them out"))


def _plans(library: Library, loaded: Loaded[Suite], sets: Mapping[str, str]) -> dict[str, Plan]:
    """The plan of each scenario by its name, with those of *sets* that it has; what is wrong is collected."""
    plans = {}
    for place, item in enumerate(loaded.value.scenarios):
        mark = loaded.mark("scenarios", place, "scenario")
        named = library.load(SCENARIO, item.scenario, asked_at=mark)
        if named is None:
            continue
        path = str(_file(library, item.scenario))
        if library.is_base(path):
            hint = "name a scenario that extends it"
            library.problems.error("R306", f"'{item.scenario}' is a base, which is incomplete by itself", mark, hint)
            continue
        own = {name: value for name, value in sets.items() if name in named.params}
        plans[item.scenario] = plan_run(library, path, own, None)
    return plans


def _file(library: Library, name: str) -> Path:
    """The file of a scenario that a document names; what stands in the current folder under that name is not it."""
    path = library.workspace.resolve(SCENARIO.folder, name, None, library.problems)
    assert path is not None, "it was loaded by this name"
    return path.absolute()


def _check_sets(sets: Mapping[str, str], plans: Iterable[Plan]) -> None:
    known = sorted({name for plan in plans for name in plan.params})
    for name in sets:
        if name not in known:
            close = nearest(name, known)
            raise UsageError(
                f"--set {name}: no scenario of the suite has this parameter",
                f"did you mean {close}?" if close else f"they have {listing(known)}",
            )


def _jobs(
    library: Library, suite: Suite, plans: Mapping[str, Plan], sets: Mapping[str, str], seed: int | None
) -> Iterable[SuiteJob]:
    for item in suite.scenarios:
        plan = plans[item.scenario]
        seeds = (seed,) if seed is not None else item.seeds or suite.seeds or (plan.scenario.seed,)
        for each in seeds:
            yield SuiteJob(
                scenario=item.scenario,
                path=str(_file(library, item.scenario)),
                seed=each,
                asked=seed is not None,
                sets=tuple((name, value) for name, value in sorted(sets.items()) if name in plan.params),
                compiled=is_compiled(plan),
                needs=item.needs or "",
            )


def is_compiled(plan: Plan) -> bool:
    """Whether playing it takes compiled code, by the model that the scenario names."""
    return type(plan.scenario.market).__module__.rpartition(".")[2] not in UNCOMPILED


def _deferred(plans: Iterable[Plan]) -> tuple[str, ...]:
    """The gates of basis ``measured``, each once, in their order."""
    gates = (placed.gate for plan in plans for placed in (*plan.before_gates, *plan.run_gates, *plan.after_gates))
    return tuple(dict.fromkeys(gate.gate for gate in gates if gate.basis == "measured"))
