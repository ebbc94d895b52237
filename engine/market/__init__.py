"""The market: venue, market models, fees as the venue charges them. One file per model."""

from __future__ import annotations

from typing import Any

from engine.base.registry import Registry

models: Registry[type[Any]] = Registry("model", __name__, "@models.register")
"""Market models: each entry is a document dataclass with ``build(world) -> MarketModel``."""
