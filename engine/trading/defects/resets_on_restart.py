"""A latch in memory only: whoever restarts the governor has re-armed it.

NautilusTrader (commit a95c804): reset() of its risk engine puts the trading state back to active.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.trading.defects import CaughtBy
from engine.trading.reference import ReferenceGovernor

CAUGHT_BY = (CaughtBy("hard_kill_governance", "leaks", "the governor had stopped at L1"),)


class Broken(ReferenceGovernor):
    """The reference governor, which remembers everything over a restart but that it stood stopped."""

    def restore(self, state: Mapping[str, Any]) -> None:
        """Stand where the snapshot says, and run."""
        super().restore({**state, "levels": {"stopped": {}, "paused": {}}})
