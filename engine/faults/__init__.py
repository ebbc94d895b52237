"""Faults: one file each, a process on a site that injects, heals and shows that it bit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.base.registry import Registry

if TYPE_CHECKING:
    from engine.faults.fault import Fault

faults: Registry[type[Fault]] = Registry("fault", __name__, "@fault")
