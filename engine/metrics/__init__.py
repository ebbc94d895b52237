"""Metrics: one file each, a pure function from the event log to a series with unit and basis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.base.registry import Registry

if TYPE_CHECKING:
    from engine.metrics.metric import Metric

metrics: Registry[Metric] = Registry("metric", __name__, "@metric")
