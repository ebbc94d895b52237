"""Self-trade prevention: two orders of the same member never trade with each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.base.keys import key
from engine.market.mechanics.common import source_key

SELF_TRADE = "self_trade"
"""The reason code of what prevention takes out or makes smaller."""

Mode = Literal["cancel_newest", "cancel_oldest", "cancel_both", "decrement_and_cancel"]


@dataclass(frozen=True, kw_only=True)
class SelfTrade:
    """What becomes of an arriving order and of the member's own resting order that it would trade with."""

    source: str = source_key()
    mode: Mode = key(
        "cancel_newest takes the arriving order out, cancel_oldest the resting one, cancel_both both; "
        "decrement_and_cancel takes the smaller one out and makes the larger one smaller by it"
    )

    def cuts(self, arriving: int, resting: int) -> tuple[int, int]:
        """How many open shares the arriving and the resting order lose."""
        smaller = min(arriving, resting)
        return {
            "cancel_newest": (arriving, 0),
            "cancel_oldest": (0, resting),
            "cancel_both": (arriving, resting),
            "decrement_and_cancel": (smaller, smaller),
        }[self.mode]
