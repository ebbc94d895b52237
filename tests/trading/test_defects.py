"""The broken governors: each is a small change of the reference governor and says what has to catch it."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

from engine.config.library import Library
from engine.config.workspace import Workspace
from engine.runs.documents import KINDS
from engine.runs.plan import plan_run
from engine.trading import defects
from engine.trading.governor_documents import DefectGovernorDocument
from engine.trading.reference import ReferenceGovernor

from .plain_view import QQQ, SPY, limits

REPOSITORY = Path(__file__).resolve().parents[2]
MOST_STATEMENTS = 16
"""A defect that does more than this is another governor, and its catch proves little about ours."""
LIVE = ("has_a_slow_tail", "leaks_memory")


def statements(name: str) -> int:
    """How many statements a defect is, without imports, docstrings and what catches it."""
    tree = ast.parse(Path(inspect.getfile(defects.defect(name))).read_text(encoding="utf-8"))
    said = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    idle = [
        node
        for node in said
        if isinstance(node, ast.Import | ast.ImportFrom | ast.If)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
    ]
    return len(said) - len(idle) - 1  # CAUGHT_BY


def test_every_defect_is_listed() -> None:
    """The folder's listing is the catalogue, and there are enough of them."""
    files = (REPOSITORY / "engine/trading/defects").glob("[a-z]*.py")

    assert defects.names() == tuple(sorted(file.stem for file in files))
    assert len(defects.names()) >= 30


@pytest.mark.parametrize("name", defects.names())
def test_a_defect_is_a_small_change_of_the_reference_governor(name: str) -> None:
    """It says in its first line what is broken, and then where that happened or could."""
    broken = defects.defect(name)
    first, *rest = defects.story(name).split("\n\n")

    assert issubclass(broken, ReferenceGovernor)
    assert broken is not ReferenceGovernor
    assert statements(name) <= MOST_STATEMENTS
    assert (first[-1], "\n" in first, len(rest)) == (".", False, 1)


@pytest.mark.parametrize("name", defects.names())
def test_a_defect_names_a_gate_of_a_scenario_that_is_shipped(name: str) -> None:
    """And words of its sentence, so that a gate that is red for something else is no catch."""
    assert defects.caught_by(name)
    for each in defects.caught_by(name):
        plan = plan_run(Library(Workspace.find(REPOSITORY), KINDS), each.scenario, {}, None)
        gates = {placed.gate.gate for placed in (*plan.before_gates, *plan.run_gates, *plan.after_gates)}

        assert each.gate in gates | {defects.REPEATED}
        assert each.says


@pytest.mark.parametrize("name", defects.names())
def test_a_defect_can_stand_in_a_scenario(name: str) -> None:
    """``governor: {kind: defect, name: …}`` builds it."""
    built = DefectGovernorDocument(name=name).build(limits(), (SPY, QQQ), "2025-08-05", None)

    assert type(built) is defects.defect(name)


def test_an_unknown_defect_is_an_error() -> None:
    """The schema refuses it before; this is for code."""
    with pytest.raises(ModuleNotFoundError):
        defects.defect("forgets_everything")


def test_two_defects_need_a_live_run_and_say_why() -> None:
    """A simulated desk has neither a clock nor memory of its own."""
    assert tuple(name for name in defects.names() if defects.live_only(name)) == LIVE


def test_four_defects_are_of_the_desks_books() -> None:
    """No governor hears of a fill before it is booked, so what is broken there is the desk's."""
    spoiled = [name for name in defects.names() if hasattr(defects.defect(name), "spoil")]

    assert spoiled == ["double_counts_fills", "drifts_in_float", "drops_late_fills", "takes_unknown_for_dead"]
