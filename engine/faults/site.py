"""The site: everything that a fault may touch, handed to it by the run."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel.world import World
from engine.market.venue import Venue
from engine.trading.desk import Desk


@dataclass(frozen=True)
class Site:
    """One world with its venue and its desk. ``services`` are the live processes, None in simulated time."""

    world: World
    venue: Venue
    desk: Desk
    services: None = None
