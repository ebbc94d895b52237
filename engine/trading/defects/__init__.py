"""Broken governors: each differs from the reference governor by the fewest lines, and a gate has to catch it.

One file per defect; the class is called ``Broken``. They are the proof that a gate can turn red for the right reason,
and stand in a scenario as ``governor: {kind: defect, name: forgets_the_stop}``.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from typing import cast

from engine.trading.reference import ReferenceGovernor


@dataclass(frozen=True)
class CaughtBy:
    """The scenario and the gate that have to catch a defect."""

    scenario: str
    gate: str


def names() -> tuple[str, ...]:
    """Every defect, sorted."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def defect(name: str) -> type[ReferenceGovernor]:
    """The broken governor of this name. Raise ModuleNotFoundError if there is none."""
    return cast("type[ReferenceGovernor]", importlib.import_module(f"{__name__}.{name}").Broken)


def caught_by(name: str) -> tuple[CaughtBy, ...]:
    """What has to catch the defect."""
    return cast("tuple[CaughtBy, ...]", importlib.import_module(f"{__name__}.{name}").CAUGHT_BY)
