"""The Venue document: what a member is charged, and what becomes of its orders when its session drops."""

from __future__ import annotations

from dataclasses import dataclass

from engine.base.keys import key
from engine.domain.fees import FeeSchedule


@dataclass(frozen=True, kw_only=True)
class VenueDocument:
    """A trading venue as the desk's orders meet it."""

    venue: str = key("Name of this document", pattern=r"^[a-z][a-z0-9_]*$", pattern_help="small letters, digits and _")
    title: str = key("What it stands for, in a few words")
    cancel_on_disconnect: bool = key("Whether the venue takes a member's resting orders out when its session drops")
    fees: FeeSchedule = key("What the venue and the regulators charge")
