"""Broken governors: each differs from the reference governor by the fewest lines, and a gate has to catch it.

One file per defect; the class is called ``Broken``. They are the proof that a gate can turn red for the right reason,
and stand in a scenario as ``governor: {kind: defect, name: forgets_the_stop}``. ``stress selftest`` plays each.

A class that is changed in one method takes the place of ours by its ``__class__``: the object keeps its state, and all
who know it. A defect of the desk's books, which no governor sees, is a static method ``spoil(desk)`` of ``Broken``:
the run calls it when the desk stands.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, cast

from engine.trading.reference import ReferenceGovernor

if TYPE_CHECKING:
    from engine.trading.desk import Desk

REPEATED = "same_fingerprint"
"""In the place of a gate: the run is played in two processes with different hash seeds, and must be the same."""


@dataclass(frozen=True)
class CaughtBy:
    """The scenario and the gate that have to catch a defect, and words of its sentence that name the effect."""

    scenario: str
    gate: str
    says: str


def names() -> tuple[str, ...]:
    """Every defect, sorted."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def defect(name: str) -> type[ReferenceGovernor]:
    """The broken governor of this name. Raise ModuleNotFoundError if there is none."""
    return cast("type[ReferenceGovernor]", _module(name).Broken)


def caught_by(name: str) -> tuple[CaughtBy, ...]:
    """What has to catch the defect."""
    return cast("tuple[CaughtBy, ...]", _module(name).CAUGHT_BY)


def story(name: str) -> str:
    """What is broken, and where that happened or could."""
    return inspect.getdoc(_module(name)) or ""


def live_only(name: str) -> str:
    """Why the defect shows in a live run only; empty if it does not."""
    return cast("str", getattr(_module(name), "LIVE_ONLY", ""))


def spoil(name: str, desk: Desk) -> None:
    """Take out of *desk* what the defect takes out of its books; most take nothing."""
    spoils: Callable[[Desk], None] | None = getattr(defect(name), "spoil", None)
    if spoils is not None:
        spoils(desk)


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"{__name__}.{name}")
