"""The broken governors: each is a small change of the reference governor and says what has to catch it."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from engine.trading import defects
from engine.trading.governor_documents import DefectGovernorDocument
from engine.trading.reference import ReferenceGovernor

from .plain_view import QQQ, SPY, limits

REPOSITORY = Path(__file__).resolve().parents[2]
MOST_LINES = 60
"""A defect that is longer than this is another governor, and its catch proves little about ours."""


def test_every_defect_is_listed() -> None:
    """The folder's listing is the catalogue."""
    files = (REPOSITORY / "engine/trading/defects").glob("[a-z]*.py")

    assert defects.names() == tuple(sorted(file.stem for file in files))


@pytest.mark.parametrize("name", defects.names())
def test_a_defect_is_a_small_change_of_the_reference_governor(name: str) -> None:
    """It says in its first line what is broken, and where that happened or could."""
    broken = defects.defect(name)
    source = Path(inspect.getfile(broken)).read_text(encoding="utf-8")

    assert issubclass(broken, ReferenceGovernor)
    assert broken is not ReferenceGovernor
    assert len(source.splitlines()) <= MOST_LINES
    assert len((inspect.getmodule(broken).__doc__ or "").split("\n\n")) >= 2


@pytest.mark.parametrize("name", defects.names())
def test_a_defect_names_a_scenario_that_is_shipped(name: str) -> None:
    """And the gate that has to turn red in it."""
    assert defects.caught_by(name)
    assert [
        each.scenario
        for each in defects.caught_by(name)
        if not (REPOSITORY / f"scenarios.d/{each.scenario}.yaml").is_file()
    ] == []


@pytest.mark.parametrize("name", defects.names())
def test_a_defect_can_stand_in_a_scenario(name: str) -> None:
    """``governor: {kind: defect, name: …}`` builds it."""
    built = DefectGovernorDocument(name=name).build(limits(), (SPY, QQQ), "2025-08-05", None)

    assert type(built) is defects.defect(name)


def test_an_unknown_defect_is_an_error() -> None:
    """The schema refuses it before; this is for code."""
    with pytest.raises(ModuleNotFoundError):
        defects.defect("forgets_everything")
