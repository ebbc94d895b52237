"""Every kind of document, by the word that stands first in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from engine.config.library import DocKind, Library
from engine.config.workspace import SETTINGS, Workspace
from engine.gates.controls import Controls
from engine.gates.gate import GateSet
from engine.market.realism_document import Realism
from engine.market.venue_document import VenueDocument
from engine.runs.scenario import Scenario
from engine.runs.suite import Suite
from engine.trading.arrivals import Arrivals
from engine.trading.limits import Limits
from engine.trading.profile import Profile

SCENARIO = DocKind("scenario", Scenario, "scenarios.d", has_params=True, base_word="base")
SUITE = DocKind("suite", Suite, "scenarios.d")
LIMITS = DocKind("limits", Limits, "scenarios.d")
VENUE = DocKind("venue", VenueDocument, "scenarios.d")
PROFILE = DocKind("profile", Profile, "scenarios.d")
ARRIVALS = DocKind("arrivals", Arrivals, "scenarios.d")
GATE_SET = DocKind("gate_set", GateSet, "gates.d")
CONTROLS = DocKind("controls", Controls, "gates.d")
REALISM = DocKind("realism", Realism, "gates.d")

KINDS: tuple[DocKind[Any], ...] = (
    SCENARIO,
    SUITE,
    LIMITS,
    VENUE,
    PROFILE,
    ARRIVALS,
    GATE_SET,
    CONTROLS,
    REALISM,
    SETTINGS,
)


def open_library(workspace: Path | None) -> Library:
    """The documents of the workspace that holds the current folder (or of *workspace*), else the shipped ones."""
    return Library(Workspace.find(Path.cwd(), workspace), KINDS)
