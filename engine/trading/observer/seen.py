"""What the observer keeps of single orders: those that work, those that were taken, those that were filled."""

from __future__ import annotations

from dataclasses import dataclass

from engine.domain.records import VenueAccepted, VenueFill


@dataclass(slots=True)
class WorkingOrder:
    """An order in the venue's hands: ``left`` shares may still fill."""

    symbol: str
    side: int
    left: int


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A new order or replace that the venue took, and whether it raised the exposure."""

    seq: int
    record: VenueAccepted
    increases: bool


@dataclass(frozen=True, slots=True)
class Execution:
    """A fill with its place in the stream."""

    seq: int
    record: VenueFill
