"""The shipped suites: nothing that is shipped is left out, and what needs more than is shipped says so."""

from __future__ import annotations

from engine.config.library import Library
from engine.config.workspace import Workspace
from engine.runs.documents import KINDS, SCENARIO, SUITE
from engine.runs.suite import Suite
from tests.house.house import REPOSITORY


def suites() -> dict[str, Suite]:
    """The shipped suites by name."""
    library = Library(Workspace.find(REPOSITORY), KINDS)
    loaded = {name: library.load(SUITE, name) for name in library.names(SUITE)}
    library.raise_problems()
    return {name: each.value for name, each in loaded.items() if each is not None}


def names_in(suite: Suite) -> set[str]:
    """The scenarios of a suite."""
    return {item.scenario for item in suite.scenarios}


def test_there_are_three_of_them() -> None:
    """Each in the one before it, as far as they need nothing more."""
    found = suites()

    assert set(found) == {"suites/smoke", "suites/daily", "suites/enhanced"}
    assert names_in(found["suites/smoke"]) < names_in(found["suites/daily"]) < names_in(found["suites/enhanced"])


def test_the_enhanced_suite_has_every_scenario() -> None:
    """A new scenario that stands in no suite is played by nobody."""
    library = Library(Workspace.find(REPOSITORY), KINDS)

    assert names_in(suites()["suites/enhanced"]) == set(library.names(SCENARIO))


def test_what_needs_data_says_so_and_stands_in_no_daily_suite() -> None:
    """The daily suite runs anywhere."""
    found = suites()
    tapes = {name for name in names_in(found["suites/enhanced"]) if name.endswith("_on_tape")}

    assert {item.scenario for item in found["suites/enhanced"].scenarios if item.needs} == tapes
    assert not tapes & names_in(found["suites/daily"])
