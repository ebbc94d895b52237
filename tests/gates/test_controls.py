"""The Controls document and the shipped catalogue."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.base.keys import key_of
from engine.config.library import DocKind, Library
from engine.config.workspace import Workspace
from engine.gates.controls import REASONS, ControlEntry, Controls
from engine.metrics import metrics

CATALOGUE = Path(__file__).parents[2] / "gates.d" / "controls.yaml"


def shipped() -> Controls:
    """The shipped catalogue, read as strictly as any document."""
    library = Library(Workspace.find(CATALOGUE.parents[1]), [DocKind("controls", Controls, "gates.d")])
    loaded = library.load(DocKind("controls", Controls, "gates.d"), CATALOGUE)
    library.raise_problems()
    assert loaded is not None
    return loaded.value


def entry(tag: str) -> ControlEntry:
    """A control with nothing behind it."""
    return ControlEntry(tag=tag, rule="r", requirement="q", source="s", grade="P")


def test_a_control_is_found_by_its_tag() -> None:
    """Tags keep the document's order."""
    controls = Controls(controls="c", entries=(entry("b.1"), entry("a.1")))
    assert controls.tags() == ("b.1", "a.1")
    assert controls.entry("a.1").tag == "a.1"


def test_a_tag_that_the_catalogue_does_not_have_is_an_error() -> None:
    """Unknown tags are listed in the order asked."""
    controls = Controls(controls="c", entries=(entry("a.1"),))
    assert controls.unknown(["z", "a.1", "b"]) == ("z", "b")
    with pytest.raises(KeyError, match="z"):
        controls.entry("z")


def test_the_shipped_catalogue_names_each_control_once() -> None:
    """And its tags have the form that the schema asks for."""
    tags = shipped().tags()
    pattern = key_of(ControlEntry.__dataclass_fields__["tag"]).pattern
    assert pattern is not None
    assert len(set(tags)) == len(tags)
    assert [tag for tag in tags if not re.match(pattern, tag)] == []


def test_the_shipped_catalogue_begins_with_what_flash_crash_exercises() -> None:
    """The tags that the first scenario and its gates name."""
    rts6 = ["10a", "12", "14", "15.1a", "15.1b", "15.1c", "15.1d", "15.2", "15.4", "16", "17"]
    us = ["us.15c3-5.c1i", "us.15c3-5.c1ii"]
    fia = ["fia24.1.1", "fia24.1.2", "fia24.1.3", "fia24.1.5"]
    wanted = [*(f"rts6.{article}" for article in rts6), *us, *fia]
    assert shipped().unknown(wanted) == ()


def test_the_shipped_catalogue_speaks_of_real_metrics_and_reasons() -> None:
    """A misspelt metric would be a control that can never be tested."""
    known = set(metrics.names())
    rows = shipped().entries
    assert [(row.tag, name) for row in rows for name in row.metrics if name not in known] == []
    assert [(row.tag, name) for row in rows for name in row.reasons if name not in REASONS] == []


def test_every_reason_of_the_governor_belongs_to_a_control_or_guards_the_governor_itself() -> None:
    """Codes outside the catalogue are named here, so that a new one is a decision."""
    named = {reason for row in shipped().entries for reason in row.reasons}
    assert sorted(set(REASONS) - named) == ["governor_failed"]


def test_the_catalogue_claims_no_compliance() -> None:
    """Words are tested and held, tested and failed, not tested; a tool cannot say more."""
    assert "complian" not in CATALOGUE.read_text(encoding="utf-8").lower()


def test_what_was_not_read_is_not_evidence() -> None:
    """A control known only by hearsay (grade M) names no metric, so it can never show as tested."""
    assert [row.tag for row in shipped().entries if row.grade == "M" and row.metrics] == []
    assert {row.grade for row in shipped().entries} <= {"P", "Q", "N", "M"}
