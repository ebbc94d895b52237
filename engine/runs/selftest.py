"""The self-test: every broken governor against the gate that has to catch it, and the reference governor beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.base.errors import UsageError
from engine.gates.verdict import Verdict
from engine.runs.selftest_play import REFERENCE, Job, Seen
from engine.runs.suite_choice import has_words
from engine.trading import defects


class Status(StrEnum):
    """What came of one plant."""

    CAUGHT = "caught"
    """The gate is red, its sentence names the effect, and the reference governor passes."""
    NOT_CAUGHT = "NOT CAUGHT"
    NOT_PLAYED = "not played"
    """What the scenario needs is not there."""
    LIVE_ONLY = "live only"
    """It shows in a live run only."""


@dataclass(frozen=True)
class Plant:
    """A defect with a scenario and the gate that has to catch it there."""

    defect: str
    scenario: str
    gate: str
    says: str

    @property
    def name(self) -> str:
        """For ``-k``."""
        return f"{self.defect} {self.scenario} {self.gate}"


@dataclass(frozen=True)
class Row:
    """A plant with what came of it, and why."""

    plant: Plant
    status: Status
    why: str


def plants(words: str | None = None) -> tuple[Plant, ...]:
    """Every plant, or those that have *words* in their name. Raise UsageError if none has."""
    found = tuple(
        Plant(name, each.scenario, each.gate, each.says) for name in defects.names() for each in defects.caught_by(name)
    )
    chosen = found if words is None else tuple(plant for plant in found if has_words(plant.name, words))
    if not chosen:
        raise UsageError(f"-k {words}: no defect, scenario or gate has that in its name", "see stress list defects")
    return chosen


def jobs(chosen: Iterable[Plant]) -> tuple[Job, ...]:
    """What has to be played for these plants: each defect, and the reference governor, once on each scenario."""
    simulated = [plant for plant in chosen if not defects.live_only(plant.defect)]
    pairs = [pair for one in simulated for pair in ((one.defect, one.scenario), (REFERENCE, one.scenario))]
    return tuple(Job(*pair) for pair in sorted(dict.fromkeys(pairs), key=lambda pair: (pair[1], pair[0])))


def whole_matrix(scenarios: Iterable[str], chosen: Iterable[Plant]) -> tuple[Job, ...]:
    """The defects of *chosen*, and the reference governor, on every scenario."""
    names = [name for name in dict.fromkeys(plant.defect for plant in chosen) if not defects.live_only(name)]
    return tuple(Job(name, scenario) for scenario in scenarios for name in (REFERENCE, *names))


def judged(plant: Plant, seen: Mapping[Job, Seen | str]) -> Row:
    """What came of *plant*. A text in *seen* says why a job was not played."""
    if live := defects.live_only(plant.defect):
        return Row(plant, Status.LIVE_ONLY, live)
    broken, sound = seen[Job(plant.defect, plant.scenario)], seen[Job(REFERENCE, plant.scenario)]
    if isinstance(broken, str) or isinstance(sound, str):
        return Row(plant, Status.NOT_PLAYED, broken if isinstance(broken, str) else str(sound))
    found = broken.gates.get(plant.gate)
    if found is None:
        return Row(plant, Status.NOT_CAUGHT, f"the scenario has no gate {plant.gate}")
    verdict, sentence = found
    if verdict is not Verdict.FAIL:
        return Row(plant, Status.NOT_CAUGHT, f"{plant.gate} is {verdict.value}: {sentence}")
    if plant.says not in sentence:
        return Row(plant, Status.NOT_CAUGHT, f"red, but not for '{plant.says}': {sentence}")
    if sound.verdict is not Verdict.PASS or sound.gates[plant.gate][0] is not Verdict.PASS:
        return Row(plant, Status.NOT_CAUGHT, f"the reference governor is {sound.verdict.value} there: {sound.why}")
    return Row(plant, Status.CAUGHT, sentence)


def holds(rows: Sequence[Row]) -> bool:
    """Whether everything that was played was caught, and each defect that is not for a live run was played once."""
    left = {row.plant.defect for row in rows} - {
        row.plant.defect for row in rows if row.status is not Status.NOT_PLAYED
    }
    return not left and all(row.status is not Status.NOT_CAUGHT for row in rows)


@dataclass(frozen=True)
class Matrix:
    """Defect by gate: on which scenarios the defect turned the gate red."""

    red: dict[str, dict[str, tuple[str, ...]]]
    reference: dict[str, Verdict]
    """By scenario what the reference governor came to."""
    gates: tuple[str, ...]
    """Every gate that was judged somewhere, sorted."""
    not_played: dict[str, str]
    """By scenario why it was not."""

    @property
    def uncaught(self) -> tuple[str, ...]:
        """Defects that no gate catches."""
        return tuple(name for name, gates in self.red.items() if not gates)

    @property
    def idle(self) -> tuple[str, ...]:
        """Gates that catch no defect."""
        return tuple(gate for gate in self.gates if not any(gate in gates for gates in self.red.values()))


def matrix(seen: Mapping[Job, Seen | str]) -> Matrix:
    """Everything that was seen, by defect and gate. What is red for the reference governor too catches nothing."""
    red: dict[str, dict[str, tuple[str, ...]]] = {}
    gates: set[str] = set()
    for job, one in seen.items():
        if isinstance(one, str):
            continue
        gates |= set(one.gates)
        if job.defect == REFERENCE:
            continue
        found, sound = red.setdefault(job.defect, {}), seen[Job(REFERENCE, job.scenario)]
        for gate, (verdict, _) in one.gates.items():
            if verdict is Verdict.FAIL and not isinstance(sound, str) and sound.gates[gate][0] is not Verdict.FAIL:
                found[gate] = (*found.get(gate, ()), job.scenario)
    sounds = {job.scenario: one for job, one in seen.items() if job.defect == REFERENCE}
    return Matrix(
        dict(sorted(red.items())),
        {scenario: one.verdict for scenario, one in sounds.items() if not isinstance(one, str)},
        tuple(sorted(gates)),
        {scenario: one for scenario, one in sounds.items() if isinstance(one, str)},
    )
