"""Records: plain types only, time first, and numbers that never change."""

from __future__ import annotations

from typing import get_args, get_type_hints

import pytest

from engine.domain import records
from engine.domain.records import KINDS, Record

NUMBERED = [
    "PhaseStarted",
    "FaultStarted",
    "FaultHealed",
    "FaultSkipped",
    "VenueQuote",
    "VenueTrade",
    "VenueAccepted",
    "VenueRejected",
    "VenueCancelled",
    "VenueFill",
    "VenueInventory",
    "VenueSession",
    "DeskTick",
    "Intent",
    "Decided",
    "Sent",
    "DeskOrder",
    "DeskFill",
    "DeskSession",
    "GovernorState",
    "ControlGiven",
    "GovernorFailed",
    "Finding",
]
"""Kinds by their number in a packed log. Only ever add at the end: old logs are read by these numbers."""


def test_every_kind_keeps_its_number() -> None:
    """A kind that moved would turn every stored log into nonsense."""
    assert [kind.__name__ for kind in KINDS[: len(NUMBERED)]] == NUMBERED


def test_every_kind_is_numbered() -> None:
    """A record that the module defines can be packed, and is one of the union."""
    defined = {thing for thing in vars(records).values() if isinstance(thing, type) and hasattr(thing, "_fields")}

    assert set(KINDS) == defined == set(get_args(Record))
    assert len(KINDS) == len(defined)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_record_begins_with_its_time_and_holds_plain_types(kind: type[Record]) -> None:
    """``int``, ``float``, ``bool`` and ``str`` pack to the same bytes everywhere; nothing else does."""
    hints = get_type_hints(kind)

    assert kind._fields[0] == "t_ns"
    assert {hints[name] for name in kind._fields} <= {int, float, bool, str}
    assert hints["t_ns"] is int
    assert not kind._field_defaults
